"""Telegram: what its updates say, how our texts look there, and what its refusals mean."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import TelegramCanal, to_html
from bot.core.mensajes import Boton, Outgoing
from bot.services.ports_canales import (
    Adjunto,
    CanalInciertoError,
    CanalOcupadoError,
    CanalRechazoError,
    DeliveryUnreadableError,
    Entrante,
    Remitente,
    TipoAdjunto,
)
from tests.sandbox.telegram_stage import ANA, TOKEN, Stage, staged

READER = TelegramCanal("http://127.0.0.1:9", TOKEN, "s", lambda: PRESSED)
USER = {"id": 501, "is_bot": False, "first_name": "Ana", "last_name": "Soto"}
CHAT = {"id": 501, "type": "private", "first_name": "Ana"}
SENT, PRESSED = datetime(2026, 11, 22, 15, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)
WHO = Remitente("telegram", "501", None, "Ana Soto")
FILE = {"file_id": "f1", "file_unique_id": "u1"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*Ventas* de mayo", "<b>Ventas</b> de mayo"),
        ("_Fuente: el SII._", "<i>Fuente: el SII.</i>"),
        ("*uno* y *dos*, _tres_", "<b>uno</b> y <b>dos</b>, <i>tres</i>"),
        ("*_las dos_*", "<b><i>las dos</i></b>"),
        ("Total: *$44.163.014*", "Total: <b>$44.163.014</b>"),
        ("a_b_c y RCV_VENTA_2026.csv", "a_b_c y RCV_VENTA_2026.csv"),
        ("3*4*5 y 2 * 3 * 4", "3*4*5 y 2 * 3 * 4"),
        ("* no * y _ no _", "* no * y _ no _"),
        ("*una\nlínea*", "*una\nlínea*"),
        ('Perez & Cía <script> "x"', 'Perez &amp; Cía &lt;script&gt; "x"'),
        ("*Perez & Cía*", "<b>Perez &amp; Cía</b>"),
        ("&amp;", "&amp;amp;"),
    ],
)
def test_to_html(text: str, shown: str) -> None:
    """Bold and italic of ours; everything else, tags and underscores in words too, is shown as it is."""
    assert to_html(text) == shown


@given(st.text(alphabet="*_<>&ab \n", max_size=60))
def test_to_html_is_never_broken(text: str) -> None:
    """Only these two tags, each closed: Telegram refuses a message with anything else."""
    plain = to_html(text)
    for name in "bi":
        assert plain.count(f"<{name}>") == plain.count(f"</{name}>")
        plain = plain.replace(f"<{name}>", "").replace(f"</{name}>", "")
    assert "<" not in plain
    assert ">" not in plain


def message(**body: Any) -> dict[str, Any]:
    """A message of Ana's in a private chat."""
    return {"message_id": 7, "date": int(SENT.timestamp()), "chat": CHAT, "from": USER, **body}


def read(**update: Any) -> list[Entrante]:
    """What is understood of an update."""
    return READER.read(json.dumps({"update_id": 9, **update}).encode())


def came(texto: str = "", adjunto: Adjunto | None = None) -> Entrante:
    """Ana's message as the rest of Tributa sees it."""
    return Entrante("9", WHO, SENT, texto, None, adjunto)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": "cuánto vendí"}, came("cuánto vendí")),
        ({"text": "/start"}, came("hola")),
        ({"text": "/start abc"}, came("hola")),
        ({"text": "/ayuda"}, came("ayuda")),
        ({"text": "/restart"}, came("restart")),
        (
            {"document": {**FILE, "file_name": "v.csv", "mime_type": "text/csv"}, "caption": "ventas mayo"},
            came("ventas mayo", Adjunto(TipoAdjunto.DOCUMENTO, "f1", "v.csv", "text/csv")),
        ),
        ({"document": FILE}, came(adjunto=Adjunto(TipoAdjunto.DOCUMENTO, "f1"))),
        ({"photo": [{**FILE, "width": 1, "height": 1}]}, came(adjunto=Adjunto(TipoAdjunto.IMAGEN))),
        ({"voice": {**FILE, "duration": 3}}, came(adjunto=Adjunto(TipoAdjunto.AUDIO))),
        ({"location": {"latitude": -33, "longitude": -70}}, came(adjunto=Adjunto(TipoAdjunto.UBICACION))),
        ({"dice": {"emoji": "🎲", "value": 3}}, came(adjunto=Adjunto(TipoAdjunto.OTRO))),
    ],
)
def test_messages(body: dict[str, Any], expected: Entrante) -> None:
    """Texts, our two commands, files and whatever else people send."""
    assert read(message=message(**body)) == [expected]


@pytest.mark.parametrize(
    ("owner", "number", "telefono"),
    [
        (501, "+56 9 1111 1111", "+56911111111"),
        (501, "56911111111", "+56911111111"),
        (777, "+56911111111", None),
        (None, "+56911111111", None),
    ],
)
def test_contacts(owner: int | None, number: str, telefono: str | None) -> None:
    """One's own number is a proof, somebody else's card is none."""
    contact = {"phone_number": number, "first_name": "Ana", **({"user_id": owner} if owner else {})}
    [found] = read(message=message(contact=contact))
    assert found.remitente.telefono == telefono
    assert found.adjunto == Adjunto(TipoAdjunto.CONTACTO)


def test_a_button() -> None:
    """Its id comes back, with the query that has to be answered; when it was pressed nobody says."""
    query = {"id": "44", "from": USER, "chat_instance": "1", "data": "ayuda", "message": message(text="?")}
    [found] = read(callback_query=query)
    assert (found.id, found.remitente, found.boton) == ("9:44", WHO, "ayuda")
    assert found.momento == PRESSED


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(text="hola", chat={"id": -5, "type": "group", "title": "Socios"})},
        {"message": message(text="hola", chat={"id": -5, "type": "supergroup", "title": "Socios"})},
        {"channel_post": message(text="hola", chat={"id": -5, "type": "channel", "title": "Avisos"})},
        {"message": message(text="hola", **{"from": {**USER, "is_bot": True}})},
        {"edited_message": message(text="hola")},
        {"callback_query": {"id": "44", "from": USER, "chat_instance": "1", "data": "ayuda"}},
        {
            "callback_query": {
                "id": "44",
                "from": USER,
                "chat_instance": "1",
                "data": "ayuda",
                "message": message(text="?", chat={"id": -5, "type": "group", "title": "Socios"}),
            }
        },
        {},
    ],
)
def test_what_is_not_answered(update: dict[str, Any]) -> None:
    """Groups, channels, other bots, corrections, buttons below messages that are gone."""
    assert read(**update) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"message": {}}',
        b'{"update_id": 1, "message": 7}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": "ayer", "chat": {"id": 1}}}',
        b'{"update_id": 1, "message": {"message_id": 1, "date": 1e99, "chat": {"id": 1}}}',
    ],
)
def test_garbage(raw: bytes) -> None:
    """What Telegram would not send is refused in one way."""
    with pytest.raises(DeliveryUnreadableError):
        READER.read(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
NAMES = "message_id date chat from text contact document photo voice id type data message is_bot".split()
PARTS = st.dictionaries(st.sampled_from(NAMES), JSON | st.just("private") | st.just(CHAT) | st.just(USER))


@given(st.sampled_from(["message", "callback_query"]), PARTS | JSON)
def test_garbage_within(name: str, body: Any) -> None:
    """Any update is read, passed over or refused; nothing else is raised."""
    try:
        read(**{name: body})
    except DeliveryUnreadableError:
        return


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A simulated Telegram."""
    async with staged() as stage:
        yield stage


@pytest.fixture
async def telegram(stage: Stage) -> AsyncIterator[TelegramCanal]:
    """Talks to it."""
    canal = TelegramCanal(stage.url, TOKEN, "s")
    await stage.act(ANA, texto="/start")
    yield canal
    await canal.close()


async def test_what_is_sent(telegram: TelegramCanal, stage: Stage) -> None:
    """Text with our marks, buttons two by two, rows one below the other."""
    three = tuple(Boton(f"b{number}", f"Botón {number}") for number in range(3))
    two = tuple(Boton(f"l{number}", f"Fila {number}") for number in range(2))
    sent = await telegram.enviar(str(ANA), Outgoing("*Ventas* <hoy>", three, lista=two), 1)
    shown = (await stage.seen(ANA))[-1]
    assert (str(shown["id"]), shown["texto"]) == (sent, "Ventas <hoy>")
    assert [one["type"] for one in shown["formato"]] == ["bold"]
    assert [one["id"] for one in shown["botones"]] == ["b0", "b1", "b2", "l0", "l1"]
    assert shown["filas"] == [2, 1, 1, 1]


@pytest.mark.parametrize(
    ("fault", "error", "detail"),
    [
        ({"codigo": 429, "retry_after": 7}, CanalOcupadoError, 7.0),
        ({"codigo": 403, "descripcion": "Forbidden: bot was blocked by the user"}, CanalRechazoError, "403"),
        ({"codigo": 400, "descripcion": "Bad Request: chat not found"}, CanalRechazoError, "400"),
        ({"codigo": 401, "descripcion": "Unauthorized"}, CanalOcupadoError, 60),
        ({"codigo": 502, "descripcion": "Bad Gateway"}, CanalInciertoError, None),
        ({"perder_respuesta": True}, CanalInciertoError, None),
        ({"cortar": True}, CanalInciertoError, None),
    ],
)
async def test_what_refusals_mean(
    telegram: TelegramCanal, stage: Stage, fault: dict[str, Any], error: type[Exception], detail: object
) -> None:
    """To wait for, never to be taken, or unknown; without the words, which quote what was sent."""
    await stage.fail(metodos=[{"metodo": "sendMessage", "descripcion": None, **fault}])
    with pytest.raises(error) as refused:
        await telegram.enviar(str(ANA), Outgoing("secreto"), 1)
    assert getattr(refused.value, "espera", getattr(refused.value, "codigo", None)) == detail
    assert "secreto" not in repr(refused.value)
    assert refused.value.__suppress_context__


async def test_nobody_there() -> None:
    """A connection that never came about: surely nothing was sent."""
    away = TelegramCanal("http://127.0.0.1:9", TOKEN, "s")
    with pytest.raises(CanalOcupadoError):
        await away.enviar("501", Outgoing("hola"), 1)
    await away.atendiendo("501", "9:44")
    await away.close()
