"""What trainers do to the assistant's understanding: edits, in order, and the rules that each must keep."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.evaluacion import UNSURE

MINIMUM_EXAMPLES = 5
MAXIMUM_EXAMPLE = 200
MAXIMUM_ANSWER = 1000
# Who an example names, as trainers mark it: "a la [señora Berta](contraparte) cuánto le vendí".
_PARTY = re.compile(r"\[([^\[\](){}|]{1,80})\]\(contraparte\)")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_OWN = (UNSURE, "restart", "back", "session_start", "out_of_scope")


class Acto(StrEnum):
    """Kinds of edits."""

    EJEMPLO = "ejemplo"
    QUITAR = "quitar"
    INTENCION = "intencion"


@dataclass(frozen=True, slots=True)
class Edicion:
    """One edit: an example of an intent more or less, or a new intent with examples and its answer.

    `mensaje` is the message of the inbox that it comes from, `quien` the name of the key that made it,
    `momento` when, in ISO 8601.
    """

    numero: int
    acto: Acto
    intent: str
    ejemplos: tuple[str, ...]
    respuesta: str = ""
    mensaje: int | None = None
    quien: str = ""
    momento: str = ""


def clean_example(texto: str) -> str:
    """An example as it is written down; empty if there is nothing left of it.

    Brackets are left only where they mark a party: others would be read as some entity, a slash as a command.
    """
    pieces = _PARTY.split("".join(char if char.isprintable() else " " for char in texto))
    for at, piece in enumerate(pieces):
        named = at % 2 and piece.strip()
        pieces[at] = f"[{piece.strip()}](contraparte)" if named else re.sub(r"[\[\]{}|]", " ", piece)
    return " ".join("".join(pieces).split()).lstrip("-/ ")


def mark_party(ejemplo: str, nombre: str) -> str:
    """The example with that name marked as the party that it is about; as it is if it has no such words."""
    if not nombre or _PARTY.search(ejemplo):
        return ejemplo
    words = re.compile(rf"(?<!\w){re.escape(nombre)}(?!\w)", re.IGNORECASE)
    return words.sub(lambda found: f"[{found[0]}](contraparte)", ejemplo, count=1)


def unmarked(ejemplo: str) -> str:
    """The example as a person would write it, without marks."""
    return _PARTY.sub(r"\1", ejemplo)


def nameless(ejemplo: str) -> str:
    """The example without the parties that it names."""
    return _PARTY.sub(" ", ejemplo)


def fault_of(edicion: Edicion, intents: dict[str, list[str]]) -> str:
    """What is wrong with an edit, in Spanish; empty if nothing is.

    Args:
        intents: the intents that there are and their examples, with the edits before this one.
    """
    if edicion.acto is Acto.QUITAR:
        return _fault_of_removal(edicion, intents.get(edicion.intent, []))
    fault = _fault_of_examples(edicion, intents)
    if fault or edicion.acto is Acto.INTENCION:
        return fault or _fault_of_new(edicion, intents)
    return "" if edicion.intent in intents else f"No hay ninguna intención llamada «{edicion.intent}»."


def _fault_of_removal(edicion: Edicion, known: list[str]) -> str:
    if not _alike(edicion.ejemplos) & _alike(known):
        return "Ese ejemplo no está en esa intención."
    return "" if len(known) > 1 else "Es el único ejemplo de esa intención: agrega otro primero."


def _alike(ejemplos: Iterable[str]) -> set[str]:
    return {unmarked(one) for one in ejemplos}


def _fault_of_examples(edicion: Edicion, intents: dict[str, list[str]]) -> str:
    if any(len(one) > MAXIMUM_EXAMPLE for one in edicion.ejemplos):
        return f"Cada ejemplo puede tener hasta {MAXIMUM_EXAMPLE} letras."
    if not edicion.ejemplos or not all(any(map(str.isalnum, one)) for one in edicion.ejemplos):
        return "El ejemplo está vacío."
    taken = {unmarked(one).lower(): name for name, examples in intents.items() for one in examples}
    written = [unmarked(one) for one in edicion.ejemplos]
    clashes = {one: taken[one.lower()] for one in written if one.lower() in taken}
    told = [f"«{one}» ya es un ejemplo de {where}." for one, where in clashes.items()]
    if set(clashes.values()) - {edicion.intent}:
        told.append("No lo repitas, o quítalo primero de la otra intención.")
    return " ".join(told)


def _fault_of_new(edicion: Edicion, intents: dict[str, list[str]]) -> str:
    if not _NAME.fullmatch(edicion.intent) or not 3 <= len(edicion.intent) <= 40:
        return (
            "El nombre lleva solo letras minúsculas sin tilde, números y «_», por ejemplo horario_atencion."
        )
    if edicion.intent in intents or edicion.intent in _OWN:
        return f"Ya hay una intención llamada «{edicion.intent}»."
    if len({one.lower() for one in _alike(edicion.ejemplos)}) < MINIMUM_EXAMPLES:
        return f"Una intención nueva necesita al menos {MINIMUM_EXAMPLES} ejemplos distintos."
    if not edicion.respuesta.strip() or len(edicion.respuesta) > MAXIMUM_ANSWER:
        return f"Escribe la respuesta, de hasta {MAXIMUM_ANSWER} letras."
    if set("{}") & set(edicion.respuesta):
        return "La respuesta no puede llevar llaves { }."
    return ""
