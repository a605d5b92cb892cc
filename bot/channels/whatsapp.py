"""WhatsApp through pywa: sends, fetches files, checks signatures. Its checklist:

Text: 4096 characters, 1024 below a file or with buttons; longer ones are cut at paragraphs (core/reparto).
Buttons: 3, of 20 characters. Lists: 10 rows; buttons are its last ones. Image, document out: uploaded once,
sent by id with caption and buttons; a list comes after them. In: documents to 25 MB, from WhatsApp's hosts
only, hash checked; other kinds are answered that they are not read. Templates: what carries one, if the
person has not written for a day (or by 131047, at once or late); the rest is kept until they write.
Duplicates: the inbox's unique id, not pywa's memory. Retries: the worker's, for a day; of unknown ends the
receipt, which names our id, is waited for. Rate limits: 131056 (pair) and 130429 are waited for. Errors:
pywa's never leave this module, they quote requests. Identity: BSUID, with the phone that WhatsApp proves;
a changed number or device ends the links.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from pywa_async.client import WhatsApp
from pywa_async.errors import WhatsAppError
from pywa_async.types.callback import Button, Section, SectionList, SectionRow
from pywa_async.types.sent_update import SentMessage
from pywa_async.types.templates import TemplateLanguage
from pywa_async.utils import UserIdentifier

from bot.channels.archivos import keep
from bot.channels.whatsapp_updates import read_updates
from bot.core.errors import ServiceUnavailableError
from bot.core.mensajes import Outgoing, Plantilla
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import (
    Acuse,
    Adjunto,
    Cambio,
    CanalCerradoError,
    CanalInciertoError,
    CanalOcupadoError,
    CanalRechazoError,
    DeliveryUnreadableError,
    Entrante,
    SignatureMissingError,
    SignatureWrongError,
)

log = structlog.get_logger()
CODE_TEMPLATE, NOTICE_TEMPLATE, LANGUAGE = "tributa_codigo", "tributa_aviso", "es_CL"
_LIST_BUTTON, _LIST_SECTION = "Elegir", "Opciones"
_REMEMBERED = 500
_WINDOW_CLOSED = 131047
_PAIR_LIMIT, _PAIR_SECONDS = 131056, 6
# The channel's trouble, not the message's: throughput, rate limits, maintenance, an expired token.
_BUSY = frozenset({0, 1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 190})
# Files are fetched with our token: it must go nowhere else.
_MEDIA_HOSTS = ("lookaside.fbsbx.com", "mmg.whatsapp.net")


class WhatsAppCanal:
    """Implements the ports `Canal` and `Mensajero` over the Graph API."""

    rastrea = True
    # A day, and a minute less for what is on its way: the clocks are two.
    ventana: timedelta | None = timedelta(hours=24, minutes=-1)

    def __init__(
        self,
        graph_url: str,
        version: str,
        phone_id: str,
        token: str,
        app_secret: str,
        verify_token: str,
    ) -> None:
        self._phone_id = phone_id
        self._verify_token = verify_token
        self._app_secret = app_secret
        self._hosts = {*_MEDIA_HOSTS, httpx.URL(graph_url).host}
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(20, connect=5),
            limits=httpx.Limits(max_connections=50),
            trust_env=False,
            follow_redirects=False,
        )
        self._client = WhatsApp(
            phone_id,
            token,
            session=self._http,
            api_version=version,
            app_secret=app_secret,
            verify_token=verify_token,
            skip_duplicate_updates=False,
            user_identifier_priority=(
                UserIdentifier.WA_ID,
                UserIdentifier.BSUID,
                UserIdentifier.PARENT_BSUID,
            ),
        )
        self._uploaded: dict[str, str] = {}
        self._http.base_url = httpx.URL(f"{graph_url.rstrip('/')}/v{version}")

    async def close(self) -> None:
        await self._http.aclose()

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer to Meta's check of the webhook's address; None if it is not Meta's."""
        given = query.get("hub.verify_token", "").encode()
        right = hmac.compare_digest(given, self._verify_token.encode())
        return query.get("hub.challenge", "") if right and query.get("hub.mode") == "subscribe" else None

    def read(self, raw: bytes, signature: str | None) -> list[Entrante | Acuse | Cambio]:
        """What is in a delivery.

        Raises:
            SignatureMissingError, SignatureWrongError, DeliveryUnreadableError
        """
        if not signature:
            raise SignatureMissingError()
        expected = "sha256=" + hmac.new(self._app_secret.encode(), raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            raise SignatureWrongError()
        try:
            delivery = json.loads(raw)
        except (ValueError, RecursionError):
            raise DeliveryUnreadableError() from None
        if not isinstance(delivery, dict):
            raise DeliveryUnreadableError()
        return read_updates(delivery, self._phone_id)

    async def enviar(
        self, destino: str, mensaje: Outgoing, salida: int, archivo: Contenido | None = None
    ) -> str:
        """Send one message, already cut to size; see the port."""
        file = mensaje.imagen or mensaje.documento
        media = await self._upload(file.id, archivo) if file and archivo else ""
        try:
            sent = await self._send(destino, mensaje, media, str(salida))
        except WhatsAppError as error:
            raise _translated(error) from None
        except httpx.TransportError as error:
            raise _broken(error) from None
        return str(sent.id)

    async def enviar_plantilla(self, destino: str, plantilla: Plantilla, salida: int) -> str:
        """Send a template; see the port."""
        # Values may hold neither ends of lines nor rows of blanks.
        values = [{"type": "text", "text": " ".join(one.split())} for one in plantilla.parametros]
        body = {"type": "body", "parameters": values}
        try:
            sent = await self._client.send_template(
                destino, plantilla.nombre, TemplateLanguage(LANGUAGE), [body], tracker=str(salida)
            )
        except WhatsAppError as error:
            raise _translated(error) from None
        except httpx.TransportError as error:
            raise _broken(error) from None
        return str(sent.id)

    async def _send(self, destino: str, mensaje: Outgoing, media: str, tracker: str) -> SentMessage:
        buttons, caption = _buttons(mensaje), mensaje.texto or None
        if mensaje.imagen:
            return await self._client.send_image(destino, media, caption, buttons=buttons, tracker=tracker)
        if mensaje.documento:
            name = mensaje.documento.nombre
            return await self._client.send_document(
                destino, media, name, caption, buttons=buttons, tracker=tracker
            )
        offered = _list(mensaje) or buttons
        return await self._client.send_message(destino, mensaje.texto, buttons=offered, tracker=tracker)

    async def _upload(self, archivo_id: str, archivo: Contenido) -> str:
        """WhatsApp's id of a file; whoever sends it again soon, or for the second time, finds it here."""
        if archivo_id not in self._uploaded:
            try:
                media = await self._client.upload_media(archivo.datos, archivo.mime, archivo.nombre)
            except WhatsAppError as error:
                raise _translated(error) from None
            except httpx.TransportError:
                raise CanalOcupadoError() from None
            self._uploaded[archivo_id] = str(media.id)
            if len(self._uploaded) > _REMEMBERED:
                del self._uploaded[next(iter(self._uploaded))]
        return self._uploaded[archivo_id]

    async def atendiendo(self, destino: str, mensaje: str) -> None:
        """Blue ticks and `escribiendo…`."""
        try:
            await self._client.indicate_typing(mensaje)
        except (WhatsAppError, httpx.HTTPError) as error:
            log.info("whatsapp.typing.failed", error=type(error).__name__)

    async def descargar(self, adjunto: Adjunto, maximo: int) -> Path:
        """Fetch a file that somebody sent; see the port."""
        try:
            media = await self._client.get_media_url(adjunto.id)
            url = httpx.URL(media.url)
            if url.host not in self._hosts:
                raise CanalRechazoError("host")
            if int(media.file_size or 0) > maximo:
                raise CanalRechazoError("size")
            return await self._fetch(str(url), media.sha256, maximo)
        except WhatsAppError as error:
            raise _translated(error) from None
        except httpx.TransportError:
            raise CanalOcupadoError() from None

    async def _fetch(self, url: str, sha256: str | None, maximo: int) -> Path:
        content = bytearray()
        async for chunk in self._client.stream_media(url):
            content += chunk
            if len(content) > maximo:
                raise CanalRechazoError("size")
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise CanalOcupadoError()
        return await asyncio.to_thread(keep, content)

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None:
        """Send a code; the template's own words go with it, whatever `texto` says.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        code = [{"type": "text", "text": codigo}]
        button = {"type": "button", "sub_type": "url", "index": "0", "parameters": code}
        await self._template(telefono, CODE_TEMPLATE, [{"type": "body", "parameters": code}, button])

    async def send_notice(self, telefono: str, texto: str) -> None:
        """Send a notice.

        Raises:
            ServiceUnavailableError: to be tried again.
        """
        body = {"type": "body", "parameters": [{"type": "text", "text": texto}]}
        await self._template(telefono, NOTICE_TEMPLATE, [body])

    async def _template(self, telefono: str, name: str, components: Sequence[dict[str, Any]]) -> None:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": telefono.removeprefix("+"),
            "type": "template",
            "template": {"name": name, "language": {"code": LANGUAGE}, "components": list(components)},
        }
        try:
            answer = await self._http.post(f"/{self._phone_id}/messages", json=message)
        except httpx.HTTPError:
            raise ServiceUnavailableError() from None  # the library's own error may quote the request
        if answer.status_code == 429 or answer.status_code >= 500:
            raise ServiceUnavailableError()
        if answer.status_code != 200:  # it would be refused again: an operator must look at it
            log.error("whatsapp.refused", status=answer.status_code, template=name)


class NoWhatsApp:
    """Implements the port `Mensajero` where WhatsApp is not set up: nothing is sent, and the log says so."""

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None:
        log.error("whatsapp.not_configured", missing="WHATSAPP_PHONE_ID, WHATSAPP_TOKEN")

    async def send_notice(self, telefono: str, texto: str) -> None:
        log.error("whatsapp.not_configured", missing="WHATSAPP_PHONE_ID, WHATSAPP_TOKEN")


def _buttons(mensaje: Outgoing) -> list[Button] | None:
    return [Button(one.titulo, one.id) for one in mensaje.botones] or None


def _list(mensaje: Outgoing) -> SectionList | None:
    rows = [SectionRow(one.titulo, one.id, one.descripcion or None) for one in mensaje.lista]
    return SectionList(_LIST_BUTTON, [Section(title=_LIST_SECTION, rows=rows)]) if rows else None


def _translated(error: WhatsAppError) -> Exception:
    """pywa's error as one of ours, without what it quotes."""
    code, status = error.code, error.status_code or 0
    if code == _WINDOW_CLOSED:
        return CanalCerradoError()
    if code == _PAIR_LIMIT:
        return CanalOcupadoError(_PAIR_SECONDS)
    if code in _BUSY or error.is_transient or status == 429 or status >= 500:
        log.warning("whatsapp.busy", code=code, status=status)
        return CanalOcupadoError()
    return CanalRechazoError(str(code))


def _broken(error: httpx.TransportError) -> Exception:
    """Whether a connection broke before or after the message can have gone through."""
    before = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return CanalOcupadoError() if before else CanalInciertoError()
