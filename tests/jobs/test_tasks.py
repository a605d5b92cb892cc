"""What the worker does, through the real queue: tried again or not, and what the queue remembers of it."""

import logging
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from procrastinate import App

from bot.bootstrap import Services
from bot.core.errors import CodeInvalidError
from bot.jobs.tasks import ATTEMPTS, ENDED_DAYS, take_up
from bot.services.ports import Quien
from bot.services.ports_acceso import Proposito
from bot.storage.embedded import Urls
from tests.conftest import HOY, PASSWORD, PHONES, A, B, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import HOME

NEW_PHONE = "+56944444444"


@pytest.fixture
async def again(clean: Urls, work: Work) -> Work:
    """Has the waiting jobs tried at once, as if their time had come."""

    async def again() -> None:
        with psycopg.connect(clean.owner) as owner:
            owner.execute("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = NULL")
        await work()

    return again


async def only(jobs: App, task: str) -> tuple[str, int]:
    """The status and the attempts of the only job of a task."""
    [job] = await jobs.job_manager.list_jobs_async(task=task)
    return str(job.status), job.attempts


def queue(urls: Urls) -> str:
    """All that the queue's tables hold."""
    with psycopg.connect(urls.owner) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'procrastinate'")
        rows = [owner.execute(f"SELECT t::text FROM procrastinate.{name} t").fetchall() for (name,) in tables]
    return str(rows)


async def change_password(services: Services) -> None:
    """Something of which the owner gets a notice."""
    quien = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    await services.cuentas.cambiar_password(quien, PASSWORD, "una nueva distinta")


def fail(error: Exception, sent: list[str]) -> Any:
    """A phone that fails for good, and remembers what it should have shown."""

    async def send(telefono: str, codigo: str, texto: str = "") -> None:
        sent.append(codigo)
        raise error

    return send


async def test_a_code_is_tried_until_it_arrives(
    services: Services, jobs: App, phone: FakeMensajero, work: Work, again: Work
) -> None:
    """A phone that is out of reach for a while gets one code in the end, and that one works."""
    phone.down = True
    asked = await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    assert await only(jobs, "enviar_codigo") == ("todo", 1)
    [job] = await jobs.job_manager.list_jobs_async(task="enviar_codigo")
    assert job.scheduled_at, "it waits before it is tried again"
    for tries in range(2, ATTEMPTS):
        await again()
        assert await only(jobs, "enviar_codigo") == ("todo", tries)
    phone.down = False
    await again()
    assert await only(jobs, "enviar_codigo") == ("succeeded", ATTEMPTS)
    [(telefono, codigo)] = phone.codes
    assert telefono == PHONES[A]
    await services.codigos.confirmar(A, (Proposito.LOGIN,), codigo, asked.token, HOME)


async def test_tries_end(
    services: Services, jobs: App, phone: FakeMensajero, work: Work, again: Work
) -> None:
    """After the last one the job has failed and is left alone, for an admin to see."""
    phone.down = True
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    for _ in range(ATTEMPTS + 2):
        await again()
    status, tries = await only(jobs, "enviar_codigo")
    assert status == "failed"
    assert ATTEMPTS <= tries <= ATTEMPTS + 1


async def test_an_outage_uses_up_no_codes(
    services: Services, phone: FakeMensajero, work: Work, again: Work
) -> None:
    """What could not be sent does not count as sent: afterwards the owner gets codes as ever."""
    phone.down = True
    for _ in range(3):
        await services.codigos.pedir(A, Proposito.LOGIN, HOME, probado=True)
        for _ in range(ATTEMPTS + 1):
            await again()
    phone.down = False
    await services.codigos.pedir(A, Proposito.LOGIN, HOME, probado=True)
    await work()
    assert [telefono for telefono, _ in phone.codes] == [PHONES[A]]


@pytest.mark.parametrize("error", [ValueError("mal escrito"), TypeError("mal llamado")])
async def test_a_fault_of_ours_is_not_repeated(
    services: Services,
    jobs: App,
    phone: FakeMensajero,
    work: Work,
    again: Work,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    """What would fail again is tried once; the next job is not held up by it."""
    monkeypatch.setattr(phone, "send_code", fail(error, sent := []))
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    await again()
    assert await only(jobs, "enviar_codigo") == ("failed", 1)
    assert len(sent) == 1
    monkeypatch.undo()
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    assert len(phone.codes) == 1


@pytest.mark.parametrize("fate", ["sent", "retried", "failed"])
async def test_the_queue_knows_no_code(
    services: Services,
    clean: Urls,
    phone: FakeMensajero,
    work: Work,
    again: Work,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fate: str,
) -> None:
    """Neither its tables nor its log hold a code or the phone, however the job ends."""
    caplog.set_level(logging.DEBUG)
    sent: list[str] = []
    if fate == "failed":
        monkeypatch.setattr(phone, "send_code", fail(ValueError(), sent))
    phone.down = fate == "retried"
    await services.cuentas.pedir_telefono(
        await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token),
        NEW_PHONE,
        PASSWORD,
        HOME,
    )
    await work()
    if fate == "retried":
        assert str(A) in queue(clean)
        phone.down = False
        await again()
    [codigo] = sent or [codigo for _, codigo in phone.codes]
    kept = queue(clean)
    assert "enviar_codigo" in kept
    for secret in (codigo, NEW_PHONE, NEW_PHONE[1:]):
        assert secret not in kept
        assert secret not in caplog.text


async def test_a_request_that_is_over_sends_nothing(
    services: Services, jobs: App, phone: FakeMensajero, work: Work
) -> None:
    """A job that comes too late, or after the taxpayer's codes were cancelled, is done with."""
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    services.reloj.now = HOY + timedelta(minutes=10)  # type: ignore[attr-defined]
    await work()
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await services.codigos.anular(A)
    await work()
    found = await jobs.job_manager.list_jobs_async(task="enviar_codigo")
    assert [job.status for job in found] == ["succeeded"] * 2
    assert phone.codes == []


async def test_a_job_that_runs_twice_does_no_harm(
    services: Services, jobs: App, phone: FakeMensajero, work: Work
) -> None:
    """After a crash a code may come twice: the second is the good one."""
    asked = await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    [job] = await jobs.job_manager.list_jobs_async(task="enviar_codigo")
    await work()
    await jobs.configure_task("enviar_codigo").defer_async(**job.task_kwargs)
    await work()
    (_, first), (_, second) = phone.codes
    for codigo in {first} - {second}:
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, (Proposito.LOGIN,), codigo, asked.token, HOME)
    await services.codigos.confirmar(A, (Proposito.LOGIN,), second, asked.token, HOME)


async def test_a_notice_is_tried_until_it_arrives(
    services: Services, jobs: App, phone: FakeMensajero, work: Work, again: Work
) -> None:
    """A change of password is told, once, even if the phone was out of reach for long."""
    phone.down = True
    await change_password(services)
    await work()
    for tries in range(2, ATTEMPTS):
        await again()
        assert await only(jobs, "enviar_aviso") == ("todo", tries)
    phone.down = False
    await again()
    assert await only(jobs, "enviar_aviso") == ("succeeded", ATTEMPTS)
    [(telefono, texto)] = phone.notices
    assert telefono == PHONES[A]
    assert "contraseña" in texto


async def test_notices_are_limited(services: Services, phone: FakeMensajero, work: Work) -> None:
    """A phone gets three of a kind a day, whoever causes them."""
    for _ in range(5):
        await services.jobs.configure_task("enviar_aviso").defer_async(
            rut=str(A), plantilla="registro_repetido", telefono=""
        )
        await work()
    assert len(phone.notices) == 3


async def test_a_notice_that_nobody_wrote_fails_once(services: Services, jobs: App, work: Work) -> None:
    """A template without a text is a fault of ours, and no reason to try again."""
    await jobs.configure_task("enviar_aviso").defer_async(rut=str(A), plantilla="inventada", telefono="")
    await work()
    assert await only(jobs, "enviar_aviso") == ("failed", 1)


@pytest.mark.parametrize("status", ["failed", "cancelled", "aborted", "todo"])
async def test_jobs_that_ended_go(clean: Urls, jobs: App, work: Work, status: str) -> None:
    """With their arguments, after a week; what still waits to be done stays."""
    expected = {"old", "young"} if status == "todo" else {"young"}
    with psycopg.connect(clean.owner) as owner:
        owner.execute("SET search_path = procrastinate")
        for name, days in (("old", ENDED_DAYS + 1), ("young", ENDED_DAYS - 1)):
            owner.execute(
                "WITH job AS (INSERT INTO procrastinate_jobs (task_name, queue_name, status, scheduled_at)"
                " VALUES (%s, 'otra', %s, now() + interval '1 year') RETURNING id)"
                " INSERT INTO procrastinate_events (job_id, type, at)"
                " SELECT id, %s, now() - %s * interval '1 day' FROM job",
                (name, status, "deferred" if status == "todo" else status, days),
            )
    await jobs.configure_task("purgar").defer_async(timestamp=0)
    await work()
    found = await jobs.job_manager.list_jobs_async(queue="otra")
    assert {job.task_name for job in found} == expected


async def test_the_nightly_purge(services: Services, clean: Urls, jobs: App, work: Work) -> None:
    """Old messages, sessions and counters go, young ones stay, and what went is noted; twice does no harm."""
    for rut, years in ((A, 3), (B, 0)):
        await services.acceso.login(rut, PASSWORD, HOME)
        with psycopg.connect(clean.owner) as owner:
            owner.execute(
                "INSERT INTO messages (rut, conversacion, direccion, texto, estado, creado)"
                " VALUES (%s, %s, 'entrada', 'hola', 'respondido', now() - %s * interval '1 year')",
                (str(rut), str(rut), years),
            )
            owner.execute(
                "UPDATE sessions SET expira = expira - %s * interval '1 year' WHERE rut = %s",
                (years, str(rut)),
            )
            owner.execute(
                "INSERT INTO limites VALUES (%s, 1, now() + interval '1 day' - %s * interval '1 year')",
                (str(rut), years),
            )
    for _ in range(2):
        await jobs.configure_task("purgar").defer_async(timestamp=0)
        await work()
        with psycopg.connect(clean.owner) as owner:
            assert owner.execute("SELECT rut FROM messages").fetchall() == [(str(B),)]
            assert owner.execute("SELECT rut FROM sessions").fetchall() == [(str(B),)]
            counters = owner.execute("SELECT clave FROM limites").fetchall()
            assert (str(B),) in counters
            assert (str(A),) not in counters
    with psycopg.connect(clean.owner) as owner:
        noted = owner.execute("SELECT rut, actor, datos -> 'filas' FROM logs WHERE evento = 'datos.purgados'")
        (rut, actor, first), (_, _, second) = noted.fetchall()
    assert (rut, actor) == (None, "trabajador")
    assert (first["messages"], first["sessions"]) == (1, 1)
    assert set(second.values()) == {0}
    assert (await services.acceso.contribuyente(Quien(A))).rut == A


async def test_what_a_killed_worker_had_begun(jobs: App, again: Work) -> None:
    """It is queued again under its old number, and what was taken up already is passed over."""
    number = await jobs.configure_task("atender", lock="x").defer_async(entrada=1)
    await jobs.job_manager.fetch_job(queues=None, worker_id=await jobs.job_manager.register_worker())
    [begun] = await jobs.job_manager.list_jobs_async(status="doing")
    assert begun.id == number
    await take_up(jobs, [begun, begun, begun.evolve(id=number + 1000)])
    [left] = await jobs.job_manager.list_jobs_async(task="atender")
    assert (left.id, left.status, left.attempts) == (number, "todo", 1)
    await again()
    assert (await only(jobs, "atender"))[0] == "succeeded"
