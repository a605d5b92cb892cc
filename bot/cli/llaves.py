"""`tributa key`: the keys of programs, and the keys that claves are encrypted with."""

import secrets
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from bot.cli.common import console, with_services
from bot.core.errors import ServiceUnavailableError
from bot.private import SettingsError
from bot.services.ports_secretos import TipoLlave
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.bootstrap import Services

app = typer.Typer(
    help="Claves de programas (agentes, administración, entrenadores) y llave de cifrado.",
    no_args_is_help=True,
)


_NEXT = (
    "Los programas que ya corrían usan las llaves con que partieron. Si los reiniciaste con la llave nueva"
    " primero y la antigua después antes de este comando, ya puedes dejar solo la primera llave en"
    " TRIBUTA_SECRET_KEY. Si no, reinícialos así y repítelo: lo que guarden con la antigua se perdería."
)


@app.command()
def create(
    nombre: Annotated[str, typer.Argument(help="Nombre que la identifica, por ejemplo bot-ventas")],
    tipo: Annotated[TipoLlave, typer.Option(help="agente, admin o entrenador")],
) -> None:
    """Crea una clave y la muestra esta única vez."""

    async def work(services: "Services", settings: Settings) -> None:
        clave = await services.llaves.crear(nombre, tipo.value)
        if clave is None:
            raise SettingsError(f"Ya hay una clave llamada {nombre}: elige otro nombre.")
        console.print(f"Guárdala ahora, no se vuelve a mostrar:\n[bold]{clave}[/bold]", soft_wrap=True)

    with_services(work)


@app.command("list")
def list_() -> None:
    """Muestra las claves que hay, sin las claves mismas."""

    async def work(services: "Services", settings: Settings) -> None:
        table = Table("Nombre", "Tipo", "Creada", "Último uso", "Revocada")
        for llave in await services.llaves.lista():
            moments = (llave.creada, llave.ultimo_uso, llave.revocada)
            told = (f"{one.astimezone():%d-%m-%Y %H:%M}" if one else "—" for one in moments)
            table.add_row(llave.nombre, llave.tipo, *told)
        console.print(table if table.row_count else "No hay claves creadas.")

    with_services(work)


@app.command()
def revoke(nombre: Annotated[str, typer.Argument(help="Nombre de la clave")]) -> None:
    """Deja de aceptar una clave."""

    async def work(services: "Services", settings: Settings) -> None:
        if not await services.llaves.revocar(nombre):
            raise SettingsError(f"No hay ninguna clave vigente llamada {nombre}.")
        console.print(f"La clave {nombre} ya no sirve.")

    with_services(work)


@app.command()
def rotate() -> None:
    """Cifra con una llave nueva las claves del SII, sin detener nada."""

    async def work(services: "Services", settings: Settings) -> None:
        given, file = settings.secret_key is not None, settings.secret_file
        with file.alone("rotate"):
            if not given:
                file.update("secret_key", lambda ring: f"{secrets.token_urlsafe(32)},{ring}")
            done = await _reencrypt(services)
            # What a program encrypted with the old key while the first round ran is found by the second.
            done += await _reencrypt(services)
            if not given:
                file.update("secret_key", lambda ring: ",".join(ring.split(",")[:2]))
        console.print(f"Claves del SII cifradas con la llave más nueva: {done}.")
        if given:
            console.print(_NEXT)

    with_services(work)


async def _reencrypt(services: "Services") -> int:
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Cifrando de nuevo", total=None)
        try:
            return await services.claves.recifrar(
                lambda done, total: progress.update(task, completed=done, total=total)
            )
        except ServiceUnavailableError:
            raise SettingsError(
                "Hay claves cifradas con una llave que falta: agrégala al final, después de una coma."
            ) from None
