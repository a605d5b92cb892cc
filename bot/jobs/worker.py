"""The worker program."""

from bot.bootstrap import open_services, present
from bot.jobs.tasks import STALLED_SECONDS, register, take_up
from bot.settings import Settings

CONCURRENCY = 8


async def run_worker(settings: Settings, database_url: str) -> None:
    """Work until told to stop; jobs that have begun are finished first."""
    async with open_services(settings, database_url) as services, present(database_url) as alone:
        register(services.jobs, services)
        if alone:  # whoever had begun them is dead: nobody has to wait for that to be noticed
            await take_up(services.jobs, await services.jobs.job_manager.list_jobs_async(status="doing"))
        await services.jobs.run_worker_async(
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            # A job that waited for another of its conversation is only found by asking again.
            fetch_job_polling_interval=0.25,
            update_heartbeat_interval=STALLED_SECONDS / 3,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=20,
        )
