"""The held-out split, and what is right about an answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core.consulta import (
    find_named,
    find_periodos,
    find_tipos,
    told_party,
)
from bot.core.entrenamiento import unmarked
from bot.core.errors import DayNotSupportedError, PeriodoInvalidError
from bot.core.texto import normalize
from bot.settings import ROOT
from sandbox.demo_datos import DEMO

HERE = Path(__file__).parent
HOY = date(2026, 11, 23)
NOMBRES = [parte.nombre for parte in (*DEMO[0].perfil.clientes, *DEMO[0].perfil.proveedores)]
REGISTRO = ("ventas_", "compras_")
CON_PERIODO = (*REGISTRO, "iva_", "vencimientos")
# The engine's answer when it is too unsure to act: the same as being told that it is none of its topics.
UNSURE = (None, "nlu_fallback")

type Mensaje = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Acierto:
    """How many of how many are right, and what is said of those that are not."""

    que: str
    todos: int
    faltas: list[str]

    def __str__(self) -> str:
        right = self.todos - len(self.faltas)
        return f"{self.que:<26} {right:>4} de {self.todos:<4} {right / max(1, self.todos):7.1%}"


def read(name: str) -> list[Mensaje]:
    """The messages of `particion.yml`, or the dialogues of `dialogos.yml`."""
    found: list[Mensaje] = YAML(typ="safe").load(HERE / name)
    return found


def trained() -> set[str]:
    """All training examples, made comparable."""
    lines = (
        line.strip() for path in (ROOT / "data").rglob("*.yml") for line in path.read_text().splitlines()
    )
    return {normalize(unmarked(line[2:])) for line in lines if line.startswith("- ")}


def allowed(one: Mensaje) -> tuple[str, ...]:
    """The intents that are right."""
    return (one["intent"], *one.get("tambien", ()))


def heard_right(one: Mensaje, heard: str | None) -> bool:
    """Whether an intent is right; not to be sure is right for what is out of scope."""
    return heard in allowed(one) or (heard in UNSURE and "fuera_de_alcance" in allowed(one))


def read_periodo(texto: str) -> list[str] | str:
    """The months as the product reads them; `dia` for a day or a week."""
    try:
        return [str(periodo) for periodo in find_periodos(texto, HOY)]
    except DayNotSupportedError:
        return "dia"
    except PeriodoInvalidError:
        return "inválido"


def periodos(messages: list[Mensaje]) -> Acierto:
    """Exact months, of all messages about the register, IVA and due dates, also those that name none."""
    asked = [one for one in messages if one["intent"].startswith(CON_PERIODO)]
    heard = [(one, read_periodo(one["texto"])) for one in asked]
    faults = [f"{one['texto']} → {got}" for one, got in heard if got != one.get("periodo", [])]
    return Acierto("periodo", len(asked), faults)


def tipos(messages: list[Mensaje]) -> Acierto:
    """Exact types, of all messages about the register, also those that name none."""
    asked = [one for one in messages if one["intent"].startswith(REGISTRO)]
    heard = [(one, list(find_tipos(one["texto"]))) for one in asked]
    faults = [f"{one['texto']} → {got}" for one, got in heard if got != one.get("tipo_documento", [])]
    return Acierto("tipo_documento", len(asked), faults)


def read_contraparte(texto: str, oida: str) -> str:
    """The demo shop's client or supplier as the product reads it, else whom the engine heard."""
    told = told_party(texto, oida)
    return find_named(texto, told, NOMBRES) or told


def same_party(one: Mensaje, got: str) -> bool:
    """Whether the party read is the one that the message names, or none if it names none."""
    if "contraparte" not in one:
        return not got
    if "oficial" in one:
        return got in NOMBRES and normalize(one["oficial"]) in normalize(got)
    return got not in NOMBRES and normalize(got) == normalize(one["contraparte"])


def contrapartes(messages: list[Mensaje], oidas: Sequence[str]) -> tuple[Acierto, Acierto]:
    """Those named and found; and messages about the register that name none, where none may be found.

    Args:
        oidas: whom the engine heard named in each message; empty if nobody.
    """
    heard = zip(messages, oidas, strict=True)
    asked = [(one, oida) for one, oida in heard if one["intent"].startswith(REGISTRO)]
    named = [one for one, _ in asked if "contraparte" in one]
    faults: dict[bool, list[str]] = {True: [], False: []}
    for one, oida in asked:
        got = read_contraparte(one["texto"], oida)
        if not same_party(one, got):
            faults["contraparte" in one].append(f"{one['texto']} → {got}")
    return (
        Acierto("contraparte", len(named), faults[True]),
        Acierto("sin contraparte", len(asked) - len(named), faults[False]),
    )


def turn_fault(turno: Mensaje, answer: Mensaje) -> str:
    """What is wrong with the answer to a turn of a dialogue; empty if nothing is."""
    if not heard_right(turno, answer["intent"]):
        return f"{answer['intent']}, no {turno['intent']}"
    if "periodo" not in turno:
        return ""
    got = answer["entidades"]
    for key in ("periodo", "tipo_documento"):
        days = turno.get(key) == "dia" and isinstance(got.get(key), dict)
        if not days and got.get(key, []) != turno.get(key, []):
            return f"{key} {got.get(key)}"
    party, expected = normalize(got.get("contraparte") or ""), normalize(turno.get("contraparte", ""))
    return "" if (expected in party if expected else not party) else f"contraparte {party or 'ninguna'}"
