"""An account at Meta as its operator sees it: questions to the Graph API, and the changes that set it up."""

from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

import httpx

from bot.channels.findings import Finding, bad, client, why


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """What the settings say of it; empty where they say nothing."""

    graph_url: str
    version: str
    phone_id: str = ""
    waba_id: str = ""
    token: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    web: str = ""

    @property
    def webhook(self) -> str:
        """Where Meta is to deliver."""
        return f"{self.web}/webhooks/whatsapp"


class GraphRefusalError(Exception):
    """The Graph API answered that it does not want to; `says` is its own sentence."""

    def __init__(self, code: int, subcode: int, says: str) -> None:
        super().__init__(code)
        self.code, self.subcode, self.says = code, subcode, says

    @property
    def unknown(self) -> bool:
        """There is no such object, or this token may not see it."""
        return self.code == 100 and self.subcode == 33


class GraphAwayError(Exception):
    """The Graph API gave no usable answer; the message says why."""


class Graph:
    """Asks the Graph API, and never lets an error of the library out: it would quote the token."""

    def __init__(self, account: WhatsAppAccount) -> None:
        self._account = account
        self._http = client()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, *path: str, token: str = "", **params: str) -> dict[str, Any]:
        """An object, or an edge of it.

        Raises:
            GraphRefusalError, GraphAwayError
        """
        return await self._ask("GET", path, token, params=params)

    async def post(self, *path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change something.

        Raises:
            GraphRefusalError, GraphAwayError
        """
        return await self._ask("POST", path, "", json=body)

    async def _ask(self, method: str, path: tuple[str, ...], token: str, **what: Any) -> dict[str, Any]:
        base = f"{self._account.graph_url.rstrip('/')}/v{self._account.version}"
        url = "/".join((base, *(quote(one, safe="") for one in path)))
        headers = {"Authorization": f"Bearer {token or self._account.token}"}
        try:
            answer = await self._http.request(method, url, headers=headers, **what)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GraphAwayError(why(error)) from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise GraphAwayError(f"respondió HTTP {answer.status_code}")
        return _read(answer)


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GraphAwayError(f"respondió HTTP {answer.status_code} y algo que no es de Meta")
    if answer.status_code == 200 and "error" not in body:
        return body
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    says = str(error.get("error_user_msg") or details or error.get("message") or "sin explicación")
    raise GraphRefusalError(_whole(error.get("code")), _whole(error.get("error_subcode")), says[:300])


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def refused(what: str, refusal: GraphRefusalError) -> Finding:
    """Meta does not want to."""
    if refusal.code in (10, 200) or 200 < refusal.code < 300:
        remedy = "Asigna la cuenta de WhatsApp y la aplicación al usuario del sistema, con control total."
    else:
        remedy = "Lee lo que dice Meta; los errores están en docs/canales.md."
    return bad(what, f"Meta lo rechaza ({refusal.code}: {refusal.says})", remedy)


def away(error: GraphAwayError) -> Finding:
    """Meta is not there; nothing is known of the token."""
    remedy = "Revisa la conexión a Internet y WHATSAPP_GRAPH_URL, o espera: el token no tiene la culpa."
    return bad("Conexión con Meta", str(error), remedy)
