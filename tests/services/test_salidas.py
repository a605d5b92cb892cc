"""What goes out and when: the 24-hour window, templates, late refusals, doubt, and long buttons."""

from datetime import timedelta

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.mensajes import Boton, Outgoing, Plantilla, Respuesta
from bot.services.ports_canales import (
    Acuse,
    CanalInciertoError,
    CanalOcupadoError,
    CanalRechazoError,
    Entrante,
    EstadoSalida,
    Remitente,
)
from bot.storage.cola import Cola
from bot.storage.embedded import Urls
from bot.storage.salidas import post
from tests.conftest import HOY, PHONES, A, Work
from tests.fakes import FakeCanal, FakeMotor, FixedReloj
from tests.services.test_canales import hurry

ROSA = Remitente("whatsapp", "CL.100", PHONES[A], "Rosa")
TEMPLATE = Plantilla("tributa_novedades", ("Alerce", "2", "compras"))
DAY = timedelta(hours=24)


class Outbox:
    """Somebody who wrote once, and what is sent to them afterwards."""

    def __init__(self, services: Services, canal: FakeCanal, work: Work, urls: Urls) -> None:
        self.services, self.canal, self.work, self.urls = services, canal, work, urls
        canal.ventana = DAY
        self.number = 0

    async def write(
        self, texto: str = "hola", boton: str | None = None, *, late: timedelta = DAY * 0
    ) -> None:
        """Rosa writes; `late` is how long ago, by the message's own time."""
        self.number += 1
        momento = self.services.reloj.ahora() - late
        one = Entrante(f"m{self.number}", ROSA, momento, texto, boton)
        await self.services.canales.recibir("whatsapp", [one])
        await self.work()

    async def tell(self, texto: str, plantilla: Plantilla | None = None) -> int:
        """Something goes out; its number."""
        async with self.services.database.scope(A) as connection:
            said = [(None, Outgoing(texto, plantilla=plantilla))]
            await post(connection, Cola(self.services.jobs), "whatsapp", ROSA.id, said, A)
        await self.work()
        with psycopg.connect(self.urls.owner) as owner:
            [(number,)] = owner.execute("SELECT max(id) FROM outbox").fetchall()
        return int(number)

    async def receipt(self, salida: int, estado: EstadoSalida, wamid: str, error: str = "") -> None:
        """What the channel tells of it."""
        await self.services.canales.recibir("whatsapp", [Acuse(wamid, estado, salida, error)])
        await self.work()

    def state(self, salida: int) -> str:
        with psycopg.connect(self.urls.owner) as owner:
            [(state,)] = owner.execute("SELECT estado FROM outbox WHERE id = %s", (salida,)).fetchall()
        return str(state)

    def later(self, time: timedelta) -> None:
        """The clock goes on."""
        clock = self.services.reloj
        assert isinstance(clock, FixedReloj)
        clock.now += time


@pytest.fixture
async def box(services: Services, canal: FakeCanal, work: Work, clean: Urls) -> Outbox:
    """Rosa has just written, and been answered."""
    box = Outbox(services, canal, work, clean)
    await box.write()
    canal.sent.clear()
    return box


@pytest.mark.parametrize(
    ("since", "free", "templates"), [(DAY - timedelta(minutes=1), 2, 0), (DAY, 0, 1), (DAY * 3, 0, 1)]
)
async def test_the_window(box: Outbox, since: timedelta, free: int, templates: int) -> None:
    """A day after the person wrote nothing but templates is even tried; the rest comes when they write."""
    box.later(since)
    await box.tell("uno")
    await box.tell("dos", TEMPLATE)
    assert (len(box.canal.sent), len(box.canal.templates)) == (free, templates)
    await box.write("hola de nuevo")
    expected = ["uno", "dos"] if free else ["uno"]
    assert box.canal.texts(ROSA.id) == [*expected, "eco: hola de nuevo"]
    assert len(box.canal.templates) == templates


async def test_late_messages_take_nothing_back(box: Outbox) -> None:
    """The window counts from the last message by its own time, whatever comes in after it."""
    box.later(timedelta(hours=20))
    await box.write("segundo")
    await box.write("viejo", late=timedelta(hours=30))
    box.canal.sent.clear()
    box.later(timedelta(hours=5))
    await box.tell("uno")
    assert box.canal.texts(ROSA.id) == ["uno"]


@pytest.mark.parametrize("times", [1, 3])
async def test_a_late_refusal_becomes_a_template_once(box: Outbox, times: int) -> None:
    """However often it is told, also after the template went out and was delivered."""
    salida = await box.tell("uno", TEMPLATE)
    for _ in range(times):
        await box.receipt(salida, EstadoSalida.CERRADO, f"wamid.{salida}", "131047")
    assert box.canal.templates == [(ROSA.id, TEMPLATE)]
    await box.receipt(salida, EstadoSalida.ENVIADO, f"wamid.{salida}")
    await box.receipt(salida, EstadoSalida.ENTREGADO, f"wamid.{salida}.plantilla")
    await box.receipt(salida, EstadoSalida.CERRADO, f"wamid.{salida}", "131047")
    await box.write("ya")
    assert box.canal.texts(ROSA.id) == ["uno", "eco: ya"]
    assert (len(box.canal.templates), box.state(salida)) == (1, "entregado")


async def test_a_late_refusal_without_a_template(box: Outbox) -> None:
    """It is kept, and comes once when the person writes, although the refusal is told again then."""
    salida = await box.tell("uno")
    await box.receipt(salida, EstadoSalida.CERRADO, f"wamid.{salida}", "131047")
    assert box.state(salida) == "retenido"
    await box.write("ya")
    await box.receipt(salida, EstadoSalida.CERRADO, f"wamid.{salida}", "131047")
    await box.write("otra")
    assert box.canal.texts(ROSA.id) == ["uno", "uno", "eco: ya", "eco: otra"]


async def test_a_template_that_is_not_approved(box: Outbox) -> None:
    """Then it waits for the person like anything else."""
    box.later(DAY)
    box.canal.errors = [CanalRechazoError("132001")]
    salida = await box.tell("uno", TEMPLATE)
    assert box.state(salida) == "retenido"
    await box.write("ya")
    assert box.canal.texts(ROSA.id) == ["uno", "eco: ya"]


@pytest.mark.parametrize(
    ("ago", "heard", "again"), [(10, True, False), (30, True, True), (30, False, False), (700, False, True)]
)
async def test_doubt(box: Outbox, clean: Urls, ago: int, heard: bool, again: bool) -> None:
    """A sending of unknown end is repeated soon if the channel delivers, and long after if it is silent."""
    box.canal.errors = [CanalInciertoError()]
    await box.tell("uno")
    then = f"now() - interval '{ago} seconds'"
    with psycopg.connect(clean.owner) as owner:
        owner.execute(f"UPDATE outbox SET actualizado = {then} WHERE estado = 'enviando'")
        moment = "now()" if heard else f"{then} - interval '1 minute'"
        owner.execute(f"UPDATE presencias SET escribio = {moment} WHERE canal_id = ''")
    hurry(clean)
    await box.work()
    assert box.canal.texts(ROSA.id) == (["uno"] if again else [])


@pytest.mark.parametrize(("plantilla", "state"), [(TEMPLATE, "retenido"), (None, "enviado")])
async def test_doubt_without_receipts(
    box: Outbox, clean: Urls, plantilla: Plantilla | None, state: str
) -> None:
    """Where nobody ever hears how it ended an answer is said again, and an alert waits for the person."""
    box.canal.rastrea = False
    box.canal.errors = [CanalInciertoError()]
    salida = await box.tell("uno", plantilla)
    hurry(clean)
    await box.work()
    assert box.state(salida) == state
    await box.write("ya")
    assert box.canal.texts(ROSA.id).count("uno") == 1


async def test_a_failure_is_noted(box: Outbox, clean: Urls) -> None:
    """What fails for good leaves a line in the log, once; what may pass comes when the person writes."""
    for estado, code in ((EstadoSalida.FALLIDO, "131053"), (EstadoSalida.RETENIDO, "131026")):
        salida = await box.tell(code)
        for _ in range(2):
            await box.receipt(salida, estado, f"wamid.{salida}", code)
    with psycopg.connect(clean.owner) as owner:
        noted = owner.execute(
            "SELECT evento, datos ->> 'codigo' FROM logs WHERE evento ~ '^salida'"
        ).fetchall()
    assert noted == [("salida.fallido", "131053"), ("salida.retenido", "131026")]
    await box.write("ya")
    assert box.canal.texts(ROSA.id) == ["131053", "131026", "131026", "eco: ya"]


@pytest.mark.parametrize("act", ["unlinked", "blocked"])
async def test_who_has_left_is_not_followed(box: Outbox, services: Services, act: str) -> None:
    """What was queued or kept for a chat is not sent, nor released, once it is no longer the taxpayer's."""
    box.later(DAY)
    await box.tell("guardado")
    box.canal.errors = [CanalOcupadoError(3600)]
    await box.write("hola")  # the answer cannot be sent now
    box.canal.errors = []
    if act == "unlinked":
        await services.vinculacion.desvincular(ROSA, [A])
    else:
        await services.administracion.cambiar("admin", A, bloqueado=True)
    hurry(box.urls)
    await box.work()
    assert box.canal.texts(ROSA.id) == []
    assert box.canal.templates == []
    await box.write("hola")
    assert not {"guardado", "eco: hola"} & set(box.canal.texts(ROSA.id))


async def test_long_buttons_on_telegram(
    services: Services, canal: FakeCanal, work: Work, motor: FakeMotor
) -> None:
    """What does not fit into 64 bytes goes out as a key, the same each time, and comes back whole."""
    ana = Remitente("telegram", "300", None, "Ana")
    await services.vinculacion._link(ana, A)
    pedido = "ventas_detalle:" + ",".join(f"2025-{month:02d}" for month in range(1, 13, 2)) + ":33,34"
    assert len(pedido) > 64
    said = Outgoing("¿Cuáles?", (Boton("ayuda", "Ayuda"),), lista=(Boton(pedido, "Ver"),))
    for number in range(2):
        incoming = Entrante(f"t{number}", ana, HOY, "")
        await services.canales._note(incoming, (await services.vinculacion.de(ana))[0], Respuesta((said,)))
        await work()
    keys = [(mensaje.botones[0].id, mensaje.lista[0].id) for _, mensaje in canal.sent]
    assert keys[0] == keys[1]
    plain, key = keys[0]
    assert (plain, len(key) <= 64) == ("ayuda", True)
    await services.canales.recibir("telegram", [Entrante("t9", ana, HOY, key, key)])
    await work()
    _, texto, boton, _ = motor.turns[-1]
    assert boton is not None
    assert (boton.id, key in texto) == (pedido, False)
