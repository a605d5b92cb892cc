"""`check` of a Telegram bot, in both modes: everything well, and each thing that can be wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.findings import Finding, Mark
from bot.channels.telegram_check import (
    DESCRIPTION,
    TelegramAccount,
    check_telegram,
    delete_webhook,
    set_profile,
    set_webhook,
)
from tests.channels.puertas import otro_programa, puertas
from tests.sandbox.telegram_stage import ANA, TOKEN, Stage, staged
from tests.sandbox.whatsapp import until

SECRET = "s3creto_del_webhook"
KEY = TOKEN.partition(":")[2]


@dataclass
class World:
    """A simulator, and the bot as the settings say it is."""

    stage: Stage
    account: TelegramAccount

    def settings(self, **what: Any) -> None:
        """The operator's settings are otherwise."""
        self.account = replace(self.account, **what)

    async def check(self) -> list[Finding]:
        return await check_telegram(self.account, self.stage.clock())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """In which all is well for polling."""
    async with staged() as stage, puertas(hook_secret=SECRET) as web:
        account = TelegramAccount(stage.url, "polling", TOKEN, SECRET, web)
        await set_profile(account)
        yield World(stage, account)


@pytest.fixture
async def hooked(world: World) -> World:
    """In which all is well for the webhook."""
    world.settings(mode="webhook")
    assert wrong(await set_webhook(world.account)) == []
    return world


def wrong(found: list[Finding]) -> list[Finding]:
    """What is not well; each says what to do, and nothing tells a secret."""
    for one in found:
        assert (one.mark is Mark.BAD) <= bool(one.remedy)
        assert not any(secret in f"{one.says}{one.remedy}" for secret in (TOKEN, f":{KEY}", SECRET)), one
    return [one for one in found if one.mark is Mark.BAD]


async def test_all_is_well_with_polling(world: World) -> None:
    """The bot's name is told."""
    found = await world.check()
    assert [one.mark for one in found] == [Mark.GOOD] * len(found), found
    assert [one.what for one in found] == [
        "Configuración",
        "Bot",
        "Webhook",
        "Pendientes",
        "Comandos",
        "Descripción",
    ]
    assert "@tributa_desarrollo_bot (Tributa)" in found[1].says


async def test_all_is_well_with_a_webhook(hooked: World) -> None:
    """Which asks for messages and buttons only, with our secret."""
    found = await hooked.check()
    assert [one.mark for one in found] == [Mark.GOOD] * len(found), found
    assert [one.what for one in found][2:4] == ["Webhook", "Entregas"]
    assert found[-1].says == f"{hooked.account.webhook} contesta y reconoce el secreto"
    updates = hooked.stage.simulator.updates
    assert updates.allowed == {"message", "callback_query"}
    assert updates.webhook
    assert updates.webhook.secret == SECRET


Change = Callable[[World], object]


def unread(world: World) -> None:
    """Nobody has fetched anything for a while."""
    for _ in range(21):
        world.stage.simulator.updates.add("message", {}, ANA)


POLLING: list[tuple[Change, str, str]] = [
    (lambda w: w.settings(token="7000000001:otro"), "Token", "no lo acepta"),
    (lambda w: w.settings(token=""), "Configuración", "falta TELEGRAM_TOKEN"),
    (lambda w: w.settings(api_url="http://127.0.0.1:9"), "Conexión con Telegram", "nadie acepta"),
    (lambda w: w.stage.simulator.bot.update(is_bot=False), "Bot", "no es de un bot"),
    (lambda w: w.stage.fail(metodos=[{"codigo": 429}]), "Telegram", "pide esperar"),
    (lambda w: w.stage.fail(metodos=[{"codigo": 400}]), "Telegram", "lo rechaza"),
    (lambda w: w.stage.fail(metodos=[{"codigo": 502}]), "Conexión con Telegram", "se cortó"),
    (lambda w: set_webhook(w.account), "Webhook", "no llega nada por polling"),
    (unread, "Pendientes", "21 mensajes"),
    (lambda w: w.stage.simulator.commands.clear(), "Comandos", "falta /start y /ayuda"),
    (lambda w: setattr(w.stage.simulator, "description", ""), "Descripción", "Iniciar"),
]
WEBHOOK: list[tuple[Change, str, str]] = [
    (lambda w: delete_webhook(w.account), "Webhook", "no está puesto"),
    (
        lambda w: set_webhook(replace(w.account, web="http://localhost:9")),
        "Webhook",
        "otra dirección, de localhost",
    ),
    (
        lambda w: w.stage.bot.set_webhook(w.account.webhook, allowed_updates=["message"]),
        "Webhook",
        "callback_query",
    ),
    (lambda w: w.settings(secret=""), "Configuración", "TELEGRAM_WEBHOOK_SECRET falta"),
    (lambda w: w.settings(secret="con espacio"), "Configuración", "no acepta"),
    (lambda w: w.settings(secret="otro"), "Puerta", "HTTP 401"),
]


async def apply(change: Change, world: World) -> None:
    """Some changes take a call."""
    done = change(world)
    if isinstance(done, Awaitable):
        await done


@pytest.mark.parametrize(("change", "what", "says"), POLLING)
async def test_one_thing_is_wrong_with_polling(world: World, change: Change, what: str, says: str) -> None:
    """It alone is told."""
    await apply(change, world)
    [told] = wrong(await world.check())
    assert (told.what, says in told.says) == (what, True), told


@pytest.mark.parametrize(("change", "what", "says"), WEBHOOK)
async def test_one_thing_is_wrong_with_a_webhook(hooked: World, change: Change, what: str, says: str) -> None:
    """It alone is told."""
    await apply(change, hooked)
    [told] = wrong(await hooked.check())
    assert (told.what, says in told.says) == (what, True), told


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "El secreto no coincide"), (404, "no espera"), (502, "proxy")]
)
async def test_deliveries_fail(hooked: World, status: int, remedy: str) -> None:
    """What Telegram met last is told with its remedy."""
    async with otro_programa(status) as web:
        hooked.settings(web=web)
        await set_webhook(hooked.account)
        await hooked.stage.act(ANA, texto="hola")
        await until(lambda: hooked.stage.simulator.updates.last_error is not None)
        deliveries, door = wrong(await hooked.check())
    assert (deliveries.what, door.what) == ("Entregas", "Puerta")
    assert f"Wrong response from the webhook: {status}" in deliveries.says
    assert remedy in deliveries.remedy


async def test_an_old_failure(hooked: World) -> None:
    """Once it is long past and nothing waits, it is told and counts no more."""
    before = hooked.stage.clock() - timedelta(hours=2)
    hooked.stage.simulator.updates.last_error = before, "Wrong response from the webhook: 502 Bad Gateway"
    found = await hooked.check()
    assert [one.mark for one in found if one.what == "Entregas"] == [Mark.NOTE]
    assert wrong(found) == []


async def test_nobody_answers_at_the_address(hooked: World) -> None:
    """Telegram cannot know before it tries, but we can."""
    hooked.settings(web="http://127.0.0.1:9")
    await set_webhook(hooked.account)
    [told] = wrong(await hooked.check())
    assert (told.what, "nadie acepta" in told.says) == ("Puerta", True)


async def test_a_webhook_and_back(world: World) -> None:
    """Set in polling mode, it is told that messages stop; deleting mends it and keeps what waits."""
    [told] = wrong(await set_webhook(world.account))
    assert told.what == "Modo"
    assert wrong(await delete_webhook(world.account)) == []
    await world.stage.act(ANA, texto="hola")
    await set_webhook(replace(world.account, web="http://127.0.0.1:9"))
    await delete_webhook(world.account)
    assert len(world.stage.simulator.updates.pending()) == 1
    assert wrong(await world.check()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"secret": ""}, "TELEGRAM_WEBHOOK_SECRET falta"),
        ({"token": ""}, "falta TELEGRAM_TOKEN"),
        (
            {"web": "http://tributa.ejemplo.cl", "api_url": "https://api.telegram.org"},
            "solo entrega por https",
        ),
        ({"web": "https://otra.cl", "mode": "webhook"}, "only delivers to 127.0.0.1"),
    ],
)
async def test_a_webhook_that_cannot_be_set(world: World, change: dict[str, str], says: str) -> None:
    """Nothing is sent where it cannot work; what Telegram says is told."""
    world.settings(**change)
    assert says in wrong(await set_webhook(world.account))[0].says
    assert world.stage.simulator.updates.webhook is None


async def test_the_menu(world: World) -> None:
    """People see both commands and the description."""
    shown = await world.stage.screen(ANA)
    assert [one["command"] for one in shown["comandos"]] == ["start", "ayuda"]
    assert shown["descripcion"] == DESCRIPTION
