"""Which worker is the only one."""

import psycopg

from bot.storage.embedded import Urls
from bot.storage.presencia import present

KILL = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"


async def test_only_the_first_is_alone(urls: Urls) -> None:
    """While somebody is there nobody else is alone, and afterwards somebody can be again."""
    async with present(urls.app) as first, present(urls.app) as second:
        assert (first, second) == (True, False)
    async with present(urls.app) as third:
        assert third


async def test_a_program_that_was_killed(urls: Urls) -> None:
    """With its connection its lock is gone."""
    async with present(urls.app):
        with psycopg.connect(urls.owner) as owner:
            assert owner.execute(KILL).fetchall() == [(True,)]
        async with present(urls.app) as alone:
            assert alone
