"""The allowance is counted over the simulator's own time, and so is how well it was used."""

import asyncio

from tests.sandbox.sii_stage import Stage, staged


async def many(stage: Stage, count: int) -> list[int]:
    """The statuses of so many calls of different taxpayers, one after another."""
    found = []
    for one in stage.sii.registro.sinteticos(count):
        found.append((await stage.ventas(rut=one.rut, clave=one.clave)).status)
    return found


async def test_a_sliding_minute() -> None:
    """As many as allowed and the burst; the next may begin when the first is a minute old."""
    async with staged(por_minuto=3, rafaga=1) as stage:
        assert await many(stage, 2) == [200, 200]
        stage.clock.now += 20
        assert await many(stage, 2) == [200, 200]
        assert stage.sii.ritmo.restantes == 0
        (one,) = stage.sii.registro.sinteticos(1)
        late = await stage.ventas(rut=one.rut, clave=one.clave)
        assert (late.status, late.headers["Retry-After"]) == (429, "40")
        assert stage.kinds() == ["ritmo"]
        stage.clock.now += 39
        assert await many(stage, 1) == [429]
        assert stage.kinds() == ["ritmo", "en_pausa"]
        stage.clock.now += 1
        assert await many(stage, 3) == [200, 200, 429]


async def test_who_keeps_to_the_rate_is_never_refused() -> None:
    """A call every second for five minutes, at 60 a minute and without a burst."""
    async with staged(por_minuto=60, rafaga=0) as stage:
        for _ in range(300):
            assert await many(stage, 1) == [200]
            stage.clock.now += 1
        assert stage.kinds() == []


async def test_fast_time() -> None:
    """At 30 times the speed the minute is two real seconds, and waits are told in real ones, rounded up."""
    async with staged(por_minuto=10, rafaga=0, velocidad=30) as stage:
        assert await many(stage, 10) == [200] * 10
        stage.clock.now += 0.6
        (one,) = stage.sii.registro.sinteticos(1)
        late = await stage.ventas(rut=one.rut, clave=one.clave)
        assert (late.status, late.headers["Retry-After"]) == (429, "2")
        stage.clock.now += 1.4
        assert await many(stage, 1) == [200]


async def test_the_use_of_the_allowance() -> None:
    """All of the time and of its busiest minute; refused calls are no use."""
    async with staged(por_minuto=10, rafaga=0, velocidad=60) as stage:
        await many(stage, 5)
        stage.sii.bitacora.measure()
        stage.clock.now += 1
        await many(stage, 8)
        stage.clock.now += 0.5
        await many(stage, 4)
        stage.clock.now += 0.5
        found = stage.sii.bitacora.medicion()
        assert (found.segundos, found.aceptadas) == (120, 10)
        assert (found.uso, found.por_minuto_maximo, found.uso_maximo) == (0.5, 10, 1.0)


async def test_the_account_has_so_many_at_once() -> None:
    """One too many is told to come back; the others aren't disturbed."""
    async with staged(simultaneas=2, demora=1) as stage:
        stage.clock.gate = asyncio.Event()
        who = stage.sii.registro.sinteticos(3)
        calls = [asyncio.create_task(stage.ventas(rut=one.rut, clave=one.clave)) for one in who[:2]]
        await stage.clock.asleep(2)
        late = await stage.ventas(rut=who[2].rut, clave=who[2].clave)
        assert (late.status, late.headers["Retry-After"]) == (429, "1")
        assert stage.kinds() == ["simultaneas"]
        stage.clock.gate.set()
        assert [(await one).status for one in calls] == [200, 200]
        assert (await stage.ventas(rut=who[2].rut, clave=who[2].clave)).status == 200


async def test_credits() -> None:
    """What gets data costs one, and then there are no more."""
    async with staged(creditos=3) as stage:
        stage.sii.fallar("http")
        assert await many(stage, 5) == [503, 200, 200, 200, 402]
        last = await stage.ventas()
        assert (last.headers["X-Stats-Credits-Used"], last.headers["X-Stats-Credits-Remaining"]) == ("3", "0")
        assert stage.sii.bitacora.llamadas["ventas_resumen"] == 6
