"""What the day's checker finds in each chat and in what was written down: lost, twice, overtaken, leaked."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

CANARY = re.compile(r"canario[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Pregunta:
    """What a person wrote. `llegada` tells the order in which it was taken; None if it never was."""

    id: str
    texto: str
    llegada: int | None
    respondida: bool


@dataclass(frozen=True, slots=True)
class Visto:
    """What a person saw. `responde` is the question's id, empty for what nobody asked for (an alert), None if
    nothing that was written down was sent as this message.
    """

    texto: str
    responde: str | None


@dataclass(frozen=True, slots=True)
class Chat:
    """One person's questions and all that their phone shows, oldest first; `propio` is their own canary."""

    quien: str
    propio: str
    preguntas: Sequence[Pregunta]
    vistos: Sequence[Visto]


@dataclass
class Veredicto:
    """What was found; `propios` are the answers that show the person's own canary."""

    preguntas: int = 0
    vistos: int = 0
    propios: int = 0
    disculpas: int = 0
    perdidas: list[str] = field(default_factory=list)
    repetidas: list[str] = field(default_factory=list)
    adelantadas: list[str] = field(default_factory=list)
    fugas: list[str] = field(default_factory=list)

    @property
    def limpio(self) -> bool:
        return not (self.perdidas or self.repetidas or self.adelantadas or self.fugas)


def judge(chats: Iterable[Chat]) -> Veredicto:
    """Each question was answered once (or has its apology and later its answer), and in order."""
    found = Veredicto()
    for chat in chats:
        _answers(found, chat)
        _order(found, chat)
        for visto in chat.vistos:
            canaries = set(CANARY.findall(visto.texto))
            found.propios += chat.propio in canaries
            found.fugas += [f"{chat.quien}: {one}" for one in canaries - {chat.propio}]
    return found


def _answers(found: Veredicto, chat: Chat) -> None:
    seen = Counter(visto.responde for visto in chat.vistos)
    found.preguntas += len(chat.preguntas)
    found.vistos += len(chat.vistos)
    for one in chat.preguntas:
        if not (one.respondida and seen[one.id]):
            found.perdidas.append(f"{chat.quien}: {one.texto}")
        found.disculpas += seen[one.id] > 1
    said = Counter((visto.responde, visto.texto) for visto in chat.vistos if visto.responde)
    found.repetidas += [f"{chat.quien}: {texto}" for (_, texto), times in said.items() if times > 1]
    found.repetidas += [f"{chat.quien}: {visto.texto}" for visto in chat.vistos if visto.responde is None]


def _order(found: Veredicto, chat: Chat) -> None:
    """What answers (or apologizes for) a question comes before what answers the next."""
    came = {one.id: (one.llegada, one.texto) for one in chat.preguntas if one.llegada is not None}
    first = [came[one] for one in dict.fromkeys(visto.responde for visto in chat.vistos) if one in came]
    found.adelantadas += [f"{chat.quien}: {two[1]}" for one, two in pairwise(first) if one[0] > two[0]]


def leaks_in_text(where: str, text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Where a text shows a canary that it may not show."""
    return [f"{where}: {one}" for one in sorted(set(CANARY.findall(text)) - set(allowed))]


def leaks_in_files(data: Path, owners: Mapping[str, str]) -> Iterator[str]:
    """Files that show whom they must not: a taxpayer's own show nobody else, all others nobody at all.

    Args:
        owners: the canary of each RUT.
    """
    for path in sorted(data.rglob("*")):
        where = path.relative_to(data)
        if where.parts[0] == "postgres" or path.is_symlink() or not path.is_file():
            continue
        own = owners.get(where.parts[1], "") if where.parts[0] == "archivos" else ""
        yield from leaks_in_text(str(where), path.read_bytes().decode("latin-1"), [own])
