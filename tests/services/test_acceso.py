"""Passwords, second factor and sessions."""

from datetime import timedelta

import pytest

from bot.bootstrap import Services
from bot.core.errors import (
    AccountBlockedError,
    BotError,
    CodeInvalidError,
    CredentialsError,
    NotAuthenticatedError,
    NotFoundError,
    SecondFactorError,
    TooManyRequestsError,
)
from bot.services.ports import Quien
from bot.services.ports_acceso import Cliente
from tests.conftest import HOY, PASSWORD, PHONES, A, B, Work
from tests.fakes import FakeMensajero

HOME, ELSEWHERE = Cliente("203.0.113.7", "Chrome"), Cliente("198.51.100.9")


def stranger(number: int) -> Cliente:
    """One of many addresses."""
    return Cliente(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")


async def besiege(services: Services, times: int = 25) -> list[type[BotError]]:
    """Strangers try passwords of A, each from another address; what each was told."""
    told: list[type[BotError]] = []
    for number in range(times):
        with pytest.raises(BotError) as refused:
            await services.acceso.login(A, f"intento {number}", stranger(number))
        told.append(refused.type)
    return told


async def test_a_new_password_ends_all_sessions(services: Services) -> None:
    """Who had come in with the old one is out; the same password again changes nothing."""
    token = (await services.acceso.login(A, PASSWORD, HOME)).token
    await services.cuentas.agregar(A, "Comercial Alerce SpA", PASSWORD)
    assert (await services.acceso.quien(token)).rut == A
    await services.cuentas.agregar(A, "Comercial Alerce SpA", "otra clave")
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(token)
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, PASSWORD, HOME)
    await services.acceso.login(A, "otra clave", HOME)


async def test_tokens_are_stored_hashed_and_never_repeat(services: Services) -> None:
    """Two logins give two tokens of 256 bits, and neither is in the database."""
    tokens = {(await services.acceso.login(A, PASSWORD, HOME)).token for _ in range(2)}
    assert len(tokens) == 2
    assert all(len(token) >= 43 for token in tokens)
    async with services.database.scope(A) as connection:
        stored = (
            await connection.exec_driver_sql("SELECT string_agg(sessions::text, '') FROM sessions")
        ).scalar_one()
    assert not any(token in stored for token in tokens)


async def test_a_session_is_rotated_at_login(services: Services) -> None:
    """The token that came with a login is worth nothing afterwards."""
    old = (await services.acceso.login(A, PASSWORD, HOME)).token
    new = (await services.acceso.login(A, PASSWORD, HOME, anterior=old)).token
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(old)
    assert (await services.acceso.quien(new)).rut == A


async def test_an_idle_session_ends(services: Services) -> None:
    """Two hours without use end a session; use keeps it for a day and no longer."""
    reloj = services.reloj
    idle = (await services.acceso.login(A, PASSWORD, HOME)).token
    used = (await services.acceso.login(A, PASSWORD, HOME)).token
    for minutes in range(0, 24 * 60, 90):
        reloj.now = HOY + timedelta(minutes=minutes)  # type: ignore[attr-defined]
        await services.acceso.quien(used)
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(idle)
    reloj.now = HOY + timedelta(hours=24)  # type: ignore[attr-defined]
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(used)


async def test_sessions_are_listed_and_ended_by_their_owner(services: Services) -> None:
    """A sees and ends A's; B's number is as unknown as any other."""
    mine = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    other = (await services.acceso.login(A, PASSWORD, ELSEWHERE)).token
    theirs = await services.acceso.quien((await services.acceso.login(B, PASSWORD, HOME)).token)
    listed = await services.acceso.sesiones(mine)
    assert {sesion.dispositivo for sesion in listed} == {"Chrome", ""}
    assert mine.sesion in {sesion.id for sesion in listed}
    for unknown in (theirs.sesion, 999_999):
        with pytest.raises(NotFoundError):
            await services.acceso.cerrar_sesion(mine, unknown or 0)
    [ended] = [sesion.id for sesion in listed if sesion.id != mine.sesion]
    await services.acceso.cerrar_sesion(mine, ended)
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(other)
    assert [sesion.id for sesion in await services.acceso.sesiones(mine)] == [mine.sesion]
    assert await services.acceso.sesiones(Quien(B)) != []


async def test_an_address_whose_session_was_ended_is_unknown(services: Services) -> None:
    """Whoever ends a session from a list trusts its place no more, unless they are there themselves."""
    mine = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    for place in (HOME, ELSEWHERE, ELSEWHERE):
        await services.acceso.login(A, PASSWORD, place)
    others = [sesion.id for sesion in await services.acceso.sesiones(mine) if sesion.id != mine.sesion]
    for sesion in others:
        await services.acceso.cerrar_sesion(mine, sesion)
    await besiege(services)
    await services.acceso.login(A, PASSWORD, HOME)
    with pytest.raises(SecondFactorError):
        await services.acceso.login(A, PASSWORD, ELSEWHERE)


async def test_one_address_cannot_go_on_guessing(services: Services) -> None:
    """After ten wrong passwords from one address for one RUT it has to wait."""
    for _ in range(10):
        with pytest.raises(CredentialsError):
            await services.acceso.login(A, "otra", ELSEWHERE)
    with pytest.raises(TooManyRequestsError) as refused:
        await services.acceso.login(A, PASSWORD, ELSEWHERE)
    assert 0 < refused.value.params["espera"] <= 15 * 60
    await services.acceso.login(A, PASSWORD, HOME)


async def test_many_addresses_learn_nothing(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Under attack a right password from an unknown address gets the same answer as a wrong one."""
    assert set((await besiege(services))[20:]) == {SecondFactorError}
    with pytest.raises(SecondFactorError) as wrong:
        await services.acceso.login(A, "otra", stranger(1000))
    with pytest.raises(CodeInvalidError):
        await services.acceso.login(A, "otra", stranger(1001), codigo="000000", solicitud="x")
    await work()
    assert phone.codes == []
    with pytest.raises(SecondFactorError) as right:
        await services.acceso.login(A, PASSWORD, stranger(1002))
    assert len(wrong.value.params["solicitud"]) == len(right.value.params["solicitud"])


@pytest.mark.parametrize("codigo", [None, "000000"])
@pytest.mark.parametrize(
    "regla", ["codigo_ip", "codigo_rut_ip", "codigo_probado", "verificar_ip", "login_ip", "nothing"]
)
async def test_limits_tell_no_password(
    services: Services, monkeypatch: pytest.MonkeyPatch, regla: str, codigo: str | None
) -> None:
    """Under attack, whichever limit is reached, a right password and a wrong one are told the same."""
    await besiege(services)
    hit = services.limites.hit

    async def spent(asked: str, *partes: str) -> int:
        return 60 if asked == regla else await hit(asked, *partes)

    monkeypatch.setattr(services.limites, "hit", spent)
    told = []
    for number, password in enumerate((PASSWORD, "otra")):
        with pytest.raises(BotError) as refused:
            await services.acceso.login(A, password, stranger(2000 + number), codigo=codigo, solicitud="x")
        told.append((refused.type, set(refused.value.params)))
    assert told[0] == told[1]


async def test_a_second_factor_all_day(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Whoever is asked for a code comes in as often as they like, now and then with a mistyped code."""
    quien = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    await services.cuentas.segundo_factor(quien, PASSWORD, activo=True)
    for number in range(12):
        place = stranger(number)
        with pytest.raises(SecondFactorError) as asked:
            await services.acceso.login(A, PASSWORD, place)
        await work()
        codigo, solicitud = phone.codes[-1][1], asked.value.params["solicitud"]
        if number % 2:
            with pytest.raises(CodeInvalidError):
                await services.acceso.login(
                    A, PASSWORD, place, codigo=f"{(int(codigo) + 1) % 10**6:06}", solicitud=solicitud
                )
        await services.acceso.login(A, PASSWORD, place, codigo=codigo, solicitud=solicitud)
    assert len(phone.codes) == 12


async def test_the_owner_is_not_locked_out(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Under attack the owner comes in as ever from home, and with a code from anywhere."""
    await services.acceso.login(A, PASSWORD, HOME)
    await besiege(services)
    await services.acceso.login(A, PASSWORD, HOME)
    with pytest.raises(SecondFactorError) as asked:
        await services.acceso.login(A, PASSWORD, ELSEWHERE)
    await work()
    [(telefono, codigo)] = phone.codes
    assert telefono == PHONES[A]
    solicitud = asked.value.params["solicitud"]
    opened = await services.acceso.login(A, PASSWORD, ELSEWHERE, codigo=codigo, solicitud=solicitud)
    assert (await services.acceso.quien(opened.token)).rut == A


async def test_an_unknown_rut_is_besieged_alike(services: Services) -> None:
    """What is told does not depend on whether there is such a taxpayer."""
    known = await besiege(services, 22)
    async with services.database.scope(A) as connection:
        await connection.exec_driver_sql("DELETE FROM contributors")
        await connection.exec_driver_sql("DELETE FROM limites")
    assert await besiege(services, 22) == known


async def test_a_second_factor_is_asked_for(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Whoever wants it is asked for a code at each login; the code alone opens nothing."""
    quien = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    await services.cuentas.segundo_factor(quien, PASSWORD, activo=True)
    with pytest.raises(SecondFactorError) as asked:
        await services.acceso.login(A, PASSWORD, HOME)
    await work()
    [(_, codigo)] = phone.codes
    solicitud = asked.value.params["solicitud"]
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, "otra", HOME, codigo=codigo, solicitud=solicitud)
    await services.acceso.login(A, PASSWORD, HOME, codigo=codigo, solicitud=solicitud)
    with pytest.raises(CodeInvalidError):
        await services.acceso.login(A, PASSWORD, HOME, codigo=codigo, solicitud=solicitud)
    sent = await services.cuentas.pedir_codigo(A, None, None, HOME)
    await work()
    assert await services.cuentas.verificar(A, phone.codes[-1][1], sent.token, HOME) is None


async def test_a_blocked_account_stays_out(services: Services) -> None:
    """Blocking ends what is open; only who knows the password is told why."""
    token = (await services.acceso.login(A, PASSWORD, HOME)).token
    async with services.database.scope(A) as connection:
        await connection.exec_driver_sql("UPDATE contributors SET bloqueado = now()")
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(token)
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, "otra", HOME)
    with pytest.raises(AccountBlockedError):
        await services.acceso.login(A, PASSWORD, HOME)


async def test_a_password_that_changes_meanwhile(services: Services) -> None:
    """Who proved the old one while it was being changed gets no session that outlives it."""
    hasher = services.acceso._hasher
    verify = hasher.verify

    async def slow(password: str, hashed: str | None, *, conocido: bool = False) -> bool:
        right = await verify(password, hashed, conocido=conocido)
        await services.cuentas._put_password(A, "hash:otra")
        return right

    hasher.verify = slow  # type: ignore[method-assign]
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, PASSWORD, HOME)
    assert await services.acceso.sesiones(Quien(A)) == []
