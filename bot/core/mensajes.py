"""What goes in and out of a conversation, the same for all channels, and the ids of our buttons."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from bot.core.documentos import EstadoCompra
from bot.core.errors import ReplyUnknownError
from bot.core.periodo import Periodo
from bot.core.rangos import Dias, Rango
from bot.core.rut import FOREIGN, Rut

MAXIMUM_CHARACTERS = 4000
MAXIMUM_MONTHS = 120
# What a button may ask for: the intents of domain.yml (a test keeps both together).
INTENTS = frozenset(
    """
    ventas_resumen ventas_detalle ventas_comparar ventas_ranking ventas_grafico
    compras_resumen compras_detalle compras_comparar compras_ranking compras_grafico compras_pendientes
    iva_f29 vencimientos pregunta_tributaria
    contrato_pregunta contrato_vigencia contrato_listar contrato_subir contrato_eliminar
    clave_sii mis_datos registro iniciar_sesion cerrar_sesion cambiar_empresa actualizar_sii humano
    saludo despedida gracias ayuda afirmar negar fuera_de_alcance
    """.split()
)
CATEGORIAS = ("ventas", "compras", "contrato")


def categoria(intent: str | None) -> str:
    """`ventas`, `compras`, `contrato` or `general`, from an intent's name."""
    tema = (intent or "").partition("_")[0]
    return tema if tema in CATEGORIAS else "general"


@dataclass(frozen=True, slots=True)
class Boton:
    """A next step offered to the person; `id` is what comes back when it is pressed.

    `descripcion` is for the rows of a list.
    """

    id: str
    titulo: str
    descripcion: str = ""


@dataclass(frozen=True, slots=True)
class Archivo:
    """A stored file that goes with a message: which one, and the name that people see."""

    id: str
    nombre: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a person. `id` is the channel's own and unique in the conversation."""

    id: str
    texto: str
    boton: str | None = None


@dataclass(frozen=True, slots=True)
class Plantilla:
    """A message's form for where only templates may be sent: the template's name and its values in order.

    One that `anuncia` does not say it all: the message itself waits until the person writes.
    """

    nombre: str
    parametros: tuple[str, ...] = ()
    anuncia: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to a person; with a file, `texto` is its caption."""

    texto: str
    botones: tuple[Boton, ...] = ()
    imagen: Archivo | None = None
    documento: Archivo | None = None
    lista: tuple[Boton, ...] = ()
    plantilla: Plantilla | None = None


class Paso(StrEnum):
    """What a turn does to who attends: a person is waited for, or comes later, or the assistant is back."""

    ESPERA = "espera"
    """A person is asked for and attends now: the assistant is quiet from here on."""
    GUARDA = "guarda"
    """A person is asked for and will see it later: the assistant goes on meanwhile."""
    VUELVE = "vuelve"


@dataclass(frozen=True, slots=True)
class Respuesta:
    """One turn's answer: what to say, what was understood, and where the figures come from.

    `paso` is what it does to who attends; `con_persona` says that a person attends and nothing is answered;
    `queja` that the person called the answer before it wrong.
    """

    salidas: tuple[Outgoing, ...]
    intent: str | None = None
    confianza: float | None = None
    entidades: Mapping[str, Any] = field(default_factory=dict)
    fuentes: Sequence[Mapping[str, Any]] = ()
    contexto: Mapping[str, Any] = field(default_factory=dict)
    pendiente: bool = False
    paso: Paso | None = None
    con_persona: bool = False
    queja: bool = False

    @property
    def categoria(self) -> str:
        return categoria(self.intent)

    @property
    def texto(self) -> str:
        """All of it as one text."""
        return "\n\n".join(salida.texto for salida in self.salidas)

    def retomable(self, mensaje: int) -> "Respuesta":
        """The same, with buttons that take a message up again saying which: `ventas_resumen.m123`."""
        return replace(self, salidas=tuple(_numbered(one, mensaje) for one in self.salidas))


# What a button is for that asks which topic a message was about: that message, with this intent.
RETOMAR = "retomar"


def _numbered(salida: Outgoing, mensaje: int) -> Outgoing:
    botones = tuple(
        replace(one, id=f"{one.id.removesuffix(RETOMAR)}m{mensaje}")
        if one.id.endswith(f".{RETOMAR}")
        else one
        for one in salida.botones
    )
    return replace(salida, botones=botones) if botones != salida.botones else salida


_MONTH = r"\d{4}-\d{2}"
_SPAN = rf"{_MONTH}(?:\.\.{_MONTH})?"
_PARTS = (
    ("intent", r"\w{1,40}(?:\.[a-z0-9_-]{1,40})?"),
    ("periodos", rf"{_SPAN}(?:,{_SPAN}){{0,30}}"),
    ("tipos", r"\d{1,4}(?:,\d{1,4}){0,9}"),
    ("pagina", r"[1-9]\d{0,4}"),
    ("contraparte", r"\d{1,8}-[\dK](?:~[0-9a-f]{6})?"),
    ("estado", r"[A-Z_]{1,12}"),
    ("contrato", r"[1-9]\d{0,17}"),
    ("folio", r"\d{1,12}"),
    ("dias", r"\d{4}-\d\d-\d\d(?:\.\.\d{4}-\d\d-\d\d)?"),
    ("monto", r"\d{1,15}(?:\.\.\d{0,15})?|\.\.\d{1,15}"),
    ("dato", r"[a-z_0-9=;-]{1,150}"),
)


@dataclass(frozen=True, slots=True)
class Contraparte:
    """A client or supplier. Foreign buyers share a RUT, so their names tell them apart in `clave`."""

    rut: Rut
    nombre: str

    @property
    def clave(self) -> str:
        """Short and fit for a button: `76192083-9`, or `55555555-5~a1b2c3` for a foreign buyer."""
        if self.rut != FOREIGN:
            return str(self.rut)
        return f"{self.rut}~{hashlib.sha256(self.nombre.encode()).hexdigest()[:6]}"


@dataclass(frozen=True, slots=True)
class Pedido:
    """What a button asks for: `ventas_detalle:2026-01..2026-03:33,34:2:76192083-9:PENDIENTE`.

    Months (one by one or as spans, both ends included), document types, page, counterparty's `clave`, state
    of purchases, contract (0: none), folio, days, amounts, facts of a contract. What is empty at the end is
    left out. An intent with several things to do names one of them after a dot: `clave_sii.borrar`.
    """

    intent: str
    periodos: tuple[Periodo, ...] = ()
    tipos: tuple[int, ...] = ()
    pagina: int = 1
    contraparte: str = ""
    estado: EstadoCompra | None = None
    accion: str = ""
    contrato: int = 0
    folio: int | None = None
    dias: Dias | None = None
    monto: Rango | None = None
    dato: str = ""

    @classmethod
    def parse(cls, payload: str) -> Self:
        """Read a button's id.

        Raises:
            ReplyUnknownError: if it is none of ours.
        """
        values = payload.split(":")
        if len(values) > len(_PARTS) or not values[0]:
            raise ReplyUnknownError()
        read = dict.fromkeys((name for name, _ in _PARTS), "")
        for (name, pattern), value in zip(_PARTS, values, strict=False):
            if value and not re.fullmatch(pattern, value, re.ASCII):
                raise ReplyUnknownError()
            read[name] = value
        intent, _, accion = read["intent"].partition(".")
        if intent not in INTENTS:
            raise ReplyUnknownError()
        if read["estado"] and read["estado"] not in EstadoCompra.__members__:
            raise ReplyUnknownError()
        try:
            dias = Dias.parse(read["dias"]) if read["dias"] else None
        except ValueError as error:
            raise ReplyUnknownError() from error
        return cls(
            intent,
            read_months(read["periodos"]),
            tuple(int(tipo) for tipo in read["tipos"].split(",") if tipo),
            int(read["pagina"] or 1),
            read["contraparte"],
            EstadoCompra(read["estado"]) if read["estado"] else None,
            accion,
            int(read["contrato"] or 0),
            int(read["folio"]) if read["folio"] else None,
            dias,
            Rango.parse(read["monto"]) if read["monto"] else None,
            read["dato"],
        )

    @property
    def retomado(self) -> int | None:
        """The number of the message that it takes up again."""
        digits = self.accion.removeprefix("m")
        return int(digits) if digits != self.accion and digits.isdecimal() and len(digits) <= 18 else None

    def __str__(self) -> str:
        parts = [
            f"{self.intent}.{self.accion}" if self.accion else self.intent,
            write_months(self.periodos),
            ",".join(str(tipo) for tipo in self.tipos),
            str(self.pagina) if self.pagina > 1 else "",
            self.contraparte,
            self.estado or "",
            str(self.contrato or ""),
            "" if self.folio is None else str(self.folio),
            str(self.dias or ""),
            str(self.monto or ""),
            self.dato,
        ]
        return ":".join(parts).rstrip(":")


def write_months(periodos: Sequence[Periodo]) -> str:
    """Ascending months as spans: `2026-03,2026-06..2026-08`."""
    spans: list[list[Periodo]] = []
    for periodo in periodos:
        if spans and spans[-1][-1].plus(1) == periodo:
            spans[-1] = [spans[-1][0], periodo]
        else:
            spans.append([periodo])
    return ",".join("..".join(str(end) for end in span) for span in spans)


def read_months(text: str) -> tuple[Periodo, ...]:
    """Read what `write_months` wrote.

    Raises:
        ReplyUnknownError: if a span is backwards or absurdly long.
    """
    found: list[Periodo] = []
    for span in filter(None, text.split(",")):
        first, _, last = span.partition("..")
        desde, hasta = Periodo.parse(first), Periodo.parse(last or first)
        if not desde <= hasta <= desde.plus(MAXIMUM_MONTHS):
            raise ReplyUnknownError()
        found += desde.until(hasta)
    return tuple(found)
