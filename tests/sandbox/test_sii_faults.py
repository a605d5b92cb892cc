"""Everything that can go wrong does so when it is told, and only then."""

import asyncio
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from pydantic import ValidationError

from bot.core.documentos import Libro
from bot.core.rut import Rut
from sandbox.sii import Falla
from sandbox.sii.fallas import Fallas
from tests.sandbox.sii_stage import EMPRESA, Answer, Stage, staged, venta


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A taxpayer with two sales."""
    async with staged() as stage:
        stage.sii.registro.put(EMPRESA, [venta(1), venta(2)])
        yield stage


async def fine(stage: Stage) -> bool:
    """Whether the next call gets its data."""
    got = await stage.ventas()
    return got.status == 200 and bool(got.rows)


@pytest.mark.parametrize("codigo", [402, 403, 405, 406, 409, 410, 500, 502, 503])
async def test_statuses(stage: Stage, codigo: int) -> None:
    """So many times, in the words of each version."""
    stage.sii.fallar("http", codigo=codigo, veces=2)
    assert (await stage.ventas()).body["code"] == codigo
    stage.version = 2
    assert set((await stage.ventas()).body) == {"detail"}
    stage.version = 1
    assert await fine(stage)


async def test_what_is_no_json(stage: Stage) -> None:
    """A page, half an answer, no answer."""
    stage.sii.fallar("html")
    got = await stage.ventas()
    assert (got.status, got.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    stage.sii.fallar("truncado")
    got = await stage.ventas()
    assert (got.status, got.body) == (200, None)
    stage.sii.fallar("corte")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await stage.ventas()
    assert stage.sii.bitacora.respuestas == {200: 2, 0: 1}
    assert await fine(stage)


@pytest.mark.parametrize(("codigo", "mensaje"), [(1, "No"), (2, "Tampoco"), (98, "Error"), (99, "Espere")])
async def test_refusals_of_the_sii(stage: Stage, codigo: int, mensaje: str) -> None:
    """Its code and its words, and no rows."""
    stage.sii.fallar("codigo", codigo=codigo, mensaje=mensaje)
    told = (await stage.ventas()).body
    estado = {"codRespuesta": codigo, "msgeRespuesta": mensaje, "codError": None}
    assert (told["data"], told["respEstado"]) == (None, estado)


async def test_nothing_there(stage: Stage) -> None:
    """The register can say that a month is empty when it is not."""
    stage.sii.fallar("codigo", codigo=3)
    assert (await stage.ventas()).body["respEstado"] == {
        "codRespuesta": 3, "msgeRespuesta": None, "codError": None,
    }  # fmt: skip


async def test_slow(stage: Stage) -> None:
    """20 s, or as told; shorter if time runs faster; the answer is right."""
    stage.sii.fallar("lento", veces=2)
    assert await fine(stage)
    stage.sii.ajustes.velocidad = 40
    assert await fine(stage)
    stage.sii.fallar("lento", segundos=60)
    stage.sii.fallar("http", codigo=500)
    assert (await stage.ventas()).status == 500
    assert stage.clock.slept == [20, 0.5, 1.5]


async def test_the_month_changes_between_calls(stage: Stage) -> None:
    """The detail has a document more than the summary that was just read."""
    stage.sii.fallar("cambio", llamada="ventas_resumen")
    assert (await stage.ventas()).rows[0]["rsmnTotDoc"] == 2
    assert len((await stage.detalle(Libro.VENTAS, 33)).rows) == 3
    assert (await stage.ventas()).rows[0]["rsmnTotDoc"] == 3


async def test_the_three_meanings_of_401(stage: Stage) -> None:
    """A bad token, a bad clave, a lost session: no two are told alike."""
    token = await stage.ventas(token="Bearer otro")
    clave = await stage.ventas(clave="otra")
    stage.sii.fallar("sesion")
    sesion = await stage.ventas()
    assert {token.status, clave.status, sesion.status} == {401}
    assert len({token.text, clave.text, sesion.text}) == 3
    told = [one.headers.get("X-Auth-Session-Problem") for one in (token, clave, sesion)]
    assert told == [None, None, "1"]


@pytest.mark.parametrize("tipo", ["token", "clave"])
async def test_401_on_purpose(stage: Stage, tipo: str) -> None:
    """As if they were wrong, though they are right."""
    stage.sii.fallar(tipo)
    assert (await stage.ventas()).status == 401
    assert await fine(stage)


@pytest.mark.parametrize("tipo", ["sesion", "sesion_cuerpo"])
async def test_a_lost_session(stage: Stage, tipo: str) -> None:
    """It stays lost until somebody asks for another, which cures it for good."""
    stage.sii.fallar(tipo)
    first = await stage.ventas()
    assert ("volver a autenticar" in first.text) is (tipo == "sesion_cuerpo")
    assert (await stage.ventas()).status == 401
    assert (await stage.ventas(auth_cache="0")).status == 200
    assert await fine(stage)


async def test_a_session_that_nothing_cures(stage: Stage) -> None:
    """If it is stubborn, another session is lost as well."""
    stage.sii.fallar("sesion", veces=2, terca=True)
    assert [(await stage.ventas(auth_cache="0")).status for _ in range(3)] == [401, 401, 200]


@pytest.mark.parametrize("tipo", ["bloqueo", "limite"])
@pytest.mark.parametrize("forma", ["segundos", "fecha", "epoch"])
async def test_waits(stage: Stage, tipo: str, forma: str) -> None:
    """All forms of a header tell the same moment, and until then every call is refused and counted."""
    if (tipo, forma) == ("limite", "epoch"):
        with pytest.raises(ValidationError):
            stage.sii.fallar(tipo, forma=forma)
        return
    stage.sii.fallar(tipo, forma=forma, segundos=90)
    first = await stage.ventas()
    assert first.status == (423 if tipo == "bloqueo" else 429)
    assert until(first, stage.clock.now) == stage.clock.now + 90
    assert stage.kinds() == []
    stage.clock.now += 89
    again = await stage.ventas(rut=Rut(77_654_321))
    assert until(again, stage.clock.now) == stage.clock.now + 1
    assert stage.kinds() == ["en_bloqueo" if tipo == "bloqueo" else "en_pausa"]
    stage.clock.now += 1
    assert await fine(stage)


def until(answer: Answer, now: float) -> float:
    """When a client may call again, as it reads the headers."""
    told = answer.headers.get("X-Lock-Reset") or answer.headers["Retry-After"]
    if "GMT" in told:
        return parsedate_to_datetime(told).timestamp()
    return float(told) if "X-Lock-Reset" in answer.headers else now + float(told)


async def test_calls_on_their_way(stage: Stage) -> None:
    """Whoever could not know of a lock yet is refused, and has broken no rule."""
    stage.sii.bloquear()
    stage.clock.now += 0.4
    assert (await stage.ventas()).status == 423
    assert stage.kinds() == []
    stage.clock.now += 0.2
    await stage.ventas()
    assert stage.kinds() == ["en_bloqueo"]


async def test_waits_in_fast_time(stage: Stage) -> None:
    """Two simulated minutes at 60 times the speed are two seconds of the client's clock."""
    stage.sii.ajustes.velocidad = 60
    stage.sii.fallar("bloqueo", forma="epoch")
    locked = await stage.ventas()
    assert float(locked.headers["X-Lock-Reset"]) == stage.clock.now + 2
    assert parsedate_to_datetime(locked.headers["Date"]).timestamp() == stage.clock.now
    stage.clock.now += 2
    assert await fine(stage)


async def test_a_retried_clave_is_caught(stage: Stage) -> None:
    """The same wrong clave twice is a violation; three attempts lock the account even for the right one."""
    await stage.ventas(clave="mala")
    assert stage.kinds() == []
    await stage.ventas(clave="mala")
    assert stage.kinds() == ["clave_repetida"]
    await stage.ventas(clave="otra")
    locked = await stage.ventas()
    assert (locked.status, "bloqueada" in locked.text) == (401, True)
    assert stage.kinds() == ["clave_repetida", "cuenta_bloqueada"]
    assert not {"mala", "otra"} & set(locked.text.split())
    stage.sii.set_clave(EMPRESA, "nueva")
    assert (await stage.ventas(clave="nueva")).status == 200


async def test_attempts_are_forgotten_when_one_is_right(stage: Stage) -> None:
    """Two errors, the right one, two errors: nobody is locked out. Other taxpayers aren't touched."""
    other = stage.sii.registro.sinteticos(1)[0]
    for clave in ("a", "b", None, "c", "d"):
        await stage.ventas(**({"clave": clave} if clave else {}))
    assert await fine(stage)
    assert (await stage.ventas(rut=other.rut, clave=other.clave)).status == 200
    assert (await stage.ventas(rut=Rut(77_654_321), clave="x")).status == 401


async def test_ten_sessions(stage: Stage) -> None:
    """One is kept and used again; each that is forced stays open for two hours, and there are ten at most."""
    for _ in range(20):
        assert await fine(stage)
    assert [(await stage.ventas(auth_cache="0")).status for _ in range(10)] == [200] * 9 + [401]
    assert stage.kinds() == ["maximo_sesiones"]
    refused = await stage.ventas(auth_cache="0")
    assert "máximo de sesiones autenticadas" in refused.body["message"]
    assert "01.01.190.500.720.27" in refused.body["message"]
    assert "X-Auth-Session-Problem" not in refused.headers
    stage.clock.now += 7201
    assert (await stage.ventas(auth_cache="0")).status == 200
    stage.sii.fallar("sesiones", codigo=500)
    assert (await stage.ventas()).status == 500


async def test_two_calls_of_one_taxpayer(stage: Stage) -> None:
    """They are answered, and the second is a violation; those of two taxpayers are none."""
    other = stage.sii.registro.sinteticos(1)[0]
    stage.clock.gate = asyncio.Event()
    stage.sii.ajustes.demora = 1
    calls = [
        asyncio.create_task(one) for one in (stage.ventas(), stage.ventas(rut=other.rut, clave=other.clave))
    ]
    await stage.clock.asleep(2)
    assert stage.kinds() == []
    calls.append(asyncio.create_task(stage.ventas()))
    await stage.clock.asleep(1)
    assert stage.kinds() == ["sesiones_a_la_vez"]
    stage.clock.gate.set()
    assert [(await one).status for one in calls] == [200] * 3
    assert (stage.sii.bitacora.maximo_por_rut, stage.sii.bitacora.maximo_en_curso) == (2, 3)
    assert stage.sii.cuentas.sessions(EMPRESA) == 2


async def test_whom_it_meets(stage: Stage) -> None:
    """A fault can be of one taxpayer, of one kind of call, of both."""
    stage.sii.fallar("http", rut="76.192.083-9", llamada="ventas_detalle", veces=None)
    other = stage.sii.registro.sinteticos(1)[0]
    assert await fine(stage)
    assert (await stage.detalle(Libro.VENTAS, 33, rut=other.rut, clave=other.clave)).status == 200
    assert [(await stage.detalle(Libro.VENTAS, 33)).status for _ in range(3)] == [503] * 3
    stage.sii.normal()
    assert (await stage.detalle(Libro.VENTAS, 33)).status == 200


async def test_chance_has_a_seed(stage: Stage) -> None:
    """A third of the calls, always the same ones."""
    stage.sii.fallar("http", veces=None, probabilidad=1 / 3)
    found = [(await stage.ventas()).status for _ in range(60)]
    assert 10 <= found.count(503) <= 30
    stage.sii.fallas = Fallas()
    stage.sii.fallar("http", veces=None, probabilidad=1 / 3)
    assert [(await stage.ventas()).status for _ in range(60)] == found


async def test_faults_wait_in_line(stage: Stage) -> None:
    """The next calls meet them in the order in which they were told."""
    for tipo, rest in (("http", {"codigo": 502}), ("clave", {}), ("codigo", {"codigo": 99})):
        stage.sii.fallar(tipo, **rest)
    found: list[Any] = [await stage.ventas() for _ in range(4)]
    assert [one.status for one in found] == [502, 401, 200, 200]
    assert [one.code for one in found[2:]] == [99, 0]


async def test_what_makes_no_sense_is_refused() -> None:
    """A fault that would be none is a mistake of whoever tells it."""
    for wrong in ({"tipo": "nada"}, {"tipo": "http", "codigo": 200}, {"tipo": "lento", "rut": "1-1"}):
        with pytest.raises(ValidationError):
            Falla.model_validate(wrong)
