"""How many codes there are to guess, and who can spend them."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.bootstrap import Services
from bot.core.errors import CodeInvalidError, TooManyRequestsError
from bot.services.limites import REGLAS, TRIES_PER_CODE
from bot.services.ports_acceso import Cliente, Proposito
from tests.conftest import HOY, PASSWORD, PHONES, A, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import ELSEWHERE, HOME, stranger
from tests.services.test_codigos import wrong

SEGUNDO = (Proposito.SEGUNDO,)
ALONE = (Proposito.LOGIN, Proposito.PASSWORD, Proposito.CANAL)


async def codes_of(services: Services, phone: FakeMensajero, work: Work, cliente: Cliente) -> None:
    """Ask for codes of all kinds that need nothing else, whatever is told."""
    for proposito in ALONE:
        with suppress(TooManyRequestsError):
            await services.codigos.pedir(A, proposito, cliente)
    await work()


async def test_a_brute_force_gets_few_codes_to_try(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """However many addresses ask, guessing succeeds with less than 1 in 10,000 a day.

    A day may touch two windows of the counters; strangers and known addresses have budgets of their own.
    """
    known = [stranger(1000 + number) for number in range(6)]
    for cliente in known:
        await services.acceso.login(A, PASSWORD, cliente)
    for cliente in (*map(stranger, range(8)), *known):
        await codes_of(services, phone, work, cliente)
    async with services.database.scope(A) as connection:
        counted = await connection.exec_driver_sql(
            "SELECT proposito, (datos ->> 'conocido')::boolean, count(*)::int FROM otp GROUP BY 1, 2"
        )
        codes = {(Proposito(row[0]), row[1]): row[2] for row in counted}
    assert codes == {(proposito, known): 4 for proposito in ALONE for known in (True, False)}
    assert Counter(len(codigo) for _, codigo in phone.codes) == {6: 8, 8: 16}
    wrong_tries = await fail_second_steps(services, phone, work)
    # A code to log in that a stranger asked for opens nothing; no channel has an address that is known.
    six = codes[Proposito.LOGIN, True]
    eight = codes[Proposito.PASSWORD, True] + codes[Proposito.PASSWORD, False] + codes[Proposito.CANAL, False]
    probability = 2 * TRIES_PER_CODE * (six / 10**6 + eight / 10**8) + wrong_tries / 10**6
    print(f"for one RUT and day at most {probability:.6f}")
    assert round(probability * 10**6, 1) == 51.2
    assert probability < 1 / 10_000
    hourly = 2 * int(REGLAS["codigo_todos"].split("/")[0])  # new passwords, and chats to link
    a_day = 25 * hourly * TRIES_PER_CODE / 10**8
    print(f"over all RUTs at most {a_day:.6f}")
    assert a_day < 1 / 1_000


async def fail_second_steps(services: Services, phone: FakeMensajero, work: Work) -> int:
    """Know the password and guess codes; how many wrong ones counted, until none is right."""
    for number in range(2000, 2004):
        solicitud = (await services.codigos.pedir_segundo(A, stranger(number), acertada=True)).token
        await work()
        codigo = phone.codes[-1][1]
        for _ in range(4):
            with pytest.raises(CodeInvalidError):
                await services.codigos.confirmar(A, SEGUNDO, wrong(codigo), solicitud, stranger(number))
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, SEGUNDO, codigo, solicitud, stranger(number))
    async with services.database.scope(A) as connection:
        tried = "SELECT sum(intentos)::int FROM otp WHERE proposito = 'segundo'"
        counted: int = (await connection.exec_driver_sql(tried)).scalar_one()
    services.reloj.now = HOY + timedelta(days=1, seconds=1)  # type: ignore[attr-defined]
    solicitud = (await services.codigos.pedir_segundo(A, ELSEWHERE, acertada=True)).token
    await work()
    await services.codigos.confirmar(A, SEGUNDO, phone.codes[-1][1], solicitud, ELSEWHERE)
    return counted


@pytest.mark.parametrize(
    ("proposito", "cliente", "probado"),
    [
        (Proposito.LOGIN, HOME, False),
        (Proposito.PASSWORD, HOME, False),
        (Proposito.SEGUNDO, ELSEWHERE, True),
        (Proposito.TELEFONO, ELSEWHERE, True),
    ],
)
async def test_strangers_cannot_use_up_the_owners_codes(
    services: Services,
    phone: FakeMensajero,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    proposito: Proposito,
    cliente: Cliente,
    probado: bool,
) -> None:
    """With everything spent that strangers can spend, the owner still gets a code and can use it."""
    await services.acceso.login(A, PASSWORD, HOME)
    spend(services, monkeypatch, *OF_STRANGERS)
    with pytest.raises(TooManyRequestsError):
        await services.codigos.pedir(A, proposito, stranger(1))
    datos = {"telefono": PHONES[A]}
    solicitud = (await services.codigos.pedir(A, proposito, cliente, datos, probado=probado)).token
    await work()
    [(telefono, codigo)] = phone.codes
    assert telefono == PHONES[A]
    await services.codigos.confirmar(A, (proposito,), codigo, solicitud, cliente)


OF_STRANGERS = (
    "login_rut",
    "codigo_desconocido",
    "codigo_telefono",
    "codigo_telefono_nuevo",
    "codigo_todos",
)


def spend(services: Services, monkeypatch: pytest.MonkeyPatch, *reglas: str) -> None:
    """Whatever these rules allow has been done already."""
    hit = services.limites.hit

    async def spent(regla: str, *partes: str) -> int:
        return 60 if regla in reglas else await hit(regla, *partes)

    monkeypatch.setattr(services.limites, "hit", spent)


async def test_what_is_spent_by_strangers(
    services: Services, phone: FakeMensajero, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the owner at home nor who has shown the password is counted with them."""
    await services.acceso.login(A, PASSWORD, HOME)
    counted: dict[str, set[str]] = {}
    for who, cliente, probado in (
        ("owner", HOME, False),
        ("owner", ELSEWHERE, True),
        ("stranger", ELSEWHERE, False),
    ):
        spent = note(services, monkeypatch)
        await services.codigos.pedir(A, Proposito.PASSWORD, cliente, probado=probado)
        counted.setdefault(who, set()).update(spent)
    assert counted["owner"] & counted["stranger"] == {"codigo_ip", "codigo_rut_ip"}
    assert not counted["owner"] & set(OF_STRANGERS)


def note(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rules that are counted from now on."""
    rules: list[str] = []
    hit = services.limites.hit

    async def noted(regla: str, *partes: str) -> int:
        rules.append(regla)
        return await hit(regla, *partes)

    monkeypatch.setattr(services.limites, "hit", noted)
    return rules
