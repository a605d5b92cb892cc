"""What the commands share: settings, services, and telling what went wrong."""

import asyncio
import signal
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.bootstrap import DATABASE_ERRORS, UnsafeRoleError, open_database, open_services
from bot.core.errors import BotError
from bot.core.respaldo import RespaldoError
from bot.private import SettingsError
from bot.services.ports import Textos
from bot.services.textos import error_text
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.bootstrap import Services

console = Console(highlight=False)
interrupted = threading.Event()


def _interrupt(number: int, frame: object) -> None:
    """Remember the signal too: an exception that is raised inside a library's callback can get lost."""
    interrupted.set()
    raise KeyboardInterrupt


@contextmanager
def tellable() -> Iterator[None]:
    """What an operator can mend is told in a sentence; Ctrl-C and SIGTERM end quietly at any moment."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        yield
    except (SettingsError, UnsafeRoleError, RespaldoError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from None
    except DATABASE_ERRORS as error:
        console.print(
            f"[red]La base de datos no responde o no acepta la conexión[/red] ({type(error).__name__})."
        )
        raise typer.Exit(2) from None
    except (OSError, subprocess.SubprocessError) as error:
        console.print(f"[red]No pude arrancar:[/red] {error}")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        console.print("Interrumpido.")
        raise typer.Exit(130) from None


def load_settings() -> Settings:
    """The settings, or a clear word about what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        told = [
            f"{one['loc'][0] if one['loc'] else ''} {one['msg'].removeprefix('Value error, ')}".strip()
            for one in error.errors(include_input=False)
        ]
        raise SettingsError("Configuración: " + "; ".join(told)) from None


class _WithTexts(Protocol):
    @property
    def textos(self) -> Textos: ...


def with_services(work: Callable[["Services", Settings], Coroutine[Any, Any, None]]) -> None:
    """Open the database and all services for one piece of work.

    Raises:
        typer.Exit: if something went wrong, once it has been told.
    """
    with_opened(open_services, work)


def with_opened[T: _WithTexts](
    opened: Callable[[Settings, str], AbstractAsyncContextManager[T]],
    work: Callable[[T, Settings], Coroutine[Any, Any, None]],
) -> None:
    """Open the database and the services that a piece of work needs; see `with_services`."""
    with tellable():
        settings = load_settings()

        async def main(url: str) -> None:
            async with opened(settings, url) as services:
                try:
                    await work(services, settings)
                except BotError as error:
                    raise SettingsError(error_text(services.textos, error)) from None

        with open_database(settings) as urls:
            asyncio.run(main(urls.app))
