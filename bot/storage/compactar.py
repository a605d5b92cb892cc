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
_LOCK_TIMEOUT = "SET lock_timeout = '5s'"
_QUEUE = ("procrastinate.procrastinate_jobs", "procrastinate.procrastinate_events")


def compact(owner_url: str) -> int:
    """Compact if there are erasures that wait for it.

    Each table is locked while it is rewritten; one that is busy for five seconds is left for the next time.

    Args:
        owner_url: of the role that owns the tables; a superuser's can rewrite the statistics too.

    Returns:
        How many erasures are done for good.
    """
    with psycopg.connect(owner_url, autocommit=True) as owner:
        waiting = [receipt for (receipt,) in owner.execute(_PENDING)]
        if not waiting:
            return 0
        owner.execute(_LOCK_TIMEOUT)
        try:
            _rewrite(owner)
        except errors.LockNotAvailable:
            return 0
        _renew_log(owner)
        owner.execute("UPDATE borrados SET compactado = now() WHERE id = ANY(%s)", (waiting,))
    return len(waiting)


def pending(owner_url: str) -> int:
    """How many erasures wait to be compacted."""
    with psycopg.connect(owner_url) as owner:
        return len(owner.execute(_PENDING).fetchall())


def _rewrite(owner: Connection[TupleRow]) -> None:
    own = [name for name, table in SQLModel.metadata.tables.items() if "rut" in table.c]
    for name in (*own, *_QUEUE):
        table = sql.Identifier(*name.split("."))
        owner.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(table))
    with suppress(errors.InsufficientPrivilege):  # a managed server's owner may not; its own upkeep does it
        owner.execute("VACUUM (FULL) pg_catalog.pg_statistic")


def _renew_log(owner: Connection[TupleRow]) -> None:
    """End the segment of the log that holds the rows; the checkpoint removes those that are not needed."""
    with suppress(errors.InsufficientPrivilege):  # a managed server keeps its log for its own backups
        owner.execute("CHECKPOINT")
        owner.execute("SELECT pg_switch_wal()")
        owner.execute("CHECKPOINT")
