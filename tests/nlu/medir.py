"""How well held-out messages are understood, part by part: figures as they are.

Usage: python -m tests.nlu.medir [MODEL] [--mensajes FILE] [--dialogos [FILE]] [--default] [--fallas]
"""

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.cli.evaluar import evaluate, tell
from bot.core.evaluacion import Caso, accuracy
from bot.core.texto import normalize
from bot.programs import MODEL
from bot.settings import ENGINE_PYTHON, ROOT
from tests.nlu import particion
from tests.nlu.particion import Acierto, Mensaje
from tests.stack import Stack


def train_default(folder: str) -> Path:
    """Rasa's default pipeline, trained on the same data; takes minutes."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", str(Path(__file__).with_name("receta.py")), folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return Path(done.stdout.strip())


def by(key: str, messages: Sequence[Mensaje], casos: Sequence[Caso]) -> Iterable[str]:
    """Accuracy for each voice or each intent, the worst first."""
    groups: dict[str, list[Caso]] = {}
    for one, caso in zip(messages, casos, strict=True):
        groups.setdefault(one[key], []).append(caso)
    ordered = sorted(groups.items(), key=lambda group: accuracy(group[1]))
    return (f"{name:<26} {accuracy(those):7.1%} de {len(those)}" for name, those in ordered)


def report(messages: list[Mensaje], model: Path, *, fallas: bool) -> list[Caso]:
    """Measure a model on the messages and print the tables."""
    casos = evaluate(messages, model)
    tell(casos, fallas=fallas)
    trained = particion.trained()
    unseen = [caso for caso in casos if normalize(caso.texto) not in trained]
    show("Sin los que están tal cual en los datos", [f"{accuracy(unseen):.1%} de {len(unseen)}"])
    show("Por voz", by("voz", messages, casos))
    show("Por intención", by("intent", messages, casos))
    return casos


def readings(messages: list[Mensaje], casos: Sequence[Caso], *, fallas: bool) -> None:
    """Months and types, which need no model, and counterparties."""
    figures = [
        particion.periodos(messages),
        particion.tipos(messages),
        *particion.contrapartes(messages, [caso.contraparte for caso in casos]),
    ]
    show("Valores", figures)
    for figure in figures if fallas else ():
        show(f"Fallas de {figure.que}", figure.faltas)


def dialogues(name: str) -> tuple[Acierto, Acierto]:
    """Turns and whole dialogues of a file, held with everything running, on a data folder of its own."""
    asked = particion.read(name)
    turns: list[str] = []
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data")
        stack.data.mkdir()
        try:
            stack.start()
            for number, dialogo in enumerate(asked):
                faults = _hold(stack, f"dialogo{number}", dialogo)
                turns += faults
                broken += [dialogo["asunto"]] * bool(faults)
        finally:
            if stack.process:
                stack.stop()
    total = sum(len(dialogo["turnos"]) for dialogo in asked)
    return Acierto("turnos", total, turns), Acierto("diálogos enteros", len(asked), broken)


def _hold(stack: Stack, conversacion: str, dialogo: Mensaje) -> list[str]:
    faults = []
    for turno in dialogo["turnos"]:
        fault = particion.turn_fault(turno, stack.ask(turno["texto"], conversacion))
        if fault:
            faults.append(f"{dialogo['asunto']}: {turno['texto']} → {fault}")
    return faults


def show(title: str, lines: Iterable[object]) -> None:
    """Print a part of the report."""
    print(f"\n{title}", *lines, sep="\n  ", flush=True)


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.nlu.medir", description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, default=MODEL)
    parser.add_argument("--mensajes", default="particion.yml", help="otro archivo de esta carpeta")
    parser.add_argument(
        "--dialogos", nargs="?", const="dialogos.yml", help="solo los diálogos, con todo en marcha"
    )
    parser.add_argument("--default", action="store_true", help="entrena y mide también la receta de Rasa")
    parser.add_argument("--fallas", action="store_true", help="muestra cada mensaje mal entendido")
    options = parser.parse_args()
    if options.dialogos:
        turnos, enteros = dialogues(options.dialogos)
        show("Diálogos", [turnos, enteros, *turnos.faltas])
        return
    messages = particion.read(options.mensajes)
    casos = report(messages, options.model, fallas=options.fallas)
    if options.mensajes.startswith(("particion", "partes")):
        readings(messages, casos, fallas=options.fallas)
    if options.default:
        with tempfile.TemporaryDirectory() as folder:
            print("\nReceta de Rasa, mismos datos")
            report(messages, train_default(folder), fallas=False)


if __name__ == "__main__":
    main()
