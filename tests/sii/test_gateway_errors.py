"""Every line of the table of answers: what each means, and who waits because of it."""

import json
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.documentos import Libro
from bot.core.errors_sii import (
    SiiAccountError,
    SiiClaveWrongError,
    SiiError,
    SiiRefusedError,
    SiiSessionError,
    SiiUnavailableError,
    SiiWaitError,
)
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports_sii import AccesoSii, Pausa
from bot.sii.gateway_answers import Answer, read_rows
from bot.sii.gateway_wait import wait_until
from tests.sii.gateway import AHORA, CLAVE, TOKEN, Service, acceso, ok, said, sample, sobre

PERIODO = Periodo(2023, 9)
HORA, MINUTO, SEGUNDO = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MUCHAS = "Usted ha superado el máximo de sesiones autenticadas (01.01.190.500.720.27)"
MALA = "La Clave Tributaria ingresada no es correcta, verifique que su teclado no está con mayúsculas"


async def fails(service: Service, quien: AccesoSii | None = None) -> SiiError:
    """What the next call raises."""
    with pytest.raises(SiiError) as caught:
        await service.sii.resumen(quien or acceso(), Libro.VENTAS, PERIODO, None)
    return caught.value


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("answer", "error", "calls"),
    [
        (said(401, "Invalid token."), SiiAccountError, 1),
        (said(401, "Las credenciales de autenticación no se proveyeron."), SiiAccountError, 1),
        (said(401, "Unauthenticated."), SiiAccountError, 1),
        (said(401, "La clave de la API no es válida"), SiiAccountError, 1),
        (said(401, "Token inválido para el RUT 76.192.083-9"), SiiAccountError, 1),
        (said(401, "RUT o clave incorrectos"), SiiClaveWrongError, 1),
        (said(401, "Error de contraseña"), SiiClaveWrongError, 1),
        (said(401, MALA), SiiClaveWrongError, 1),
        (said(401, MALA, X_Auth_Session_Problem="1"), SiiClaveWrongError, 1),
        (said(400, "Mensaje 01.01.203.500.720.20"), SiiClaveWrongError, 1),
        (said(500, MALA), SiiClaveWrongError, 1),
        (httpx.Response(401), SiiAccountError, 1),
        (httpx.Response(401, text="<html>no</html>"), SiiAccountError, 1),
        (said(401, "x", X_Auth_Session_Problem="1"), SiiSessionError, 2),
        (said(401, "Debe volver a  AUTENTICAR la clave"), SiiSessionError, 2),
        (said(500, "Hay que volver a autenticar"), SiiSessionError, 2),
        (said(401, "x", X_Auth_Session_Problem="0"), SiiAccountError, 1),
        (said(401, MUCHAS, X_Auth_Session_Problem="1"), SiiSessionError, 1),
        (said(500, MUCHAS), SiiSessionError, 1),
        (said(423, MUCHAS), SiiSessionError, 1),
        (httpx.Response(500, text=MUCHAS), SiiSessionError, 1),
        (said(402, "Sin créditos"), SiiAccountError, 1),
        (said(403, "x"), SiiAccountError, 1),
        (said(405, "x"), SiiAccountError, 1),
        (said(406, "x"), SiiAccountError, 1),
        (said(410, "x"), SiiAccountError, 1),
        (said(409, "x"), SiiUnavailableError, 1),
        (said(423, "x"), SiiWaitError, 1),
        (said(429, "x"), SiiWaitError, 1),
        (said(400, "x"), SiiUnavailableError, 1),
        (said(404, "x"), SiiUnavailableError, 1),
        (said(500, "x"), SiiUnavailableError, 1),
        (said(503, "Error al validar la clave: respuesta inválida"), SiiUnavailableError, 1),
        (said(504, "x"), SiiUnavailableError, 1),
        (httpx.Response(204), SiiUnavailableError, 1),
        (httpx.Response(301, headers={"Location": "https://otro.example"}), SiiUnavailableError, 1),
        (httpx.ConnectError("x"), SiiUnavailableError, 1),
        (httpx.ConnectTimeout("x"), SiiUnavailableError, 1),
        (httpx.ReadTimeout("x"), SiiUnavailableError, 1),
        (httpx.RemoteProtocolError("x"), SiiUnavailableError, 1),
        (httpx.DecodingError("x"), SiiUnavailableError, 1),
    ],
    ids=str,
)
async def test_the_table(
    answer: httpx.Response | Exception, error: type[SiiError], calls: int, version: int
) -> None:
    """One answer, one error; nothing is repeated but a call whose session was lost, once."""
    service = Service(answer, version=version)
    raised = await fails(service)
    assert type(raised) is error
    assert len(service.requests) == calls
    if isinstance(raised, SiiAccountError) and isinstance(answer, httpx.Response):
        assert raised.params == {"codigo": answer.status_code}


@pytest.mark.parametrize("version", [1, 2])
async def test_a_lost_session_is_opened_again(version: int) -> None:
    """The second call asks for a new session, and its answer counts, whatever it is."""
    lost = said(401, "Debe volver a autenticar")
    service = Service(lost, ok(version=version), version=version)
    assert await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None) == ()
    assert [request.url.params.get("auth_cache") for request in service.requests] == [None, "0"]
    assert type(await fails(Service(lost, said(401, MALA)))) is SiiClaveWrongError
    assert type(await fails(Service(lost, said(402, "x")))) is SiiAccountError


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("codigo", [1, 2, 98, 99, "99", 7])
async def test_a_refusal_in_the_siis_words(codigo: Any, version: int) -> None:
    """What the SII says is shown as it says it, on one line."""
    dice = "Periodo consultado no válido,\n debe ser mayor igual a 201705"
    service = Service(httpx.Response(200, json=sobre(None, codigo, dice, version)), version=version)
    raised = await fails(service)
    assert type(raised) is SiiRefusedError
    assert raised.params == {"dice": "Periodo consultado no válido, debe ser mayor igual a 201705"}


async def test_refusals_that_mean_something_else() -> None:
    """The recorded refusal; one without words; sessions, a wrong clave and a lost session in a refusal."""
    raised = await fails(Service(httpx.Response(200, json=sample("rcv-detalle-vacio"))))
    assert raised.params == {"dice": "Periodo consultado no válido, debe ser mayor igual a 201705"}
    assert (await fails(Service(httpx.Response(200, json=sobre(None, 98))))).params == {"dice": "código 98"}
    for dice, error, calls in [
        (MUCHAS, SiiSessionError, 1),
        (MALA, SiiClaveWrongError, 1),
        ("Debe volver a autenticar", SiiSessionError, 2),
    ]:
        service = Service(httpx.Response(200, json=sobre(None, 99, dice)))
        assert type(await fails(service)) is error
        assert len(service.requests) == calls


async def test_a_401_that_says_nothing() -> None:
    """It blames the clave only if the token has just worked for another taxpayer, and once at most."""
    mute = httpx.Response(401, json={"code": 1})
    otro = AccesoSii(Rut(76354771), "otra")
    service = Service(ok(), mute)
    await service.sii.resumen(otro, Libro.VENTAS, PERIODO, None)
    assert type(await fails(service, acceso())) is SiiClaveWrongError
    assert type(await fails(service, AccesoSii(Rut(12345678), "tercera"))) is SiiAccountError


async def test_a_clave_that_just_worked_is_not_wrong() -> None:
    """In the middle of a sync whose first calls were answered, a mute 401 is not the clave's fault."""
    service = Service(ok(), httpx.Response(401))
    quien = acceso()
    await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    assert type(await fails(service, quien)) is SiiAccountError


def test_a_401_that_broke_off() -> None:
    """What it would have said is not known, so nobody is blamed."""
    with pytest.raises(SiiUnavailableError):
        read_rows(Answer(401, {}, b'{"message": "clave'), 1, (), AHORA, token_works=True)


def at(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def epoch(moment: datetime) -> str:
    """A moment as X-Lock-Reset writes it."""
    return str(int(moment.timestamp()))


@pytest.mark.parametrize(
    ("codigo", "headers", "espera"),
    [
        (429, {"Retry-After": "90"}, 90 * SEGUNDO),
        (429, {"Retry-After": " 1.5 "}, 1.5 * SEGUNDO),
        (429, {"Retry-After": at(AHORA + 7 * MINUTO)}, 7 * MINUTO),
        (429, {}, MINUTO),
        (429, {"Retry-After": "pronto"}, MINUTO),
        (429, {"Retry-After": "-5"}, MINUTO),
        (429, {"Retry-After": "0"}, MINUTO),
        (429, {"Retry-After": at(AHORA - HORA)}, MINUTO),
        (429, {"Retry-After": "99999999"}, HORA),
        (429, {"Retry-After": "9" * 30}, MINUTO),
        (429, {"Retry-After": at(AHORA + 9000 * HORA)}, HORA),
        (429, {"X-Lock-Reset": epoch(AHORA + 9 * MINUTO)}, MINUTO),
        (423, {"X-Lock-Reset": epoch(AHORA + 3 * HORA)}, 3 * HORA),
        (423, {"x-lock-reset": at(AHORA + 2 * HORA)}, 2 * HORA),
        (423, {"X-Lock-Reset": epoch(AHORA + 3 * HORA), "Retry-After": "5"}, 3 * HORA),
        (423, {"Retry-After": "600"}, 10 * MINUTO),
        (423, {"Retry-After": at(AHORA + HORA)}, HORA),
        (423, {"X-Lock-Reset": epoch(AHORA - HORA), "Retry-After": "600"}, 10 * MINUTO),
        (423, {"X-Lock-Reset": epoch(AHORA + HORA) + "000"}, HORA),
        (423, {"X-Lock-Reset": "99999999999"}, 24 * HORA),
        (423, {"X-Lock-Reset": epoch(AHORA + 900 * HORA)}, 24 * HORA),
        (423, {"X-Lock-Reset": "x"}, HORA),
        (423, {}, HORA),
    ],
)
async def test_waits(codigo: int, headers: dict[str, str], espera: timedelta) -> None:
    """Everybody waits until the moment that is told, or a bounded while."""
    service = Service(httpx.Response(codigo, headers=headers))
    raised = await fails(service)
    assert isinstance(raised, SiiWaitError)
    assert (raised.hasta, raised.bloqueo) == (AHORA + espera, codigo == 423)
    assert raised.hasta.tzinfo is AHORA.tzinfo
    assert service.ritmo.pausas == [Pausa(raised.hasta, codigo == 423)]


@given(text=st.text() | st.from_regex(r"[0-9.,: GMT+-]{0,40}"), bloqueo=st.booleans())
def test_any_header(text: str, bloqueo: bool) -> None:
    """Whatever the headers hold, the wait is ahead and bounded."""
    hasta = wait_until({"X-Lock-Reset": text, "Retry-After": text}, AHORA, bloqueo=bloqueo)
    assert AHORA < hasta <= AHORA + 24 * HORA


def chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """An error and all that hang on it, shown or hidden."""
    if error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        yield from chain(error.__cause__, seen)
        yield from chain(error.__context__, seen)


ECHO = f"pass={CLAVE} token={TOKEN}"
LEAKS = [
    httpx.ConnectError(ECHO), httpx.ReadTimeout(ECHO), OSError(ECHO), said(401, ECHO), said(402, ECHO),
    said(423, ECHO), said(429, ECHO), said(500, ECHO), httpx.Response(200, text=ECHO),
    httpx.Response(401, text=ECHO),
    httpx.Response(200, json=sobre(None, 99, ECHO)), httpx.Response(200, json={"data": ECHO}),
    said(401, ECHO, X_Auth_Session_Problem="1"), httpx.Response(200, json=sobre([{"rsmnTotDoc": ECHO}])),
]  # fmt: skip


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("answer", LEAKS, ids=str)
async def test_nothing_secret_in_errors(answer: httpx.Response | Exception, version: int) -> None:
    """Even a service that echoes clave and token puts them in no error, nor in what hangs on it."""
    if isinstance(answer, httpx.Response) and version == 2 and answer.status_code == 200:
        answer = httpx.Response(200, content=b'{"data":' + answer.content + b"}")
    raised = await fails(Service(answer, version=version))
    told = "".join(traceback.format_exception(raised)) + repr(raised.params)
    for one in chain(raised, set()):
        told += repr(one) + repr(one.args) + repr(vars(one))
        assert not isinstance(one, httpx.HTTPError)
    assert CLAVE not in told and TOKEN not in told


async def test_odd_claves() -> None:
    """A clave that no header or encoding likes is sent, or fails without being told."""
    for clave in ("ñ\ud800\n\x00", "é" * 300):
        service = Service(ok())
        await service.sii.resumen(AccesoSii(Rut(76192083), clave), Libro.VENTAS, PERIODO, None)
        assert len(service.requests) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "respEstado", "codRespuesta", "message"]) | st.text(), inner
        )
    ),
    max_leaves=12,
)


@given(
    body=JSON | st.binary(max_size=60),
    codigo=st.sampled_from([200, 200, 200, 204, 400, 401, 402, 409, 423, 429, 500]),
    version=st.sampled_from([1, 2]),
    detalle=st.booleans(),
)
async def test_any_answer(body: Any, codigo: int, version: int, detalle: bool) -> None:
    """No answer raises anything but what the sync knows."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    service = Service(httpx.Response(codigo, content=content), version=version)
    try:
        if detalle:
            await service.sii.detalle(acceso(), Libro.COMPRAS, PERIODO, None, 33)
        else:
            await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None)
    except SiiError:
        return
    assert codigo == 200
