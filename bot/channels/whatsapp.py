"""What goes out by WhatsApp outside a conversation: one-time codes and notices, as approved templates."""

from typing import Any

import aiohttp
import structlog

from bot.core.errors import ServiceUnavailableError

log = structlog.get_logger()
CODE_TEMPLATE, NOTICE_TEMPLATE, LANGUAGE = "tributa_codigo", "tributa_aviso", "es_CL"
_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)


class WhatsAppMensajero:
    """Implements the port `Mensajero` over the Graph API."""

    def __init__(self, graph_url: str, version: str, phone_id: str, token: str) -> None:
        self._url = f"{graph_url.rstrip('/')}/v{version}/{phone_id}/messages"
        self._session = aiohttp.ClientSession(
            timeout=_TIMEOUT, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )

    async def close(self) -> None:
        await self._session.close()

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None:
        """Send a code; the template's own words go with it, whatever `texto` says.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        code = [{"type": "text", "text": codigo}]
        await self._send(
            telefono,
            CODE_TEMPLATE,
            [
                {"type": "body", "parameters": code},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
            ],
        )

    async def send_notice(self, telefono: str, texto: str) -> None:
        """Send a notice.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        body = {"type": "body", "parameters": [{"type": "text", "text": texto}]}
        await self._send(telefono, NOTICE_TEMPLATE, [body])

    async def _send(self, telefono: str, template: str, components: list[dict[str, Any]]) -> None:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": telefono.removeprefix("+"),
            "type": "template",
            "template": {"name": template, "language": {"code": LANGUAGE}, "components": components},
        }
        try:
            async with self._session.post(self._url, json=message, allow_redirects=False) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            raise ServiceUnavailableError() from None  # the library's own error may quote the request
        if status == 429 or status >= 500:
            raise ServiceUnavailableError()
        if status != 200:  # it would be refused again: an operator must look at it
            log.error("whatsapp.refused", status=status, template=template)


class NoWhatsApp:
    """Implements the port `Mensajero` where WhatsApp is not set up: nothing is sent, and the log says so."""

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None:
        log.error("whatsapp.not_configured", missing="WHATSAPP_PHONE_ID, WHATSAPP_TOKEN")

    async def send_notice(self, telefono: str, texto: str) -> None:
        log.error("whatsapp.not_configured", missing="WHATSAPP_PHONE_ID, WHATSAPP_TOKEN")
