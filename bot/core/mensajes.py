"""What goes in and out of a conversation, the same for all channels, and the ids of our buttons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from bot.core.errors import ReplyUnknownError
from bot.core.periodo import Periodo
from bot.core.rut import Rut

MAXIMUM_CHARACTERS = 4000
MAXIMUM_MONTHS = 120
CATEGORIAS = ("ventas", "compras", "contrato")


def categoria(intent: str | None) -> str:
    """`ventas`, `compras`, `contrato` or `general`, from an intent's name."""
    tema = (intent or "").partition("_")[0]
    return tema if tema in CATEGORIAS else "general"


@dataclass(frozen=True, slots=True)
class Boton:
    """A next step offered to the person; `id` is what comes back when it is pressed."""

    id: str
    titulo: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of a person. `id` is the channel's own and unique in the conversation."""

    id: str
    texto: str
    boton: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to a person."""

    texto: str
    botones: tuple[Boton, ...] = ()
    imagen: str | None = None
    documento: str | None = None
    lista: tuple[Boton, ...] = ()


@dataclass(frozen=True, slots=True)
class Respuesta:
    """One turn's answer: what to say, what was understood, and where the figures come from."""

    salidas: tuple[Outgoing, ...]
    intent: str | None = None
    confianza: float | None = None
    entidades: Mapping[str, Any] = field(default_factory=dict)
    fuentes: Sequence[Mapping[str, Any]] = ()
    contexto: Mapping[str, Any] = field(default_factory=dict)
    pendiente: bool = False

    @property
    def categoria(self) -> str:
        return categoria(self.intent)

    @property
    def texto(self) -> str:
        """All of it as one text."""
        return "\n\n".join(salida.texto for salida in self.salidas)


_PAYLOAD = re.compile(
    r"(?P<intent>[a-z][a-z0-9_]{2,40})"
    r"(?::(?P<desde>\d{4}-\d{2})(?:\.\.(?P<hasta>\d{4}-\d{2}))?"
    r"(?::(?P<tipos>\d{1,4}(?:,\d{1,4})*)?(?::(?P<pagina>\d{1,4})?(?::(?P<contraparte>\d{1,8}-[\dK]))?)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Pedido:
    """What a button asks for: `ventas_detalle:2026-01..2026-03:33,34:2:76192083-9`, any tail left out.

    Months (both ends included), document types, page, counterparty.
    """

    intent: str
    periodos: tuple[Periodo, ...] = ()
    tipos: tuple[int, ...] = ()
    pagina: int = 1
    contraparte: Rut | None = None

    @classmethod
    def parse(cls, payload: str) -> Self:
        """Read a button's id.

        Raises:
            ReplyUnknownError: if it is none of ours.
        """
        read = _PAYLOAD.fullmatch(payload)
        if read is None:
            raise ReplyUnknownError()
        periodos: tuple[Periodo, ...] = ()
        if read["desde"]:
            desde, hasta = Periodo.parse(read["desde"]), Periodo.parse(read["hasta"] or read["desde"])
            if not desde <= hasta <= desde.plus(MAXIMUM_MONTHS):
                raise ReplyUnknownError()
            periodos = tuple(desde.until(hasta))
        return cls(
            read["intent"],
            periodos,
            tuple(int(tipo) for tipo in (read["tipos"] or "").split(",") if tipo),
            int(read["pagina"] or 1),
            Rut.parse(read["contraparte"]) if read["contraparte"] else None,
        )

    def __str__(self) -> str:
        span = ""
        if self.periodos:
            span = str(self.periodos[0])
            if len(self.periodos) > 1:
                span += f"..{self.periodos[-1]}"
        tipos = ",".join(str(tipo) for tipo in self.tipos)
        pagina = str(self.pagina) if self.pagina > 1 else ""
        parts = [self.intent, span, tipos, pagina, str(self.contraparte or "")]
        return ":".join(parts).rstrip(":")
