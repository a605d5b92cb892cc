"""The worker program: two kinds of hands in one process."""

import asyncio
import os
import signal

import psycopg

from bot.bootstrap import Services
from bot.jobs.worker import _together, run_worker
from bot.settings import Settings
from bot.storage.embedded import Urls


def hands(urls: Urls) -> int:
    """How many workers the queue knows."""
    with psycopg.connect(urls.owner) as owner:
        [count] = owner.execute("SELECT count(*) FROM procrastinate.procrastinate_workers").fetchone() or (0,)
        return int(count)


async def test_both_kinds_stop_at_a_signal(services: Services, settings: Settings, clean: Urls) -> None:
    """Messages, syncs and contracts have workers of their own; told to stop, all sign off."""
    await services.jobs.configure_task("noche_sii").defer_async(timestamp=0)
    await services.jobs.configure_task("update_ventas", queue="sii").defer_async(
        rut="11111111-1", motivo="NOCHE", desde="2026-11-22T02:00:00-03:00", periodos=""
    )
    working = asyncio.create_task(run_worker(settings, clean.app))
    async with asyncio.timeout(120):
        while [  # noqa: ASYNC110  (the queue tells nobody)
            job
            for job in await services.jobs.job_manager.list_jobs_async()
            if job.task_name in ("noche_sii", "update_ventas")
        ]:
            await asyncio.sleep(0.1)
        assert hands(clean) == 3
        os.kill(os.getpid(), signal.SIGTERM)
        await working
    assert hands(clean) == 0


async def test_each_is_told_to_stop_once() -> None:
    """Who still has work to finish is not cut short because the others have ended."""
    finished: list[str] = []
    quick_ended = asyncio.Event()

    async def hand(name: str, turns: int) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await (quick_ended.wait() if turns else asyncio.sleep(0))
            for _ in range(turns):
                await asyncio.sleep(0)
            finished.append(name)
            quick_ended.set()
            raise

    working = asyncio.create_task(_together(hand("quick", 0), hand("slow", 20)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait([working])
    assert finished == ["quick", "slow"]
