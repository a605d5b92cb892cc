"""What the worker does. Every job is idempotent: it may run twice after a crash."""

from asyncio import CancelledError
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from math import ceil

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors import ServiceUnavailableError
from bot.core.mensajes import read_months
from bot.core.rut import Rut
from bot.services.aplazada import AplazadaError
from bot.services.ports_canales import CanalInciertoError, CanalOcupadoError
from bot.services.ports_sincronizacion import Encargo, Motivo

ATTEMPTS = 8
STALLED_SECONDS = 30
# 2, 4, 8… seconds and then every ten minutes: about a day.
SENDING_ATTEMPTS = 150
LONGEST_WAIT = 600
SYNC_QUEUE = "sii"
SYNC_ATTEMPTS = 10
CONTRACT_QUEUE = "contratos"
ENDED_DAYS = 7
_EVERY_HOUR = "3 * * * *"
_EVERY_NIGHT = "30 4 * * *"
_EVERY_MINUTE = "* * * * *"
_EVERY_15_SECONDS = "* * * * * */15"


def register(app: App, services: Services) -> None:
    """Add the tasks, working with these services, to the app."""
    _register_messages(app, services)
    _register_channels(app, services)
    _register_codes(app, services)
    _register_syncs(app, services)
    _register_contracts(app, services)
    _register_alerts(app, services)
    _register_housekeeping(app, services)


async def take_up(app: App, left: Iterable[Job]) -> None:
    """Queue jobs again that a dead worker had begun; what somebody else has taken up is passed over."""
    for job in left:
        with suppress(ConnectorException):
            await app.job_manager.retry_job_by_id_async(job.id or 0, datetime.now(UTC))


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

    @app.task(name="revisar_caso", retry=patience)
    async def revisar_caso(rut: str, caso: int) -> None:
        """Give a conversation back to the assistant, if nobody has written in it for long enough."""
        await services.casos.revisar(Rut.parse(rut), caso)


class ChannelPatience(BaseRetryStrategy):
    """Waits as long as the channel asks for, or else ever longer; what comes behind waits too."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        wanted = getattr(exception, "espera", None)
        seconds = wanted if wanted is not None else min(2**job.attempts, LONGEST_WAIT)
        return RetryDecision(retry_in={"seconds": max(1, round(seconds))})


def _register_channels(app: App, services: Services) -> None:
    @app.task(name="atender", pass_context=True, retry=ChannelPatience())
    async def atender(context: JobContext, entrada: int) -> None:
        """Attend to what came in over a channel; after some minutes give up and say so."""
        try:
            await services.canales.atender(entrada)
        except Exception:
            if context.job.attempts < ATTEMPTS:
                raise
            await services.canales.rendirse(entrada)

    @app.task(name="despachar", pass_context=True, retry=ChannelPatience())
    async def despachar(context: JobContext, salida: int, rut: str) -> None:
        """Send a message; for a day, then it waits for the person to write again."""
        try:
            await services.salidas.despachar(salida)
        except (CanalOcupadoError, CanalInciertoError):
            if context.job.attempts < SENDING_ATTEMPTS:
                raise
            await services.salidas.rendirse(salida)


def _register_codes(app: App, services: Services) -> None:
    # A code is good for ten minutes: it is worth trying for about five.
    patience = RetryStrategy(
        max_attempts=ATTEMPTS, wait=2, exponential_wait=2, retry_exceptions={ServiceUnavailableError}
    )

    @app.task(name="enviar_codigo", pass_context=True, retry=patience)
    async def enviar_codigo(context: JobContext, rut: str, otp_id: int) -> None:
        """Make a one-time code and send it; each try makes another, so that none is ever stored."""
        await services.codigos.enviar(Rut.parse(rut), otp_id, otra_vez=context.job.attempts > 0)

    @app.task(name="enviar_aviso", pass_context=True, retry=patience)
    async def enviar_aviso(context: JobContext, rut: str, plantilla: str, telefono: str) -> None:
        """Send a notice to the taxpayer's phone."""
        again = context.job.attempts > 0
        await services.avisos.enviar(Rut.parse(rut), plantilla, telefono, otra_vez=again)


class SyncPatience(BaseRetryStrategy):
    """Waits as long as the sync says; what failed for no known reason is tried some more times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, AplazadaError):
            return RetryDecision(retry_in={"seconds": max(1, ceil(exception.espera))})
        if isinstance(exception, CancelledError):  # the worker stops: somebody else goes on with it
            return RetryDecision(retry_in={"seconds": 0})
        unknown = job.attempts < SYNC_ATTEMPTS
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, LONGEST_WAIT)}) if unknown else None


def _register_syncs(app: App, services: Services) -> None:
    def sync(libro: Libro) -> None:
        @app.task(name=f"update_{libro.value}", queue=SYNC_QUEUE, retry=SyncPatience())
        async def update(rut: str, motivo: str, desde: str, periodos: str) -> None:
            """Read a taxpayer's book at the SII."""
            encargo = Encargo(
                Rut.parse(rut), libro, Motivo[motivo], datetime.fromisoformat(desde), read_months(periodos)
            )
            await services.sincronizador.sincronizar(encargo)

    for libro in Libro:
        sync(libro)

    # Every minute, because the queue's clock is UTC and the night's is Chile's, whose difference changes; the
    # first to ask after 02:00 queues the night, and the date sees to it that nobody does so twice.
    @app.periodic(cron=_EVERY_MINUTE)
    @app.task(name="noche_sii", queueing_lock="noche_sii")
    async def noche_sii(timestamp: int) -> None:
        """Queue the night's syncs when it is time."""
        await services.sincronizacion.noche()


class ContractPatience(BaseRetryStrategy):
    """Ever longer; how often a contract is begun is counted with the contract itself."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= ATTEMPTS * 10:
            return None
        if isinstance(exception, CancelledError):  # the worker stops: somebody else goes on with it
            return RetryDecision(retry_in={"seconds": 0})
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), LONGEST_WAIT)})


def _register_contracts(app: App, services: Services) -> None:
    @app.task(name="leer_contrato", queue=CONTRACT_QUEUE, retry=ContractPatience())
    async def leer_contrato(rut: str, contrato: int) -> None:
        """Read a contract that was taken in; text takes a second, a long scan some minutes."""
        await services.lector_contratos.leer(Rut.parse(rut), contrato)

    @app.task(name="borrar_contrato", queue=CONTRACT_QUEUE, retry=ContractPatience())
    async def borrar_contrato(rut: str, contrato: int) -> None:
        """Remove for good what was removed some minutes ago and not had back."""
        await services.papelera.vaciar(Rut.parse(rut), contrato)

    # At night, and when the worker starts: what a crash left out of the copy of the index is put there.
    @app.periodic(cron=_EVERY_NIGHT)
    @app.task(name="comprobar_indice", queueing_lock="comprobar_indice", lock="comprobar_indice")
    async def comprobar_indice(timestamp: int) -> None:
        """Make the copy of the index anew if it does not hold what it should."""
        await services.indexador.comprobar()


def _register_alerts(app: App, services: Services) -> None:
    @app.periodic(cron=_EVERY_HOUR)
    @app.task(name="alertar", queueing_lock="alertar", lock="alertar")
    async def alertar(timestamp: int) -> None:
        """Tell people what is due; who was told before is not told again."""
        await services.alertas.revisar()


def _register_housekeeping(app: App, services: Services) -> None:
    @app.periodic(cron=_EVERY_15_SECONDS)
    @app.task(name="retomar_trabajos", queueing_lock="retomar_trabajos", pass_context=True)
    async def retomar_trabajos(context: JobContext, timestamp: int) -> None:
        """Take up the jobs of workers that died."""
        manager = context.app.job_manager
        await take_up(context.app, await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))

    @app.periodic(cron=_EVERY_NIGHT)
    @app.task(name="purgar", queueing_lock="purgar", lock="purgar", pass_context=True)
    async def purgar(context: JobContext, timestamp: int) -> None:
        """Remove what has been kept for long enough."""
        await context.app.job_manager.delete_old_jobs(
            ENDED_DAYS * 24, include_failed=True, include_cancelled=True, include_aborted=True
        )
        gone = await services.datos.purgar()
        await services.limites.purge()
        await services.bitacora.write("datos.purgados", None, "trabajador", filas=dict(gone))
