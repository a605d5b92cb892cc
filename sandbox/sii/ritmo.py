"""The allowance of the operator's account: so many calls a minute, and pauses in which nobody may call."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from math import ceil
from typing import Literal

from sandbox.sii.ajustes import Ajustes
from sandbox.sii.consulta import RechazoError

type Forma = Literal["segundos", "fecha", "epoch"]
_MENSAJES = {
    423: "La cuenta está bloqueada temporalmente.",
    429: "Se superó el límite de consultas. Espere antes de volver a consultar.",
}
_EN_PAUSA = {423: "en_bloqueo", 429: "en_pausa"}


@dataclass(frozen=True, slots=True)
class Pausa:
    """Until when nobody may call, and since when they know; both epoch seconds of the real clock."""

    codigo: int
    hasta: float
    desde: float
    forma: Forma

    def rechazo(self, ahora: float, violacion: str = "") -> RechazoError:
        """How it is told: `Retry-After`, or `X-Lock-Reset` of a lock; whole seconds, rounded up."""
        epoch = ceil(self.hasta)
        told = {
            "segundos": str(max(1, ceil(self.hasta - ahora))),
            "fecha": formatdate(epoch, usegmt=True),
            "epoch": str(epoch),
        }[self.forma]
        header = "X-Lock-Reset" if self.codigo == 423 and self.forma != "segundos" else "Retry-After"
        return RechazoError(self.codigo, _MENSAJES[self.codigo], {header: told}, violacion)


class Ritmo:
    """A sliding window: at most `por_minuto + rafaga` calls begin in any simulated minute."""

    def __init__(self, ajustes: Ajustes, reloj: Callable[[], float]) -> None:
        self._ajustes, self._reloj = ajustes, reloj
        self._recientes: deque[float] = deque()
        self.pausa: Pausa | None = None

    @property
    def minuto(self) -> float:
        """A simulated minute in real seconds."""
        return 60 / self._ajustes.velocidad

    @property
    def restantes(self) -> int:
        """Calls that may begin now."""
        self._forget()
        return max(0, self._ajustes.por_minuto + self._ajustes.rafaga - len(self._recientes))

    def pausar(self, codigo: int, segundos: float, forma: Forma = "segundos") -> Pausa:
        """Nobody may call for so many simulated seconds; 423 is a lock, 429 a pause."""
        now = self._reloj()
        self.pausa = Pausa(codigo, now + segundos / self._ajustes.velocidad, now, forma)
        return self.pausa

    def spend(self) -> None:
        """Count one call.

        Raises:
            RechazoError: 423 or 429, if it must wait; it is not counted then.
        """
        now = self._reloj()
        if self.pausa and now >= self.pausa.hasta:
            self.pausa = None
        if self.pausa:
            known = now - self.pausa.desde > self._ajustes.gracia
            raise self.pausa.rechazo(now, _EN_PAUSA[self.pausa.codigo] if known else "")
        if not self.restantes:
            room = self._recientes[0] + self.minuto - now
            raise self.pausar(429, room * self._ajustes.velocidad).rechazo(now, "ritmo")
        self._recientes.append(now)

    def too_many_at_once(self) -> RechazoError:
        """One of those that run must end first; nobody else waits."""
        now = self._reloj()
        pausa = Pausa(429, now + 1 / self._ajustes.velocidad, now, "segundos")
        return pausa.rechazo(now, "simultaneas")

    def _forget(self) -> None:
        since = self._reloj() - self.minuto
        while self._recientes and self._recientes[0] <= since:
            self._recientes.popleft()
