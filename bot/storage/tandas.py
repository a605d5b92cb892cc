"""What arrives while the database writes is written together: one transaction, and one wait for the disk."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from procrastinate.exceptions import ConnectorException
from sqlalchemy import exc

_MOST = 200
# The database is away, which no one of them is to blame for.
_AWAY = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, ConnectorException, OSError)


class Tandas[T]:
    """Hands `write` in one call what several callers give meanwhile, in the order in which they came.

    `write` writes all of it or nothing. If it fails for what is in it, what each gave is written alone, so
    that nobody fails for what another gave.
    """

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: deque[tuple[Sequence[T], asyncio.Future[None]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def add(self, what: Sequence[T]) -> None:
        """Returns once it is written; raises what `write` raised for it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            error = await self._try([one for what, _ in batch for one in what])
            for what, done in batch:
                alone = error is not None and not isinstance(error, _AWAY) and len(batch) > 1
                own = await self._try(what) if alone else error
                if done.done():  # who gave it no longer waits
                    continue
                if own:
                    done.set_exception(own)
                else:
                    done.set_result(None)

    async def _try(self, what: Sequence[T]) -> Exception | None:
        try:
            await self._write(what)
        except Exception as error:
            return error
        return None
