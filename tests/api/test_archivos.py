"""Files over HTTP: in the contract's messages, and to be fetched by their owner only."""

from bot.bootstrap import Services
from bot.core.mensajes import Archivo, Boton, Outgoing
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido
from tests.api.conftest import Client
from tests.conftest import A
from tests.fakes import FakeMotor

PNG = Contenido("gráfico de «ventas».png", "image/png", b"\x89PNG")
PAGE = Contenido("contrato.html", "text/html", b"<script>alert(1)</script>")


async def test_a_message_with_files(
    client: Client, services: Services, motor: FakeMotor, as_a: dict[str, str]
) -> None:
    """Addresses, the file's name, and rows with what they are for; in the answer and in the history."""
    chart = await services.archivos.guardar(Quien(A), PNG)
    motor.says = (Outgoing("¿Cuál?", lista=(Boton("ayuda", "Ayuda", "Qué hago"),), imagen=chart),)
    answer = await client.post("/api/chat", json={"mensaje": "hola"}, headers=as_a)
    history = await client.get("/api/chat", headers=as_a)
    for said in ((await answer.json())["mensajes"][0], (await history.json())["mensajes"][-1]):
        assert said["imagen"] == f"/api/archivos/{chart.id}"
        assert (said["documento"], said["archivo"]) == (None, PNG.nombre)
        assert said["lista"] == [{"id": "ayuda", "titulo": "Ayuda", "descripcion": "Qué hago"}]
    found = await client.get(said["imagen"], headers=as_a)
    assert (found.status, await found.read()) == (200, PNG.datos)


async def _fetch(
    client: Client, services: Services, headers: dict[str, str], what: Contenido
) -> dict[str, str]:
    stored: Archivo = await services.archivos.guardar(Quien(A), what)
    answer = await client.get(f"/api/archivos/{stored.id}", headers=headers)
    assert answer.status == 200
    return dict(answer.headers)


async def test_what_a_browser_may_do_with_it(
    client: Client, services: Services, as_a: dict[str, str]
) -> None:
    """Pictures are shown; anything else is saved under its name and can run nothing here."""
    shown = await _fetch(client, services, as_a, PNG)
    assert shown["Content-Disposition"].startswith("inline; filename*=UTF-8''gr%C3%A1fico")
    saved = await _fetch(client, services, as_a, PAGE)
    assert saved["Content-Disposition"] == "attachment; filename*=UTF-8''contrato.html"
    for headers in (shown, saved):
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert headers["Cache-Control"] == "no-store"


async def test_without_a_session(client: Client, services: Services, as_b: dict[str, str]) -> None:
    """Nobody gets it: neither strangers nor somebody else."""
    stored = await services.archivos.guardar(Quien(A), PNG)
    assert (await client.get(f"/api/archivos/{stored.id}")).status == 401
    assert (await client.get(f"/api/archivos/{stored.id}", headers=as_b)).status == 404
