"""What WhatsApp's webhook delivers: each kind of message, each receipt, and what is none of ours."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp_updates import read_updates
from bot.services.ports_canales import (
    Acuse,
    Adjunto,
    Cambio,
    Entrante,
    EstadoSalida,
    Remitente,
    TipoAdjunto,
)

PHONE_ID = "555"
WHO = Remitente("whatsapp", "CL.1", "+56911111111", "Rosa")
SENT = datetime(2026, 11, 22, 15, tzinfo=UTC)
CONTACT: dict[str, Any] = {"wa_id": "56911111111", "user_id": "CL.1", "profile": {"name": "Rosa"}}
MEDIA = {"id": "m1", "mime_type": "text/csv", "sha256": "x"}


def message(kind: str, **body: Any) -> dict[str, Any]:
    """A message of Rosa's."""
    stamp = str(int(SENT.timestamp()))
    return {"from": "56911111111", "id": "wamid.1", "timestamp": stamp, "type": kind, **body}


def delivery(*messages: Any, phone_id: str = PHONE_ID, **value: Any) -> dict[str, Any]:
    """One change with these messages."""
    metadata = {"display_phone_number": "56223456789", "phone_number_id": phone_id}
    whole = {"metadata": metadata, "contacts": [CONTACT], "messages": list(messages), **value}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": whole}]}]}


def read(*messages: Any, **more: Any) -> list[Entrante | Acuse | Cambio]:
    """What is understood of it."""
    return read_updates(delivery(*messages, **more), PHONE_ID)


def came(texto: str = "", boton: str | None = None, adjunto: Adjunto | None = None) -> Entrante:
    """Rosa's message as the rest of Tributa sees it."""
    return Entrante("wamid.1", WHO, SENT, texto, boton, adjunto)


def reply(kind: str) -> dict[str, Any]:
    """A button or a row that was pressed."""
    pressed = {"id": "ventas_resumen:2026-09", "title": "Ver ventas", "description": "48 facturas"}
    return message("interactive", interactive={"type": kind, kind: pressed})


KINDS: dict[str, tuple[dict[str, Any], Entrante | Cambio | None]] = {
    "text": (message("text", text={"body": "cuánto vendí"}), came("cuánto vendí")),
    "button reply": (reply("button_reply"), came("Ver ventas", "ventas_resumen:2026-09")),
    "list reply": (reply("list_reply"), came("Ver ventas", "ventas_resumen:2026-09")),
    "template button": (message("button", button={"text": "Sí", "payload": "x"}), came("Sí")),
    "document": (
        message("document", document={**MEDIA, "filename": "v.csv", "caption": "ventas mayo"}),
        came("ventas mayo", adjunto=Adjunto(TipoAdjunto.DOCUMENTO, "m1", "v.csv", "text/csv")),
    ),
    "image": (message("image", image=MEDIA), came(adjunto=Adjunto(TipoAdjunto.IMAGEN, "m1", "", "text/csv"))),
    "audio": (
        message("audio", audio={**MEDIA, "voice": True}),
        came(adjunto=Adjunto(TipoAdjunto.AUDIO, "m1", "", "text/csv")),
    ),
    "sticker": (message("sticker", sticker={"id": "m1"}), came(adjunto=Adjunto(TipoAdjunto.STICKER, "m1"))),
    "location": (
        message("location", location={"latitude": -33.4, "longitude": -70.6}),
        came(adjunto=Adjunto(TipoAdjunto.UBICACION)),
    ),
    "contacts": (
        message("contacts", contacts=[{"name": {"formatted_name": "Luis"}}]),
        came(adjunto=Adjunto(TipoAdjunto.CONTACTO)),
    ),
    "unsupported": (
        message("unsupported", errors=[{"code": 131051}], unsupported={"type": "edit"}),
        came(adjunto=Adjunto(TipoAdjunto.OTRO)),
    ),
    "a kind of tomorrow": (message("hologram", hologram=7), came(adjunto=Adjunto(TipoAdjunto.OTRO))),
    "reaction": (message("reaction", reaction={"message_id": "wamid.0", "emoji": "👍"}), None),
    "thumb down": (
        message("reaction", reaction={"message_id": "wamid.0", "emoji": "👎🏽"}),
        came(texto="👎", adjunto=Adjunto(TipoAdjunto.REACCION, "wamid.0")),
    ),
    "new number": (message("system", system={"type": "user_changed_number", "body": ""}), Cambio(WHO)),
    "other phone": (message("system", system={"type": "customer_identity_changed"}), Cambio(WHO)),
    "other news": (message("system", system={"type": "group_created"}), None),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind: str) -> None:
    """Each kind of message is what it is, or silently nothing."""
    raw, expected = KINDS[kind]
    assert read(raw) == ([] if expected is None else [expected])


def test_a_batch() -> None:
    """All entries, changes and messages count, in order, and one that cannot be read spoils no other."""
    texts = [message("text", id=f"wamid.{number}", text={"body": str(number)}) for number in range(6)]
    late = message("text", timestamp="9" * 20, text={"body": "x"})
    batch = delivery(texts[0], {"type": "text"}, "nada", None, message("text"), late, texts[1])
    batch["entry"][0]["changes"] += delivery(texts[2], texts[3])["entry"][0]["changes"]
    batch["entry"] += [None, *delivery(texts[4])["entry"], *delivery(texts[5])["entry"]]
    found = [one.texto for one in read_updates(batch, PHONE_ID) if isinstance(one, Entrante)]
    assert found == list("012345")


def test_another_number_of_the_account() -> None:
    """What is for another phone id is not ours to answer."""
    assert read(message("text", text={"body": "hola"}), phone_id="556") == []


@pytest.mark.parametrize(
    ("contacts", "head", "expected"),
    [
        ([CONTACT], {}, ("CL.1", "+56911111111", "Rosa")),
        ([], {}, ("56911111111", "+56911111111", "")),
        (None, {}, ("56911111111", "+56911111111", "")),
        ([{"wa_id": "56911111111"}], {}, ("56911111111", "+56911111111", "")),
        ([], {"from_user_id": "CL.1"}, ("CL.1", "+56911111111", "")),
        ([{"user_id": "CL.1"}], {"from": None, "from_user_id": "CL.1"}, ("CL.1", None, "")),
        ([{"user_id": "CL.1"}], {"from": None}, ("CL.1", None, "")),
        ([{"user_id": "CL.9", "wa_id": "569"}, CONTACT], {}, ("CL.1", "+56911111111", "Rosa")),
        ([{"user_id": "CL.9"}, {"user_id": "CL.8"}], {}, ("56911111111", "+56911111111", "")),
        ([{**CONTACT, "profile": {"name": "R" * 500}}], {}, ("CL.1", "+56911111111", "R" * 120)),
        ([{"user_id": "CL.1"}], {"from": "no es un número"}, ("CL.1", None, "")),
    ],
)
def test_who_wrote(contacts: Any, head: dict[str, Any], expected: tuple[str, str | None, str]) -> None:
    """The id that stays, or else the number; a number only if WhatsApp shows one; nobody else's name."""
    [found] = read({**message("text", text={"body": "hola"}), **head}, contacts=contacts)
    assert isinstance(found, Entrante)
    assert (found.remitente.id, found.remitente.telefono, found.remitente.nombre) == expected


def test_nobody_wrote() -> None:
    """A message without any sender is left out."""
    assert read({**message("text", text={"body": "hola"}), "from": None}, contacts=[]) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"status": "sent"}, Acuse("wamid.9", EstadoSalida.ENVIADO)),
        ({"status": "delivered"}, Acuse("wamid.9", EstadoSalida.ENTREGADO)),
        ({"status": "read"}, Acuse("wamid.9", EstadoSalida.LEIDO)),
        ({"status": "played"}, Acuse("wamid.9", EstadoSalida.LEIDO)),
        (
            {"status": "sent", "biz_opaque_callback_data": "12"},
            Acuse("wamid.9", EstadoSalida.ENVIADO, 12),
        ),
        (
            {"status": "sent", "biz_opaque_callback_data": "de otro"},
            Acuse("wamid.9", EstadoSalida.ENVIADO),
        ),
        (
            {"status": "sent", "biz_opaque_callback_data": "9" * 19},
            Acuse("wamid.9", EstadoSalida.ENVIADO),
        ),
        (
            {"status": "failed", "errors": [{"code": 131026}]},
            Acuse("wamid.9", EstadoSalida.RETENIDO, error="131026"),
        ),
        (
            {"status": "failed", "errors": [{"code": 131047}], "biz_opaque_callback_data": "12"},
            Acuse("wamid.9", EstadoSalida.CERRADO, 12, "131047"),
        ),
        (
            {"status": "failed", "errors": [{"code": 131053}]},
            Acuse("wamid.9", EstadoSalida.FALLIDO, error="131053"),
        ),
        ({"status": "failed"}, Acuse("wamid.9", EstadoSalida.FALLIDO)),
        ({"status": "warning"}, None),
        ({}, None),
    ],
)
def test_receipts(status: dict[str, Any], expected: Acuse | None) -> None:
    """They name our own number, if it is one; who has not written for a day gets it later."""
    found = read(statuses=[{"id": "wamid.9", **status}])
    assert found == ([] if expected is None else [expected])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    "from from_user_id id timestamp type text body interactive button_reply list_reply title document system"
    " status errors code biz_opaque_callback_data profile name wa_id user_id image".split()
)
VALUES = JSON | st.sampled_from(["text", "interactive", "document", "system", "failed", "sent", "5691"])
PARTS = st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES, max_size=4), max_size=8)


@given(messages=st.lists(PARTS | JSON, max_size=3) | JSON, statuses=st.lists(PARTS | JSON, max_size=3) | JSON)
def test_garbage_is_left_out(messages: Any, statuses: Any) -> None:
    """Whatever stands where, nothing is raised: WhatsApp would deliver it again for a week."""
    raw = delivery(statuses=statuses)
    raw["entry"][0]["changes"][0]["value"]["messages"] = messages
    raw["entry"][0]["changes"][0]["value"]["contacts"] = statuses
    read_updates(raw, PHONE_ID)


@given(JSON)
def test_garbage_around(raw: Any) -> None:
    """Nor if the delivery itself is something else."""
    for whole in (raw, {"entry": raw}, {"entry": [{"changes": raw}]}, {"entry": [{"changes": [raw]}]}):
        assert read_updates(whole, PHONE_ID) == []
