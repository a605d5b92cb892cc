"""What the worker does. Every job is idempotent: it may run twice after a crash."""

from procrastinate import App, JobContext, RetryStrategy

from bot.bootstrap import Services
from bot.core.rut import Rut

ATTEMPTS = 8
STALLED_SECONDS = 30
_EVERY_15_SECONDS = "* * * * * */15"


def register(app: App, services: Services) -> None:
    """Add the tasks, working with these services, to the app."""
    _register_messages(app, services)
    _register_housekeeping(app)


def _register_messages(app: App, services: Services) -> None:
    # Whatever fails is tried again: a message must not be lost because the database was away either.
    patience = RetryStrategy(max_attempts=ATTEMPTS, wait=2, linear_wait=2)

    @app.task(name="responder_mensaje", pass_context=True, retry=patience)
    async def responder_mensaje(context: JobContext, rut: str, conversacion: str, mensaje_id: int) -> None:
        """Answer a message that could not be answered at once; after some minutes give up and say so."""
        try:
            await services.conversacion.reintentar(Rut.parse(rut), conversacion, mensaje_id)
        except Exception:
            if context.job.attempts < ATTEMPTS:
                raise
            await services.conversacion.rendirse(Rut.parse(rut), conversacion, mensaje_id)


def _register_housekeeping(app: App) -> None:
    @app.periodic(cron=_EVERY_15_SECONDS)
    @app.task(name="retomar_trabajos", queueing_lock="retomar_trabajos", pass_context=True)
    async def retomar_trabajos(context: JobContext, timestamp: int) -> None:
        """Take up the jobs of workers that died."""
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.retry_job(job)
