"""Whether what Tributa depends on is there, each thing by its name."""

import asyncio
import time
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass

from bot.services.ports import Motor
from bot.services.ports_operacion import Cifras, Dependencia, Operacion
from bot.services.ports_sii import Ritmo
from bot.services.respaldos import RespaldosService

OK, SILENT, NONE = "ok", "no responde", "sin configurar"
BASE, MOTOR = "base_de_datos", "motor"
CHANNELS = ("whatsapp", "telegram")
_PATIENCE = 3.0
# Anybody may ask how it is, as often as they like.
_FRESH = 5.0
# Whoever asks whether we live does not wait for others.
_GLANCE = 0.5


@dataclass(frozen=True, slots=True)
class Salud:
    """How each dependency is, in a word."""

    estados: Mapping[str, str]

    @property
    def listo(self) -> bool:
        """Whether people can be answered; without the others some things cannot be done, or only later."""
        return self.estados[BASE] == self.estados[MOTOR] == OK


class SaludService:
    """Asks what can be asked without cost; of others' services it tells what the database knows."""

    def __init__(
        self,
        base: Dependencia,
        motor: Motor,
        otras: Mapping[str, Dependencia | None],
        canales: Collection[str],
        ritmo: Ritmo | None,
        respaldos: RespaldosService,
        operacion: Operacion,
    ) -> None:
        """`otras` that are not set up are None, as is `ritmo` without the SII."""
        self._base, self._motor = base, motor
        self._otras = otras
        self._canales = canales
        self._ritmo = ritmo
        self._respaldos = respaldos
        self._operacion = operacion
        self._rest: Mapping[str, str] = {}
        self._seen = float("-inf")
        self._modelo, self._glanced = SILENT, float("-inf")

    async def estado(self) -> Salud:
        """How it is now; what is not essential, how it was some seconds ago."""
        base, motor = await asyncio.gather(_answers(self._base.ready()), _answers(self._motor.ready()))
        if base != OK or time.monotonic() - self._seen > _FRESH:
            self._rest = await self._others()
            self._seen = time.monotonic()
        return Salud({BASE: base, MOTOR: motor, **self._rest})

    async def modelo(self) -> str:
        """The id of the model that answers now, or some seconds ago; `no responde` without one."""
        if time.monotonic() - self._glanced > _FRESH:
            self._modelo = await _word(self._motor.modelo(), _GLANCE)
            self._glanced = time.monotonic()
        return self._modelo

    async def cifras(self) -> Cifras:
        """The queues and the index."""
        return await self._operacion.cifras()

    async def pausa(self) -> float:
        """For how many seconds nobody may call the SII's service any more."""
        pausa = await self._ritmo.pausa() if self._ritmo else None
        return max(pausa.hasta.timestamp() - time.time(), 0.0) if pausa else 0.0

    async def ultimo_respaldo(self) -> float | None:
        """When the last good backup was made, in seconds since 1970."""
        last = await self._respaldos.ultimo()
        return last.timestamp() if last else None

    async def _others(self) -> Mapping[str, str]:
        asked = {
            "trabajador": _answers(self._operacion.hay_trabajador()),
            **{name: _answers(one.ready()) for name, one in self._otras.items() if one},
            "sii": _word(self._sii()),
            "respaldo": _word(self._respaldos.estado()),
        }
        found = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
        return {**dict.fromkeys(self._otras, NONE), **found, **await self._channels()}

    async def _channels(self) -> Mapping[str, str]:
        late: Collection[str] = ()
        told = OK
        try:
            async with asyncio.timeout(_PATIENCE):
                late = await self._operacion.atrasados()
        except Exception:
            told = SILENT
        states = {name: "atrasado" if name in late else told for name in self._canales}
        return {**dict.fromkeys(CHANNELS, NONE), **states}

    async def _sii(self) -> str:
        if self._ritmo is None:
            return NONE
        pausa = await self._ritmo.pausa()
        if pausa is None:
            return OK
        return "bloqueado" if pausa.bloqueo else "en pausa"


async def _answers(asked: Awaitable[bool]) -> str:
    async def word() -> str:
        return OK if await asked else SILENT

    return await _word(word())


async def _word(asked: Awaitable[str], patience: float | None = None) -> str:
    """What it says, or that it says nothing in time."""
    try:
        async with asyncio.timeout(patience or _PATIENCE):
            return await asked
    except Exception:  # each has its own kinds of failing, and all mean the same here
        return SILENT
