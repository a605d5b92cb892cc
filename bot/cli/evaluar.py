"""`tributa evaluate nlu`: how well a model understands messages that it was not trained on."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from ruamel.yaml import YAML

from bot.cli.common import console, load_settings, tellable
from bot.core.evaluacion import (
    UNSURE,
    Caso,
    accuracy,
    calibration,
    calibration_error,
    confusions,
    risky,
)
from bot.private import SettingsError
from bot.settings import ENGINE_PYTHON, ROOT

app = typer.Typer(help="Cuánto entiende Tributa, con números.", no_args_is_help=True)
MENSAJES = ROOT / "tests" / "nlu" / "particion.yml"
_CONFUSIONES = 25
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


@app.callback()
def _many() -> None:
    """Cuánto entiende Tributa, con números."""


@app.command()
def nlu(
    mensajes: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="YAML con texto, intent y, si los hay, tambien")
    ] = MENSAJES,
    modelo: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="El modelo; sin esto, el vivo")
    ] = None,
    fallas: Annotated[bool, typer.Option("--fallas", help="Muestra cada mensaje mal entendido")] = False,
) -> None:
    """Acierto, confusiones y calibración en mensajes que el modelo nunca vio."""
    with tellable():
        model = modelo or load_settings().model
        if not model.exists():
            raise SettingsError(f"No hay modelo en {model}: ejecuta make train.")
    labelled = YAML(typ="safe").load(mensajes)
    with console.status(f"Preguntándole {len(labelled)} mensajes al modelo…"):
        try:
            casos = evaluate(labelled, model)
        except EngineError as error:
            console.print(f"✗ El motor no pudo leer los mensajes:\n{error}", style="red", markup=False)
            raise typer.Exit(1) from None
    tell(casos, fallas=fallas)


class EngineError(RuntimeError):
    """The engine's Python ended with an error; the text is the end of what it printed."""


def evaluate(labelled: Sequence[Mapping[str, Any]], modelo: Path) -> list[Caso]:
    """What a model makes of messages whose intents are known (`texto`, `intent`, `tambien`).

    Raises:
        EngineError: if the model cannot be loaded.
    """
    heard = understand([one["texto"] for one in labelled], modelo)
    return [_caso(one, each) for one, each in zip(labelled, heard, strict=True)]


def understand(texts: Sequence[str], modelo: Path) -> list[dict[str, Any]]:
    """What `engine/entender.py` tells of each text: `intent_ranking` and `entities`.

    Raises:
        EngineError: if the model cannot be loaded.
    """
    done = subprocess.run(  # noqa: S603, our own program
        [str(ENGINE_PYTHON), "-W", "ignore", str(ROOT / "engine" / "entender.py"), str(modelo.resolve())],
        input=json.dumps(list(texts)),
        cwd=ROOT,
        env={**os.environ, **_QUIET, "PYTHONPATH": str(ROOT / "engine")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EngineError(done.stderr[-2000:])
    heard: list[dict[str, Any]] = json.loads(done.stdout)
    return heard


def _caso(one: Mapping[str, Any], heard: Mapping[str, Any]) -> Caso:
    ranking, entities = heard["intent_ranking"], heard["entities"]
    guesses = [guess for guess in ranking if guess["name"] != UNSURE]
    best: Mapping[str, Any] = guesses[0] if guesses else {"name": "", "confidence": 0.0}
    expected = (one["intent"], *one.get("tambien", ()))
    party = next((entity["value"] for entity in entities if entity["entity"] == "contraparte"), "")
    acts = len(guesses) == len(ranking)
    return Caso(one["texto"], expected, best["name"], best["confidence"], acts, party)


def tell(casos: Sequence[Caso], *, fallas: bool = False) -> None:
    """Print the figures, then what is taken for what, then what a confidence is worth."""
    tramos = calibration(casos)
    console.print(_summary(casos, calibration_error(tramos)))
    table = Table("se pidió", "se entendió", "veces", title="Confusiones")
    for meant, heard, times in confusions(casos)[:_CONFUSIONES]:
        table.add_row(meant, heard or "(preguntó)", str(times))
    console.print(table)
    table = Table("confianza", "mensajes", "dijo", "acertó", title="Calibración")
    for tramo in tramos:
        span = f"{tramo.desde:.0%} a {tramo.hasta:.0%}"
        table.add_row(span, str(tramo.casos), f"{tramo.confianza:.1%}", f"{tramo.acierto:.1%}")
    console.print(table)
    for caso in casos if fallas else ():
        if not caso.acertado:
            told = f"{caso.texto} → {caso.mejor} {caso.confianza:.2f}, no {caso.esperados[0]}"
            console.print(told, markup=False, soft_wrap=True)


def _summary(casos: Sequence[Caso], error: float) -> Table:
    table = Table("medida", "valor", title=f"{len(casos)} mensajes")
    total = max(1, len(casos))
    table.add_row("intención", f"{accuracy(casos):.1%}")
    table.add_row("categoría", f"{sum(caso.misma_categoria for caso in casos) / total:.1%}")
    table.add_row("preguntó en vez de actuar", str(sum(not caso.segura for caso in casos)))
    table.add_row("fuera de alcance y actuó igual", str(len(risky(casos))))
    table.add_row("error de calibración (ECE)", f"{error:.1%}")
    return table
