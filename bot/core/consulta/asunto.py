"""What a conversation is about: the last question that was answered, with its values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from bot.core.documentos import EstadoCompra, Libro
from bot.core.mensajes import read_months, write_months
from bot.core.periodo import Periodo
from bot.core.rangos import Dias, Rango

# As session_expiration_time of domain.yml: what was spoken of longer ago is not gone on with.
RECUERDA = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Asunto:
    """A question as answered: its intent, months or days, types, amounts, counterparty (a button's `clave`),
    state, contract.

    `antes` are the months of the question before it, or those that `periodos` were compared with. `sigue`
    says that the turn goes on with all of this; else it is a new question that may only need the months.
    `fondo` is what was asked of the register before, when something else has been spoken of since.
    """

    intent: str = ""
    periodos: tuple[Periodo, ...] = ()
    tipos: tuple[int, ...] = ()
    contraparte: str = ""
    estado: EstadoCompra | None = None
    contrato: str = ""
    antes: tuple[Periodo, ...] = ()
    sigue: bool = False
    hora: datetime | None = None
    fondo: "Asunto | None" = None
    dias: Dias | None = None
    monto: Rango | None = None

    @property
    def libro(self) -> Libro | None:
        """The book that it is about."""
        tema = self.intent.partition("_")[0]
        return Libro(tema) if tema in set(Libro) else None

    @property
    def clase(self) -> str:
        """The kind of answer: `resumen`, `detalle`, …"""
        return self.intent.partition("_")[2]

    @property
    def kept(self) -> "Asunto":
        """What a turn keeps besides the months: nothing, if it is a new question."""
        return self if self.sigue else Asunto()

    @classmethod
    def read(cls, slot: Mapping[str, Any] | None) -> Self:
        """From the slot `asunto`; empty if there is none."""
        slot = slot or {}
        return cls(
            slot.get("intent", ""),
            read_months(slot.get("periodos", "")),
            tuple(slot.get("tipos", ())),
            slot.get("contraparte", ""),
            EstadoCompra(slot["estado"]) if slot.get("estado") else None,
            slot.get("contrato", ""),
            read_months(slot.get("antes", "")),
            bool(slot.get("sigue")),
            datetime.fromisoformat(slot["hora"]) if slot.get("hora") else None,
            cls.read(slot["fondo"]) if slot.get("fondo") else None,
            Dias.parse(slot["dias"]) if slot.get("dias") else None,
            Rango.parse(slot["monto"]) if slot.get("monto") else None,
        )

    def write(self) -> dict[str, Any]:
        """For the slot `asunto`, as JSON holds it; what is empty is left out."""
        written = {
            "intent": self.intent,
            "periodos": write_months(self.periodos),
            "tipos": list(self.tipos),
            "contraparte": self.contraparte,
            "estado": self.estado.value if self.estado else "",
            "contrato": self.contrato,
            "antes": write_months(self.antes),
            "sigue": self.sigue,
            "hora": self.hora.isoformat() if self.hora else "",
            "fondo": self.fondo.write() if self.fondo else None,
            "dias": str(self.dias or ""),
            "monto": str(self.monto or ""),
        }
        return {name: value for name, value in written.items() if value}

    def at(self, ahora: datetime) -> "Asunto":
        """What of it is still remembered: nothing after an hour."""
        if self.hora is not None and ahora - self.hora > RECUERDA:
            return Asunto()
        fondo = self.fondo.at(ahora) if self.fondo else None
        return replace(self, fondo=fondo if fondo and fondo.intent else None)

    def after(self, previo: "Asunto", ahora: datetime) -> "Asunto":
        """The same as it is to be remembered, `previo` having been spoken of before."""
        antes = self.antes or (previo.periodos if previo.periodos != self.periodos else previo.antes)
        registro = previo if previo.libro else previo.fondo
        fondo = None if self.libro or registro is None else replace(registro, fondo=None)
        return replace(self, antes=antes, sigue=False, hora=ahora, fondo=fondo)
