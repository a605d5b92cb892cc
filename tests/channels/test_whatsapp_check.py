"""`check` of a WhatsApp account: everything well, and each thing that can be wrong, told with its remedy."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.findings import Finding, Mark
from bot.channels.whatsapp import LANGUAGE, WhatsAppCanal
from bot.channels.whatsapp_account import WhatsAppAccount
from bot.channels.whatsapp_avisos import news
from bot.channels.whatsapp_check import check_whatsapp
from bot.channels.whatsapp_setup import create_templates, subscribe
from sandbox.whatsapp import graph_account
from sandbox.whatsapp.simulator import Simulator
from tests.channels.puertas import otro_programa, puertas
from tests.sandbox.whatsapp import BUSINESS, PHONE, Sim, running

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
CODE, NOTICE = "tributa_codigo", "tributa_aviso"
NEWS = tuple(news(LANGUAGE))
OF_CODE, OF_NOTICE = f"Plantilla {CODE}", f"Plantilla {NOTICE}"
SECRETS = (BUSINESS.token, BUSINESS.app_secret, BUSINESS.verify_token)


@dataclass
class World:
    """A simulator, and the account as the settings say it is."""

    sim: Sim
    account: WhatsAppAccount

    @property
    def state(self) -> Simulator:
        return self.sim.state

    def business(self, **what: Any) -> None:
        """The account at Meta is otherwise."""
        self.state.business = replace(self.state.business, **what)

    def settings(self, **what: Any) -> None:
        """The operator's settings are otherwise."""
        self.account = replace(self.account, **what)

    def template(self, name: str, **what: Any) -> None:
        """A template at Meta is otherwise."""
        self.state.templates.known[name, "es_CL"].raw.update(what)

    async def check(self) -> list[Finding]:
        return await check_whatsapp(self.account, NOW)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """In which all is well."""
    async with running() as sim, puertas(verify_token=BUSINESS.verify_token) as web:
        account = WhatsAppAccount(
            sim.url,
            "23.0",
            BUSINESS.phone_id,
            BUSINESS.waba_id,
            BUSINESS.token,
            BUSINESS.app_secret,
            BUSINESS.verify_token,
            web,
        )
        sim.state.business = replace(sim.state.business, callback_url=account.webhook)
        sim.state.deliverer.url = account.webhook
        yield World(sim, account)


def wrong(found: list[Finding]) -> list[Finding]:
    """What is not well; each says what to do, and nothing tells a secret."""
    for one in found:
        assert (one.mark is Mark.GOOD) <= (not one.remedy)
        assert not any(secret in f"{one.says}{one.remedy}" for secret in SECRETS), one
    return [one for one in found if one.mark is Mark.BAD]


async def test_all_is_well(world: World) -> None:
    """Number, name and quality are told, and nothing is left out."""
    found = await world.check()
    assert [one.mark for one in found] == [Mark.GOOD] * len(found), found
    assert [one.what for one in found] == [
        "Configuración",
        "Token",
        "Teléfono",
        "Dirección en Meta",
        "Cuenta de WhatsApp",
        "Suscripción",
        f"Plantilla {CODE}",
        f"Plantilla {NOTICE}",
        *(f"Plantilla {name}" for name in NEWS),
        "Clave secreta",
        "Campo messages",
        "Webhook",
    ]
    assert found[2].says == "+56 2 2345 6789, Tributa, calidad alta"
    assert wrong(found) == []


def body(text: str) -> list[dict[str, Any]]:
    """A template's components: one text."""
    return [{"type": "BODY", "text": text}]


ONE_TAP = [
    {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x/?otp_type=ONE_TAP&code=otp{{1}}"}]}
]
Change = Callable[[World], object]
CASES: list[tuple[str, Change, str, str]] = [
    ("token", lambda w: w.settings(token="otro"), "Token", "error 190"),
    ("token", lambda w: w.business(scopes=("whatsapp_business_messaging",)), "Token", "_management"),
    (
        "token expires",
        lambda w: w.business(token_expires=int((NOW + timedelta(hours=23)).timestamp())),
        "Token",
        "vence el 23-11-2026",
    ),
    ("nobody", lambda w: w.settings(graph_url="http://127.0.0.1:9"), "Conexión con Meta", "nadie acepta"),
    ("503", lambda w: setattr(w.state.faults, "http_503", 1), "Conexión con Meta", "HTTP 503"),
    ("phone id", lambda w: w.settings(phone_id="999"), "Teléfono", "WHATSAPP_PHONE_ID no existe"),
    ("quality", lambda w: w.business(quality="RED"), "Teléfono", "calidad baja"),
    ("status", lambda w: w.business(phone_status="PENDING"), "Teléfono", "PENDING"),
    ("waba id", lambda w: w.settings(waba_id="999"), "Cuenta de WhatsApp", "WHATSAPP_WABA_ID no existe"),
    ("url", lambda w: setattr(w.state.deliverer, "url", "https://a.cl/x"), "Dirección en Meta", "https://a.cl/x"),
    ("messages", lambda w: w.business(fields=("account_update",)), "Campo messages", "ningún mensaje"),
    ("app secret", lambda w: w.settings(app_secret="otra"), "Clave secreta", "error 190"),
    ("missing", lambda w: w.state.templates.known.pop((CODE, "es_CL")), OF_CODE, "no existe"),
    ("missing", lambda w: w.state.templates.known.pop((NOTICE, "es_CL")), OF_NOTICE, "no existe"),
    ("language", lambda w: w.template(CODE, language="es"), OF_CODE, "existe en es y no en es_CL"),
    ("pending", lambda w: w.template(NOTICE, status="PENDING"), OF_NOTICE, "en revisión"),
    (
        "rejected",
        lambda w: w.template(NOTICE, status="REJECTED", rejected_reason="INVALID_FORMAT"),
        OF_NOTICE,
        "rechazada (INVALID_FORMAT)",
    ),
    ("paused", lambda w: w.template(CODE, status="PAUSED"), OF_CODE, "en pausa"),
    ("disabled", lambda w: w.template(CODE, status="DISABLED"), OF_CODE, "desactivada"),
    ("new state", lambda w: w.template(CODE, status="ARCHIVED"), OF_CODE, "ARCHIVED"),
    ("category", lambda w: w.template(NOTICE, category="MARKETING"), OF_NOTICE, "debe ser UTILITY"),
    ("category", lambda w: w.template(CODE, category="UTILITY"), OF_CODE, "debe ser AUTHENTICATION"),
    ("one tap", lambda w: w.template(CODE, components=ONE_TAP), OF_CODE, "copiar el código"),
    ("two", lambda w: w.template(NOTICE, components=body("a {{1}} b {{2}} c")), OF_NOTICE, "2 variables"),
    ("none", lambda w: w.template(NOTICE, components=body("hola")), OF_NOTICE, "0 variables"),
    ("first", lambda w: w.template(NOTICE, components=body("{{1}} es tu aviso")), OF_NOTICE, "palabras"),
    ("last", lambda w: w.template(NOTICE, components=body("Aviso: {{1}}.")), OF_NOTICE, "palabras fijas"),
    ("named", lambda w: w.template(NOTICE, parameter_format="NAMED"), OF_NOTICE, "tienen nombre"),
    ("verify", lambda w: w.settings(verify_token="otro"), "Webhook", "otro WHATSAPP_VERIFY_TOKEN"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what", "says"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
async def test_one_thing_is_wrong(world: World, change: Change, what: str, says: str) -> None:
    """It alone is told, in its own line."""
    change(world)
    [told] = wrong(await world.check())
    assert (told.what, says in told.says) == (what, True), told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("phone_id", "WHATSAPP_PHONE_ID"),
        ("waba_id", "WHATSAPP_WABA_ID"),
        ("token", "WHATSAPP_TOKEN"),
        ("app_secret", "WHATSAPP_APP_SECRET"),
        ("verify_token", "WHATSAPP_VERIFY_TOKEN"),
    ],
)
async def test_a_setting_is_missing(world: World, name: str, told: str) -> None:
    """It is named, and what can be looked at without it still is."""
    world.settings(**{name: ""})
    found = await world.check()
    [missing] = wrong(found)
    assert missing.says == f"falta {told}"
    assert len(found) > 1


async def test_a_phone_of_another_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each id is good by itself; together they are not, and templates of that account say nothing."""
    phone = graph_account._phone

    def other(simulator: Simulator) -> dict[str, Any]:
        return phone(simulator) | {"id": "999"}

    monkeypatch.setattr(graph_account, "_phone", other)
    [told] = wrong(await world.check())
    assert "no es de la cuenta" in told.says


async def test_a_token_with_a_line_break(world: World) -> None:
    """Pasted badly, it is not sent anywhere."""
    world.settings(token=f"{BUSINESS.token}\n")
    [told] = wrong(await world.check())
    assert told.says.startswith("WHATSAPP_TOKEN tiene espacios")


async def test_nobody_is_subscribed(world: World) -> None:
    """No address anywhere; subscribing mends it."""
    world.state.deliverer.url = ""
    assert [one.what for one in wrong(await world.check())] == ["Dirección en Meta", "Suscripción"]
    assert wrong(await subscribe(world.account)) == []
    assert wrong(await world.check()) == []


@pytest.mark.parametrize(
    ("status", "says"), [(200, "HTTP 200, pero no"), (301, "HTTP 301"), (502, "HTTP 502")]
)
async def test_another_program_answers(world: World, status: int, says: str) -> None:
    """A proxy's own page is no webhook, and nobody is followed elsewhere with the token."""
    async with otro_programa(status) as web:
        world.settings(web=web)
        told = wrong(await world.check())[-1]
    assert (told.what, says in told.says) == ("Webhook", True), told


@pytest.mark.parametrize(
    ("web", "says"),
    [
        ("http://127.0.0.1:9", "nadie acepta la conexión"),
        ("https://127.0.0.1:{port}", "certificado"),
        ("https://no-existe.invalid", "DNS"),
        ("ftp://127.0.0.1", "solo entrega por https"),
        ("http://tributa.ejemplo.cl", "solo entrega por https"),
    ],
)
async def test_webhook_out_of_reach(world: World, web: str, says: str) -> None:
    """Why, in a word."""
    world.settings(web=web.format(port=world.account.web.rpartition(":")[2]))
    told = wrong(await world.check())[-1]
    assert says in told.says, told


async def test_meta_itself_never_comes_to_this_machine(world: World) -> None:
    """What is good enough for the simulator is not for the real one."""
    world.settings(graph_url="https://graph.invalid")
    assert [one.what for one in wrong(await world.check())] == ["Conexión con Meta", "Dirección pública"]


async def test_templates_are_created_once_and_can_be_sent(world: World) -> None:
    """As Meta documents them; those that exist are left alone."""
    world.state.templates.known.clear()
    created = await create_templates(world.account)
    assert [one.says for one in created] == ["creada, en estado APPROVED"] * (2 + len(NEWS))
    again = await create_templates(world.account)
    assert [one.says for one in again] == [
        "aprobada (AUTHENTICATION, es_CL)",
        *["aprobada (UTILITY, es_CL)"] * (1 + len(NEWS)),
    ]
    assert wrong(await world.check()) == []
    channel = WhatsAppCanal(world.sim.url, "23.0", BUSINESS.phone_id, *SECRETS)
    await channel.send_code(PHONE, "123456", "")
    await channel.send_notice(PHONE, "Tu contraseña cambió.")
    await channel.close()
    sent, told = await world.sim.read()
    assert (sent["codigo"], "*123456* es tu código" in sent["texto"]) == ("123456", True)
    assert told["texto"].startswith("Aviso de tu cuenta en Tributa: Tu contraseña cambió.")


async def test_a_template_that_is_wrong_stays_so(world: World) -> None:
    """Nothing is overwritten; it is told instead."""
    world.template(NOTICE, category="MARKETING")
    [told] = wrong(await create_templates(world.account))
    assert "debe ser UTILITY" in told.says


@pytest.mark.parametrize("act", [create_templates, subscribe])
async def test_changes_are_refused(world: World, act: Callable[[WhatsAppAccount], Any]) -> None:
    """With a wrong token or without a connection, told like everything else."""
    for change in ({"token": "otro"}, {"graph_url": "http://127.0.0.1:9"}):
        assert wrong(await act(replace(world.account, **change)))
