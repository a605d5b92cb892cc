"""What persons send, kind by kind, as the webhook gets it and as pywa reads it."""

from base64 import b64encode
from typing import Any

import pytest
from pywa_async import types
from pywa_async.types.base_update import RawUpdate

from tests.sandbox.whatsapp import BUSINESS, PDF, PHONE, PNG, WA_ID, Sim
from tests.sandbox.whatsapp_bodies import buttons, listed, rows, template


async def test_taps(sim: Sim) -> None:
    """A button and a row come back with their ids and the message to which they belong."""
    await sim.write(texto="hola")
    first = (await sim.graph(buttons(2))).json()["messages"][0]["id"]
    second = (await sim.graph(listed(rows(2)))).json()["messages"][0]["id"]
    assert (await sim.write(boton="11111"))["texto"] == "11111"
    await sim.write(lista="bbbbb")
    messages = await sim.webhook.wait("messages", 3)
    reply = {"type": "button_reply", "button_reply": {"id": "11111", "title": "11111"}}
    assert (messages[1]["interactive"], messages[1]["context"]["id"]) == (reply, first)
    row = {"id": "bbbbb", "title": "ttttt", "description": "ddddd"}
    assert (messages[2]["interactive"]["list_reply"], messages[2]["context"]["id"]) == (row, second)
    refused = await sim.http.post("/telefono/mensajes", json={"telefono": PHONE, "boton": "nadie"})
    assert refused.status_code == 409


async def test_a_button_of_a_template(sim: Sim) -> None:
    """Quick replies of templates come as another type."""
    made = {
        "name": "tributa_vence",
        "language": "es_CL",
        "category": "UTILITY",
        "components": [
            {"type": "BODY", "text": "Vence el F29 de {{1}}."},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Ver"}]},
        ],
    }
    path = f"{BUSINESS.waba_id}/message_templates"
    assert (await sim.graph(made, path)).json()["status"] == "APPROVED"
    values = [{"type": "body", "parameters": [{"type": "text", "text": "octubre"}]}]
    tap = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    tap["parameters"] = [{"type": "payload", "payload": "f29:2026-10"}]  # type: ignore[assignment]
    await sim.graph(template("tributa_vence", [*values, tap]))
    await sim.write(boton="f29:2026-10")
    [message] = await sim.webhook.wait("messages", 1)
    assert message["button"] == {"text": "Ver", "payload": "f29:2026-10"}


KINDS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        {"ubicacion": {"latitud": -33.4, "longitud": -70.6}},
        "location",
        {"latitude": -33.4, "longitude": -70.6},
    ),
    (
        {"reaccion": {"mensaje": "wamid.x", "emoji": "👍"}},
        "reaction",
        {"message_id": "wamid.x", "emoji": "👍"},
    ),
    ({"no_soportado": "poll"}, "unsupported", {"type": "poll"}),
]


@pytest.mark.parametrize(("what", "kind", "body"), KINDS, ids=[row[1] for row in KINDS])
async def test_other_kinds(sim: Sim, what: dict[str, Any], kind: str, body: dict[str, Any]) -> None:
    """What the product does not answer comes too, and pywa reads it."""
    await sim.write(**what)
    [message] = await sim.webhook.wait("messages", 1)
    assert (message["type"], message[kind]) == (kind, body)
    raw, given = sim.webhook.got[0]
    read = types.Message.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert read.type.value == kind


async def test_cards_and_unknown(sim: Sim) -> None:
    """Contacts, and something that nobody can name."""
    await sim.write(contacto={"nombre": "Luis", "telefono": "+56 9 3333 3333"})
    await sim.write(desconocido=True)
    card, unknown = await sim.webhook.wait("messages", 2)
    assert card["contacts"][0]["phones"][0]["wa_id"] == "56933333333"
    assert (unknown["type"], unknown["errors"][0]["code"]) == ("unknown", 131051)


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/png", "image"),
        ("image/webp", "sticker"),
        ("audio/ogg; codecs=opus", "audio"),
        ("application/pdf", "document"),
        ("text/csv", "document"),
    ],
)
async def test_files_in(sim: Sim, mime: str, kind: str) -> None:
    """Any file comes as an id, with its type, its hash and its name."""
    data = {"image": PNG, "document": PDF}.get(kind, b"abc")
    await sim.write(
        archivo={"base64": b64encode(data).decode(), "nombre": "ventas.bin", "mime": mime}, texto="mira"
    )
    [message] = await sim.webhook.wait("messages", 1)
    assert (message["type"], message[kind]["mime_type"]) == (kind, mime)
    assert message[kind].get("filename") == ("ventas.bin" if kind == "document" else None)
    assert message[kind].get("caption") == ("mira" if kind in ("image", "document") else None)
    raw, given = sim.webhook.got[0]
    read = types.Message.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert read.media
    url = await sim.wa.get_media_url(message[kind]["id"])
    assert await sim.wa.get_media_bytes(url.url) == data


async def test_changed_number_and_device(sim: Sim) -> None:
    """Both are told as system messages, which pywa reads."""
    await sim.write(texto="hola")
    old = sim.state.people.get(PHONE).bsuid
    change = {"telefono": PHONE, "nuevo": "+56 9 4444 4444"}
    assert (await sim.http.post("/telefono/numero", json=change)).json()["telefono"] == "+56944444444"
    assert (await sim.http.post("/telefono/identidad", json={"telefono": "+56944444444"})).status_code == 200
    await sim.webhook.wait("messages", 3)
    raw, given = sim.webhook.got[1]
    number = types.PhoneNumberChange.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert (number.old_wa_id, number.new_wa_id) == (WA_ID, "56944444444")
    assert number.new_user_id not in (None, old)
    raw, given = sim.webhook.got[2]
    identity = types.IdentityChange.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert identity.identity.hash
    assert len(await sim.read("+56944444444")) == 1
