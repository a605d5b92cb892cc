"""`tributa sessions`: what ends the sessions of one taxpayer or of all, after a leak."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from bot.cli.common import console, with_services
from bot.core.rut import Rut
from bot.private import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.bootstrap import Services

app = typer.Typer(help="Las sesiones abiertas en la web y en programas.", no_args_is_help=True)
_ACTOR = "consola"


@app.callback()
def _group() -> None:
    """Las sesiones abiertas en la web y en programas."""


@app.command()
def revoke(
    todas: Annotated[bool, typer.Option("--all", help="Las de todos los contribuyentes")] = False,
    rut: Annotated[str | None, typer.Option(help="Las de un contribuyente")] = None,
) -> None:
    """Cierra sesiones y anula los códigos pendientes: cada persona vuelve a entrar con su contraseña."""

    async def work(services: "Services", settings: Settings) -> None:
        if todas == (rut is not None):
            raise SettingsError("Di cuáles: --all, o --rut con el RUT de un contribuyente.")
        admin = services.administracion
        if rut is not None:
            ended = await admin.revocar_sesiones(_ACTOR, Rut.parse(rut))
        else:
            with Progress(console=console, transient=True) as progress:
                task = progress.add_task("Cerrando sesiones", total=None)
                ended = await admin.revocar_todas(
                    _ACTOR, lambda done, total: progress.update(task, completed=done, total=total)
                )
        console.print(f"Sesiones cerradas: {ended}. Los códigos pendientes ya no sirven.")

    with_services(work)
