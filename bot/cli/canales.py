"""`tributa whatsapp` and `tributa telegram`: whether the accounts are ready, and what sets them up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.text import Text

from bot.channels.findings import Finding, Mark
from bot.channels.telegram_check import (
    TelegramAccount,
    check_telegram,
    delete_webhook,
    set_profile,
    set_webhook,
)
from bot.channels.whatsapp_account import WhatsAppAccount
from bot.channels.whatsapp_check import check_whatsapp
from bot.channels.whatsapp_setup import create_templates, subscribe
from bot.channels.whatsapp_templates import TEMPLATES
from bot.cli.common import console, load_settings, tellable
from bot.private import SettingsError
from bot.services.reloj import RelojSantiago
from bot.settings import Settings

whatsapp = typer.Typer(help="La cuenta de WhatsApp: revisarla y prepararla.", no_args_is_help=True)
telegram = typer.Typer(help="El bot de Telegram: revisarlo y prepararlo.", no_args_is_help=True)
_COLOURS = {Mark.GOOD: "green", Mark.BAD: "red", Mark.NOTE: "yellow"}
_HIDDEN = "•••"
type Check = Callable[[Settings], Awaitable[list[Finding]]]


@whatsapp.command("check")
def check_whatsapp_() -> None:
    """Revisa la cuenta, el teléfono, las plantillas y el webhook; termina con 0 solo si todo está bien."""
    _tell(lambda settings: check_whatsapp(_whatsapp(settings), RelojSantiago().ahora()))


@whatsapp.command("templates")
def templates(
    crear: Annotated[bool, typer.Option("--crear", help="Las crea en tu cuenta, si faltan")] = False,
) -> None:
    """Muestra las plantillas tal como hay que crearlas, o las crea."""
    if crear:
        _tell(lambda settings: create_templates(_administered(settings)))
        return
    with tellable():
        settings = load_settings()
    waba = settings.whatsapp_waba_id or "$WHATSAPP_WABA_ID"
    url = f"{settings.whatsapp_graph_url}/v{settings.whatsapp_api_version}/{waba}/message_templates"
    console.print(f"POST {url}", soft_wrap=True, markup=False)
    for body in TEMPLATES.values():
        console.print_json(data=body, ensure_ascii=False)


@whatsapp.command("subscribe")
def subscribe_() -> None:
    """Hace que los mensajes de la cuenta lleguen a tu aplicación."""
    _tell(lambda settings: subscribe(_administered(settings)))


@telegram.command("check")
def check_telegram_() -> None:
    """Revisa el token, el modo, el webhook y el menú; termina con 0 solo si todo está bien."""
    _tell(lambda settings: check_telegram(_telegram(settings), RelojSantiago().ahora()))


@telegram.command("set-webhook")
def set_webhook_() -> None:
    """Pide a Telegram que entregue en TRIBUTA_PUBLIC_URL, con tu secreto."""
    _tell(lambda settings: set_webhook(_telegram(settings)))


@telegram.command("delete-webhook")
def delete_webhook_() -> None:
    """Quita el webhook, para el modo polling."""
    _tell(lambda settings: delete_webhook(_telegram(settings)))


@telegram.command("set-commands")
def set_commands() -> None:
    """Pone /start y /ayuda en el menú del bot, y su descripción."""
    _tell(lambda settings: set_profile(_telegram(settings)))


def _tell(check: Check) -> None:
    """One line for each thing, and what to do below it.

    Raises:
        typer.Exit: 1, if something is not well.
    """
    with tellable():
        settings = load_settings()
        found = asyncio.run(_awaited(check, settings))
    hidden = list(_secrets(settings))
    for one in found:
        line = Text.assemble((one.mark.value, _COLOURS[one.mark]), f" {one.what}: {one.says}")
        if one.remedy:
            line.append(f"\n  → {one.remedy}")
        for secret in hidden:
            line = Text(_HIDDEN).join(line.split(secret, allow_blank=True))
        console.print(line, soft_wrap=True)
    if any(one.mark is Mark.BAD for one in found):
        raise typer.Exit(1)


async def _awaited(check: Check, settings: Settings) -> list[Finding]:
    return await check(settings)


def _secrets(settings: Settings) -> Iterable[str]:
    """The longest first: one may be part of another."""
    given = (
        settings.whatsapp_token,
        settings.whatsapp_app_secret,
        settings.whatsapp_verify_token,
        settings.telegram_token,
        settings.telegram_webhook_secret,
    )
    return sorted({value for one in given if (value := _plain(one))}, key=len, reverse=True)


def _whatsapp(settings: Settings) -> WhatsAppAccount:
    return WhatsAppAccount(
        settings.whatsapp_graph_url,
        settings.whatsapp_api_version,
        settings.whatsapp_phone_id or "",
        settings.whatsapp_waba_id or "",
        _plain(settings.whatsapp_token),
        _plain(settings.whatsapp_app_secret),
        _plain(settings.whatsapp_verify_token),
        settings.web,
    )


def _administered(settings: Settings) -> WhatsAppAccount:
    """For changes, which need the account and its token.

    Raises:
        SettingsError: if they are not there.
    """
    account = _whatsapp(settings)
    if not account.waba_id or not account.token:
        raise SettingsError("Faltan WHATSAPP_WABA_ID y WHATSAPP_TOKEN: mira docs/canales.md.")
    return account


def _telegram(settings: Settings) -> TelegramAccount:
    return TelegramAccount(
        settings.telegram_api_url,
        settings.telegram_mode,
        _plain(settings.telegram_token),
        _plain(settings.telegram_webhook_secret),
        settings.web,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
