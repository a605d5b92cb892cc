"""The worker program."""

from bot.bootstrap import open_services
from bot.jobs.tasks import STALLED_SECONDS, register
from bot.settings import Settings

CONCURRENCY = 8


async def run_worker(settings: Settings, database_url: str) -> None:
    """Work until told to stop; jobs that have begun are finished first."""
    async with open_services(settings, database_url) as services:
        register(services.jobs, services)
        await services.jobs.run_worker_async(
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            # A job that waited for another of its conversation is only found by asking again.
            fetch_job_polling_interval=0.25,
            update_heartbeat_interval=STALLED_SECONDS / 3,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=20,
        )
