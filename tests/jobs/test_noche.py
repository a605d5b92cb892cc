"""The night's work: when it begins, for whom, and that it is queued once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from procrastinate import App
from procrastinate.jobs import Job

from bot.bootstrap import Services
from bot.jobs.tasks import SYNC_ATTEMPTS, SyncPatience
from bot.services.aplazada import AplazadaError, backoff
from bot.services.ports import Quien
from bot.services.reloj import SANTIAGO
from bot.storage.embedded import Urls
from tests.conftest import HOY, A, B, Work
from tests.fakes import FixedReloj
from tests.fakes_sii import FakeSii


async def waiting(jobs: App) -> list[tuple[str, str, str]]:
    """Which syncs wait, in the order in which they will be done."""
    found = list(await jobs.job_manager.list_jobs_async(queue="sii", status="todo"))
    found.sort(key=lambda job: (-job.priority, job.id))
    return [(job.task_name, str(job.task_kwargs["rut"]), str(job.task_kwargs["motivo"])) for job in found]


def empty(urls: Urls) -> None:
    """Nothing waits."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute("SET search_path = procrastinate")
        owner.execute("DELETE FROM procrastinate_jobs")


async def both(services: Services) -> None:
    """A and B have given their claves; what that queued is done with."""
    for rut in (A, B):
        await services.claves.guardar(Quien(rut), "Perro-1234", "web")


@pytest.mark.parametrize(
    ("first", "hours"),
    [
        (datetime(2026, 4, 4, 12, tzinfo=SANTIAGO), 25),  # at midnight it is 23:00 again
        (datetime(2026, 9, 5, 12, tzinfo=SANTIAGO), 23),  # after 23:59 comes 01:00
        (datetime(2026, 11, 21, 12, tzinfo=SANTIAGO), 24),
    ],
)
async def test_it_begins_at_two_in_santiago(services: Services, first: datetime, hours: int) -> None:
    """Once a night, on the nights on which the clocks change too: asked every minute for a day."""
    begun = []
    assert isinstance(services.reloj, FixedReloj)
    start = first.astimezone(UTC)
    for minute in range(0, hours * 60, 5):
        services.reloj.now = (start + timedelta(minutes=minute)).astimezone(SANTIAGO)
        if await services.sincronizacion.noche() is not None:
            begun.append(services.reloj.now)
    [night] = begun
    assert (night.hour, night.minute) == (2, 0)
    assert night.date() == first.date() + timedelta(days=1)


@pytest.mark.parametrize(("hour", "queued"), [(1, False), (2, True), (7, True), (13, False)])
async def test_a_night_that_was_missed(services: Services, hour: int, *, queued: bool) -> None:
    """If no worker ran at 02:00 the first to come up begins, but not in the middle of the day."""
    assert (await services.sincronizacion.noche(HOY.replace(hour=hour)) is not None) is queued


async def test_for_whom(services: Services, sii: FakeSii, work: Work, jobs: App, clean: Urls) -> None:
    """Verified, not blocked, with a clave that was not refused, and a consent that was not taken back."""
    await both(services)
    await work()
    ruts = {str(A), str(B)}
    night = HOY.replace(hour=2)
    for change, undo in (
        ("UPDATE contributors SET verificado = false", "UPDATE contributors SET verificado = true"),
        ("UPDATE contributors SET bloqueado = now()", "UPDATE contributors SET bloqueado = NULL"),
        ("UPDATE claves SET rechazada = now()", "UPDATE claves SET rechazada = NULL"),
        ("UPDATE consents SET revocado = now()", "UPDATE consents SET revocado = NULL"),
    ):
        with psycopg.connect(clean.owner) as owner:
            owner.execute(f"{change} WHERE rut = %s", (str(B),))  # type: ignore[arg-type]
        night += timedelta(days=1)
        assert await services.sincronizacion.noche(night) == 2
        assert {rut for _, rut, _ in await waiting(jobs)} == {str(A)}
        with psycopg.connect(clean.owner) as owner:
            owner.execute(undo)  # type: ignore[arg-type]
        empty(clean)
    assert await services.sincronizacion.noche(night + timedelta(days=1)) == 4
    assert {rut for _, rut, _ in await waiting(jobs)} == ruts


async def test_what_waits_already(services: Services, jobs: App, clean: Urls) -> None:
    """A sync that waits is not queued again, the night is not queued twice, and who asks goes first."""
    await both(services)
    empty(clean)
    assert await services.sincronizacion.noche(HOY.replace(hour=2)) == 8
    assert await services.sincronizacion.noche(HOY.replace(hour=3)) is None
    assert await services.sincronizacion.noche(HOY.replace(hour=2) + timedelta(days=1)) == 0
    await services.sincronizacion.pedir(Quien(B), None)
    order = await waiting(jobs)
    assert [(rut, motivo) for _, rut, motivo in order[:2]] == [(str(B), "PEDIDO")] * 2
    assert [motivo for _, _, motivo in order] == ["PEDIDO"] * 2 + ["NOCHE"] * 4 + ["PRIMERA"] * 4


async def test_ten_thousand_are_one_statement(services: Services, jobs: App, clean: Urls) -> None:
    """A night of many is queued whole, and found in the order of its priorities."""
    with psycopg.connect(clean.owner) as owner:
        people = "FROM generate_series(10000000, 10000999) AS n"
        owner.execute(
            f"INSERT INTO contributors (rut, nombre, verificado) SELECT n || '-1', 'x', true {people}"
        )
        owner.execute(f"INSERT INTO claves (rut, cifrada, llave) SELECT n || '-1', 'x', 'x' {people}")
        owner.execute(
            "INSERT INTO consents (rut, materia, version, canal)"
            f" SELECT n || '-1', 'clave_sii', '1', 'web' {people}"
        )
    assert await services.sincronizacion.noche(HOY.replace(hour=2)) == 4000
    job = await jobs.job_manager.fetch_job(queues=["sii"], worker_id=await jobs.job_manager.register_worker())
    assert job
    assert job.task_kwargs["motivo"] == "NOCHE"
    other = await jobs.job_manager.fetch_job(
        queues=["sii"], worker_id=await jobs.job_manager.register_worker()
    )
    assert other
    assert other.lock != job.lock, "one sync of a taxpayer at a time"


async def test_the_clock_asks(services: Services, work: Work, jobs: App, sii: FakeSii) -> None:
    """The task of every minute begins the night, whose jobs are then done."""
    await both(services)
    await work()
    assert isinstance(services.reloj, FixedReloj)
    services.reloj.now = HOY.replace(hour=2) + timedelta(days=1)
    sii.asked.clear()
    await jobs.configure_task("noche_sii").defer_async(timestamp=0)
    await work()
    assert sum(sii.asked.values()) == 2 * (2 + 8)
    assert await waiting(jobs) == []


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (AplazadaError(754.2), 500, 755),
        (ValueError(), 3, 8),
        (ValueError(), SYNC_ATTEMPTS, None),
    ],
)
def test_when_it_is_tried_again(error: Exception, attempts: int, seconds: int | None) -> None:
    """When the sync says so, however often; what failed for no known reason only some times."""
    values: dict[str, Any] = {"lock": None, "queueing_lock": None, "task_name": "x", "queue": "sii"}
    job = Job(id=1, attempts=attempts, **values)
    decision = SyncPatience().get_retry_decision(exception=error, job=job)
    if seconds is None:
        assert decision is None
        return
    assert decision
    assert decision.retry_at
    left = (decision.retry_at - datetime.now(UTC)).total_seconds()
    assert seconds - 5 < left <= seconds


def test_backing_off() -> None:
    """About twice as long after each failure, an hour or so at most."""
    for fallos, middle in ((1, 60), (2, 120), (4, 480), (20, 3600)):
        assert middle * 0.7 <= backoff(fallos) <= middle * 1.3
