"""News over the simulated WhatsApp and Telegram: the window by its clock, late refusals, what waited."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, datetime

import pytest

from bot.bootstrap import Replacements, Services, open_services
from bot.channels.telegram import TelegramCanal
from bot.channels.whatsapp import WhatsAppCanal
from bot.core.mensajes import Outgoing
from bot.services.ports_canales import Remitente
from bot.services.ports_sii import Noticia
from bot.settings import Settings
from bot.storage.embedded import Urls
from sandbox.whatsapp.settings import Clock
from tests.conftest import A, register_tasks
from tests.fakes import FakeHasher, FakeMensajero, FakeMotor
from tests.sandbox.telegram_stage import ANA, TOKEN, Stage, staged
from tests.sandbox.whatsapp import BUSINESS, Sim, running, until

DAY_SECONDS = 24 * 3600
TEMPLATE = "Aviso de Tributa para Comercial Alerce SpA: terminé la actualización"


class SimulatedReloj:
    """The simulator's clock as ours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def ahora(self) -> datetime:
        return self._clock.now()

    def hoy(self) -> date:
        return self.ahora().date()


class Wires:
    """Both simulators, the services between them, and the webhook in small steps."""

    def __init__(self, sim: Sim, whatsapp: WhatsAppCanal, stage: Stage, services: Services) -> None:
        self.sim, self.whatsapp, self.stage, self.services = sim, whatsapp, stage, services
        self._taken = 0

    async def work(self) -> None:
        """Take in what WhatsApp delivers and do what is queued, until nothing more comes."""
        while True:
            await self.services.jobs.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False
            )
            await until(self._quiet)
            got = self.sim.webhook.got[self._taken :]
            if not got:
                return
            for raw, signature in got:
                self._taken += 1
                await self.services.canales.recibir("whatsapp", self.whatsapp.read(raw, signature))

    def _quiet(self) -> bool:
        """Whether everything that was sent has come as far as it will, and all of that was told."""
        sent = [one for person in self.sim.state.people.known for one in person.messages]
        arrived = all(one.state in ("delivered", "failed") for one in sent if one.side == "negocio")
        deliverer = self.sim.state.deliverer
        return (
            arrived and deliverer._queue.empty() and all(one.estado == "entregado" for one in deliverer.log)
        )

    async def write(self, texto: str) -> None:
        """The owner of A's phone writes."""
        before = len(self.sim.webhook.got)
        await self.sim.write(texto=texto)
        await until(lambda: len(self.sim.webhook.got) > before)
        await self.work()

    async def tell(self, clave: str, plantilla: str = "") -> bool:
        """Something that nobody asked for."""
        values = ("ventas de octubre",) if plantilla else ()
        told = await self.services.noticias.notificar(A, Noticia(clave, Outgoing(clave), plantilla, values))
        await self.work()
        return told

    async def got(self) -> list[str]:
        """What arrived at the phone."""
        shown = await self.sim.read()
        return [one["texto"] for one in shown if one["de"] == "negocio" and one["estado"] != "failed"]


@pytest.fixture
async def wires(clean: Urls, settings: Settings) -> AsyncIterator[Wires]:
    """A's owner has written by WhatsApp, and been answered."""
    async with AsyncExitStack() as stack:
        sim = await stack.enter_async_context(running())
        stage = await stack.enter_async_context(staged())
        whatsapp = WhatsAppCanal(
            sim.url, "23.0", BUSINESS.phone_id, BUSINESS.token, BUSINESS.app_secret, BUSINESS.verify_token
        )
        telegram = TelegramCanal(stage.url, TOKEN, "")
        stack.push_async_callback(whatsapp.close)
        stack.push_async_callback(telegram.close)
        replaced = Replacements(
            motor=FakeMotor(),
            hasher=FakeHasher(),
            reloj=SimulatedReloj(sim.state.clock),
            mensajero=FakeMensajero(),
            canales={"whatsapp": whatsapp, "telegram": telegram},
        )
        services = await stack.enter_async_context(open_services(settings, clean.app, replaced))
        register_tasks(services)
        wires = Wires(sim, whatsapp, stage, services)
        await wires.write("hola")
        yield wires


async def test_the_window(wires: Wires) -> None:
    """Within a day as it is; later as its template, or kept until the person writes, and then in order."""
    assert await wires.tell("uno", "tributa_actualizado")
    wires.sim.state.clock.advance(DAY_SECONDS)
    assert await wires.tell("dos", "tributa_actualizado")
    assert not await wires.tell("dos", "tributa_actualizado")
    assert await wires.tell("tres")
    assert await wires.tell("cuatro")
    hello, one, two, *kept = await wires.got()
    assert (hello, one, two.startswith(TEMPLATE), kept) == ("eco: hola", "uno", True, [])
    await wires.write("volví")
    assert (await wires.got())[3:] == ["tres", "cuatro", "eco: volví"]


async def test_a_late_refusal(wires: Wires) -> None:
    """WhatsApp takes it and then says 131047: the template arrives once, what has none when they write."""
    await wires.sim.faults(ventana="tardia", duplicados=3)
    wires.sim.state.clock.advance(DAY_SECONDS)
    wires.whatsapp.ventana = None  # as if our clock were behind
    assert await wires.tell("uno", "tributa_actualizado")
    assert await wires.tell("dos")
    *_, told = await wires.got()
    assert (told.startswith(TEMPLATE), len(await wires.got())) == (True, 2)
    await wires.write("volví")
    assert (await wires.got())[2:] == ["dos", "eco: volví"]


async def test_telegram(wires: Wires) -> None:
    """Where the person last wrote; Telegram takes it at any time."""
    wires.sim.state.clock.advance(60)
    await wires.stage.act(ANA, texto="hola")
    await wires.services.vinculacion._link(Remitente("telegram", str(ANA), None, "Ana"), A)
    wires.sim.state.clock.advance(DAY_SECONDS // 2)
    assert await wires.tell("uno", "tributa_actualizado")
    assert [one["texto"] for one in await wires.stage.seen(ANA)][-1] == "uno"
    assert await wires.got() == ["eco: hola"]
