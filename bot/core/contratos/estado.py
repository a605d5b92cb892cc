"""How a contract stands on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Estado(StrEnum):
    """What a contract is on a day; `terminado` is ended by somebody, `vencido` by the calendar."""

    VIGENTE = "vigente"
    VENCIDO = "vencido"
    NO_INICIADO = "no_iniciado"
    TERMINADO = "terminado"
    INDEFINIDO = "indefinido"
    NO_SE_SABE = "no_se_sabe"


@dataclass(frozen=True, slots=True)
class AvisoDado:
    """A notice that one party gave the other: against the renewal, or (`anticipado`) to end early."""

    fecha: date
    anticipado: bool = False


@dataclass(frozen=True, slots=True)
class Razon:
    """A step of the calculation in plain Spanish, with the quote, clause and page that it stands on."""

    texto: str
    cita: str = ""
    clausula: str = ""
    pagina: int | None = None


@dataclass(frozen=True, slots=True)
class Vigencia:
    """The answer. `hasta` is the last day, included (None: no end, or unknown); the other two are of the
    running period: the day on which it renews itself, and the last one on which a notice prevents that.

    `seguro` is False if facts contradict each other or somebody should confirm one.
    """

    estado: Estado
    hasta: date | None
    proxima_renovacion: date | None
    ultimo_dia_de_aviso: date | None
    por_que: tuple[Razon, ...]
    seguro: bool = True
