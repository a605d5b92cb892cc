"""Whether a Telegram bot is ready for Tributa, one thing at a time, and the changes that set it up."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import httpx
from telegram import Bot, BotCommand, WebhookInfo
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.findings import Finding, bad, client, good, note, undeliverable, why

UPDATES = ["message", "callback_query"]
COMMANDS = {"start": "Empezar a conversar", "ayuda": "Ver qué puedes preguntar"}
DESCRIPTION = (
    "Soy Tributa. Te digo cuánto vendiste, cuánto compraste y cuánto IVA sale de eso, con los datos de tu"
    " registro del SII. Presiona Iniciar y escríbeme como a una persona."
)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_RECENT = timedelta(hours=1)
_MANY = 20
_SET = "Ejecuta tributa telegram set-webhook."
_DELETE = (
    "Ejecuta tributa telegram delete-webhook, o usa TELEGRAM_MODE=webhook si esa dirección es la de Tributa."
)
_PROFILE = "Ejecuta tributa telegram set-commands."
_NEW_TOKEN = "Pídele a @BotFather el token de tu bot con /mybots > API Token y ponlo en TELEGRAM_TOKEN."  # noqa: S105
_RESTART = "Reinicia Tributa con TELEGRAM_MODE=webhook y el mismo TELEGRAM_WEBHOOK_SECRET."


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """What the settings say of the bot; empty where they say nothing."""

    api_url: str
    mode: Literal["polling", "webhook"] = "polling"
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    web: str = ""

    @property
    def webhook(self) -> str:
        """Where Telegram is to deliver."""
        return f"{self.web}/webhooks/telegram"


async def check_telegram(account: TelegramAccount, now: datetime) -> list[Finding]:
    """Everything that can be found out from here."""
    found = list(_settings(account))
    if not account.token:
        return found
    async with _bot(account) as bot:
        try:
            async for one in _remote(bot, account, now):
                found.append(one)
        except TelegramError as error:
            found.append(_failed(error))
    if account.mode == "webhook" and _SECRET.fullmatch(account.secret):
        found.append(await check_door(account))
    return found


async def set_webhook(account: TelegramAccount) -> list[Finding]:
    """Have updates delivered to our address, with our secret."""
    if not _SECRET.fullmatch(account.secret):
        return [_bad_secret()]
    if never := undeliverable(account.api_url, account.web, "Telegram"):
        return [never]

    async def act(bot: Bot) -> None:
        await bot.set_webhook(account.webhook, secret_token=account.secret, allowed_updates=UPDATES)

    done = await _act(account, act, good("Webhook", f"Telegram entrega en {account.webhook}"))
    if account.mode == "polling":
        says = "TELEGRAM_MODE es polling, y con un webhook puesto Tributa no recibe nada así"
        done.append(bad("Modo", says, "Reinicia Tributa con TELEGRAM_MODE=webhook."))
    return done


async def delete_webhook(account: TelegramAccount) -> list[Finding]:
    """Have updates wait until they are asked for; those that wait already are kept."""

    async def act(bot: Bot) -> None:
        await bot.delete_webhook()

    return await _act(account, act, good("Webhook", "quitado; lo que estaba pendiente se conserva"))


async def set_profile(account: TelegramAccount) -> list[Finding]:
    """The menu of commands, and what people read before they press Start."""

    async def act(bot: Bot) -> None:
        await bot.set_my_commands([BotCommand(name, told) for name, told in COMMANDS.items()])
        await bot.set_my_description(DESCRIPTION)

    return await _act(account, act, good("Comandos", "puestos /start y /ayuda, y la descripción"))


async def _act(
    account: TelegramAccount, act: Callable[[Bot], Awaitable[None]], done: Finding
) -> list[Finding]:
    if not account.token:
        return list(_settings(account))
    async with _bot(account) as bot:
        try:
            await act(bot)
        except TelegramError as error:
            return [_failed(error)]
    return [done]


@asynccontextmanager
async def _bot(account: TelegramAccount) -> AsyncIterator[Bot]:
    """A client that asks nothing by itself."""
    base = account.api_url.rstrip("/")
    request = HTTPXRequest(connect_timeout=5, read_timeout=15, httpx_kwargs={"trust_env": False})
    bot = Bot(account.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request)
    try:
        yield bot
    finally:
        for one in bot._request:
            await one.shutdown()


def _settings(account: TelegramAccount) -> Iterator[Finding]:
    if not account.token:
        yield bad("Configuración", "falta TELEGRAM_TOKEN", _NEW_TOKEN)
    elif account.mode == "webhook" and not _SECRET.fullmatch(account.secret):
        yield _bad_secret()
    else:
        yield good("Configuración", f"están todas las variables; modo {account.mode}")


def _bad_secret() -> Finding:
    return bad(
        "Configuración",
        "TELEGRAM_WEBHOOK_SECRET falta o tiene caracteres que Telegram no acepta",
        "Usa de 1 a 256 letras sin acento, números, _ o -; por ejemplo lo que da openssl rand -hex 32.",
    )


async def _remote(bot: Bot, account: TelegramAccount, now: datetime) -> AsyncIterator[Finding]:
    me = await bot.get_me()
    if me.is_bot:
        yield good("Bot", f"@{me.username} ({me.full_name})")
    else:
        yield bad("Bot", "ese token no es de un bot", _NEW_TOKEN)
    info = await bot.get_webhook_info()
    check = _polling if account.mode == "polling" else _webhook
    for one in check(info, account):
        yield one
    if account.mode == "webhook":
        yield _last_error(info, now)
    yield _pending(info, account)
    commands = {one.command for one in await bot.get_my_commands()}
    missing = [f"/{name}" for name in COMMANDS if name not in commands]
    described = (await bot.get_my_description()).description
    if missing:
        yield bad("Comandos", f"falta {' y '.join(missing)} en el menú del bot", _PROFILE)
    else:
        yield good("Comandos", " y ".join(f"/{name}" for name in COMMANDS))
    if described:
        yield good("Descripción", "puesta")
    else:
        yield bad("Descripción", "falta lo que se lee antes de presionar Iniciar", _PROFILE)


def _polling(info: WebhookInfo, account: TelegramAccount) -> Iterator[Finding]:
    if info.url:
        says = f"hay un webhook puesto en {_host(info.url)}, y mientras esté no llega nada por polling"
        yield bad("Webhook", says, _DELETE)
    else:
        yield good("Webhook", "no hay ninguno, como corresponde al modo polling")


def _webhook(info: WebhookInfo, account: TelegramAccount) -> Iterator[Finding]:
    if never := undeliverable(account.api_url, account.web, "Telegram"):
        yield never
    if not info.url:
        yield bad("Webhook", "no está puesto, y en modo webhook Tributa no pregunta", _SET)
        return
    if info.url != account.webhook:
        yield bad("Webhook", f"está puesto en otra dirección, de {_host(info.url)}", _SET)
        return
    missing = [one for one in UPDATES if info.allowed_updates and one not in info.allowed_updates]
    if missing:
        yield bad("Webhook", f"Telegram no avisa de {' ni de '.join(missing)}", _SET)
    else:
        yield good("Webhook", info.url)


def _last_error(info: WebhookInfo, now: datetime) -> Finding:
    what = "Entregas"
    if not info.last_error_date or not info.last_error_message:
        return good(what, "sin errores")
    when = f"{info.last_error_date.astimezone(now.tzinfo):%d-%m-%Y %H:%M}"
    says = f"la última que falló fue el {when}: {info.last_error_message}"
    if now - info.last_error_date > _RECENT and not info.pending_update_count:
        return note(what, says)
    return bad(what, says, _remedy(info.last_error_message))


def _remedy(error: str) -> str:
    """What an error of a delivery is usually mended with."""
    low = error.lower()
    if "401" in low:
        return f"El secreto no coincide. {_SET} {_RESTART}"
    if "404" in low:
        return f"La Tributa que contesta no espera a Telegram. {_RESTART}"
    if "ssl" in low or "certificate" in low:
        return "El certificado https no sirve: revisa el proxy."
    return "Revisa que Tributa esté corriendo y que el proxy le entregue /webhooks/telegram."


def _pending(info: WebhookInfo, account: TelegramAccount) -> Finding:
    what, count = "Pendientes", info.pending_update_count
    if count <= _MANY:
        return good(what, f"{count} mensajes por entregar")
    remedy = "Arranca Tributa (tributa serve): pregunta sola." if account.mode == "polling" else _RESTART
    return bad(what, f"{count} mensajes por entregar: nadie los recibe", remedy)


async def check_door(account: TelegramAccount) -> Finding:
    """Knock as Telegram does, with something that is no update: 400 says that only the secret was right."""
    what = "Puerta"
    if undeliverable(account.api_url, account.web, "Telegram"):
        return note(what, "no se probó: falta la dirección pública")
    headers = {"X-Telegram-Bot-Api-Secret-Token": account.secret}
    try:
        async with client() as http:
            answer = await http.post(account.webhook, headers=headers, content=b"-")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = (
            "Revisa que Tributa esté corriendo, el DNS, el proxy con https y el puerto 443 del cortafuegos."
        )
        return bad(what, f"{account.webhook}: {why(error)}", remedy)
    if answer.status_code == 400:
        return good(what, f"{account.webhook} contesta y reconoce el secreto")
    if answer.status_code in (401, 404):
        says = "la Tributa que contesta tiene otro TELEGRAM_WEBHOOK_SECRET o ninguno"
        return bad(what, f"{says} (HTTP {answer.status_code})", _RESTART)
    remedy = "Ahí responde otro programa: haz que el proxy entregue todo a Tributa, sin redirigir."
    return bad(what, f"{account.webhook} contesta HTTP {answer.status_code}", remedy)


def _failed(error: TelegramError) -> Finding:
    match error:
        case InvalidToken():
            return bad("Token", "Telegram no lo acepta: está mal copiado o fue revocado", _NEW_TOKEN)
        case RetryAfter():
            return bad("Telegram", "pide esperar, hubo demasiadas consultas", "Repite en un minuto.")
        case BadRequest():
            remedy = "Los errores más comunes están en docs/canales.md."
            return bad("Telegram", f"lo rechaza: {error.message}", remedy)
    remedy = "Revisa la conexión a Internet y TELEGRAM_API_URL, o espera: el token no tiene la culpa."
    return bad("Conexión con Telegram", why(error), remedy)


def _host(url: str) -> str:
    """Others put tokens into the path of theirs."""
    return urlsplit(url).hostname or "una dirección extraña"
