"""`tributa knowledge`: whether the topics of `knowledge/` are sound, and which there are."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.common import console
from bot.core.saber import vence, vencido
from bot.rag.saber import SaberInvalidError, check_temas, read_temas
from bot.services.reloj import RelojSantiago
from bot.settings import ROOT

app = typer.Typer(help="Las fichas de conocimiento: revisarlas y verlas.", no_args_is_help=True)
type Carpeta = Annotated[
    Path, typer.Option("--carpeta", help="Dónde están las fichas", exists=True, file_okay=False)
]
KNOWLEDGE = ROOT / "knowledge"


@app.command()
def check(carpeta: Carpeta = KNOWLEDGE) -> None:
    """Revisa datos, enlaces, antigüedad, preguntas y largos; termina con 0 solo si todo está bien."""
    problems = check_temas(carpeta, RelojSantiago().hoy())
    for problem in problems:
        console.print(f"✗ {problem}", style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    console.print(f"✓ {len(read_temas(carpeta))} fichas en orden.", style="green")


@app.command("list")
def list_(carpeta: Carpeta = KNOWLEDGE) -> None:
    """Muestra las fichas, su fuente y hasta cuándo valen."""
    try:
        temas = read_temas(carpeta)
    except SaberInvalidError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    hoy = RelojSantiago().hoy()
    table = Table("ficha", "título", "fuente", "vale hasta")
    for tema in temas:
        until = f"{vence(tema):%d-%m-%Y}{' (vencida)' if vencido(tema, hoy) else ''}"
        table.add_row(tema.slug, tema.titulo, tema.fuente, until)
    console.print(table)
