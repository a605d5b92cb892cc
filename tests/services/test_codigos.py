"""One-time codes: one use, one purpose, one requester, ten minutes, five tries."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.bootstrap import Services
from bot.core.errors import CodeInvalidError, ServiceUnavailableError
from bot.crypto.codigos import OneTimeCodes
from bot.services.limites import TRIES_PER_CODE
from bot.services.ports_acceso import Proposito
from tests.conftest import HOY, PHONES, A, B, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import ELSEWHERE, HOME, stranger

LOGIN = (Proposito.LOGIN,)


def wrong(codigo: str) -> str:
    """Another code."""
    return f"{(int(codigo) + 1) % 1_000_000:06}"


async def asked(
    services: Services, phone: FakeMensajero, work: Work, proposito: Proposito = Proposito.LOGIN
) -> tuple[str, str]:
    """Ask for a code for A from home; the request's handle and the code."""
    solicitud = await services.codigos.pedir(A, proposito, HOME)
    await work()
    return solicitud.token, phone.codes[-1][1]


async def test_a_code_works_once(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Six digits go to the registered phone; a second use fails."""
    solicitud, codigo = await asked(services, phone, work)
    assert phone.codes == [(PHONES[A], codigo)]
    assert len(codigo) == 6
    assert codigo.isdigit()
    await services.codigos.confirmar(A, LOGIN, codigo, solicitud, ELSEWHERE)
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, LOGIN, codigo, solicitud, HOME)


async def test_a_code_is_for_whoever_asked(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Without the request's handle only the address that asked can use it."""
    solicitud, codigo = await asked(services, phone, work)
    for handle, cliente in ((None, ELSEWHERE), ("otra", HOME), ("otra", ELSEWHERE)):
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, LOGIN, codigo, handle, cliente)
    await services.codigos.confirmar(A, LOGIN, codigo, None, HOME)
    assert solicitud


async def test_a_code_is_for_one_purpose(services: Services, phone: FakeMensajero, work: Work) -> None:
    """A code to reset a password neither logs in nor changes a phone, and the other way round."""
    for proposito in (Proposito.LOGIN, Proposito.PASSWORD):
        solicitud, codigo = await asked(services, phone, work, proposito)
        others = [one for one in Proposito if one is not proposito]
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, others, codigo, solicitud, HOME)
        await services.codigos.confirmar(A, (proposito,), codigo, solicitud, HOME)


async def test_a_code_is_for_one_rut(services: Services, phone: FakeMensajero, work: Work) -> None:
    """A's code does nothing for B, even when both were asked for from one place."""
    mine, codigo = await asked(services, phone, work)
    theirs = (await services.codigos.pedir(B, Proposito.LOGIN, HOME)).token
    await work()
    for handle in (mine, theirs, None):
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(B, LOGIN, codigo, handle, HOME)


async def test_a_code_expires(services: Services, phone: FakeMensajero, work: Work) -> None:
    """After ten minutes it is worth nothing."""
    solicitud, codigo = await asked(services, phone, work)
    services.reloj.now = HOY + timedelta(minutes=10)  # type: ignore[attr-defined]
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, LOGIN, codigo, solicitud, HOME)


async def test_five_tries(services: Services, phone: FakeMensajero, work: Work) -> None:
    """The fifth try may be right, the sixth comes too late."""
    solicitud, codigo = await asked(services, phone, work)
    for _ in range(4):
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, LOGIN, wrong(codigo), solicitud, HOME)
    await services.codigos.confirmar(A, LOGIN, codigo, solicitud, HOME)
    solicitud, codigo = await asked(services, phone, work)
    for _ in range(5):
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, LOGIN, wrong(codigo), solicitud, HOME)
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, LOGIN, codigo, solicitud, HOME)


async def test_parallel_tries_are_counted(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Fifty tries at once are five: the right one is among them with the chance of five."""
    solicitud, codigo = await asked(services, phone, work)
    tries = [f"{(int(codigo) + 1 + number) % 1_000_000:06}" for number in range(50)]
    await asyncio.gather(
        *(
            services.codigos.confirmar(A, LOGIN, one, solicitud, stranger(number))
            for number, one in enumerate(tries)
        ),
        return_exceptions=True,
    )
    async with services.database.scope(A) as connection:
        counted = (await connection.exec_driver_sql("SELECT intentos FROM otp")).scalar_one()
    assert counted == TRIES_PER_CODE
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, LOGIN, codigo, solicitud, HOME)


async def test_nothing_is_sent_to_nobody(services: Services, phone: FakeMensajero, work: Work) -> None:
    """An unknown RUT gets the same answer, and no message goes out."""
    async with services.database.scope(A) as connection:
        await connection.exec_driver_sql("DELETE FROM contributors")
    solicitud = await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    assert len(solicitud.token) == 32
    assert phone.codes == []
    for codigo in ("", "000000", "123456"):
        with pytest.raises(CodeInvalidError):
            await services.codigos.confirmar(A, LOGIN, codigo, solicitud.token, HOME)


async def test_a_phone_out_of_reach_gets_another_code(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """The job is tried again, with another code; nothing that the queue or the database holds is a code."""
    phone.down = True
    solicitud = await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    phone.down = False
    [job] = await services.jobs.job_manager.list_jobs_async(status="todo")
    assert set(job.task_kwargs) == {"rut", "otp_id"}
    await services.codigos.enviar(A, job.task_kwargs["otp_id"])
    [(_, codigo)] = phone.codes
    async with services.database.scope(A) as connection:
        stored = (await connection.exec_driver_sql("SELECT otp::text FROM otp")).scalar_one()
        noted = (await connection.exec_driver_sql("SELECT string_agg(logs::text, '') FROM logs")).scalar_one()
    assert codigo not in stored + noted
    await services.codigos.confirmar(A, LOGIN, codigo, solicitud.token, HOME)


async def test_limits_fail_closed(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """If tries cannot be counted, no code is asked for and none is tried."""

    async def broken(regla: str, *partes: str) -> int:
        raise ServiceUnavailableError()

    monkeypatch.setattr(services.limites, "hit", broken)
    with pytest.raises(ServiceUnavailableError):
        await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    with pytest.raises(ServiceUnavailableError):
        await services.codigos.confirmar(A, LOGIN, "123456", None, HOME)


def test_codes_are_evenly_spread() -> None:
    """Every digit comes up about as often as any other, at every place."""
    codes = [OneTimeCodes().new(8) for _ in range(5_000)]
    for place in range(8):
        counted = Counter(code[place] for code in codes)
        assert len(counted) == 10
        assert all(350 < count < 650 for count in counted.values())
