"""The engine that answers, and the one that takes over from it when another model goes live.

Both accept from the same listening socket: the new one does so once its model is loaded, then the old one is
told to stop, which finishes what it has begun. So there is no moment at which nobody answers, and no address
to change.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from bot.programs import Program, engine_program, forget_model
from bot.settings import Settings

READY_SECONDS = 240
_LOOK_SECONDS = 0.2


class Engines:
    """Keeps one engine running with the live model."""

    def __init__(self, settings: Settings, first: Program, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self.current = first
        self._next: Program | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def keep_running(self) -> None:
        """Keep it running, and change it whenever the live model's file is another."""
        self._keeper = asyncio.create_task(self.current.keep_running(self._tell))
        seen = self._live()
        while True:
            await asyncio.sleep(1)
            live = self._live()
            if live != seen and live is not None:
                seen = live
                await self._take_over()

    async def stop(self) -> None:
        """Stop what runs."""
        if self._keeper is not None:
            self._keeper.cancel()
        await asyncio.gather(*(one.stop() for one in (self.current, self._next) if one is not None))

    async def _take_over(self) -> None:
        began, old = time.monotonic(), self.current
        if old.listener is None or self._keeper is None:
            raise TypeError(old)
        self._next = new = engine_program(self._settings, old.listener)
        keeper = asyncio.create_task(new.keep_running(self._tell))
        if not await self._answers(new):
            keeper.cancel()
            await new.stop()
            forget_model(new)
            self._next = None
            self._tell("El modelo nuevo no arrancó: sigue respondiendo el anterior.")
            return
        self._keeper.cancel()
        self.current, self._keeper, self._next = new, keeper, None
        await old.stop()
        forget_model(old)
        self._tell(f"Modelo nuevo en marcha, sin pausa ({time.monotonic() - began:.0f} s).")

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
