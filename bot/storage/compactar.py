"""After an erasure: rewrite what held the rows, so that no byte of them is left on the disk.

PostgreSQL marks deleted rows and reuses their place some day; statistics and the log of changes keep copies.
"""

from contextlib import suppress

import psycopg
from psycopg import Connection, errors, sql
from psycopg.rows import TupleRow
from sqlmodel import SQLModel

from bot.storage import tables  # noqa: F401  (fills the metadata)

_PENDING = "SELECT id FROM borrados WHERE compactado IS NULL"
# Whoever comes after us waits for as long as we wait.
_LOCK_TIMEOUT = "SET lock_timeout = '100ms'"
_TRIES = 50
# The statistics come last: every table that is rewritten adds to them.
_OTHERS = (
    "procrastinate.procrastinate_jobs",
    "procrastinate.procrastinate_events",
    "pg_catalog.pg_statistic",
)


class Compactor:
    """Compacts in rounds, table by table; a round that a busy table interrupts goes on there."""

    def __init__(self, owner_url: str) -> None:
        """`owner_url` is of the role that owns the tables; a superuser's can rewrite the statistics too."""
        self._url = owner_url
        self._receipts: list[str] = []
        self._left: list[str] = []
        self.done = 0

    def work(self) -> bool:
        """Begin a round if there are erasures that wait for one, or go on with it.

        Each table is locked while it is rewritten; at one that is in use the round stops until the next call.

        Returns:
            Whether something is left. `done` counts the erasures that were finished.
        """
        with psycopg.connect(self._url, autocommit=True) as owner:
            if not self._left:
                self._receipts = [receipt for (receipt,) in owner.execute(_PENDING)]
                self._left = _tables() if self._receipts else []
            if self._left:
                owner.execute(_LOCK_TIMEOUT)
                while self._left and _rewrite(owner, self._left[0]):
                    del self._left[0]
                if not self._left:
                    self._finish(owner)
        return bool(self._left)

    def _finish(self, owner: Connection[TupleRow]) -> None:
        _renew_log(owner)
        owner.execute("UPDATE borrados SET compactado = now() WHERE id = ANY(%s)", (self._receipts,))
        self.done += len(self._receipts)


def compact(owner_url: str) -> int:
    """Compact now, trying some seconds; how many erasures are done for good."""
    compactor = Compactor(owner_url)
    for _ in range(_TRIES):
        if not compactor.work():
            break
    return compactor.done


def pending(owner_url: str) -> int:
    """How many erasures wait to be compacted."""
    with psycopg.connect(owner_url) as owner:
        return len(owner.execute(_PENDING).fetchall())


def _tables() -> list[str]:
    return [*(name for name, table in SQLModel.metadata.tables.items() if "rut" in table.c), *_OTHERS]


def _rewrite(owner: Connection[TupleRow], name: str) -> bool:
    """False if the table is in use."""
    table = sql.Identifier(*name.split("."))
    try:
        # A managed server's owner may not touch the statistics; its own upkeep does it.
        with suppress(errors.InsufficientPrivilege):
            owner.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(table))
    except errors.LockNotAvailable:
        return False
    return True


def _renew_log(owner: Connection[TupleRow]) -> None:
    """End the segment of the log that holds the rows; the checkpoint removes those that are not needed."""
    with suppress(errors.InsufficientPrivilege):  # a managed server keeps its log for its own backups
        owner.execute("CHECKPOINT")
        owner.execute("SELECT pg_switch_wal()")
        owner.execute("CHECKPOINT")
