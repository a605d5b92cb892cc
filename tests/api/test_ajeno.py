"""A and B: whatever is somebody else's is as unknown as what does not exist."""

from pathlib import Path

import pytest
from aiohttp import ClientResponse

from api.auth import Auth
from api.openapi import specs
from bot.bootstrap import Services
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import Remitente
from tests.api.conftest import Client
from tests.api.test_registro import VENTA, form, post
from tests.conftest import A
from tests.services.test_contratos import fill

BODIES = {"PATCH": {"archivo": "mio"}}
FILE = Contenido("a.pdf", "application/pdf", b"%PDF-1.7 de Alerce")


async def told(answer: ClientResponse) -> tuple[int, str, list[str]]:
    """All that an answer tells: status, body, and the names of its headers."""
    return answer.status, await answer.text(), sorted(set(answer.headers) - {"Date"})


async def test_every_id_of_another(
    client: Client, services: Services, as_a: dict[str, str], as_b: dict[str, str], tmp_path: Path
) -> None:
    """Each endpoint of taxpayers that takes an id, with A's ids as B: like an id that nobody has."""
    quien = await _quien(services, as_a)
    await services.vinculacion._link(Remitente("whatsapp", "CL.100"), A)
    ids = {
        "/api/sesiones/{id}": [str(one.id) for one in await services.acceso.sesiones(quien)],
        "/api/archivos/{id}": [(await services.archivos.guardar(quien, FILE)).id],
        "/api/chats/{id}": [one.conversacion for one in await services.vinculacion.chats(quien)],
    }
    number = str(await _contract(services, quien, tmp_path / "a.pdf"))
    contratos = "/api/contratos/{id}"
    ids |= {contratos + more: [number] for more in ("", "/pdf", "/paginas/{n}", "/recuperar")}
    assert all(ids.values())
    with_ids = {
        (method, path) for method, path, spec in specs(client.app) if spec.path and spec.auth is Auth.SESION
    }
    assert {path for _, path in with_ids} == set(ids), "a new endpoint with an id belongs in this test"
    for method, path in with_ids:
        for id_ in ids[path]:
            answers = [
                await told(
                    await client.request(
                        method,
                        path.replace("{id}", one).replace("{n}", "1"),
                        headers=as_b,
                        json=BODIES.get(method),
                    )
                )
                for one in (id_, "999999999")
            ]
            assert answers[0] == answers[1]
            assert answers[0][0] == 404
    assert (await client.get("/api/cuenta", headers=as_a)).status == 200
    assert len(await services.vinculacion.chats(quien)) == 1


async def _contract(services: Services, quien: Quien, path: Path) -> int:
    fill(path, b"%PDF-1.7 de Alerce")
    return (await services.contratos.subir(quien, path, "contrato de Alerce")).contrato


async def _quien(services: Services, headers: dict[str, str]):  # type: ignore[no-untyped-def]
    return await services.acceso.quien(headers["Authorization"].removeprefix("Bearer "))


@pytest.mark.usefixtures("short_streams")
async def test_every_read_of_another(
    client: Client, services: Services, as_a: dict[str, str], as_b: dict[str, str], tmp_path: Path
) -> None:
    """Each GET of taxpayers as B holds nothing that only A has, while A has something in each."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    await client.post("/api/chat", json={"mensaje": "canario de Alerce"}, headers=as_a)
    await _contract(services, Quien(A), tmp_path / "a.pdf")
    await client.put("/api/sii/clave", json={"clave": "Perro-1234"}, headers=as_a)
    reads = [path for method, path, spec in specs(client.app) if method == "GET" and spec.auth is Auth.SESION]
    assert len(reads) >= 8
    for path in reads:
        for query in ("?periodo=2025-12", ""):
            raw = await (await client.get(path + query, headers=as_b)).read()
            for word in (str(A), "Alerce", "DIRECT LTDA", "canario", "Perro-1234"):
                assert word.encode() not in raw, path


async def test_every_endpoint_says_who_may_call(client: Client) -> None:
    """Without a session or a key each endpoint is closed, but for those that are meant to be open."""
    open_ = set()
    for method, path, spec in specs(client.app):
        answer = await client.request(
            method, path.replace("{id}", "1").replace("{n}", "1").replace("{rut}", str(A))
        )
        if spec.auth is Auth.NADIE:
            open_.add(path)
        elif spec.auth is not Auth.LOCAL_O_ADMIN:  # see test_http.py
            assert answer.status == 401, path
    assert open_ == {
        "/api/register", "/api/send-otp", "/api/verify-otp", "/api/login", "/api/password/recuperar",
        "/api/enlaces/ver", "/api/enlaces/clave", "/api/enlaces/datos", "/api/enlaces/borrar",
        "/api/enlaces/password", "/api/borrados/{recibo}", "/health", "/ready",
    }  # fmt: skip
    bare = {
        route.resource.canonical
        for route in client.app.router.routes()
        if route.resource and not hasattr(route.handler, "spec") and not hasattr(route.handler, "public")
    }
    webhooks = {f"/webhooks/{one}" for one in ("actions", "whatsapp", "telegram")}
    assert bare == {"/enlace", "/docs", "/openapi.json", "/static", *webhooks}
