"""The contract with the SII's service: every call as it goes out, in both versions."""

import json
import logging
from dataclasses import replace

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.errors_sii import SiiClaveMissingError, SiiClaveWrongError, SiiUnavailableError, SiiWaitError
from bot.core.periodo import Periodo
from bot.core.resumen import Montos, total
from bot.core.rut import Rut
from bot.services.ports_sii import Llamada, Pausa
from bot.sii.gateway import GatewaySii
from tests.sii.gateway import (
    AHORA,
    BASES,
    CLAVE,
    TOKEN,
    FakeRitmo,
    Service,
    acceso,
    fila,
    ok,
    said,
    sample,
    sobre,
)

PERIODO = Periodo(2023, 9)
CALLS = {
    (Libro.VENTAS, None, None): "/ventas/resumen/76192083-9/202309?certificacion=0&formato=json",
    (Libro.VENTAS, None, 33): "/ventas/detalle/76192083-9/202309/33?tipo=rcv",
    (Libro.COMPRAS, EstadoCompra.PENDIENTE, None): "/compras/resumen/76192083-9/202309/PENDIENTE",
    (Libro.COMPRAS, EstadoCompra.PENDIENTE, 61): "/compras/detalle/76192083-9/202309/61/PENDIENTE?tipo=rcv",
    (Libro.COMPRAS, None, 0): "/compras/detalle/76192083-9/202309/0/REGISTRO?tipo=rcv_csv",
}


async def ask(service: Service, libro: Libro, estado: EstadoCompra | None, tipo: int | None) -> None:
    """One of the port's two questions."""
    if tipo is None:
        await service.sii.resumen(acceso(), libro, PERIODO, estado)
    else:
        await service.sii.detalle(acceso(), libro, PERIODO, estado, tipo)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("call", CALLS, ids=str)
async def test_the_call(call: tuple[Libro, EstadoCompra | None, int | None], version: int) -> None:
    """Address, query, headers and body are the contract's, letter by letter."""
    service = Service(ok(version=version), version=version)
    await ask(service, *call)
    (request,) = service.requests
    assert request.method == "POST"
    assert str(request.url) == f"{BASES[version]}/sii/rcv{CALLS[call]}"
    assert request.headers["Authorization"] == ("Bearer " if version == 1 else "Token ") + TOKEN
    assert request.headers["Content-Type"] == request.headers["Accept"] == "application/json"
    assert json.loads(request.content) == {"auth": {"pass": {"rut": "76192083-9", "clave": CLAVE}}}
    assert request.extensions["timeout"] == {"connect": 5, "read": 45, "write": 45, "pool": 45}


async def test_a_rut_with_k_and_a_base_with_a_slash() -> None:
    """The check digit goes in upper case, and no slash is doubled."""
    service = Service(ok())
    sii = GatewaySii(
        BASES[1] + "/", 1, f" {TOKEN}\n", service.ritmo, lambda: AHORA, service.sii._http._transport
    )
    await sii.resumen(acceso(Rut(76354771)), Libro.COMPRAS, PERIODO, None)
    assert service.requests[0].url.path == "/api/v1/sii/rcv/compras/resumen/76354771-K/202309/REGISTRO"
    assert service.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    await sii.close()


@pytest.mark.parametrize("version", [1, 2])
async def test_the_samples(version: int) -> None:
    """The register's own answers are read in both envelopes."""
    wrap = sample if version == 1 else lambda name: {"data": sample(name), "metadata": {}}
    service = Service(httpx.Response(200, json=wrap("rcv-resumen-compra")), version=version)
    filas = await service.sii.resumen(acceso(), Libro.COMPRAS, PERIODO, None)
    assert [(one.fila.tipo.codigo, one.con_detalle) for one in filas] == [
        (33, True), (34, True), (46, True), (61, True), (914, False),
    ]  # fmt: skip
    assert filas[0].fila.montos == Montos(83, 100_000, 50_000_000, 9_500_000, 59_500_000)
    assert filas[0].cruda == sample("rcv-resumen-compra")["data"][0]
    service = Service(httpx.Response(200, json=wrap("rcv-detalle-venta")), version=version)
    (venta,) = await service.sii.detalle(acceso(), Libro.VENTAS, PERIODO, None, 110)
    assert isinstance(venta, Documento) and venta.contraparte_rut == Rut(55_555_555)


async def test_golden_figures() -> None:
    """33 less 61 is what people rely on."""

    def row(tipo: int, neto: int, iva: int, suma: int) -> dict[str, object]:
        return {
            "rsmnTipoDocInteger": tipo,
            "dcvTipoIngresoDoc": "DET_ELE",
            "rsmnTotDoc": 2,
            "rsmnMntExe": None,
            "rsmnMntNeto": neto,
            "rsmnMntIVA": str(iva),
            "rsmnMntTotal": float(suma),
        }

    rows = [row(33, 10_840_000, 2_059_600, 12_899_600), row(61, 4_820_000, 915_800, 5_735_800)]
    filas = await Service(ok(rows)).sii.resumen(acceso(), Libro.VENTAS, PERIODO, None)
    totales = total(one.fila for one in filas).totales
    assert totales == Montos(4, 0, 6_020_000, 1_143_800, 7_163_800)


async def test_every_call_is_counted() -> None:
    """Each HTTP call takes a turn and leaves a note, the repeated one and the one without answer too."""
    service = Service(said(401, "x", X_Auth_Session_Problem="1"), httpx.ConnectError("no"))
    quien = acceso()
    with pytest.raises(SiiUnavailableError):
        await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    assert [(one.que, one.codigo) for one in quien.llamadas] == [
        ("ventas resumen 2023-09", 401), ("ventas resumen 2023-09", 0),
    ]  # fmt: skip
    assert all(isinstance(one, Llamada) and one.milisegundos >= 0 for one in quien.llamadas)
    assert service.ritmo.turnos == 2
    assert str(service.requests[1].url).endswith("202309?certificacion=0&formato=json&auth_cache=0")


async def test_no_turn_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """While everybody waits nothing goes out, and nobody is told to wait again."""
    service = Service(ok())

    def turno() -> None:
        raise SiiWaitError(AHORA)

    monkeypatch.setattr(service.ritmo, "turno", turno)
    quien = acceso()
    with pytest.raises(SiiWaitError):
        await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    assert (service.requests, service.ritmo.pausas, quien.llamadas) == ([], list[Pausa](), [])


async def test_a_clave_that_was_taken_back_goes_nowhere() -> None:
    """Whether it may be used is asked when the turn has come, however long that was waited for."""
    service = Service(ok())

    async def taken_back() -> None:
        assert service.ritmo.dentro
        raise SiiClaveMissingError()

    quien = replace(acceso(), antes=taken_back)
    with pytest.raises(SiiClaveMissingError):
        await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    assert (service.requests, quien.llamadas, service.ritmo.dentro) == ([], [], 0)


async def test_cookies_and_redirects() -> None:
    """A cookie of one answer goes with no other call; a redirect is not followed."""
    moved = httpx.Response(302, headers={"Location": "https://otro.example/", "Set-Cookie": "s=1; Path=/"})
    service = Service(moved, ok())
    with pytest.raises(SiiUnavailableError):
        await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None)
    assert len(service.requests) == 1
    assert await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None) == ()
    assert "Cookie" not in service.requests[1].headers


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"true", b"7", b'"x"', b"{}", b'{"data":', b"<html>mantenimiento</html>", b"\xff\xfe",
        b"[" * 100_000, b'{"data": null}', b'{"data": {"data": 3}}', b'{"data": [NaN]}', b'{"data": [1e999]}',
        b'{"data": {"data": null}, "respEstado": {"codRespuesta": 0}}',
        b'{"data": {"data": [], "respEstado": 5}}',
        b'{"data": {"data": [], "respEstado": {"codRespuesta": "x"}}}',
        b'{"data": {"data": [{}], "respEstado": {"codRespuesta": 3}}}',
    ],
)  # fmt: skip
async def test_what_is_no_data(body: bytes, version: int) -> None:
    """An answer that is not what it should be is never taken for an empty month."""
    service = Service(httpx.Response(200, content=body), version=version)
    with pytest.raises(SiiUnavailableError):
        await service.sii.detalle(acceso(), Libro.VENTAS, PERIODO, None, 33)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("estado", [(None, 3), ([], 3), ([], 0), (None, 0), ([], "3")])
async def test_an_empty_month(estado: tuple[list[object] | None, object], version: int) -> None:
    """3 is valid and empty, not an error."""
    body = sobre(*estado, version=version)
    service = Service(httpx.Response(200, json=body), version=version)
    assert await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None) == ()


async def test_an_unreadable_total_is_no_total() -> None:
    """A summary with a row that cannot be read would be a wrong sum."""
    service = Service(ok([{"rsmnTipoDocInteger": 33, "rsmnTotDoc": 1, "rsmnMntTotal": "mucho"}]))
    with pytest.raises(SiiUnavailableError):
        await service.sii.resumen(acceso(), Libro.VENTAS, PERIODO, None)


async def test_a_body_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body larger than any month is not read to its end."""
    monkeypatch.setattr("bot.sii.gateway._MAX_BODY", 1_000)
    service = Service(httpx.Response(200, json=sobre([fila()])))
    with pytest.raises(SiiUnavailableError):
        await service.sii.detalle(acceso(), Libro.COMPRAS, PERIODO, None, 33)


async def _broken_off(request: web.Request) -> web.StreamResponse:
    """Half of what was announced, and the line is dead."""
    answer = web.StreamResponse()
    answer.content_length = 1_000
    await answer.prepare(request)
    await answer.write(json.dumps(sobre([])).encode())
    assert request.transport is not None
    request.transport.abort()
    return answer


async def _compressed(request: web.Request) -> web.Response:
    """What a real service does on the wire."""
    answer = web.json_response(sobre([fila()]))
    answer.enable_compression(web.ContentCoding.gzip)
    return answer


async def test_on_the_wire() -> None:
    """Against a real server: a compressed answer is read; one that breaks off is none, though what came of it
    could be read."""
    app = web.Application()
    app.router.add_post("/sii/rcv/ventas/{rest:.*}", _broken_off)
    app.router.add_post("/sii/rcv/compras/{rest:.*}", _compressed)
    quien = acceso()
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        sii = GatewaySii(url, 1, TOKEN, FakeRitmo(), lambda: AHORA)
        (documento,) = await sii.detalle(quien, Libro.COMPRAS, PERIODO, None, 33)
        assert isinstance(documento, Documento) and documento.folio == 10
        with pytest.raises(SiiUnavailableError):
            await sii.resumen(quien, Libro.VENTAS, PERIODO, None)
        await sii.close()
    assert [llamada.codigo for llamada in quien.llamadas] == [200, 200]
    sii = GatewaySii(url, 1, TOKEN, FakeRitmo(), lambda: AHORA)
    with pytest.raises(SiiUnavailableError):
        await sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    assert quien.llamadas[-1].codigo == 0
    await sii.close()


async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At the most talkative level neither clave nor token is told, nor by the repr of what holds them."""
    caplog.set_level(logging.DEBUG)
    service = Service(said(401, "clave mala"), ok())
    quien = acceso()
    with pytest.raises(SiiClaveWrongError):
        await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    await service.sii.resumen(quien, Libro.VENTAS, PERIODO, None)
    told = caplog.text + repr(quien) + repr(service.sii) + repr(service.sii._http.headers)
    assert CLAVE not in told and TOKEN not in told
