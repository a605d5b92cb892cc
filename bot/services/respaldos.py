"""Whether backups are made as they should be."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal

from bot.core.respaldo import atrasado, toca
from bot.services.ports import Reloj

LAST_BACKUP = "respaldo"
type Estado = Literal["ok", "atrasado", "ninguno todavía", "sin programar"]


class RespaldosService:
    """Looks at when the last one was made; `hechos` are the facts about this installation."""

    def __init__(
        self, hechos: Callable[[], Awaitable[Mapping[str, str]]], reloj: Reloj, *, programados: bool
    ) -> None:
        self._hechos = hechos
        self._reloj = reloj
        self._programados = programados

    async def toca(self) -> bool:
        """Whether the night's backup is due."""
        return toca(await self.ultimo(), self._reloj.ahora())

    async def estado(self) -> Estado:
        """How it stands, in a word."""
        if not self._programados:
            return "sin programar"
        last = await self.ultimo()
        if last is None:
            return "ninguno todavía"
        return "atrasado" if atrasado(last, self._reloj.ahora()) else "ok"

    async def ultimo(self) -> datetime | None:
        """When the last good one was made."""
        said = (await self._hechos()).get(LAST_BACKUP)
        return datetime.fromisoformat(said) if said else None
