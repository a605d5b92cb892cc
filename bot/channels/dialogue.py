"""The client of the dialogue engine."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from bot.core.errors import EngineFailedError, EngineUnavailableError
from bot.core.mensajes import Archivo, Boton, Outgoing, Paso, Pedido, Respuesta
from bot.telemetry.metrics import stage
from bot.telemetry.traces import HEADER, traceparent

BUTTON_ENTITY = "boton"
# Less than an engine keeps an idle connection, also one that is ending (engine/gateway_channel.py): a turn is
# not asked for twice, so it must not be written to a connection that is being closed.
_KEEP_SECONDS = 2


class RasaMotor:
    """Implements the port `Motor` over the gateway channel (see engine/gateway_channel.py)."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=_KEEP_SECONDS),
            timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=2),
            headers={"Authorization": f"Bearer {token}"},
        )

    async def close(self) -> None:
        await self._session.close()

    async def ready(self) -> bool:
        """Whether the engine has a model and takes messages."""
        try:
            await self._state()
        except EngineUnavailableError:
            return False
        return True

    async def modelo(self) -> str:
        """The id of its model; see the port."""
        try:
            return str((await self._state())["model"])
        except KeyError:  # an engine of an earlier version, which is still to be replaced
            raise EngineUnavailableError() from None

    async def _state(self) -> dict[str, Any]:
        url = f"{self._url}/webhooks/gateway/"
        try:
            async with self._session.get(url, timeout=aiohttp.ClientTimeout(2)) as answer:
                answer.raise_for_status()
                state: dict[str, Any] = await answer.json()
                return state
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise EngineUnavailableError() from error

    async def turno(
        self, conversacion: str, texto: str, boton: Boton | None, contexto: Mapping[str, Any]
    ) -> Respuesta:
        """Have one message answered.

        Raises:
            EngineUnavailableError: if the engine does not answer in time.
            EngineFailedError: if it could not handle the message, or said nothing.
        """
        body: dict[str, Any] = {"sender": conversacion, "text": texto, "slots": dict(contexto)}
        if boton:
            body["intent"] = Pedido.parse(boton.id).intent
            body["entities"] = {BUTTON_ENTITY: boton.id}
        with stage("engine", role="CLIENT"):
            return await self._ask(body)

    async def _ask(self, body: Mapping[str, Any]) -> Respuesta:
        url, current = f"{self._url}/webhooks/gateway/webhook", traceparent()
        headers = {HEADER: current} if current else {}
        try:
            async with self._session.post(url, json=body, headers=headers) as answer:
                if answer.status != 200:
                    raise EngineFailedError()
                return _respuesta(await answer.json())
        except (KeyError, TypeError, ValueError) as error:
            raise EngineFailedError() from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise EngineUnavailableError() from error


def _respuesta(reply: Mapping[str, Any]) -> Respuesta:
    messages: Sequence[Mapping[str, Any]] = reply["messages"]
    if not messages:
        raise EngineFailedError()
    facts: dict[str, Any] = {}
    for message in messages:
        facts.update(message.get("custom") or {})
    return Respuesta(
        salidas=tuple(_outgoing(message) for message in messages),
        intent=facts.get("intent", reply["intent"]),
        confianza=round(reply["confidence"], 4),
        entidades=facts.get("entidades", {}),
        fuentes=facts.get("fuentes", ()),
        contexto=reply["slots"],
        paso=Paso(facts["paso"]) if facts.get("paso") else None,
    )


def _outgoing(message: Mapping[str, Any]) -> Outgoing:
    """Buttons that say what they are for are the rows of a list."""
    offered = [one for one in message.get("buttons", ()) if one["title"]]
    rows = any(one.get("description") for one in offered)
    buttons = tuple(Boton(one["payload"], one["title"], one.get("description", "")) for one in offered)
    return Outgoing(
        message.get("text", ""),
        () if rows else buttons,
        _file(message.get("image")),
        _file(message.get("attachment")),
        buttons if rows else (),
    )


def _file(reference: str | None) -> Archivo | None:
    """`<id>/<name>`, as our actions write it."""
    if not reference:
        return None
    id_, _, nombre = reference.partition("/")
    return Archivo(id_, nombre)
