"""`tributa backup` and `tributa restore`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.bootstrap import open_database, open_services
from bot.bootstrap.respaldo import Respaldado, respaldar
from bot.bootstrap.restauracion import restaurar, revisar
from bot.cli.common import console, load_settings, tellable
from bot.services.ports_respaldo import Avance
from bot.services.reloj import SANTIAGO
from bot.services.respaldo import Leido
from bot.settings import Settings


def backup(
    carpeta: Annotated[Path, typer.Argument(help="Dónde queda el respaldo", file_okay=False)],
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Cuántos respaldos quedan en la carpeta; los más viejos se borran"),
    ] = None,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="No lo restaura de prueba (no recomendado)")
    ] = False,
) -> None:
    """Respalda todo en un archivo cifrado, sin detener nada, y lo restaura de prueba."""
    with tellable():
        settings = load_settings()
        with open_database(settings) as urls, _progress() as avance:
            done = respaldar(
                settings, urls, carpeta.expanduser().resolve(), avance, quedan=keep, prueba=not no_verify
            )
    _tell(done, verified=not no_verify)


def restore(
    archivo: Annotated[Path, typer.Argument(help="El respaldo, tributa-….tar.age")],
    check: Annotated[bool, typer.Option("--check", help="Solo lo lee entero y dice qué trae")] = False,
) -> None:
    """Restaura un respaldo en una carpeta de datos (o una base) vacía: todo o nada."""
    with tellable():
        settings = load_settings()
        with _progress() as avance:
            leido = (revisar if check else restaurar)(settings, archivo.expanduser(), avance)
        _tell_content(leido)
        if not check:
            asyncio.run(_look_over(settings))


def _tell(done: Respaldado, *, verified: bool) -> None:
    if done.faltan:
        console.print(
            f"[yellow]{done.faltan} archivos ya faltaban en el almacén o estaban dañados: busca uno bueno en"
            " respaldos anteriores.[/yellow]"
        )
    if done.borrados:
        console.print(f"Borré los respaldos más viejos: {', '.join(done.borrados)}.", soft_wrap=True)
    how = "probado" if verified else "sin probar"
    what = f"{decimal(done.bytes)}, {done.filas} filas, {done.archivos} archivos, {how}"
    console.print(f"[green]✓ Respaldo listo:[/green] {done.ruta} ({what}).", soft_wrap=True)


def _tell_content(leido: Leido) -> None:
    told, head = leido.manifiesto, leido.manifiesto.cabecera
    when = datetime.fromisoformat(head.momento).astimezone(SANTIAGO)
    console.print(
        f"[green]✓ El respaldo está entero:[/green] {when:%d-%m-%Y %H:%M}, Tributa {head.version}"
        f" (base {head.migracion}), {told.filas} filas, {len(told.archivos)} archivos.",
        soft_wrap=True,
    )


async def _look_over(settings: Settings) -> None:
    """What is left to do, on what was restored."""
    with open_database(settings) as urls:
        async with open_services(settings, urls.app) as services:
            others = await services.indexador.ajenos()
            await services.bitacora.write("respaldo.restaurado", None, "consola")
    console.print("[green]✓ Restaurado, y comparado con el respaldo fila por fila.[/green]")
    if others or settings.chroma_url:
        console.print("[yellow]Falta el índice de los contratos: ejecuta tributa reindex.[/yellow]")
    console.print(
        "Los ajustes con que corría quedaron en ajustes-restaurados.env, en la carpeta de datos: pásalos a"
        " donde Tributa los lee y bórralo. Si el respaldo es anterior a una filtración, sigue con tributa"
        " sessions revoke --all (docs/operacion.md)."
    )


@contextmanager
def _progress() -> Iterator[Avance]:
    """A line for each step; nothing where nobody looks."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        steps: dict[str, TaskID] = {}

        def avance(paso: str, hecho: int, total: int | None) -> None:
            if paso not in steps:
                steps[paso] = progress.add_task(paso, told="")
            told = (
                decimal(hecho)
                if paso.lower().endswith("base de datos")
                else f"{hecho}{f' de {total}' if total else ''}"
            )
            progress.update(steps[paso], completed=hecho, total=total, told=told)

        yield avance
