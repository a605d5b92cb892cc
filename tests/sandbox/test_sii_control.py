"""The switches over HTTP, who may press them, and how the demo starts it all."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.cli import console
from bot.settings import ROOT
from sandbox.demo import _welcome, clave, sii
from sandbox.demo_datos import DEMO
from tests.conftest import make_settings
from tests.sandbox.sii_stage import EMPRESA, Stage, compra, staged, venta


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A taxpayer with a sale and a purchase."""
    async with staged() as stage:
        stage.sii.registro.put(EMPRESA, [venta(1), compra(2)])
        yield stage


async def control(stage: Stage, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    """A call of the driver."""
    async with stage.http.request(verb, f"{stage.sii.url}/_control/{path}", json=body) as got:
        assert got.status == status, await got.text()
        return await got.json()


@pytest.mark.parametrize(
    ("modo", "status"), [("mantencion", 503), ("bloqueado", 423), ("clave_mala", 401), ("lento", 200)]
)
async def test_modes(stage: Stage, modo: str, status: int) -> None:
    """Each takes the place of the one before, and normal ends them all."""
    await control(stage, "POST", "modo", {"modo": "mantencion"})
    assert (await control(stage, "POST", "modo", {"modo": modo}))["modo"] == modo
    assert (await stage.ventas()).status == status
    assert stage.clock.slept == ([20] if modo == "lento" else [])
    assert (await control(stage, "POST", "modo", {"modo": "normal"}))["modo"] == "normal"
    assert (await stage.ventas()).status == 200
    assert stage.kinds() == []


async def test_a_lock_ends_by_itself(stage: Stage) -> None:
    """Two minutes later everything is as usual, and the page is told so."""
    state = await control(stage, "POST", "modo", {"modo": "bloqueado"})
    assert state["pausa"] == {"codigo": 423, "faltan": 120}
    stage.clock.now += 120
    assert (await control(stage, "GET", "estado"))["modo"] == "normal"


async def test_faults_settings_and_counts(stage: Stage) -> None:
    """What tests do in process, programs elsewhere do with JSON."""
    assert (await control(stage, "POST", "fallas", {"tipo": "http", "codigo": 502}))["fallas"] == [
        {"tipo": "http", "codigo": 502}
    ]
    assert (await stage.ventas()).status == 502
    await control(stage, "POST", "fallas", {"tipo": "html"})
    assert (await control(stage, "DELETE", "fallas"))["fallas"] == []
    await control(stage, "POST", "ajustes", {"por_minuto": 1, "rafaga": 0})
    assert [(await stage.ventas()).status for _ in range(2)] == [429, 429]
    state = await control(stage, "GET", "estado")
    assert state["violaciones_por_tipo"] == {"ritmo": 1}
    (violation,) = await control(stage, "GET", "violaciones")
    assert (violation["tipo"], violation["rut"], violation["llamada"]) == (
        "ritmo",
        str(EMPRESA),
        "ventas_resumen",
    )
    assert (await control(stage, "POST", "medir"))["medicion"]["aceptadas"] == 0
    assert (await control(stage, "POST", "contar"))["violaciones"] == 0


async def test_truth_claves_and_days(stage: Stage) -> None:
    """The truth can be read from elsewhere, as of the day that it is there."""
    told = await control(stage, "GET", f"verdad/{EMPRESA}?periodo=2026-11")
    assert [(one["libro"], one["estado"], len(one["documentos"])) for one in told["partes"]] == [
        ("ventas", None, 1), ("compras", "REGISTRO", 0), ("compras", "PENDIENTE", 1),
        ("compras", "NO_INCLUIR", 0), ("compras", "RECLAMADO", 0),
    ]  # fmt: skip
    (row,) = told["partes"][0]["filas"]
    assert (row["tipo"], row["cantidad"], row["monto_total"]) == (33, 1, 1_190)
    (document,) = told["partes"][2]["documentos"]
    assert (document["contraparte_rut"], document["fecha"]) == (str(compra().contraparte_rut), "2026-11-05")
    await control(stage, "POST", "claves", {"rut": str(EMPRESA), "clave": "nueva"})
    assert (await stage.ventas()).status == 401
    assert await control(stage, "POST", "avanzar", {"dias": 3}) == {"hoy": "2026-11-23"}


@pytest.mark.parametrize(
    ("path", "body"),
    [("modo", {"modo": "otro"}), ("fallas", {"tipo": "http", "codigo": 1}), ("ajustes", {"velocidad": 0}),
     ("ajustes", {"otro": 1}), ("avanzar", {"dias": -1}), ("claves", {"rut": "1-1", "clave": "x"})],
)  # fmt: skip
async def test_mistakes_are_told(stage: Stage, path: str, body: Any) -> None:
    """And change nothing."""
    before = await control(stage, "GET", "estado")
    assert set(await control(stage, "POST", path, body, 400)) == {"error"}
    after = await control(stage, "GET", "estado")
    assert before | {"medicion": None} == after | {"medicion": None}


@pytest.mark.parametrize(
    "headers",
    [{"Host": "ejemplo.cl"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://ejemplo.cl"}],
)
@pytest.mark.parametrize("path", ["/", "/_control/estado", "/static/sii.js", "/api/v1/sii/rcv/"])
async def test_only_this_machine(stage: Stage, headers: dict[str, str], path: str) -> None:
    """No other site reads or presses anything, and nobody shows the page in theirs."""
    async with stage.http.get(stage.sii.url + path, headers=headers) as got:
        assert got.status == 403
    async with stage.http.get(stage.sii.url) as got:
        assert got.status == 200
        assert "frame-ancestors 'none'" in got.headers["Content-Security-Policy"]


async def test_nobody_learns_a_clave_or_token(stage: Stage) -> None:
    """They are in no answer of the driver."""
    await stage.ventas(clave="sEcreta99")
    await stage.ventas(token="Bearer sEcreto98")
    told = str(await control(stage, "GET", "estado")) + str(await control(stage, "GET", "violaciones"))
    for secret in ("sEcreta99", "sEcreto98", "clave-Buena1", stage.sii.token):
        assert secret not in told


def test_the_demo_starts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make run` starts it with both taxpayers' claves, tells the product where it is, and people too."""
    monkeypatch.delenv("SII_TOKEN", raising=False)
    monkeypatch.setenv("TRIBUTA_SII_PORT", "8765")
    settings = make_settings(tmp_path)
    companion = sii(settings)
    assert companion
    claves = [clave(settings, one) for one in DEMO]
    assert len(set(claves)) == 2
    assert f"{DEMO[0].rut}={claves[0]}" in companion.command
    assert companion.environment == {
        "SII_BASE_URL": "http://127.0.0.1:8765/api/v1",
        "SII_API_VERSION": "1",
        "SII_TOKEN": settings.secret("demo_sii"),
    }
    with console.capture() as told:
        _welcome(settings, [companion])
    assert "http://127.0.0.1:8765/" in told.get()
    assert all(one in told.get() for one in claves)
    monkeypatch.setenv("SII_TOKEN", "propio")
    assert sii(settings) is None


async def test_it_runs_as_a_program() -> None:
    """With its own token, the claves that it is given, and the day of TRIBUTA_NOW."""
    port = unused_port()
    options = ["--port", str(port), "--clave", f"{DEMO[0].rut}=abre", "--velocidad", "10"]
    environment = {**os.environ, "SII_TOKEN": "t0ken", "TRIBUTA_NOW": "2026-05-20T12:00:00-04:00"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox.sii", *options, cwd=ROOT, env=environment
    )
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            state = await first_answer(http, process)
            assert (state["hoy"], state["ajustes"]["velocidad"]) == ("2026-05-20", 10)
            body = {"auth": {"pass": {"rut": str(DEMO[0].rut), "clave": "abre"}}}
            url = f"/api/v1/sii/rcv/ventas/resumen/{DEMO[0].rut}/202604"
            async with http.post(url, json=body, headers={"Authorization": "Bearer t0ken"}) as got:
                assert len((await got.json())["data"]) > 3
    finally:
        process.terminate()
        await process.wait()


async def first_answer(http: aiohttp.ClientSession, process: asyncio.subprocess.Process) -> Any:
    """Its state, once it listens."""
    for _ in range(200):
        assert process.returncode is None
        try:
            async with http.get("/_control/estado") as got:
                return await got.json()
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.1)
    raise AssertionError("it does not start")
