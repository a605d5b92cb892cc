"""The command `tributa`."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bot.bootstrap import compact, open_database, open_services, pending
from bot.cli import canales, entrenador, evaluar, llaves, respaldo, saber, sesiones
from bot.cli.common import console, interrupted, load_settings, tellable, with_services
from bot.core.documentos import EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.core.telefono import parse_telefono
from bot.logs import set_up_logs
from bot.private import SettingsError
from bot.programs import Companion, OwnDatabase, engine_command, engine_environment
from bot.services.ports import Importacion, Quien
from bot.settings import ENGINE_PYTHON, ROOT, Settings
from bot.supervisor import Listener, supervise
from bot.telemetry.traces import end_traces, set_up_traces

if TYPE_CHECKING:
    from bot.bootstrap import Services

__all__ = ["address", "app", "console", "load_settings", "start", "tellable"]

app = typer.Typer(
    help="Tributa: asistente tributario para contribuyentes chilenos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(llaves.app, name="key")
app.add_typer(canales.whatsapp, name="whatsapp")
app.add_typer(canales.telegram, name="telegram")
app.add_typer(saber.app, name="knowledge")
app.add_typer(evaluar.app, name="evaluate")
app.add_typer(entrenador.app, name="trainer")
app.add_typer(sesiones.app, name="sessions")
app.command()(respaldo.backup)
app.command()(respaldo.restore)
_REJECTS_SHOWN = 20


@app.command()
def reindex() -> None:
    """Rehace el índice de los contratos: con otro TRIBUTA_EMBEDDER, o si CHROMA_URL es nueva."""

    async def work(services: "Services", settings: Settings) -> None:
        done = await services.indexador.reindexar()
        told = f"✓ {done.pasajes} pasajes de {done.contribuyentes} contribuyentes"
        console.print(f"{told}; vectores nuevos: {done.vectores}.", style="green")

    with_services(work)


@app.command()
def serve() -> None:
    """Arranca todo en esta máquina: base de datos, api, trabajador y motor."""
    with tellable():
        settings = load_settings()
        with open_database(settings) as urls:
            start(
                settings, urls, lambda: console.print(f"[green]Tributa está en[/green] {address(settings)}")
            )


def start(
    settings: Settings,
    database: OwnDatabase,
    on_ready: Callable[[], None],
    companions: Sequence[Companion] = (),
) -> None:
    """Supervise the programs, with a spinner until they answer."""
    asyncio.run(check_database(settings, database.app))
    with console.status("Arrancando…") as status:

        def ready() -> None:
            status.stop()
            on_ready()

        told = Listener(
            ready=ready,
            waiting=lambda missing: status.update(f"Esperando: {missing}…"),
            news=lambda news: console.print(f"[yellow]{news}[/yellow]"),
        )
        if interrupted.is_set():
            raise KeyboardInterrupt
        asyncio.run(supervise(settings, database, told, companions))
    console.print("Tributa se detuvo.")


async def check_database(settings: Settings, database_url: str) -> None:
    """Open everything once, so that what is wrong is told here and not by programs that start in vain."""
    async with open_services(settings, database_url) as services:
        if others := await services.indexador.ajenos():
            console.print(
                f"[yellow]{others} pasajes de contratos se leyeron con otro modelo y cuesta más encontrarlos:"
                " ejecuta [bold]tributa reindex[/bold].[/yellow]"
            )


def address(settings: Settings) -> str:
    """Where people find it."""
    return f"http://{settings.host}:{settings.port}/"


@app.command()
def api() -> None:
    """Solo la API (con DATABASE_URL y ENGINE_URL)."""
    from api.app import run_api  # noqa: PLC0415, other commands begin sooner without it

    _program("api", run_api)


@app.command()
def worker() -> None:
    """Solo el trabajador (con DATABASE_URL)."""
    from bot.jobs.worker import run_worker  # noqa: PLC0415, other commands begin sooner without it

    _program("worker", run_worker)


@app.command()
def engine(
    port: Annotated[int, typer.Option(help="puerto, solo en esta máquina")] = 5005,
) -> None:
    """Solo el motor de diálogo, que llama a la api en ACTIONS_URL (o en TRIBUTA_PORT)."""
    with tellable():
        settings = load_settings()
        if not settings.model.exists() or not ENGINE_PYTHON.exists():
            raise SettingsError("Falta el motor o su modelo: ejecuta make train.")
        command, environment = engine_command(port, settings.model), engine_environment(settings, port)
        given = {name: os.environ[name] for name in ("ACTIONS_URL",) if name in os.environ}
        os.chdir(ROOT)
        os.execve(command[0], command, {**environment, **given})  # noqa: S606


def _program(name: str, main: Callable[[Settings, str], Coroutine[Any, Any, None]]) -> None:
    set_up_logs(name)
    set_up_traces(name)
    with tellable():
        settings = load_settings()
        if settings.database_url is None:
            raise SettingsError("Falta DATABASE_URL: para correr todo en una máquina usa tributa serve.")
        try:
            asyncio.run(main(settings, settings.database_url))
        finally:
            end_traces()


@app.command()
def migrate() -> None:
    """Crea o actualiza las tablas."""
    with tellable(), open_database(load_settings()):
        console.print("Base de datos al día.")


@app.command("compact")
def compact_() -> None:
    """Borra del disco los últimos rastros de los datos eliminados (tributa serve lo hace solo)."""
    with tellable(), open_database(load_settings()) as urls:
        done, left = compact(urls.owner), pending(urls.owner)
    if left:
        console.print(f"Hay tablas en uso. Borrados que siguen pendientes: {left}. Repítelo en un momento.")
        raise typer.Exit(1)
    console.print(f"Borrados que quedaron completos: {done}." if done else "No había borrados pendientes.")


@app.command("add-contributor")
def add_contributor(
    rut: Annotated[str, typer.Argument(help="RUT del contribuyente")],
    nombre: Annotated[str, typer.Argument(help="Nombre o razón social")],
    password: Annotated[str, typer.Option(prompt="Contraseña", hide_input=True, confirmation_prompt=True)],
    telefono: Annotated[str | None, typer.Option(help="WhatsApp, por ejemplo +56 9 1234 5678")] = None,
) -> None:
    """Registra a un contribuyente, o cambia su nombre, contraseña y teléfono."""

    async def add(services: "Services", settings: Settings) -> None:
        phone = parse_telefono(telefono) if telefono else None
        await services.cuentas.agregar(Rut.parse(rut), nombre, password, phone)

    with_services(add)
    console.print(f"{nombre} ya puede entrar.")


@app.command("import-rcv")
def import_rcv(
    archivo: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV descargado del SII")],
    rut: Annotated[str, typer.Option(help="RUT del contribuyente")],
    tipo: Annotated[Libro, typer.Option(help="ventas o compras")],
    periodo: Annotated[str, typer.Option(help="mes, por ejemplo 2026-09")],
    estado: Annotated[EstadoCompra | None, typer.Option(help="estado de las compras")] = None,
) -> None:
    """Importa el CSV que exporta el Registro de Compras y Ventas del SII."""

    async def import_file(services: "Services", settings: Settings) -> None:
        registro = services.libro(tipo)
        columns = TextColumn("Importando"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
        with (
            Progress(*columns, console=console, transient=True) as progress,
            progress.open(archivo, "rb") as file,
        ):
            done = await registro.importar(
                Quien(Rut.parse(rut)), file, archivo.name, Periodo.parse(periodo), estado
            )
        _tell_import(done)

    with_services(import_file)


def _tell_import(done: Importacion) -> None:
    console.print(f"{done.importados} documentos importados ({done.sin_cambios} ya estaban).")
    if done.movidos:
        console.print(f"{done.movidos} estaban en otro mes o estado y se movieron.")
    if done.total_rechazados:
        console.print(f"[yellow]{done.total_rechazados} líneas rechazadas:[/yellow]")
    for rechazo in done.rechazados[:_REJECTS_SHOWN]:
        console.print(f"  línea {rechazo.linea}: {rechazo.motivo}")
