"""The engine that answers, and the one that takes over from it when another model goes live.

Both accept from the same listening socket: the new one does so once its model is loaded, then the old one is
told to stop, which finishes what it has begun. So there is no moment at which nobody answers, and no address
to change.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import aiohttp

from bot.programs import Program, engine_models, engine_program, forget_model, name_of_model
from bot.settings import Settings

READY_SECONDS = 240
_LOOK_SECONDS = 0.2
# The supervisor looks every second; on a busy machine it takes some more until the new engine is begun.
_NOTICED_SECONDS = 60


class Puesta(StrEnum):
    """What became of a model that went live."""

    RESPONDE = "responde"
    NO_ARRANCO = "no_arranco"
    APAGADO = "apagado"


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    program: Program
    keeper: asyncio.Task[None]


class Engines:
    """Keeps one engine running with the live model."""

    def __init__(self, settings: Settings, first: Program, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._running: list[_Running] = []
        self.current = first

    async def keep_running(self) -> None:
        """Keep it running, and change it whenever the live model's file is another."""
        current, seen = self._begin(self.current), self._live()
        while True:
            await asyncio.sleep(1)
            live = self._live()
            if live != seen and live is not None:
                seen = live
                current = await self._take_over(current)

    async def stop(self) -> None:
        """Stop what runs, also in the middle of a change; nothing of it is started again."""
        await asyncio.gather(*map(self._end, list(self._running)))

    async def _take_over(self, old: _Running) -> _Running:
        """The engine that answers from now on: with the new model, or the old one if that does not start."""
        began, listener = time.monotonic(), old.program.listener
        if listener is None:
            raise TypeError(old)
        try:
            new = self._begin(engine_program(self._settings, listener))
        except OSError as error:  # no room for the model, or no right to read it
            self._tell(f"No pude copiar el modelo nuevo ({error.strerror}): sigue respondiendo el anterior.")
            return old
        if not await self._answers(new.program):
            await self._end(new)
            self._tell("El modelo nuevo no arrancó: sigue respondiendo el anterior.")
            return old
        self.current = new.program
        await self._end(old)
        self._tell(f"Modelo nuevo en marcha, sin pausa ({time.monotonic() - began:.0f} s).")
        return new

    def _begin(self, program: Program) -> _Running:
        running = _Running(program, asyncio.create_task(program.keep_running(self._tell)))
        self._running.append(running)
        return running

    async def _end(self, running: _Running) -> None:
        running.keeper.cancel()
        await running.program.stop()
        forget_model(running.program)
        self._running.remove(running)

    async def _answers(self, new: Program) -> bool:
        """Whether the new one takes requests in time; both do for a moment, and each says which it is."""
        url = f"{new.environment['ENGINE_URL']}/webhooks/gateway/"
        deadline, first = time.monotonic() + READY_SECONDS, None
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(5), connector=aiohttp.TCPConnector(force_close=True)
        ) as session:
            while time.monotonic() < deadline:
                await asyncio.sleep(_LOOK_SECONDS)
                first = first or (new.process.pid if new.process else None)
                if first and new.process and new.process.pid != first:  # it died, and was started again
                    return False
                with suppress(aiohttp.ClientError, TimeoutError, ValueError):
                    async with session.get(url) as answer:
                        told = await answer.json()
                        if told.get("pid") == first and told.get("ready"):
                            return True
        return False

    def _live(self) -> tuple[int, int] | None:
        """Which file the live model is; None while it is not there."""
        with suppress(OSError):
            state = self._settings.model.stat()
            return state.st_ino, state.st_mtime_ns
        return None


async def wait_for_change(settings: Settings) -> Puesta:
    """Wait until the live model answers, as whoever is not the supervisor sees it: by the engines' models."""
    wanted, began, noticed = name_of_model(settings), time.monotonic(), False
    while time.monotonic() < began + READY_SECONDS + _NOTICED_SECONDS:
        ours = [name.startswith(wanted) for name in engine_models(settings)]
        if ours and all(ours):
            return Puesta.RESPONDE
        if noticed and not any(ours):
            return Puesta.NO_ARRANCO
        noticed = noticed or any(ours)
        if not ours or (not noticed and time.monotonic() > began + _NOTICED_SECONDS):
            return Puesta.APAGADO
        await asyncio.sleep(_LOOK_SECONDS)
    return Puesta.NO_ARRANCO
