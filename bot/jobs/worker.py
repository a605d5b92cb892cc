"""The worker program."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued

from bot.bootstrap import open_services, present
from bot.jobs.figuras import shown
from bot.jobs.respaldo import BACKUP_QUEUE, register_backups
from bot.jobs.tasks import CONTRACT_QUEUE, STALLED_SECONDS, SYNC_QUEUE, register, take_up
from bot.settings import Settings

CONCURRENCY = 8
# The reading of PDFs takes a processor each.
CONTRACTS_AT_ONCE = 2


async def run_worker(settings: Settings, database_url: str) -> None:
    """Work until told to stop; jobs that have begun are finished first."""
    async with (
        open_services(settings, database_url) as services,
        present(database_url) as alone,
        shown(settings.metrics, services),
    ):
        register(services.jobs, services)
        backups = register_backups(services.jobs, services, settings)
        if alone:  # whoever had begun them is dead: nobody has to wait for that to be noticed
            await take_up(services.jobs, await services.jobs.job_manager.list_jobs_async(status="doing"))
        with suppress(AlreadyEnqueued):
            await services.jobs.configure_task("comprobar_indice").defer_async(timestamp=0)
        # Syncs wait for the SII most of the time: with hands of their own they keep no message waiting.
        await _together(
            _work(services.jobs, "default", CONCURRENCY),
            _work(services.jobs, SYNC_QUEUE, settings.sii_concurrency),
            _work(services.jobs, CONTRACT_QUEUE, CONTRACTS_AT_ONCE),
            *([_work(services.jobs, BACKUP_QUEUE, 1)] if backups else []),
        )


async def _work(jobs: App, queue: str, concurrency: int) -> None:
    await jobs.run_worker_async(
        queues=[queue],
        concurrency=concurrency,
        delete_jobs="successful",
        # A job that waited for another of its conversation is only found by asking again.
        fetch_job_polling_interval=0.25,
        update_heartbeat_interval=STALLED_SECONDS / 3,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=20,
        install_signal_handlers=False,
    )


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """Until a signal, or until one of them ends: then the others are told to stop, and waited for."""
    tasks = [asyncio.create_task(work) for work in works]

    def stop() -> None:
        for task in tasks:
            if not task.cancelling():  # told twice, it would not wait for its jobs any more
                task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error
