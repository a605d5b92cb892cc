"""Open streams of events: how many there may be, and their end with the program."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.core.errors import ServiceUnavailableError, TooManyWindowsError
from bot.services.ports import Quien

# A browser opens six connections to a server at most: two are left for everything else.
PER_SESSION = 4
PER_TAXPAYER = 12
# A program may often have no more than 1024 files open.
PER_PROGRAM = 800
_RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    quien: Quien
    request: web.Request
    task: asyncio.Task[object]

    @property
    def alive(self) -> bool:
        """Whether somebody is still there; a page that was closed is noticed by its stream a bit later."""
        transport = self.request.transport
        return transport is not None and not transport.is_closing()


class Streams:
    """The streams of this program."""

    def __init__(self) -> None:
        self._open: set[_Stream] = set()

    @contextmanager
    def admit(self, quien: Quien, request: web.Request) -> Iterator[None]:
        """Count the running request among the streams for as long as the context lasts.

        Raises:
            TooManyWindowsError: if the session or the taxpayer has as many as may be.
            ServiceUnavailableError: if this program has.
        """
        others = [one for one in self._open if one.alive]
        mine = [one for one in others if one.quien.rut == quien.rut]
        same = [one for one in mine if one.quien.sesion == quien.sesion]
        if len(same) >= PER_SESSION or len(mine) >= PER_TAXPAYER:
            raise TooManyWindowsError(espera=_RETRY_SECONDS, cuando=f"{_RETRY_SECONDS} segundos")
        if len(others) >= PER_PROGRAM:
            raise ServiceUnavailableError()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (handlers run in one)
        stream = _Stream(quien, request, task)
        self._open.add(stream)
        try:
            yield
        finally:
            self._open.discard(stream)

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        """End all of them at once; clients connect again, to whichever program there is then."""
        for stream in list(self._open):
            stream.task.cancel()
