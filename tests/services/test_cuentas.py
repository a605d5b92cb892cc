"""Registration, password, phone."""

from contextlib import suppress

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import (
    CodeInvalidError,
    CredentialsError,
    NotAuthenticatedError,
    PasswordCommonError,
    PasswordWrongError,
    PhoneMissingError,
    TooManyRequestsError,
)
from bot.core.rut import Rut
from bot.services.limites import REGLAS
from bot.services.ports import Quien
from bot.services.ports_acceso import Cliente, Proposito
from bot.services.ports_canales import Remitente
from bot.storage.embedded import Urls
from tests.conftest import PASSWORD, PHONES, A, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import ELSEWHERE, HOME, stranger

NEW = Rut.parse("11.111.111-1")
PHONE = "+56933333333"


async def register(services: Services, rut: Rut = NEW, cliente: Cliente = HOME, phone: str = PHONE) -> str:
    """Ask to be registered; the request's handle."""
    asked = await services.cuentas.registrar(rut, phone, "tres palabras juntas", "Ana Soto", cliente, "api")
    return asked.token


async def test_register_verify_login(services: Services, phone: FakeMensajero, work: Work) -> None:
    """The seed's flow; before the code comes back there is no account."""
    solicitud = await register(services)
    with pytest.raises(CredentialsError):
        await services.acceso.login(NEW, "tres palabras juntas", HOME)
    await work()
    [(telefono, codigo)] = phone.codes
    assert telefono == PHONE
    assert await services.cuentas.verificar(NEW, codigo, solicitud, HOME) is None
    opened = await services.acceso.login(NEW, "tres palabras juntas", HOME)
    quien = await services.acceso.quien(opened.token)
    [consent] = await services.cuentas.consentimientos(quien)
    assert (consent.materia, consent.canal, consent.revocado) == ("registro", "api", None)


async def test_what_waits_for_its_code_is_encrypted(services: Services) -> None:
    """Neither name nor phone nor the password's hash of an open registration can be read."""
    await register(services)
    async with services.database.scope(NEW) as connection:
        stored = (await connection.exec_driver_sql("SELECT otp::text FROM otp")).scalar_one()
        queued = (
            await connection.exec_driver_sql(
                "SELECT string_agg(procrastinate_jobs::text, '') FROM procrastinate_jobs"
            )
        ).scalar_one()
    for secret in ("Ana Soto", "33333333", "hash:"):
        assert secret not in stored + queued


async def test_an_existing_account_cannot_be_taken(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """Registering a known RUT changes nothing and tells its owner; the stranger gets no code."""
    solicitud = await register(services, A, ELSEWHERE)
    await work()
    assert phone.codes == []
    [(telefono, texto)] = phone.notices
    assert telefono == PHONES[A]
    assert "quiso registrar tu RUT" in texto
    with pytest.raises(CodeInvalidError):
        await services.cuentas.verificar(A, "000000", solicitud, ELSEWHERE)
    await services.acceso.login(A, PASSWORD, HOME)


async def test_the_first_to_prove_the_phone_wins(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """Two open registrations of one RUT do not mix; the second to confirm is refused."""
    mine = await register(services)
    theirs = await register(services, cliente=ELSEWHERE, phone="+56944444444")
    await work()
    codes = dict(phone.codes)
    with pytest.raises(CodeInvalidError):
        await services.cuentas.verificar(NEW, codes[PHONE], theirs, ELSEWHERE)
    await services.cuentas.verificar(NEW, codes[PHONE], mine, HOME)
    with pytest.raises(CodeInvalidError):
        await services.cuentas.verificar(NEW, codes["+56944444444"], theirs, ELSEWHERE)


async def test_a_registration_code_can_be_asked_for_again(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """`send-otp` after `register` sends another code to the same phone, and the last one counts."""
    solicitud = await register(services)
    again = await services.cuentas.pedir_codigo(NEW, None, solicitud, HOME)
    await work()
    (_, first), (telefono, second) = phone.codes
    assert telefono == PHONE
    with pytest.raises(CodeInvalidError):
        await services.cuentas.verificar(NEW, first, again.token, HOME)
    await services.cuentas.verificar(NEW, second, again.token, HOME)
    await services.acceso.login(NEW, "tres palabras juntas", HOME)


@pytest.mark.parametrize(("cliente", "opens"), [(HOME, True), (ELSEWHERE, False)])
async def test_login_with_a_code_alone(
    services: Services, phone: FakeMensajero, work: Work, cliente: Cliente, opens: bool
) -> None:
    """A code opens a session if it was asked for from where the taxpayer has come in before."""
    await services.acceso.login(A, PASSWORD, HOME)
    asked = await services.cuentas.pedir_codigo(A, None, None, cliente)
    await work()
    opened = await services.cuentas.verificar(A, phone.codes[0][1], asked.token, HOME)
    assert bool(opened) == opens
    assert not opened or (await services.acceso.quien(opened.token)).rut == A


async def test_strangers_do_not_keep_the_owner_from_registering(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """Whatever they ask for that RUT, and with whatever phones of theirs."""
    for number in range(8):
        for proposito in (None, Proposito.PASSWORD):
            with suppress(TooManyRequestsError):
                await services.cuentas.pedir_codigo(NEW, proposito, None, stranger(number))
        await register(services, NEW, stranger(number), f"+5694444444{number}")
    await work()
    phone.codes.clear()
    solicitud = await register(services)
    await work()
    await services.cuentas.verificar(NEW, phone.codes[0][1], solicitud, HOME)
    await services.acceso.login(NEW, "tres palabras juntas", HOME)


async def test_a_phone_is_not_flooded(services: Services, phone: FakeMensajero, work: Work) -> None:
    """Of a stranger's phone number so many codes, however many RUTs and addresses ask."""
    most = int(REGLAS["codigo_telefono_nuevo"].split("/")[0])
    for number in range(most):
        await register(services, Rut(11_000_000 + number), stranger(number))
    with pytest.raises(TooManyRequestsError):
        await register(services, Rut(12_000_000), stranger(most))
    await work()
    assert len(phone.codes) == most


@pytest.mark.parametrize("guessable", ["Comercial Alerce SpA", PHONES[A], "76.192.083-9"])
async def test_a_guessable_password_uses_up_no_code(
    services: Services, phone: FakeMensajero, work: Work, guessable: str
) -> None:
    """Only who has the right code is told, and can try another password with it."""
    asked = await services.cuentas.pedir_codigo(A, Proposito.PASSWORD, None, HOME)
    await work()
    codigo = phone.codes[0][1]
    wrong = f"{(int(codigo) + 1) % 10**8:08}"
    for tried, error in ((wrong, CodeInvalidError), (codigo, PasswordCommonError)):
        with pytest.raises(error):
            await services.cuentas.recuperar_password(A, tried, asked.token, guessable, HOME)
    await services.cuentas.recuperar_password(A, codigo, asked.token, "una nueva distinta", HOME)
    await services.acceso.login(A, "una nueva distinta", HOME)


@pytest.mark.parametrize(
    "password",
    ["12345678", "Password", "QWERTYUIOP", "11.111.111-1", "111111111", "ana soto", "aaaaaaaaaa", "tributa"],
)
async def test_passwords_that_are_guessed_first_are_refused(services: Services, password: str) -> None:
    """From the package's list, or the taxpayer's own RUT, phone and name."""
    with pytest.raises(PasswordCommonError):
        await services.cuentas.registrar(NEW, PHONE, password, "Ana Soto", HOME, "api")


async def test_changing_the_password_ends_the_other_sessions(
    services: Services, phone: FakeMensajero, work: Work
) -> None:
    """The one that changes it goes on; the owner is told."""
    mine = (await services.acceso.login(A, PASSWORD, HOME)).token
    other = (await services.acceso.login(A, PASSWORD, ELSEWHERE)).token
    quien = await services.acceso.quien(mine)
    with pytest.raises(PasswordWrongError):
        await services.cuentas.cambiar_password(quien, "otra", "una nueva distinta")
    await services.cuentas.cambiar_password(quien, PASSWORD, "una nueva distinta")
    assert (await services.acceso.quien(mine)).rut == A
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(other)
    await services.acceso.login(A, "una nueva distinta", HOME)
    await work()
    assert "contraseña de tu cuenta" in phone.notices[0][1]


async def test_resetting_the_password_by_code(services: Services, phone: FakeMensajero, work: Work) -> None:
    """All sessions end; a code to log in with is not enough."""
    token = (await services.acceso.login(A, PASSWORD, HOME)).token
    login = await services.cuentas.pedir_codigo(A, None, None, HOME)
    await work()
    with pytest.raises(CodeInvalidError):
        await services.cuentas.recuperar_password(
            A, phone.codes[0][1], login.token, "una nueva distinta", HOME
        )
    asked = await services.cuentas.pedir_codigo(A, Proposito.PASSWORD, None, HOME)
    await work()
    await services.cuentas.recuperar_password(A, phone.codes[1][1], asked.token, "una nueva distinta", HOME)
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(token)
    with pytest.raises(CredentialsError):
        await services.acceso.login(A, PASSWORD, HOME)


async def test_changing_the_phone(services: Services, phone: FakeMensajero, work: Work) -> None:
    """The code goes to the new phone, the news to the old one, and other sessions end."""
    quien = await services.acceso.quien((await services.acceso.login(A, PASSWORD, HOME)).token)
    other = (await services.acceso.login(A, PASSWORD, ELSEWHERE)).token
    with pytest.raises(PasswordWrongError):
        await services.cuentas.pedir_telefono(quien, PHONE, "otra", HOME)
    asked = await services.cuentas.pedir_telefono(quien, PHONE, PASSWORD, HOME)
    await work()
    assert phone.codes[0][0] == PHONE
    await services.cuentas.cambiar_telefono(quien, phone.codes[0][1], asked.token, HOME)
    await work()
    assert (await services.acceso.contribuyente(quien)).telefono == PHONE
    assert phone.notices[0][0] == PHONES[A]
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(other)


async def test_the_old_phones_chats_end(services: Services) -> None:
    """Whoever has the old phone is a stranger now; chats that were linked otherwise stay."""
    old, other = Remitente("whatsapp", "CL.1", PHONES[A]), Remitente("telegram", "2")
    for one in (old, other):
        await services.vinculacion._link(one, A)
    contribuyente = await services.acceso.contribuyente(Quien(A))
    await services.cuentas.poner_telefono(contribuyente, PHONE)
    assert await services.vinculacion.de(old) == []
    assert [one.rut for one in await services.vinculacion.de(other)] == [A]


async def test_a_name_can_be_rectified(services: Services) -> None:
    """The right of rectification."""
    await services.cuentas.corregir(Quien(A), "Comercial Alerce Limitada")
    assert (await services.acceso.contribuyente(Quien(A))).nombre == "Comercial Alerce Limitada"


async def test_what_an_operator_changes_is_told(
    services: Services, phone: FakeMensajero, work: Work, clean: Urls
) -> None:
    """A new password and a new phone by hand: noted as the operator's, told to the phone, sessions end."""
    token = (await services.acceso.login(A, PASSWORD, HOME)).token
    await services.cuentas.agregar(A, "Comercial Alerce SpA", PASSWORD, PHONES[A])
    await work()
    assert phone.notices == []
    assert (await services.acceso.quien(token)).rut == A
    await services.cuentas.agregar(A, "Comercial Alerce SpA", "una nueva distinta")
    await work()
    await services.cuentas.agregar(A, "Comercial Alerce SpA", "una nueva distinta", PHONE)
    await work()
    assert [telefono for telefono, _ in phone.notices] == [PHONES[A]] * 2
    assert "contraseña" in phone.notices[0][1]
    assert "teléfono" in phone.notices[1][1]
    with pytest.raises(NotAuthenticatedError):
        await services.acceso.quien(token)
    with psycopg.connect(clean.owner) as owner:
        noted = owner.execute("SELECT evento FROM logs WHERE actor = 'operador' ORDER BY id").fetchall()
    assert noted == [("cuenta.password",), ("cuenta.telefono",)]


async def test_a_second_factor_needs_a_phone(services: Services, clean: Urls) -> None:
    """Without one no code could arrive, and the owner would be locked out."""
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE contributors SET telefono = NULL")
    with pytest.raises(PhoneMissingError):
        await services.cuentas.segundo_factor(Quien(A), PASSWORD, activo=True)
    await services.cuentas.segundo_factor(Quien(A), PASSWORD, activo=False)
    await services.acceso.login(A, PASSWORD, HOME)
