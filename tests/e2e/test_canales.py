"""WhatsApp and Telegram from the phone to the answer, on a running Tributa with both simulated."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect

from sandbox.demo import phone
from sandbox.demo_datos import DEMO
from tests.e2e.test_path import VENTA, browser, needs_chromium  # noqa: F401  (a fixture)
from tests.stack import Stack
from tests.telefonos import Chat, Telefono, fetch, status, until

pytestmark = pytest.mark.engine
PDF = b"%PDF-1.7\n" + bytes(100)
SEPTEMBER = "$44.163.014"


@pytest.fixture
def rosa(stack: Stack) -> Telefono:
    """The phone that is registered for the demo's first shop."""
    until(stack.ready)
    return Telefono(stack, phone(DEMO[0]))


@pytest.fixture
def ana(stack: Stack) -> Iterator[Telefono]:
    """A phone of nobody that we know."""
    until(stack.ready)
    ana = Telefono(stack, "+56944440001")
    yield ana
    ana.fail()


def ids(said: dict[str, Any]) -> list[str]:
    """The buttons below a message."""
    return [one["id"] for one in said["botones"]]


def test_a_registered_phone(rosa: Telefono) -> None:
    """It is recognised: the first question gets the right figure, and its buttons go on from there."""
    said = rosa.say("cuánto vendí en septiembre")
    assert "Ventas de septiembre de 2026" in said["texto"]
    assert SEPTEMBER in said["texto"]
    assert "compras_resumen:2026-09" in ids(said)
    said = rosa.say(boton="compras_resumen:2026-09")
    assert "Compras de septiembre de 2026" in said["texto"]
    assert "$" in rosa.say(boton="compras_detalle:2026-09")["texto"]


def test_a_stranger_links_with_a_code(rosa: Telefono, ana: Telefono) -> None:
    """The code goes to the registered phone; afterwards the stranger's phone answers for that shop."""
    said = ana.say("cuánto vendí en septiembre")
    assert SEPTEMBER not in said["texto"]
    assert ids(said) == ["vincular.entrar", "vincular.crear"]
    ana.say(boton="vincular.entrar")
    before = len(rosa.codes())
    ana.say(DEMO[0].rut.pretty)
    code = until(lambda: rosa.codes()[before:])[-1]
    assert ana.codes() == []
    assert DEMO[0].nombre in ana.say(f"es {code}")["texto"]
    assert SEPTEMBER in ana.say("cuánto vendí en septiembre")["texto"]


def test_registering_and_a_list(stack: Stack) -> None:
    """An account is made in the chat with RUT, name and consent; whoever has four chooses from a list."""
    until(stack.ready)
    eva = Telefono(stack, "+56944440002")
    eva.say("hola")
    companies = {
        "77111222-6": "Panadería Uno",
        "77111333-8": "Panadería Dos",
        "77111444-K": "Panadería Tres",
        "77111555-1": "Panadería Cuatro",
    }
    for rut, nombre in companies.items():
        eva.say(boton="vincular.crear")
        eva.say(rut)
        eva.say(nombre)
        assert f"¡Listo, {nombre}!" in eva.say(boton="vincular.acepto")["texto"]
    [section] = eva.say("cambiar de empresa")["lista"]["secciones"]
    rows = {row["id"]: row["titulo"] for row in section["filas"]}
    assert rows["vincular.activar.77111333-8"] == "Panadería Dos"
    assert "vincular.activar.77111555-1" not in rows, "it answers already"
    assert "Panadería Dos" in eva.say(lista="vincular.activar.77111333-8")["texto"]
    assert eva.say("cuánto vendí en septiembre")["texto"].startswith("*Panadería Dos*")


def test_files(rosa: Telefono) -> None:
    """The SII's CSV is imported and can be asked for; a PDF gets a kind answer."""
    said = rosa.send_file("ventas.csv", VENTA.read_bytes(), "ventas junio 2019")
    assert "ventas de junio de 2019" in said["texto"]
    assert "$4.712.135" in rosa.say("cuánto vendí en junio de 2019")["texto"]
    said = rosa.send_file("contrato.pdf", PDF, mime="application/pdf")
    assert "Lo estoy leyendo" in said["texto"]
    until(lambda: "No pude leer" in rosa.said()[-1]["texto"])


def test_telegram(stack: Stack) -> None:
    """By polling: /start, the RUT, the code from WhatsApp; then figures, buttons and files."""
    until(stack.ready)
    beto, phone_of_record = Chat(stack, 1002), Telefono(stack, phone(DEMO[1]))
    assert ids(beto.say("/start")) == ["vincular.entrar", "vincular.crear"]
    beto.say(boton="vincular.entrar")
    before = len(phone_of_record.codes())
    beto.say(DEMO[1].rut.pretty)
    code = until(lambda: phone_of_record.codes()[before:])[-1]
    assert DEMO[1].nombre in beto.say(code)["texto"]
    said = beto.say("cuánto vendí en septiembre")
    assert "$34.915.129" in said["texto"]
    assert "bold" in [one["type"] for one in said["formato"]]
    assert "Compras de septiembre de 2026" in beto.say(boton="compras_resumen:2026-09")["texto"]
    said = beto.send_file("ventas.csv", VENTA.read_bytes(), "ventas junio 2019")
    assert "ventas de junio de 2019" in said["texto"]
    # The buttons of this answer would ask for more than Telegram's 64 bytes; it comes all the same.
    months = "enero, marzo, mayo, julio, septiembre y noviembre de 2025, y enero y marzo de 2026"
    assert "2025" in beto.say(f"facturas electrónicas que vendí en {months}")["texto"]
    assert "Lo estoy leyendo" in beto.send_file("c.pdf", PDF, mime="application/pdf")["texto"]
    until(lambda: "No pude leer" in beto.said()[-1]["texto"])


def test_registering_on_telegram(stack: Stack) -> None:
    """Telegram shows no phone: it is asked for, and proven with a code over WhatsApp."""
    until(stack.ready)
    luz, her_phone = Chat(stack, 1003), Telefono(stack, "+56944440005")
    luz.say("/start")
    luz.say(boton="vincular.crear")
    luz.say("77.111.777-5")
    luz.say("Florería Luz")
    luz.say(her_phone.numero)
    assert "código" in luz.say(boton="vincular.acepto")["texto"]
    said = luz.say(until(her_phone.codes)[-1])
    assert "¡Listo, Florería Luz!" in said["texto"]
    assert "CSV" in luz.say("cuánto vendí en septiembre")["texto"]


def test_the_worker_is_killed(rosa: Telefono, stack: Stack) -> None:
    """In the middle of a message: it is answered once, and what was written behind it afterwards."""
    rosa.say("hola")
    engine = stack.programs()["rasa run"]
    engine.suspend()  # so that the message is surely being answered
    try:
        sent = rosa.write(texto="cuánto vendí en enero de 2026")
        until(lambda: _typing(rosa))
        stack.programs()["cli worker"].kill()
    finally:
        engine.resume()
    rosa.write(texto="cuánto compré en enero de 2026")
    until(lambda: len(rosa.said(sent)) > 1)
    last = rosa.say("cuánto vendí en febrero de 2026")
    heads = [one["texto"].split("\n")[0].strip("*") for one in rosa.said(sent)]
    assert heads == ["Ventas de enero de 2026", "Compras de enero de 2026", "Ventas de febrero de 2026"]
    assert last["texto"].startswith("*Ventas de febrero")


def _typing(who: Telefono) -> bool:
    people = fetch(f"{who.url}/telefono/personas")["personas"]
    return any(one["telefono"] == who.numero and one["escribiendo"] for one in people)


def test_what_comes_three_times(rosa: Telefono) -> None:
    """WhatsApp delivers at least once; each message has one effect."""
    rosa.fail(duplicados=3)
    try:
        sent = rosa.write(texto="cuánto vendí en abril de 2026")
        until(lambda: rosa.said(sent))
    finally:
        rosa.fail()
    rosa.say("cuánto vendí en mayo de 2026")
    heads = [one["texto"].split("\n")[0].strip("*") for one in rosa.said(sent)]
    assert heads == ["Ventas de abril de 2026", "Ventas de mayo de 2026"]


@pytest.mark.parametrize("forma", ["entradas", "cambios", "valores"])
def test_a_batch(ana: Telefono, forma: str) -> None:
    """Fifty messages delivered together, wherever they stand side by side, are fifty answers."""
    prefix = "+569444" + {"entradas": "501", "cambios": "502", "valores": "503"}[forma]
    crowd = [Telefono(ana.stack, f"{prefix}{number:02}") for number in range(50)]
    ana.fail(lote=1000, lote_forma=forma, lote_espera=3)
    for one in crowd:
        one.write(texto="hola")
    until(lambda: _largest(ana, prefix) >= 25)  # one delivery, or two if other news had begun the first
    ana.fail()
    for one in crowd:
        [said] = until(one.said)
        assert "¿Ya tienes cuenta?" in said["texto"]


def _largest(ana: Telefono, prefix: str) -> int:
    """How many messages of people with such numbers one delivery held that was taken."""
    found = fetch(f"{ana.url}/simulador/entregas")["entregas"]
    mine = [one for one in found if prefix.removeprefix("+") in json.dumps(one["cuerpo"])]
    return max((len(one["wamids"]) for one in mine if one["http"] == 200), default=0)


def _signed(stack: Stack, raw: bytes) -> str:
    secret = stack.secret("demo_whatsapp_app").encode()
    return f"sha256={hmac.new(secret, raw, hashlib.sha256).hexdigest()}"


def test_the_door(stack: Stack) -> None:
    """Without a signature 401, with a wrong one 403, cut off 400, too large 413; nobody's challenge 403."""
    until(stack.ready)
    door = f"{stack.url}/webhooks/whatsapp"
    raw = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()
    cut, large = raw[:-5], raw[:-1] + b" " * 5 * 2**20 + b"}"
    assert status(door, raw)[0] == 401
    assert status(door, raw, X_Hub_Signature_256=_signed(stack, raw + b" "))[0] == 403
    assert status(door, raw, X_Hub_Signature_256="sha256=ñ".encode().decode("latin-1"))[0] == 403
    assert status(door, cut, X_Hub_Signature_256=_signed(stack, cut))[0] == 400
    assert status(door, large, X_Hub_Signature_256=_signed(stack, large))[0] == 413
    assert status(door, raw, X_Hub_Signature_256=_signed(stack, raw))[0] == 200
    token = stack.secret("demo_whatsapp_verify")
    for given, expected in ((token, (200, "77")), ("otro", (403, ""))):
        query = {"hub.mode": "subscribe", "hub.challenge": "77", "hub.verify_token": given}
        assert status(f"{door}?{urlencode(query)}") == expected
    assert status(f"{stack.url}/webhooks/telegram", b"{}")[0] == 404, "it is asked, not told"


@pytest.mark.browser
@needs_chromium
async def test_the_phone_in_a_browser(browser: Browser, rosa: Telefono) -> None:  # noqa: F811
    """Ask, tap a button, read the answer."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="es-CL")
    page = await context.new_page()
    await page.goto(f"{rosa.url}/#{rosa.numero}")
    answers = page.locator(".burbuja.negocio")
    await page.get_by_label("Escribe un mensaje").fill("¿Cuánto vendí en septiembre?")
    await page.keyboard.press("Enter")
    await expect(answers.last).to_contain_text(SEPTEMBER, timeout=60_000)
    await answers.last.get_by_role("button", name="Ver compras").click()
    await expect(answers.last).to_contain_text("Compras de septiembre de 2026", timeout=60_000)
    await expect(page.locator(".burbuja.persona").last.get_by_label("Leído")).to_be_visible()
    await context.close()
