"""The persons' side: files both ways, what a person cannot do, and who may use the page."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest

from tests.sandbox.telegram_stage import ANA, TOKEN, Stage, encoded, png, staged

PDF = b"%PDF-1.4 contrato"


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    """One simulator for all."""
    async with staged() as stage:
        yield stage


async def fetch(stage: Stage, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers."""
    async with stage.session.get(f"{stage.url}{path}", headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


async def test_a_document_up_and_down(stage: Stage) -> None:
    """What a person sends reaches the bot byte by byte."""
    archivo = {"nombre": "contrato año 2026.pdf", "mime": "application/pdf", "base64": encoded(PDF)}
    sent = await stage.act(ANA, archivo=archivo, texto="mi contrato")
    (update,) = await stage.bot.get_updates(offset=sent["update_id"])
    document = update.message.document
    assert (document.file_name, document.mime_type, document.file_size) == (
        "contrato año 2026.pdf", "application/pdf", len(PDF),
    )  # fmt: skip
    assert update.message.caption == "mi contrato"
    assert bytes(await (await document.get_file()).download_as_bytearray()) == PDF


async def test_a_photo_up_and_down(stage: Stage) -> None:
    """With its size in pixels."""
    archivo = {"nombre": "boleta.png", "mime": "image/png", "base64": encoded(png(64, 48)), "foto": True}
    sent = await stage.act(ANA, archivo=archivo)
    (update,) = await stage.bot.get_updates(offset=sent["update_id"])
    photo = update.message.photo[-1]
    assert (photo.width, photo.height) == (64, 48)
    assert bytes(await (await photo.get_file()).download_as_bytearray()) == png(64, 48)


async def test_files_of_the_bot(stage: Stage) -> None:
    """Uploaded once, sent again by its id; the person sees a picture and saves a document."""
    picture = await stage.bot.send_photo(ANA, png(), caption="<b>IVA</b>", parse_mode="HTML")
    again = await stage.bot.send_photo(ANA, picture.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == picture.photo[-1].file_unique_id
    book = await stage.bot.send_document(ANA, PDF, filename="libro.pdf", caption="Tu libro")
    assert book.document.file_name == "libro.pdf"
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Document as Photo"):
        await stage.bot.send_photo(ANA, book.document.file_id)
    first, _second, third = (await stage.seen(ANA))[-3:]
    assert (first["tipo"], first["texto"], first["formato"][0]["type"]) == ("imagen", "IVA", "bold")
    status, body, headers = await fetch(stage, first["imagen"])
    assert (status, body, headers["Content-Type"]) == (200, png(), "image/png")
    assert (third["tipo"], third["nombre"], third["tamano"]) == ("documento", "libro.pdf", len(PDF))
    status, body, headers = await fetch(stage, third["documento"])
    assert (status, body, headers["Content-Disposition"]) == (200, PDF, "attachment")


async def test_downloads_need_the_token(stage: Stage) -> None:
    """And a path that exists."""
    document = (await stage.bot.send_document(ANA, PDF, filename="a.pdf")).document
    path = stage.simulator.files[document.file_id].path
    assert (await fetch(stage, f"/file/bot{TOKEN}/{path}"))[:2] == (200, PDF)
    assert (await fetch(stage, f"/file/bot{TOKEN}x/{path}"))[0] == 401
    assert (await fetch(stage, f"/file/bot{TOKEN}/{path}x"))[0] == 404


async def test_a_keyboard_of_answers(stage: Stage) -> None:
    """It stands until the bot takes it away."""
    button = KeyboardButton("Compartir mi número", request_contact=True)
    await stage.bot.send_message(
        ANA, "¿Tu número?", reply_markup=ReplyKeyboardMarkup([[button], ["No"]], one_time_keyboard=True)
    )
    await stage.bot.send_message(ANA, "Te espero")
    screen = await stage.screen(ANA)
    assert screen["teclado"] == [
        [{"titulo": "Compartir mi número", "contacto": True}],
        [{"titulo": "No", "contacto": False}],
    ]
    assert screen["de_una_vez"] is True
    await stage.bot.send_message(ANA, "Listo", reply_markup=ReplyKeyboardRemove())
    assert (await stage.screen(ANA))["teclado"] == []


async def test_both_sides_in_order(stage: Stage) -> None:
    """Oldest first, of one chat or of all."""
    await stage.act(777, texto="hola", nombre="Nadia")
    await stage.bot.send_message(777, "buenas")
    said = await stage.seen(777)
    assert [(one["de"], one["tipo"], one["texto"], one["botones"]) for one in said] == [
        ("persona", "texto", "hola", []),
        ("bot", "texto", "buenas", []),
    ]
    assert said[0]["hora"] == "09:00:00"
    _, body, _ = await fetch(stage, "/telegram/mensajes.json")
    assert b"buenas" in body
    _, body, _ = await fetch(stage, "/telegram/personas.json")
    assert b"Nadia" in body


WRONG = [
    ({}, 400),
    ({"usuario": 0, "texto": "a"}, 400),
    ({"usuario": ANA, "texto": ""}, 400),
    ({"usuario": ANA, "texto": " "}, 409),
    ({"usuario": ANA, "texto": "x" * 4097}, 400),
    ({"usuario": ANA, "texto": "a", "voz": {}}, 400),
    ({"usuario": ANA, "otra": 1}, 400),
    ({"usuario": ANA, "boton": "no existe"}, 409),
    ({"usuario": ANA, "archivo": {"nombre": "a", "base64": "abcde"}}, 400),
    ({"usuario": ANA, "archivo": {"nombre": "a", "base64": ""}}, 409),
    ({"usuario": ANA, "archivo": {"nombre": "a", "base64": encoded(PDF), "foto": True}}, 409),
]


@pytest.mark.parametrize(("body", "status"), WRONG)
async def test_what_a_person_cannot_do(stage: Stage, body: dict[str, Any], status: int) -> None:
    """Told as such, and nothing happens."""
    before = await stage.seen(ANA)
    assert "error" in await stage.post("/telegram/mensajes", body, status)
    assert await stage.seen(ANA) == before


FOREIGN = [
    ({"Host": "tributa.example"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Host": "localhost"}, 200),
]


@pytest.mark.parametrize(("headers", "status"), FOREIGN)
async def test_other_sites(stage: Stage, headers: dict[str, str], status: int) -> None:
    """Only pages of this machine read and write here."""
    assert (await fetch(stage, "/telegram/mensajes.json", **headers))[0] == status


async def test_a_form_of_another_site(stage: Stage) -> None:
    """What a browser sends anywhere without asking is not taken."""
    async with stage.session.post(
        f"{stage.url}/telegram/mensajes", data=b'{"usuario": 501, "texto": "a"}',
        headers={"Content-Type": "text/plain"},
    ) as answer:  # fmt: skip
        assert answer.status == 415


async def test_no_scripts_from_elsewhere(stage: Stage) -> None:
    """The page runs its own files and nothing else."""
    status, body, headers = await fetch(stage, "/")
    assert status == 200
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"http" not in body
    assert b"<style" not in body
