"""`tributa trainer`: the trainers' loop, step by step."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from bot.bootstrap.entrenamiento import Escuela, open_escuela
from bot.cli.common import console, load_settings, tellable, with_opened
from bot.core.evaluacion import UNSURE
from bot.motores import Puesta, wait_for_change
from bot.services.ports_entrenamiento import Ficha
from bot.settings import Settings

app = typer.Typer(help="Enseñar a Tributa: bandeja, borrador, modelos y publicación.", no_args_is_help=True)
ACTOR = "consola"
_CHANGED = {
    Puesta.RESPONDE: "Listo: Tributa ya responde con ese modelo.",
    Puesta.NO_ARRANCO: "El motor no arrancó con ese modelo y sigue el anterior: ./tributa trainer rollback.",
    Puesta.APAGADO: "Tributa no está corriendo aquí: responderá con ese modelo cuando la arranques.",
}
Version = Annotated[str, typer.Argument(help="Número del modelo, como lo muestra tributa trainer models")]
Mensaje = Annotated[int | None, typer.Option(help="número del mensaje de la bandeja de donde sale")]


@app.command()
def inbox(cuantos: Annotated[int, typer.Option(help="cuántos mensajes mostrar")] = 30) -> None:
    """Muestra los mensajes que Tributa no entendió, falló o respondió mal, sin datos de nadie."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        table = Table("N.º", "Por qué", "Entendió", "Mensaje")
        for one in await escuela.borrador.bandeja(ACTOR, cuantos):
            table.add_row(str(one.id), one.motivo.value, one.intent or "—", one.texto)
        console.print(table if table.row_count else "La bandeja está vacía.", markup=False)

    with_opened(open_escuela, work)


@app.command()
def assign(
    intencion: Annotated[str, typer.Argument(help="intención, por ejemplo ventas_resumen")],
    ejemplos: Annotated[
        list[str] | None,
        typer.Argument(
            help="uno o más, cada uno entre comillas, sin datos de nadie; con --mensaje pueden faltar"
        ),
    ] = None,
    mensaje: Mensaje = None,
    contraparte: Annotated[str, typer.Option(help="a quién nombra, tal como sale en el ejemplo")] = "",
) -> None:
    """Agrega ejemplos a una intención, en el borrador."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        for one in await escuela.borrador.asignar(ACTOR, intencion, ejemplos or [], mensaje, contraparte):
            console.print(f"Anotado en el borrador: «{one}» es {intencion}.", markup=False)

    with_opened(open_escuela, work)


@app.command()
def remove(
    intencion: Annotated[str, typer.Argument(help="intención que lo tiene")],
    texto: Annotated[str, typer.Argument(help="el ejemplo, tal cual")],
) -> None:
    """Quita un ejemplo que enseña mal, en el borrador."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        await escuela.borrador.quitar(ACTOR, intencion, texto)

    with_opened(open_escuela, work)
    console.print("Quitado en el borrador.")


@app.command("new-intent")
def new_intent(
    nombre: Annotated[str, typer.Argument(help="nombre, por ejemplo horario_atencion")],
    respuesta: Annotated[str, typer.Option(help="lo que Tributa responde")],
    ejemplo: Annotated[list[str], typer.Option(help="un ejemplo; repite la opción, al menos cinco veces")],
    mensaje: Mensaje = None,
) -> None:
    """Crea una intención con sus ejemplos y su respuesta, en el borrador."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        await escuela.borrador.nueva(ACTOR, nombre, ejemplo, respuesta, mensaje)

    with_opened(open_escuela, work)
    console.print(f"Intención {nombre} creada en el borrador.")


@app.command()
def discard(
    mensaje: Annotated[int, typer.Argument(help="número del mensaje")],
    recuperar: Annotated[
        bool, typer.Option("--recuperar", help="devuelve a la bandeja uno descartado")
    ] = False,
) -> None:
    """Saca un mensaje de la bandeja: no hay nada que aprender de él."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        draft = escuela.borrador
        await (draft.recuperar if recuperar else draft.descartar)(ACTOR, mensaje)

    with_opened(open_escuela, work)
    console.print("De vuelta en la bandeja." if recuperar else "Descartado.")


@app.command()
def draft() -> None:
    """Muestra los cambios del borrador."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        table = Table("N.º", "Qué", "Intención", "Ejemplos", "Quién")
        for one in escuela.borrador.estado().ediciones:
            table.add_row(str(one.numero), one.acto.value, one.intent, "; ".join(one.ejemplos), one.quien)
        console.print(table if table.row_count else "El borrador no tiene cambios.", markup=False)

    with_opened(open_escuela, work)


@app.command()
def undo(numero: Annotated[int, typer.Argument(help="número del cambio")]) -> None:
    """Deshace un cambio del borrador; su mensaje vuelve a la bandeja."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        await escuela.borrador.deshacer(ACTOR, numero)

    with_opened(open_escuela, work)
    console.print("Deshecho.")


@app.command()
def train() -> None:
    """Entrena el borrador y lo compara con el modelo vivo; muestra cada paso."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        with console.status("Toma unos minutos (Ctrl-C lo corta)…"):
            ficha = await escuela.entrenamiento.entrenar(
                ACTOR, lambda line: console.print(f"· {line}", markup=False)
            )
        _show(ficha)
        console.print(f"Para que conteste: ./tributa trainer publish {ficha.version}")

    with_opened(open_escuela, work)


@app.command()
def models() -> None:
    """Muestra los modelos: quién, cuándo, cómo les fue y cuál está vivo."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        training = escuela.entrenamiento
        live = escuela.borrador.estado().vivo
        table = Table("Modelo", "Quién", "Cuándo", "Estado", "Acierto", "Cambios")
        for one in training.modelos():
            state = "vivo" if one.version == live else one.estado.value
            share = one.cifras.get("particion_nuevo")
            told = f"{share:.1%}" if share is not None else "—"
            table.add_row(one.version, one.quien, one.momento[:16], state, told, str(len(one.cambios)))
        console.print(table if table.row_count else "Todavía no se ha entrenado ninguno.")

    with_opened(open_escuela, work)


@app.command()
def compare(version: Version) -> None:
    """Muestra qué mensajes entiende distinto ese modelo, lado a lado."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        _show(escuela.entrenamiento.modelo(version))

    with_opened(open_escuela, work)


@app.command()
def publish(version: Version) -> None:
    """Pone ese modelo a responder, sin cortar ninguna conversación."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        await escuela.entrenamiento.publicar(ACTOR, version)

    with_opened(open_escuela, work)
    console.print(f"Publicado: {version}.")
    _tell_change()


@app.command()
def rollback() -> None:
    """Vuelve al modelo anterior; los cambios del actual quedan en el borrador."""

    async def work(escuela: Escuela, settings: Settings) -> None:
        version = await escuela.entrenamiento.volver(ACTOR)
        console.print(f"De vuelta al modelo {version}.")

    with_opened(open_escuela, work)
    _tell_change()


def _tell_change() -> None:
    """Wait until the engine has changed; whoever does not want to wait may leave."""
    with tellable(), console.status("El motor cambia de modelo, sin pausa (Ctrl-C deja de esperar)…"):
        try:
            puesta = asyncio.run(wait_for_change(load_settings()))
        except KeyboardInterrupt:
            console.print("El cambio sigue sin ti.")
            raise typer.Exit(0) from None
    console.print(_CHANGED[puesta], style="green" if puesta is Puesta.RESPONDE else "yellow")
    if puesta is Puesta.NO_ARRANCO:
        raise typer.Exit(1)


def _show(ficha: Ficha) -> None:
    figures = ficha.cifras
    if "particion_nuevo" in figures:
        before, after = figures["particion_vivo"], figures["particion_nuevo"]
        console.print(f"Acierto en mensajes de prueba: {before:.1%} el vivo, {after:.1%} el nuevo.")
    if "cruzada_nuevo" in figures:
        before, after = figures["cruzada_vivo"], figures["cruzada_nuevo"]
        console.print(f"Validación cruzada con los ejemplos: {before:.1%} el vivo, {after:.1%} el nuevo.")
    for intent, (right, many) in ficha.cruzada.items():
        told = f"  {intent}: reconoce {right} de sus {many} ejemplos sin haberlos estudiado."
        console.print(told, markup=False)
    table = Table("Mensaje", "Antes", "Ahora", "Correcto")
    for one in ficha.cambios:
        table.add_row(one.texto, _heard(one.antes), _heard(one.ahora), one.esperado)
    console.print(table if ficha.cambios else "Ningún mensaje cambia de respuesta.", markup=False)
    console.print(f"Modelo {ficha.version}: {ficha.estado.value}.")


def _heard(intent: str) -> str:
    return "(no está seguro)" if intent == UNSURE else intent
