"""Backups: what one file holds, how it is named, which are old, and when the next is due."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta

FORMATO = 1
HORA = time(3)
# A night and some patience: a big backup takes its time.
_TARDE = timedelta(hours=30)
_NOMBRE = re.compile(r"tributa-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.age")


class RespaldoError(Exception):
    """A backup cannot be made or used; the message, in Spanish, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cabecera:
    """What is read first: whether this code can restore it. `momento` is ISO 8601 in UTC."""

    formato: int
    version: str
    migracion: str
    momento: str


@dataclass(frozen=True, slots=True)
class Tabla:
    """How many rows, and the sum of a hash of each, whatever their order."""

    filas: int
    suma: str


@dataclass(frozen=True, slots=True)
class Derecho:
    """A right of the application's role: `TABLE`, `SEQUENCE` or `SCHEMA`, its quoted name, and `SELECT`…"""

    clase: str
    nombre: str
    privilegio: str


@dataclass(frozen=True, slots=True)
class Manifiesto:
    """What a backup must be equal to when it is restored.

    `archivos` gives the SHA-256 of each key; `faltan` are keys whose bytes were missing, or not what their
    rows say, when the backup was made already.
    """

    cabecera: Cabecera
    tablas: Mapping[str, Tabla]
    archivos: Mapping[str, str]
    faltan: Sequence[str]
    derechos: Sequence[Derecho]

    @property
    def filas(self) -> int:
        """The rows of all tables."""
        return sum(one.filas for one in self.tablas.values())

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_json(cls, datos: bytes) -> "Manifiesto":
        given = json.loads(datos)
        return cls(
            Cabecera(**given["cabecera"]),
            {name: Tabla(**one) for name, one in given["tablas"].items()},
            given["archivos"],
            given["faltan"],
            [Derecho(**one) for one in given["derechos"]],
        )


def nombre(momento: datetime) -> str:
    """The name of a backup's file; names sort as the moments do."""
    return f"tributa-{momento.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.tar.age"


def sobran(nombres: Iterable[str], quedan: int) -> list[str]:
    """The names of backups that are older than the `quedan` newest; other files are not ours."""
    ours = sorted((one for one in nombres if _NOMBRE.fullmatch(one)), reverse=True)
    return ours[quedan:]


def toca(ultimo: datetime | None, ahora: datetime) -> bool:
    """Whether the night's backup is due: it is past 03:00 (of `ahora`'s zone) and there is none since.

    A night that was missed, because the machine was off or it failed, is made up for.
    """
    due = datetime.combine(ahora.date(), HORA, ahora.tzinfo)
    return ahora >= due and (ultimo is None or ultimo < due)


def atrasado(ultimo: datetime, ahora: datetime) -> bool:
    """Whether the last backup is so old that a night was missed."""
    return ahora - ultimo > _TARDE


def difference(hay: Mapping[str, Tabla], debe: Mapping[str, Tabla]) -> str:
    """What tells two sets of tables apart, in Spanish; empty if they are equal."""
    names = sorted(name for name in hay.keys() | debe.keys() if hay.get(name) != debe.get(name))
    none = Tabla(0, "")
    told = [f"{one} ({hay.get(one, none).filas} filas de {debe.get(one, none).filas})" for one in names]
    return ", ".join(told)
