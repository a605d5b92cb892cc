"""The state of the simulator, and what tests do with it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from bot.core.rut import Rut
from sandbox.sii.ajustes import TOKEN, Ajustes
from sandbox.sii.bitacora import Bitacora, Violacion
from sandbox.sii.cuentas import Cuentas
from sandbox.sii.fallas import Falla, Fallas
from sandbox.sii.registro import RegistroSimulado
from sandbox.sii.ritmo import Forma, Ritmo

type Modo = Literal["normal", "mantencion", "bloqueado", "clave_mala", "lento"]
_MODOS: dict[Modo, Falla] = {
    "mantencion": Falla(tipo="http", codigo=503, veces=None),
    "clave_mala": Falla(tipo="clave", veces=None),
    "lento": Falla(tipo="lento", veces=None),
}


class Simulador:
    """A service that reaches the SII, all in memory.

    Args:
        registro: whose books it serves; by default the demo taxpayers' and the synthetic ones'.
        ajustes: allowance, delays, speed.
        token: the one good API token.
        reloj: epoch seconds of the clock that the client sees; tests stop it.
        dormir: waits so many real seconds.
        semilla: of everything that is left to chance.
    """

    def __init__(
        self,
        registro: RegistroSimulado | None = None,
        ajustes: Ajustes | None = None,
        token: str = TOKEN,
        reloj: Callable[[], float] = time.time,
        dormir: Callable[[float], Awaitable[object]] = asyncio.sleep,
        semilla: int = 0,
    ) -> None:
        self.registro = registro or RegistroSimulado(semilla=semilla)
        self.ajustes = ajustes or Ajustes()
        self.token, self.reloj, self._dormir = token, reloj, dormir
        self.ritmo = Ritmo(self.ajustes, reloj)
        self.cuentas = Cuentas(self.ajustes, reloj, self.registro.clave)
        self.fallas = Fallas(semilla)
        self.bitacora = Bitacora(self.ajustes, reloj)
        self.modo: Modo = "normal"
        self.url = ""

    @property
    def violaciones(self) -> list[Violacion]:
        """Every rule that the client broke."""
        return self.bitacora.violaciones

    async def sleep(self, segundos: float) -> None:
        """Wait so many simulated seconds."""
        if segundos:
            await self._dormir(segundos / self.ajustes.velocidad)

    def fallar(self, tipo: str, **resto: Any) -> None:
        """From now on that goes wrong too: `fallar("http", codigo=502, veces=3)`; see `Falla`."""
        self.fallas.add(Falla.model_validate({"tipo": tipo, **resto}))

    def bloquear(self, segundos: float | None = None, forma: Forma = "epoch") -> None:
        """The account is locked from now on: 423 to every call."""
        self.ritmo.pausar(423, segundos or self.ajustes.bloqueo, forma)

    def poner(self, modo: Modo) -> None:
        """One of the states that a person chooses; whatever went wrong before is over."""
        self.normal()
        self.modo = modo
        if modo == "bloqueado":
            self.bloquear(forma="segundos")
        elif modo in _MODOS:
            self.fallas.add(_MODOS[modo])

    def normal(self) -> None:
        """Nothing goes wrong any more, nobody waits, no account is locked; the rest stays."""
        self.modo = "normal"
        self.fallas.todas.clear()
        self.ritmo.pausa = None
        self.cuentas.reset()

    def set_clave(self, rut: Rut, clave: str) -> None:
        """That taxpayer's clave; synthetic taxpayers have one already."""
        self.cuentas.set_clave(rut, clave)

    def estado(self) -> dict[str, Any]:
        """What happens, for the page and for checkers in another process."""
        pausa, now = self.ritmo.pausa, self.reloj()
        waiting = pausa is not None and pausa.hasta > now
        return {
            "modo": "normal" if self.modo == "bloqueado" and not waiting else self.modo,
            "hoy": self.registro.hoy.isoformat(),
            "pausa": {"codigo": pausa.codigo, "faltan": pausa.hasta - now} if pausa and waiting else None,
            "ajustes": self.ajustes.model_dump(),
            "fallas": [one.model_dump(exclude_defaults=True) for one in self.fallas.todas],
            "creditos_restantes": self.creditos,
            **self.bitacora.as_json(),
        }

    @property
    def creditos(self) -> int:
        """What is left of them."""
        return max(0, self.ajustes.creditos - self.bitacora.creditos)
