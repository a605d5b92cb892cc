"""How well the held-out split is understood: figures as they are, with the confusions.

Usage: python -m tests.nlu.medir [MODEL] [--dialogos [FILE]] [--default] [--fallas]
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.core.texto import normalize
from bot.programs import ENGINE_PYTHON, MODEL
from bot.settings import ROOT
from tests.nlu import particion
from tests.nlu.particion import Acierto, Mensaje, allowed, categoria, heard_right
from tests.stack import Stack


def understood(messages: list[Mensaje], model: Path | None) -> list[str]:
    """What the model hears in each message; without a model, what Rasa's default pipeline does."""
    command = [str(ENGINE_PYTHON), "-W", "ignore", str(Path(__file__).with_name("entender.py"))]
    done = subprocess.run(
        [*command, *([str(model.resolve())] if model else [])],
        input=json.dumps([one["texto"] for one in messages]),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    intents: list[str] = json.loads(done.stdout)
    return intents


def intents(messages: list[Mensaje], heard: list[str], que: str = "intent") -> Acierto:
    """The right intents, and which were heard instead."""
    faults = [
        f"{one['texto']} → {intent}, no {one['intent']}"
        for one, intent in zip(messages, heard, strict=True)
        if not heard_right(one, intent)
    ]
    return Acierto(que, len(messages), faults)


def categorias(messages: list[Mensaje], heard: list[str]) -> Acierto:
    """The right part of the product: ventas, compras, contrato or general."""
    faults = [
        f"{one['texto']} → {categoria(intent)}"
        for one, intent in zip(messages, heard, strict=True)
        if categoria(intent) not in map(categoria, allowed(one))
    ]
    return Acierto("categoria", len(messages), faults)


def by(key: str, messages: list[Mensaje], heard: list[str]) -> Iterable[Acierto]:
    """The same for each voice or each intent, the worst first."""
    groups: dict[str, list[tuple[Mensaje, str]]] = {}
    for one, intent in zip(messages, heard, strict=True):
        groups.setdefault(one[key], []).append((one, intent))
    told = [
        intents([one for one, _ in group], [got for _, got in group], name) for name, group in groups.items()
    ]
    return sorted(told, key=lambda acierto: (1 - len(acierto.faltas) / acierto.todos, acierto.que))


def confusions(messages: list[Mensaje], heard: list[str]) -> Iterable[str]:
    """Which intent was taken for which, the most frequent first."""
    pairs = Counter(
        (one["intent"], intent)
        for one, intent in zip(messages, heard, strict=True)
        if not heard_right(one, intent)
    )
    return (f"{times:>4}  {one} → {other}" for (one, other), times in pairs.most_common())


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


def tell(title: str, lines: Iterable[object]) -> None:
    """Print a part of the report."""
    print(f"\n{title}", *lines, sep="\n  ", flush=True)


def report(model: Path) -> list[Acierto]:
    """Measure a model on the messages and print the tables; give the main figures."""
    messages = particion.read("particion.yml")
    heard = understood(messages, model)
    trained = particion.trained()
    unseen = [
        pair for pair in zip(messages, heard, strict=True) if normalize(pair[0]["texto"]) not in trained
    ]
    figures = [
        intents(messages, heard),
        intents([one for one, _ in unseen], [intent for _, intent in unseen], "intent, texto nuevo"),
        categorias(messages, heard),
        particion.periodos(messages),
        particion.tipos(messages),
        *particion.contrapartes(messages),
    ]
    tell(f"{len(messages)} mensajes, {len({one['voz'] for one in messages})} voces", figures)
    tell("Intención, por voz", by("voz", messages, heard))
    tell("Por intención", by("intent", messages, heard))
    tell("Confusiones", confusions(messages, heard))
    return figures


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.nlu.medir", description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, default=MODEL)
    parser.add_argument(
        "--dialogos", nargs="?", const="dialogos.yml", help="también los diálogos, con todo en marcha"
    )
    parser.add_argument("--default", action="store_true", help="entrena y mide también la receta de Rasa")
    parser.add_argument("--fallas", action="store_true", help="muestra cada mensaje mal entendido")
    options = parser.parse_args()
    figures = report(options.model)
    if options.default:
        messages = particion.read("particion.yml")
        heard = understood(messages, None)
        tell("Receta de Rasa, mismos datos", [intents(messages, heard), categorias(messages, heard)])
    if options.dialogos:
        turnos, enteros = dialogues(options.dialogos)
        tell("Diálogos", [turnos, enteros, *turnos.faltas])
    for figure in figures if options.fallas else ():
        tell(f"Fallas de {figure.que}", figure.faltas)


if __name__ == "__main__":
    main()
