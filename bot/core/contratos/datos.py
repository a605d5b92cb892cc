"""What is known of a contract, each fact with the words that say it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.montos import Monto
from bot.core.rut import Rut


@dataclass(frozen=True, slots=True)
class Dato[T]:
    """A fact with its quote, its clause (empty: outside of the clauses) and its page.

    `confianza` goes from 0 to 1; below 0.6 a person should look before it is used. `dicho` is the day on
    which the taxpayer said so; such a fact stands in no page, and has page 0.
    """

    valor: T
    cita: str
    clausula: str
    pagina: int
    confianza: float
    dicho: date | None = None


@dataclass(frozen=True, slots=True)
class ParteContratante:
    """Who contracts: `rol` as in `arrendador` (masculine; empty if unknown), and who signs for them."""

    nombre: str
    rut: Rut | None = None
    rol: str = ""
    representante: str = ""
    rut_representante: Rut | None = None


@dataclass(frozen=True, slots=True)
class Renovacion:
    """What happens at the end: `automatica` or by agreement only.

    `periodo` None is as long as the contract was; `veces` None is without limit; `aviso` is how long before
    the end one must say no, and `forma` how (`carta certificada`; empty if the contract does not tell).
    """

    automatica: bool
    periodo: Duracion | None = None
    veces: int | None = None
    aviso: Duracion | None = None
    forma: str = ""


@dataclass(frozen=True, slots=True)
class Pago:
    """An amount and what it is for (`renta`, `precio`, `sueldo`…; empty if unclear), and how often."""

    concepto: str
    monto: Monto
    periodicidad: str = ""


@dataclass(frozen=True, slots=True)
class Multa:
    """A fine: an amount or a percentage, per `por` (`dia`, `hora`…; empty: once), with the most it can be."""

    monto: Monto | None = None
    porcentaje: Decimal | None = None
    por: str = ""
    tope: Monto | None = None
    tope_porcentaje: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Hechos:
    """The facts of a contract. None and empty: the text does not tell, or nobody understood it.

    `termino` is the last day that the text names; `modalidad` is fijo, indefinido or obra;
    `aviso_termino` is for ending it early. What contradicts itself is in `contradicciones`.
    """

    tipo: Dato[str] | None = None
    partes: tuple[Dato[ParteContratante], ...] = ()
    firma: Dato[date] | None = None
    inicio: Dato[date] | None = None
    termino: Dato[date] | None = None
    duracion: Dato[Duracion] | None = None
    modalidad: Dato[str] | None = None
    renovacion: Dato[Renovacion] | None = None
    aviso_termino: Dato[Duracion] | None = None
    pagos: tuple[Dato[Pago], ...] = ()
    reajuste: Dato[str] | None = None
    multas: tuple[Dato[Multa], ...] = ()
    interes: Dato[str] | None = None
    jurisdiccion: Dato[str] | None = None
    arbitraje: Dato[str] | None = None
    objeto: Dato[str] | None = None
    contradicciones: tuple[Dato[str], ...] = field(default=())

    def pago(self, *conceptos: str) -> Dato[Pago] | None:
        """The first amount for any of these; None if there is none."""
        return next((pago for pago in self.pagos if pago.valor.concepto in conceptos), None)
