"""Telegram through python-telegram-bot: sends, fetches files, reads updates by webhook or by polling.

Its checklist. Text: 4096 characters, 1024 below a file; longer ones are cut at paragraphs (core/reparto).
Buttons: an inline keyboard, two by two; ids of more than 64 bytes go as keys (storage/botones). Lists: a
keyboard of one column, to 10 rows, beside buttons; with a file they come after it. Image, document out: with
caption and buttons, sent whole each time. In: documents to 20 MB; other kinds are answered that they are not
read. Templates: none, anything may be sent at any time. Duplicates: the inbox's unique update id. Retries:
the worker's, for a day; there are no receipts, so after a connection that broke in the middle a message is
sent again. Rate limits: `retry_after` is waited for. Errors: the library's never leave this module; whoever
blocked the bot (403) is not tried again. Identity: the private chat's id, linked for a day by a code to the
registered phone, or by a shared contact if it is the sender's own. Groups are not answered.
"""

import asyncio
import html
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Message,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.archivos import keep
from bot.core.mensajes import Boton, Outgoing, Plantilla
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import (
    Adjunto,
    CanalInciertoError,
    CanalOcupadoError,
    CanalRechazoError,
    DeliveryUnreadableError,
    Entrante,
    Remitente,
    TipoAdjunto,
)

log = structlog.get_logger()
CHANNEL = "telegram"
_POLL_SECONDS = 25
_REST_SECONDS = 5
_COMMANDS = {"/start": "hola", "/ayuda": "ayuda", "/help": "ayuda"}
_UPDATES = ["message", "callback_query"]
_BOLD = re.compile(r"(?<!\w)\*(?=\S)([^*\n]+?)(?<=\S)\*(?!\w)")
_ITALIC = re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)")
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def _now() -> datetime:
    return datetime.now(UTC)


class TelegramCanal:
    """Implements the port `Canal` over the Bot API."""

    rastrea = False
    ventana: timedelta | None = None

    def __init__(
        self,
        api_url: str,
        token: str,
        secret: str,
        ahora: Callable[[], datetime] = _now,
    ) -> None:
        """`ahora` (aware) dates what Telegram does not: pressed buttons."""
        self.secret = secret
        self._ahora = ahora
        base = api_url.rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=_request(),
            get_updates_request=_request(read_timeout=_POLL_SECONDS + 10),
        )

    async def close(self) -> None:
        for request in self._bot._request:
            await request.shutdown()

    def read(self, raw: bytes) -> list[Entrante]:
        """What is in one update; nothing if it is none of ours.

        Raises:
            DeliveryUnreadableError
        """
        try:
            update = Update.de_json(json.loads(raw), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise DeliveryUnreadableError() from None
        return self._read(update) if update else []

    def _read(self, update: Update) -> list[Entrante]:
        query, message = update.callback_query, update.message
        if query:
            found = _pressed(update.update_id, query, self._ahora())
        else:
            found = _written(update.update_id, message) if message else None
        return [found] if found else []

    async def poll(self, receive: Callable[[list[Entrante]], Awaitable[None]]) -> None:
        """Ask Telegram for updates until cancelled; one is only taken as read once it is stored."""
        offset = None
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=offset, timeout=_POLL_SECONDS, allowed_updates=_UPDATES
                )
                await receive([one for update in updates for one in self._read(update)])
            except TelegramError as error:
                log.warning("telegram.poll.failed", error=type(error).__name__)
                await asyncio.sleep(getattr(error, "retry_after", None) or _REST_SECONDS)
                continue
            except Exception as error:  # the database may be away; the updates stay with Telegram
                log.warning("telegram.store.failed", error=type(error).__name__)
                await asyncio.sleep(_REST_SECONDS)
                continue
            if updates:
                offset = updates[-1].update_id + 1

    async def enviar(
        self, destino: str, mensaje: Outgoing, salida: int, archivo: Contenido | None = None
    ) -> str:
        """Send one message, already cut to size; see the port."""
        try:
            sent = await self._send(int(destino), mensaje, archivo)
        except TelegramError as error:
            raise _translated(error) from None
        return str(sent.message_id)

    async def enviar_plantilla(self, destino: str, plantilla: Plantilla, salida: int) -> str:
        """There are none: anything may be sent at any time."""
        raise CanalRechazoError("plantilla")

    async def _send(self, chat: int, mensaje: Outgoing, archivo: Contenido | None) -> Message:
        text, keyboard, mode = to_html(mensaje.texto), _keyboard(mensaje), ParseMode.HTML
        if archivo is None:
            return await self._bot.send_message(
                chat, text, parse_mode=mode, reply_markup=keyboard, disable_web_page_preview=True
            )
        file = InputFile(archivo.datos, archivo.nombre)
        if mensaje.imagen:
            return await self._bot.send_photo(chat, file, text, parse_mode=mode, reply_markup=keyboard)
        return await self._bot.send_document(chat, file, text, parse_mode=mode, reply_markup=keyboard)

    async def atendiendo(self, destino: str, mensaje: str) -> None:
        """`escribiendo…`, and an end to the button's waiting sign."""
        _, _, callback = mensaje.partition(":")
        try:
            if callback:
                await self._bot.answer_callback_query(callback)
            await self._bot.send_chat_action(int(destino), ChatAction.TYPING)
        except TelegramError as error:
            log.info("telegram.typing.failed", error=type(error).__name__)

    async def descargar(self, adjunto: Adjunto, maximo: int) -> Path:
        """Fetch a file that somebody sent; see the port."""
        try:
            file = await self._bot.get_file(adjunto.id)
            if int(file.file_size or 0) > maximo:
                raise CanalRechazoError("size")
            content = await file.download_as_bytearray()
        except TelegramError as error:
            raise _translated(error) from None
        if len(content) > maximo:
            raise CanalRechazoError("size")
        return await asyncio.to_thread(keep, content)


def to_html(texto: str) -> str:
    """`*bold*` and `_italic_` of our texts as Telegram's HTML; everything else is shown as it is."""
    escaped = html.escape(texto, quote=False)
    return _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", escaped))


def _request(read_timeout: float = 20) -> HTTPXRequest:
    return HTTPXRequest(connection_pool_size=32, read_timeout=read_timeout, httpx_kwargs={"trust_env": False})


def _keyboard(mensaje: Outgoing) -> InlineKeyboardMarkup | None:
    """Short buttons two by two, lists one below the other."""
    buttons = _row(mensaje.botones)
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    rows += [[one] for one in _row(mensaje.lista)]
    return InlineKeyboardMarkup(rows) if rows else None


def _row(botones: Sequence[Boton]) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(one.titulo, callback_data=one.id) for one in botones]


def _pressed(update_id: int, query: CallbackQuery, ahora: datetime) -> Entrante | None:
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return None
    remitente = Remitente(CHANNEL, str(query.message.chat.id), None, query.from_user.full_name[:120])
    pressed = query.data or ""
    return Entrante(f"{update_id}:{query.id}", remitente, ahora, pressed, pressed)


def _written(update_id: int, message: Message) -> Entrante | None:
    user, contact = message.from_user, message.contact
    if user is None or user.is_bot or message.chat.type != ChatType.PRIVATE:
        return None
    telefono = None
    if contact and contact.user_id == user.id:  # their own number, not one from the address book
        telefono = "+" + "".join(filter(str.isdecimal, contact.phone_number))
    remitente = Remitente(CHANNEL, str(message.chat.id), telefono, user.full_name[:120])
    texto = message.text or message.caption or ""
    if texto.startswith("/"):
        texto = _COMMANDS.get(texto.split()[0], texto.lstrip("/"))
    return Entrante(str(update_id), remitente, message.date, texto, None, _attachment(message))


def _attachment(message: Message) -> Adjunto | None:
    if message.document:
        document = message.document
        return Adjunto(
            TipoAdjunto.DOCUMENTO,
            document.file_id,
            (document.file_name or "")[:200],
            document.mime_type or "",
        )
    for kind, there in (
        (TipoAdjunto.IMAGEN, message.photo),
        (TipoAdjunto.AUDIO, message.voice or message.audio),
        (TipoAdjunto.VIDEO, message.video or message.video_note),
        (TipoAdjunto.STICKER, message.sticker),
        (TipoAdjunto.UBICACION, message.location),
        (TipoAdjunto.CONTACTO, message.contact),
    ):
        if there:
            return Adjunto(kind)
    return None if message.text else Adjunto(TipoAdjunto.OTRO)


def _translated(error: TelegramError) -> Exception:
    """The library's error as one of ours, without what it quotes."""
    match error:
        case RetryAfter():
            wait: Any = error.retry_after
            return CanalOcupadoError(float(getattr(wait, "total_seconds", lambda: wait)()))
        case Forbidden():
            return CanalRechazoError("403")
        case BadRequest():
            return CanalRechazoError("400")
        case InvalidToken():
            log.error("telegram.token.refused")
            return CanalOcupadoError(60)
        case NetworkError() if not isinstance(error.__cause__, _NEVER_SENT):
            return CanalInciertoError()
    return CanalOcupadoError()
