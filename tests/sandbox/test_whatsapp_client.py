"""pywa, which the product uses, against the simulator: what it sends arrives, what it asks for is there."""

import asyncio
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from pywa_async import errors, types
from pywa_async.types.templates import TemplateLanguage

from bot.channels.whatsapp_templates import TEMPLATES
from bot.programs import free_port
from bot.settings import ROOT
from tests.sandbox.whatsapp import BUSINESS, PDF, PHONE, PNG, WA_ID, Sim
from tests.sandbox.whatsapp_bodies import code, notice


async def test_text(sim: Sim) -> None:
    """A text arrives, as an answer to a message."""
    asked = await sim.write(texto="hola")
    sent = await sim.wa.send_message(WA_ID, "*Hola*, Ana", reply_to_message_id=asked["id"], tracker="t")
    assert (sent.to, sent.input, sent.id[:6]) == (WA_ID, WA_ID, "wamid.")
    shown = (await sim.read())[-1]
    assert shown["id"] == sent.id
    assert (shown["de"], shown["tipo"], shown["texto"]) == ("negocio", "text", "*Hola*, Ana")
    assert (shown["respuesta_a"], shown["telefono"], shown["codigo"]) == (asked["id"], PHONE, "")


async def test_buttons_and_lists(sim: Sim) -> None:
    """Both arrive with what can be tapped."""
    await sim.write(texto="hola")
    await sim.wa.send_message(
        WA_ID, "¿Qué?", buttons=[types.Button("Ver ventas", "ventas"), types.Button("Ver compras", "compras")]
    )
    row = types.SectionRow("Octubre", "ventas:2026-10", "48 facturas")
    await sim.wa.send_message(
        WA_ID, "¿Qué mes?", footer="Pie", buttons=types.SectionList("Meses", [types.Section("2026", [row])])
    )
    buttons, listed = (await sim.read())[-2:]
    assert buttons["botones"] == [
        {"id": "ventas", "titulo": "Ver ventas"},
        {"id": "compras", "titulo": "Ver compras"},
    ]
    fila = {"id": "ventas:2026-10", "titulo": "Octubre", "descripcion": "48 facturas"}
    secciones = [{"titulo": "2026", "filas": [fila]}]
    assert (listed["lista"], listed["pie"]) == ({"boton": "Meses", "secciones": secciones}, "Pie")


async def test_image_and_document(sim: Sim) -> None:
    """Files go up, and the person can fetch them; an image may stand above buttons."""
    await sim.write(texto="hola")
    await sim.wa.send_image(WA_ID, PNG, caption="Tus ventas", mime_type="image/png")
    await sim.wa.send_document(WA_ID, PDF, filename="f29.pdf", mime_type="application/pdf")
    await sim.wa.send_image(
        WA_ID, PNG, caption="Mira", mime_type="image/png", buttons=[types.Button("Ya", "ya")]
    )
    await sim.wa.send_audio(WA_ID, b"abc", mime_type="audio/ogg")
    image, document, above, sound = (await sim.read())[-4:]
    assert (sound["tipo"], sound["audio"]["mime"]) == ("audio", "audio/ogg")
    assert (image["texto"], image["imagen"]["mime"]) == ("Tus ventas", "image/png")
    assert (document["documento"]["nombre"], document["documento"]["tamano"]) == ("f29.pdf", len(PDF))
    assert (above["tipo"], above["botones"][0]["id"]) == ("interactive", "ya")
    assert (await sim.http.get(image["imagen"]["url"])).content == PNG
    answer = await sim.http.get(document["documento"]["url"])
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert above["imagen"]["url"] != image["imagen"]["url"]


async def test_links(sim: Sim) -> None:
    """A file behind a link of this machine is fetched; one that is not there makes the message fail."""
    await sim.write(archivo={"base64": "iVBORw0KGgo=", "nombre": "a.png", "mime": "image/png"})
    file = (await sim.read())[0]["imagen"]["url"]
    await sim.wa.send_image(WA_ID, f"{sim.url}{file}")
    await sim.wa.send_image(WA_ID, f"{sim.url}/no-hay.png")
    await sim.wa.send_image(WA_ID, "https://example.com/a.png")
    [failed] = [one for one in await sim.webhook.wait("statuses", 5) if one["status"] == "failed"]
    assert failed["errors"][0]["code"] == 131053
    fetched, _, elsewhere = (await sim.read())[-3:]
    assert fetched["imagen"]["tamano"] == 8
    assert elsewhere["imagen"]["url"] == "https://example.com/a.png"


async def test_template(sim: Sim) -> None:
    """A code arrives in its template, and tests can read it alone."""
    parts = code(6)["template"]["components"]
    sent = await sim.wa.send_template(WA_ID, "tributa_codigo", TemplateLanguage("es_CL"), params=parts)
    assert sent.status is types.SentTemplateStatus.ACCEPTED
    [shown] = await sim.read()
    assert (shown["codigo"], shown["plantilla"]) == ("111111", "tributa_codigo")
    assert shown["texto"].startswith("*111111* es tu código de verificación")


async def test_errors(sim: Sim) -> None:
    """pywa raises what it has for each refusal."""
    with pytest.raises(errors.ReEngagementMessage):
        await sim.wa.send_message(WA_ID, "hola")
    with pytest.raises(errors.TemplateNotExists):
        await sim.wa.send_template(WA_ID, "otra", TemplateLanguage("es_CL"), params=[])
    await sim.write(texto="hola")
    with pytest.raises(errors.InvalidParameter):
        await sim.wa.send_message(WA_ID, "¿?", buttons=[types.Button("x" * 21, "a")])
    sim.wa.token = "otro"
    with pytest.raises(errors.ExpiredAccessToken):
        await sim.wa.send_message(WA_ID, "hola")


async def test_media(sim: Sim) -> None:
    """Upload, address, download, deletion; the address is good for five minutes, the file for thirty days."""
    media = await sim.wa.upload_media(PDF, mime_type="application/pdf", filename="f29.pdf")
    address = await sim.wa.get_media_url(media.id)
    assert (address.mime_type, address.file_size) == ("application/pdf", len(PDF))
    assert address.sha256 == hashlib.sha256(PDF).hexdigest()
    assert await sim.wa.get_media_bytes(address.url) == PDF
    assert (await sim.http.get(address.url)).status_code == 401
    sim.state.clock.advance(300)
    with pytest.raises(httpx.HTTPStatusError):
        await sim.wa.get_media_bytes(address.url)
    assert await sim.wa.get_media_bytes((await sim.wa.get_media_url(media.id)).url) == PDF
    other = await sim.wa.upload_media(PDF, mime_type="application/pdf", filename="f29.pdf")
    sim.state.clock.advance(30 * 86_400)
    for _ in range(2):
        with pytest.raises(errors.WhatsAppError) as refused:
            await sim.wa.get_media_url(other.id)
        assert (refused.value.code, refused.value.subcode) == (100, 33)


async def test_deleted_media(sim: Sim) -> None:
    """What was deleted cannot be sent any more."""
    media = await sim.wa.upload_media(PNG, mime_type="image/png", filename="a.png")
    assert await sim.wa.delete_media(media.id)
    await sim.write(texto="hola")
    with pytest.raises(errors.InvalidParameter):
        await sim.wa.send_image(WA_ID, media.id)


async def test_reading_and_typing(sim: Sim) -> None:
    """The person sees that messages were read, all up to one, and that an answer is on its way."""
    first = await sim.write(texto="uno")
    second = await sim.write(texto="dos")
    await sim.write(texto="tres")
    await sim.webhook.wait("messages", 3)
    assert await sim.wa.mark_message_as_read(first["id"])
    assert await sim.wa.indicate_typing(second["id"])
    assert [one["estado"] for one in await sim.read()] == ["read", "read", "delivered"]
    people = (await sim.http.get("/telefono/personas")).json()["personas"]
    assert people[0]["escribiendo"] == 25
    await sim.wa.send_message(WA_ID, "cuatro")
    people = (await sim.http.get("/telefono/personas")).json()["personas"]
    assert people[0]["escribiendo"] == 0
    with pytest.raises(errors.InvalidParameter):
        await sim.wa.mark_message_as_read("wamid.otro")


async def test_reaction_location_contact(sim: Sim) -> None:
    """Lesser kinds arrive too."""
    asked = await sim.write(texto="hola")
    await sim.wa.send_reaction(WA_ID, "👍", asked["id"])
    await sim.wa.send_location(WA_ID, -33.4, -70.6, name="SII")
    reaction, place = (await sim.read())[-2:]
    assert reaction["reaccion"] == {"mensaje": asked["id"], "emoji": "👍"}
    assert place["ubicacion"]["nombre"] == "SII"


async def test_account(sim: Sim) -> None:
    """The phone, the templates and the token can be looked at."""
    phone = await sim.wa.get_business_phone_number()
    assert (phone.verified_name, phone.quality_rating) == ("Tributa", "GREEN")
    templates = list(await sim.wa.get_templates())
    assert [one.name for one in templates] == list(TEMPLATES)
    assert templates[0].category.value == "AUTHENTICATION"
    header = {"Authorization": f"Bearer {BUSINESS.token}"}
    query = {"input_token": BUSINESS.token}
    answer = await sim.http.get("/v23.0/debug_token", params=query, headers=header)
    assert answer.json()["data"]["is_valid"]


async def test_waiting_for_an_answer(sim: Sim) -> None:
    """A test can wait for what the business says after its message."""
    asked = await sim.write(texto="hola")
    query = {"telefono": PHONE, "tras": asked["id"], "espera": 5}
    waiting = asyncio.create_task(sim.http.get("/mensajes.json", params=query))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await sim.wa.send_message(WA_ID, "aquí estoy")
    assert [one["texto"] for one in (await waiting).json()["mensajes"]] == ["aquí estoy"]
    late = await sim.http.get(
        "/mensajes.json", params={**query, "tras": "", "telefono": "+56999999999", "espera": 0.05}
    )
    assert late.json() == {"mensajes": []}


async def test_all_conversations(sim: Sim) -> None:
    """Without a phone everybody's messages come, in their order."""
    for to in (WA_ID, "56922222222", WA_ID):
        await sim.graph({**notice(f"para {to}"), "to": to})
    found = (await sim.http.get("/mensajes.json")).json()["mensajes"]
    assert [one["telefono"] for one in found] == [PHONE, "+56922222222", PHONE]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "tributa.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_stay_out(sim: Sim, headers: dict[str, str]) -> None:
    """A page of another site reads no codes and writes nothing."""
    for path in ("/", "/mensajes.json", "/telefono/eventos", "/simulador/entregas"):
        assert (await sim.http.get(path, headers=headers)).status_code == 403


async def test_headers(sim: Sim) -> None:
    """The page runs nothing but its own scripts, and nothing is kept."""
    for path in ("/", "/mensajes.json", "/no-hay"):
        answer = await sim.http.get(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_command(tmp_path: Path) -> None:
    """It serves whoever is named, from the environment, and says nothing."""
    port = free_port()
    command = [sys.executable, "-m", "sandbox.whatsapp", "--persona", f"{PHONE}=Ana Soto"]
    environment = {
        **os.environ,
        "TRIBUTA_TELEFONO_PORT": str(port),
        "TRIBUTA_NOW": "2026-11-22T12:00:00-03:00",
        "WHATSAPP_TOKEN": "t0ken",
        "WHATSAPP_CALLBACK_URL": "http://127.0.0.1:9/webhooks/whatsapp",
    }
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            people = await answered(http, "/telefono/personas")
            assert [one["nombre"] for one in people["personas"]] == ["Ana Soto", "Carla (sin número)"]
            await http.post("/telefono/mensajes", json={"telefono": PHONE, "texto": "hola"})
            [message] = (await answered(http, "/mensajes.json"))["mensajes"]
            assert message["hora"].startswith("2026-11-22T12:0")
            async with http.stream("GET", "/telefono/eventos") as page:
                assert page.status_code == 200
                process.terminate()
                await asyncio.wait_for(process.wait(), 5)
    finally:
        if process.returncode is None:
            process.kill()
    assert (tmp_path / "log").read_bytes() == b""


async def answered(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """What it answers, once it does."""
    for _ in range(200):
        try:
            found: dict[str, Any] = (await http.get(path)).json()
        except httpx.TransportError:
            await asyncio.sleep(0.05)
        else:
            return found
    raise AssertionError("nobody answered")
