"""Alerts: due, asked for, in the morning, once."""

from datetime import date, datetime, time, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import Services
from bot.services.alertas import ALL, _awake
from bot.services.ports import Quien
from bot.services.ports_canales import Remitente
from bot.services.ports_noticias import Avisos, FechaContrato
from bot.services.reloj import SANTIAGO
from bot.storage.embedded import Urls
from tests.conftest import PHONES, A, B, Work
from tests.fakes import FakeCanal, FixedReloj

ROSA = Remitente("whatsapp", "CL.100", PHONES[A], "Rosa")
QUIEN = Quien(A)
MORNING = datetime(2026, 11, 24, 9, 3, tzinfo=SANTIAGO)


class Town:
    """Rosa is linked to A, and it is a morning."""

    def __init__(self, services: Services, canal: FakeCanal, work: Work, urls: Urls) -> None:
        self.services, self.canal, self.work, self.urls = services, canal, work, urls
        clock = services.reloj
        assert isinstance(clock, FixedReloj)
        self.clock = clock
        clock.now = MORNING

    async def look(self) -> list[str]:
        """What the hourly job tells her."""
        before = len(self.canal.sent)
        await self.services.alertas.revisar()
        await self.work()
        return [mensaje.texto for _, mensaje in self.canal.sent[before:]]

    def buy(self, folio: int, received: datetime, total: int = 119_000, estado: str = "PENDIENTE") -> None:
        """A purchase comes to the SII."""
        with psycopg.connect(self.urls.owner) as owner:
            owner.execute(
                "INSERT INTO compras_detalle (rut, periodo, tipo_documento, estado, contraparte_rut, folio,"
                " fecha, contraparte, monto_total, fecha_recepcion)"
                " VALUES (%s, '2026-11', 33, %s, '77697060-3', %s, %s, 'Boldo', %s, %s)",
                (str(A), estado, folio, received.date(), total, received),
            )

    def run(self, statement: str) -> None:
        """Something else happens in the database."""
        with psycopg.connect(self.urls.owner) as owner:
            owner.execute(statement)


@pytest.fixture
async def town(services: Services, canal: FakeCanal, work: Work, clean: Urls) -> Town:
    """Nothing is due yet."""
    town = Town(services, canal, work, clean)
    await services.vinculacion._link(ROSA, A)
    return town


def received(last_day: date) -> datetime:
    """When a purchase came whose last day is that one."""
    return datetime.combine(last_day - timedelta(days=8), time(10), SANTIAGO)


async def test_nobody_is_told_unasked(town: Town) -> None:
    """Alerts are off until somebody turns them on, and off again when they say so."""
    town.buy(1, received(MORNING.date()))
    assert await town.look() == []
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=False)
    assert await town.look() == []
    [consent] = await town.services.cuentas.consentimientos(QUIEN)
    assert (consent.materia, consent.canal, consent.revocado is not None) == ("avisos", "whatsapp", True)


async def test_purchases(town: Town) -> None:
    """Those with two days left or less: how many, how much, until when, the biggest, the month of credit."""
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    town.buy(1, received(date(2026, 11, 25)))
    town.buy(2, received(date(2026, 11, 26)), 1_000_000)
    town.buy(3, received(date(2026, 11, 27)))  # there is time
    town.buy(4, received(date(2026, 11, 23)))  # it is over
    town.buy(5, received(date(2026, 11, 25)), estado="REGISTRO")  # answered
    [texto] = await town.look()
    for word in (
        "2 compras",
        "$1.119.000",
        "miércoles 25 de noviembre",
        "Boldo, por $1.000.000",
        "noviembre",
    ):
        assert word in texto
    buttons = [boton.id for boton in town.canal.sent[-1][1].botones]
    assert buttons == ["compras_detalle:2026-11::::PENDIENTE", "mis_datos.avisos_no"]


async def test_once_ever(town: Town) -> None:
    """However often the job runs; the next day only what is new, and not what was answered meanwhile."""
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    town.buy(1, received(date(2026, 11, 26)))
    town.buy(2, received(date(2026, 11, 27)))
    town.buy(3, received(date(2026, 11, 27)), 5)
    assert len(await town.look()) == 1
    town.run("UPDATE avisos SET proximo = '2026-01-01'")
    assert await town.look() == []
    town.run("UPDATE compras_detalle SET estado = 'REGISTRO' WHERE folio = 3")
    town.clock.now += timedelta(days=1)
    [texto] = await town.look()
    assert ("1 compra " in texto, "$119.000" in texto) == (True, True)


@pytest.mark.parametrize(("hour", "told"), [(7, 0), (8, 1), (20, 1), (21, 0), (23, 0)])
async def test_quiet_hours(town: Town, hour: int, told: int) -> None:
    """At night nobody is told; in the next morning they are."""
    town.clock.now = MORNING.replace(hour=hour)
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    town.buy(1, received(date(2026, 11, 26)))
    assert len(await town.look()) == told
    if not told:
        town.clock.now = MORNING + timedelta(days=1 if hour > 12 else 0)
        assert len(await town.look()) == 1


@given(desde=st.times(), hasta=st.times(), now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30)))
def test_the_end_of_silence(desde: time, hasta: time, now: datetime) -> None:
    """It is now or within a day, and never silent."""
    chosen, now = Avisos(desde=desde, hasta=hasta), now.replace(tzinfo=SANTIAGO)
    awake = _awake(chosen, now)
    assert now <= awake <= now + timedelta(days=1)
    assert _awake(chosen, awake) == awake


SALES = "33, 12, 840000, 159600, 999600"


@pytest.mark.parametrize(
    ("day", "asof", "said"),
    [
        (14, "2026-11-14", None),
        (15, "2026-11-14", "Estimación: $159.600 de IVA a pagar"),
        (19, "2026-11-18", "No incluye PPM"),
        (20, "2026-11-18", "viernes 20 de noviembre"),
        (21, "2026-11-20", None),
        (16, "2026-11-05", "mis datos son del jueves 5 de noviembre"),
        (16, "", "me faltan tus ventas y compras"),
    ],
)
async def test_f29(town: Town, day: int, asof: str, said: str | None) -> None:
    """Five days before and the day before; a figure only if it is fresh, and it says what it leaves out."""
    town.run(
        "INSERT INTO ventas_resumen (rut, periodo, estado, tipo_documento, cantidad, monto_neto, monto_iva,"
        f" monto_total, con_detalle) VALUES ('{A}', '2026-10', '', {SALES}, true)"
    )
    for libro, estado in (("ventas", ""), ("compras", "REGISTRO")):
        if asof:
            town.run(
                "INSERT INTO cobertura (rut, libro, periodo, estado, origen, actualizado)"
                f" VALUES ('{A}', '{libro}', '2026-10', '{estado}', 'csv', '{asof} 12:00-03')"
            )
    town.clock.now = MORNING.replace(day=day)
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    texts = await town.look()
    assert len(texts) == (said is not None)
    assert said is None or said in texts[0]
    town.run("UPDATE avisos SET proximo = '2026-01-01'")
    assert await town.look() == []


async def test_f29_with_what_was_told(town: Town) -> None:
    """The form in all with the remanente and the PPM that were told, none of which is said to be missing."""
    await test_f29(town, 14, "2026-11-18", None)
    for code, value in ((504, 9_600), (115, 1)):
        town.run(f"INSERT INTO iva_declarado VALUES ('{A}', {code}, '2026-10', {value}, now())")
    town.clock.now = MORNING.replace(day=19)
    [text] = await town.look()
    assert "$158.400 a pagar en total" in text
    assert "No incluye PPM" not in text


class Broken:
    """A sync that fails, and contracts that end."""

    def __init__(self, desde: datetime | None, *fechas: FechaContrato) -> None:
        self._desde, self._fechas = desde, fechas

    async def fallando(self, rut: object) -> datetime | None:
        return self._desde

    async def fechas(self, rut: object, desde: date, hasta: date) -> list[FechaContrato]:
        return [one for one in self._fechas if desde <= one.dia <= hasta]


@pytest.mark.parametrize(("hours", "said"), [(47, None), (48, "no puedo actualizar")])
async def test_the_sync(town: Town, hours: int, said: str | None) -> None:
    """Two days without it are told, once."""
    vigilancia = town.services.alertas._vigilancia
    vigilancia._sync = Broken(MORNING - timedelta(hours=hours))
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    texts = await town.look()
    assert [said in one for one in texts if said] == ([True] if said else [])
    town.clock.now += timedelta(days=1)
    if said:
        assert await town.look() == []


async def test_a_digest(town: Town) -> None:
    """What is due that day comes in one message, and in one template with what it is about."""
    vigilancia = town.services.alertas._vigilancia
    ends = FechaContrato(7, "Arriendo local", date(2026, 12, 1), aviso=False)
    later = FechaContrato(8, "Aseo", date(2026, 12, 20), aviso=True)
    vigilancia._sync = vigilancia._contratos = Broken(MORNING - timedelta(days=3), ends, later)  # type: ignore[assignment]
    await town.services.alertas.encender(QUIEN, "whatsapp", encendidos=True)
    town.buy(1, received(date(2026, 11, 26)))
    [texto] = await town.look()
    assert [word in texto for word in ("1 compra ", "no puedo actualizar", "Arriendo local", "Aseo")] == [
        True
    ] * 3 + [False]
    assert len(texto) <= 1024
    plantilla = town.canal.sent[-1][1].plantilla
    assert plantilla is not None
    assert plantilla.parametros == (
        "Comercial Alerce SpA", "3", "compras por vencer, actualización con el SII y contrato Arriendo local"
    )  # fmt: skip
    with psycopg.connect(town.urls.owner) as owner:
        claves = {clave for (clave,) in owner.execute("SELECT clave FROM avisos_enviados")}
    assert claves >= {"resumen:2026-11-24", "compra:33:77697060-3:1:vence", "contrato:7:vence:2026-12-01"}
    assert len(claves) == 4


async def test_one_fails(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told, and whoever it was is looked at again an hour later."""
    await town.services.vinculacion._link(Remitente("telegram", "301", None, "Eva"), B)
    for rut in (A, B):
        await town.services.alertas.elegir(Quien(rut), ALL, "telegram")
    town.buy(1, received(date(2026, 11, 26)))
    true = town.services.alertas._preferencias.pendientes

    async def fails(rut: object, desde: datetime) -> object:
        if rut == B:
            raise OSError
        return await true(A, desde)

    monkeypatch.setattr(town.services.alertas._preferencias, "pendientes", fails)
    assert len(await town.look()) == 1
    left = await town.services.alertas._preferencias.toca(MORNING, "", 10)
    assert left == [B]


async def test_least_privilege(town: Town) -> None:
    """The scope that finds whose turn it is sees settings of alerts, and nothing that they are about."""
    for rut in (A, B):
        await town.services.alertas.elegir(Quien(rut), ALL, "telegram")
    town.buy(1, received(date(2026, 11, 26)))
    with psycopg.connect(town.urls.app) as app:
        app.execute("SELECT set_config('app.alcance', 'avisos', true)")
        seen = {
            table: app.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("avisos", "compras_detalle", "contributors", "avisos_enviados", "identities")
        }
        assert app.execute("UPDATE avisos SET compras = false").rowcount == 0
    assert seen.pop("avisos") == (2,)
    assert set(seen.values()) == {(0,)}
