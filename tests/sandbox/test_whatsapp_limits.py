"""The simulator's own check against the published limits: each at the limit, and one over it."""

from typing import Any

import httpx
import pytest

from sandbox.whatsapp.errors import CODES
from sandbox.whatsapp.media import KINDS, MB
from tests.sandbox.whatsapp import PDF, PHONE, PNG, WA_ID, Sim, code_of
from tests.sandbox.whatsapp_bodies import (
    Body,
    buttons,
    code,
    document,
    footer,
    header,
    image,
    interactive,
    link,
    listed,
    notice,
    notice_of,
    rows,
    sections,
    template,
    text,
    tracker,
    two_sections,
)

LIMITS = [
    ("text", text, 4096, 100),
    ("caption of an image", image, 1024, 131009),
    ("caption of a document", document, 1024, 131009),
    ("body of buttons", lambda n: buttons(body=n), 1024, 131009),
    ("body of a list", lambda n: listed(rows(1), body=n), 1024, 131009),
    ("header", header, 60, 131009),
    ("footer", footer, 60, 131009),
    ("buttons", buttons, 3, 131009),
    ("title of a button", lambda n: buttons(title=n), 20, 131009),
    ("id of a button", lambda n: buttons(name=n), 256, 131009),
    ("rows", lambda n: listed(rows(n)), 10, 131009),
    ("rows of all sections", lambda n: two_sections(n - 5), 10, 131009),
    ("sections", sections, 10, 131009),
    ("title of a row", lambda n: listed(rows(1, title=n)), 24, 131009),
    ("description of a row", lambda n: listed(rows(1, description=n)), 72, 131009),
    ("id of a row", lambda n: listed(rows(1, name=n)), 200, 131009),
    ("label of a list", lambda n: listed(rows(1), label=n), 20, 131009),
    ("title of a section", lambda n: listed(rows(1), section=n), 24, 131009),
    ("text of a link", link, 20, 131009),
    ("tracker", tracker, 512, 100),
    ("code", code, 15, 132012),
    ("template with its values", notice_of, 1024, 132005),
]


@pytest.mark.parametrize(
    ("make", "most", "error"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS]
)
async def test_limit(sim: Sim, make: Any, most: int, error: int) -> None:
    """What is as long as allowed arrives; one more is refused, with the published code."""
    await sim.write(texto="hola")
    assert code_of(await sim.graph(make(most))) == 0
    refused = await sim.graph(make(most + 1))
    assert (code_of(refused), refused.status_code) == (error, CODES[error][0])
    told = refused.json()["error"]
    assert told["message"].startswith(f"(#{error}) ")
    assert told["type"] == "OAuthException"
    assert error == 100 or told["error_data"]["details"]
    assert [one["de"] for one in await sim.read()] == ["persona", "negocio"]


SAME = {"type": "reply", "reply": {"id": "a", "title": "A"}}
WRONG: list[tuple[str, Body, int]] = [
    ("no text", {"type": "text", "text": {"body": " "}}, 100),
    ("no body", {"type": "text"}, 100),
    ("no such type", {"type": "poll", "poll": {}}, 100),
    ("no product", {**text(1), "messaging_product": "sms"}, 100),
    ("nobody", {**text(1), "to": ""}, 100),
    ("no number", {**text(1), "to": "hola"}, 131009),
    ("to itself", {**text(1), "to": "56223456789"}, 131021),
    ("unknown BSUID", {**text(1), "to": None, "recipient": "CL.123456789"}, 131026),
    ("no BSUID", {**text(1), "to": None, "recipient": "Carla"}, 131009),
    ("a group", {**text(1), "recipient_type": "group"}, 100),
    ("bad context", {**text(1), "context": {"message_id": "?"}}, 131009),
    ("other device", {**text(1), "recipient_identity_key_hash": "x"}, 137000),
    ("no buttons", buttons(0), 131009),
    ("no title", buttons(title=0), 131008),
    ("no id", buttons(name=0), 131008),
    (
        "same id",
        interactive({"buttons": [SAME, {**SAME, "reply": {"id": "a", "title": "B"}}]}, type="button"),
        131009,
    ),
    (
        "same title",
        interactive({"buttons": [SAME, {**SAME, "reply": {"id": "b", "title": "A"}}]}, type="button"),
        131009,
    ),
    ("same row", listed(rows(1), rows(1)), 131009),
    ("no rows", listed([]), 131009),
    ("untitled sections", listed(rows(1), rows(1, start=1), section=0), 131008),
    ("a file above a list", listed(rows(1), header={"type": "image", "image": {"id": "1"}}), 131009),
    ("no such file", {"type": "image", "image": {"id": "1"}}, 131009),
    ("file twice", {"type": "image", "image": {"id": "1", "link": "https://example.com/"}}, 100),
    ("no link", {"type": "document", "document": {"link": "ftp://example.com/"}}, 131009),
    ("caption of a sound", {"type": "audio", "audio": {"id": "1", "caption": "x"}}, 100),
    ("no such template", template("otra", []), 132001),
    ("other language", template("tributa_codigo", [], "en_US"), 132001),
    ("too few values", template("tributa_aviso", []), 132000),
    ("too many values", notice("a", "b"), 132000),
    ("no code to copy", template("tributa_codigo", [code(6)["template"]["components"][0]]), 131008),
    ("value with lines", notice("a\nb"), 132018),
    ("value with gaps", notice("a     b"), 132018),
]


@pytest.mark.parametrize(("body", "error"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_wrong(sim: Sim, body: Body, error: int) -> None:
    """What the service refuses is refused, and nobody sees it."""
    await sim.write(texto="hola")
    assert code_of(await sim.graph(body)) == error
    assert [one["de"] for one in await sim.read()] == ["persona"]


async def test_token(sim: Sim) -> None:
    """Without the token nothing is told."""
    for value in ("", "Bearer otro", "Basic x"):
        refused = await sim.graph(text(1), headers={"Authorization": value})
        assert (refused.status_code, code_of(refused)) == (401, 190)


async def test_unknown_objects(sim: Sim) -> None:
    """Other phones, accounts and paths are not known."""
    for path, error in (("1/messages", 100), ("1/media", 100), ("1/2/3", 2500)):
        assert code_of(await sim.graph(text(1), path)) == error


async def upload(sim: Sim, data: bytes, mime: str, name: str = "a") -> Any:
    """POST /media as multipart."""
    return await sim.http.post(
        f"/v23.0/{sim.state.business.phone_id}/media",
        files={"file": (name, data, mime)},
        data={"messaging_product": "whatsapp", "type": mime},
        headers={"Authorization": f"Bearer {sim.state.business.token}"},
    )


@pytest.mark.parametrize(
    ("kind", "mime", "most", "start"),
    [
        ("image", "image/png", 5 * MB, PNG),
        ("image", "image/jpeg", 5 * MB, b"\xff\xd8\xff"),
        ("audio", "audio/ogg; codecs=opus", 16 * MB, b""),
        ("sticker", "image/webp", 500 * 1024, b""),
        ("video", "video/mp4", 16 * MB, b""),
        ("document", "application/pdf", 100 * MB, PDF),
    ],
)
async def test_size_of_files(sim: Sim, kind: str, mime: str, most: int, start: bytes) -> None:
    """A file may be as large as published, and not a byte larger."""
    assert KINDS[kind][1] == most
    assert (await upload(sim, start.ljust(most, b"x"), mime)).status_code == 200
    assert code_of(await upload(sim, start.ljust(most + 1, b"x"), mime)) == 131053


@pytest.mark.parametrize(
    ("data", "mime", "error"),
    [
        (b"a;b", "text/csv", 100),
        (b"PK", "application/zip", 100),
        (b"GIF8", "image/gif", 100),
        (b"", "application/pdf", 131053),
        (b"<html>", "image/png", 131053),
        (b"<html>", "application/pdf", 131053),
    ],
)
async def test_kinds_of_files(sim: Sim, data: bytes, mime: str, error: int) -> None:
    """Only published types are taken, and only if the content is what it says."""
    assert code_of(await upload(sim, data, mime)) == error


async def test_a_file_of_another_kind(sim: Sim) -> None:
    """A document cannot be sent as an image."""
    await sim.write(texto="hola")
    media = (await upload(sim, PDF, "application/pdf")).json()["id"]
    assert code_of(await sim.graph({"type": "image", "image": {"id": media}})) == 131053
    assert code_of(await sim.graph({"type": "document", "document": {"id": media, "filename": "a.pdf"}})) == 0


async def test_window(sim: Sim) -> None:
    """Twenty-four hours after the person's last message only templates arrive."""
    assert code_of(await sim.graph(text(1))) == 131047
    await sim.write(texto="hola")
    assert code_of(await sim.graph(text(1))) == 0
    await sim.http.post("/simulador/reloj", json={"segundos": 24 * 3600 - 5})
    assert code_of(await sim.graph(text(1))) == 0
    sim.state.clock.advance(5)
    for body in (text(1), buttons(), image(1)):
        assert code_of(await sim.graph(body)) == 131047
    assert code_of(await sim.graph(notice("Hola"))) == 0
    await sim.write(texto="aquí estoy")
    assert code_of(await sim.graph(text(1))) == 0


async def test_window_told_late(sim: Sim) -> None:
    """If so set, the message is accepted and fails afterwards."""
    await sim.faults(ventana="tardia")
    assert code_of(await sim.graph(text(1))) == 0
    [status] = await sim.webhook.wait("statuses", 1)
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131047)
    await sim.faults(ventana="no")
    assert code_of(await sim.graph(text(1))) == 0


async def test_pair(sim: Sim) -> None:
    """A burst of 45 to one person, then one each six seconds; others are not held up."""
    for _ in range(45):
        assert code_of(await sim.graph(notice("a"))) == 0
    sim.state.clock.advance(1)
    assert code_of(await sim.graph(notice("a"))) == 131056
    assert code_of(await sim.graph({**notice("a"), "to": "56922222222"})) == 0
    sim.state.clock.advance(5)
    assert code_of(await sim.graph(notice("a"))) == 0
    assert code_of(await sim.graph(notice("a"))) == 131056
    await sim.faults(par=False)
    assert code_of(await sim.graph(notice("a"))) == 0


async def test_throughput(sim: Sim) -> None:
    """So many messages in a second, to whomever."""
    await sim.faults(caudal=3)
    now = sim.state.clock.seconds()
    sim.state.clock.seconds = lambda: now  # type: ignore[method-assign]
    for n in range(3):
        assert code_of(await sim.graph({**notice("a"), "to": f"5690000000{n}"})) == 0
    refused = await sim.graph(notice("a"))
    assert (refused.status_code, code_of(refused)) == (429, 130429)
    sim.state.clock.seconds = lambda: now + 1  # type: ignore[method-assign]
    assert code_of(await sim.graph(notice("a"))) == 0


async def test_a_code_needs_a_phone(sim: Sim) -> None:
    """An authentication template cannot go to a BSUID, any other can."""
    bsuid = sim.state.people.get(PHONE).bsuid
    assert code_of(await sim.graph({**code(6), "to": None, "recipient": bsuid})) == 131062
    assert code_of(await sim.graph({**notice("a"), "to": None, "recipient": bsuid})) == 0
    assert code_of(await sim.graph({**code(6), "to": f"+{WA_ID}"})) == 0


@pytest.mark.parametrize("error", [131000, 131016, 131026, 130429, 131056, 131047, 190])
async def test_faults_on_demand(sim: Sim, error: int) -> None:
    """Any error can be had, so many times, for one phone or for all."""
    await sim.write(texto="hola")
    await sim.faults(error_envio={"codigo": error, "veces": 2, "telefono": PHONE})
    assert code_of(await sim.graph({**notice("a"), "to": "56922222222"})) == 0
    assert [code_of(await sim.graph(text(1))) for _ in range(3)] == [error, error, 0]


async def test_late_fault(sim: Sim) -> None:
    """A message may fail after it was accepted."""
    await sim.write(texto="hola")
    await sim.faults(error_tardio={"codigo": 131026})
    assert code_of(await sim.graph(text(1))) == 0
    [status] = await sim.webhook.wait("statuses", 1)
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131026)
    failed = (await sim.read())[-1]
    assert (failed["estado"], failed["error"]["code"]) == ("failed", 131026)


async def test_broken_answers(sim: Sim) -> None:
    """An answer that is not JSON, a connection that ends before, and one that ends after it was done."""
    await sim.write(texto="hola")
    await sim.faults(http_503=1)
    assert (await sim.graph(text(1))).status_code == 503
    for fault, arrived in (("corte", 0), ("respuesta_perdida", 1)):
        await sim.faults(**{fault: 1})
        with pytest.raises(httpx.TransportError):
            await sim.graph(text(1))
        assert len(await sim.read()) == 1 + arrived
    answer = await sim.http.delete("/simulador/fallas")
    assert answer.json()["corte"] == 0
    assert (await sim.http.post("/simulador/fallas", json={"otra": 1})).status_code == 400
