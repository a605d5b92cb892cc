"""The command `tributa`."""

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from api.app import run_api
from bot.bootstrap import Services, open_database, open_services
from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import BotError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.jobs.worker import run_worker
from bot.logs import set_up_logs
from bot.services.ports import Importacion, Quien
from bot.settings import Settings, SettingsError
from bot.supervisor import supervise

app = typer.Typer(
    help="Tributa: asistente tributario para contribuyentes chilenos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False)
_REJECTS_SHOWN = 20


def load_settings() -> Settings:
    """The settings, or a clear word about what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        for one in error.errors(include_input=False):
            console.print(f"[red]Configuración:[/red] {one['msg'].removeprefix('Value error, ')}")
        raise typer.Exit(2) from None


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what an operator can mend is told without a traceback."""
    try:
        asyncio.run(coroutine)
    except SettingsError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from None


@app.command()
def serve() -> None:
    """Arranca todo en esta máquina: base de datos, api, trabajador y motor."""
    settings = load_settings()
    with open_database(settings) as urls:
        start(
            settings, urls.app, lambda: console.print(f"[green]Tributa está en[/green] {address(settings)}")
        )


def start(settings: Settings, database_url: str, on_ready: Any) -> None:
    """Supervise the programs, with a spinner until they answer."""
    with console.status("Arrancando…") as status:

        def ready() -> None:
            status.stop()
            on_ready()

        run(
            supervise(
                settings,
                database_url,
                on_ready=ready,
                on_wait=lambda missing: status.update(f"Esperando: {missing}…"),
                tell=lambda news: console.print(f"[yellow]{news}[/yellow]"),
            )
        )
    console.print("Tributa se detuvo.")


def address(settings: Settings) -> str:
    """Where people find it."""
    return f"http://{settings.host}:{settings.port}/"


@app.command()
def api() -> None:
    """Solo la API (con DATABASE_URL y ENGINE_URL)."""
    _program(run_api)


@app.command()
def worker() -> None:
    """Solo el trabajador (con DATABASE_URL)."""
    _program(run_worker)


def _program(main: Any) -> None:
    set_up_logs()
    settings = load_settings()
    if settings.database_url is None:
        console.print("[red]Falta DATABASE_URL: para correr todo en una máquina usa tributa serve.[/red]")
        raise typer.Exit(2)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(main(settings, settings.database_url))
    except KeyboardInterrupt:
        raise typer.Exit from None


@app.command()
def migrate() -> None:
    """Crea o actualiza las tablas."""
    with open_database(load_settings()):
        console.print("Base de datos al día.")


@app.command("add-contributor")
def add_contributor(
    rut: Annotated[str, typer.Argument(help="RUT del contribuyente")],
    nombre: Annotated[str, typer.Argument(help="Nombre o razón social")],
    password: Annotated[str, typer.Option(prompt="Contraseña", hide_input=True, confirmation_prompt=True)],
) -> None:
    """Registra a un contribuyente, o cambia su nombre y contraseña."""

    async def add(services: Services) -> None:
        await services.acceso.add(Rut.parse(rut), nombre, password)

    _with_services(add)
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

    async def import_file(services: Services) -> None:
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

    _with_services(import_file)


def _tell_import(done: Importacion) -> None:
    console.print(f"{done.importados} documentos importados ({done.sin_cambios} ya estaban).")
    if done.total_rechazados:
        console.print(f"[yellow]{done.total_rechazados} líneas rechazadas:[/yellow]")
    for rechazo in done.rechazados[:_REJECTS_SHOWN]:
        console.print(f"  línea {rechazo.linea}: {rechazo.motivo}")


def _with_services(work: Any) -> None:
    settings = load_settings()

    async def main(url: str) -> None:
        async with open_services(settings, url) as services:
            try:
                await work(services)
            except BotError as error:
                raise SettingsError(
                    services.textos.texto(f"utter_error_{error.key}", **error.params)
                ) from None

    with open_database(settings) as urls:
        run(main(urls.app))


if __name__ == "__main__":
    app()
