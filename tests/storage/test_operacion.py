"""What the database tells operators of queues, workers and channels."""

import psycopg

from bot.bootstrap import Services
from bot.storage.cola import Cola
from bot.storage.embedded import Urls
from bot.storage.operacion import OperationRepository
from tests.conftest import register_tasks

SCHEMA = "-c search_path=public,procrastinate"


async def test_how_long_the_oldest_waits(services: Services, clean: Urls) -> None:
    """Each queue by itself; what is for later does not wait yet, what was tried in vain waits from then."""
    register_tasks(services)
    cola, operacion = Cola(services.jobs), OperationRepository(services.database)
    assert list((await operacion.cifras()).colas) == []
    for lock in ("a", "b"):
        await cola.defer("atender", lock=lock, entrada=1)
    later = await cola.defer("leer_contrato", lock="c", queue="contratos", rut="1-9", contrato=1)
    with psycopg.connect(clean.owner, options=SCHEMA) as owner:
        owner.execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")
        owner.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE id = %s", (later,)
        )
    by_name = {one.nombre: one for one in (await operacion.cifras()).colas}
    assert (by_name["default"].trabajos, round(by_name["default"].espera, -1)) == (2, 90)
    assert (by_name["contratos"].trabajos, by_name["contratos"].espera) == (1, 0)
    with psycopg.connect(clean.owner, options=SCHEMA) as owner:
        owner.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '30 seconds' WHERE id = %s",
            (later,),
        )
    by_name = {one.nombre: one for one in (await operacion.cifras()).colas}
    assert round(by_name["contratos"].espera, -1) == 30


async def test_the_index_has_a_size(services: Services) -> None:
    """As the application's role sees it."""
    told = await OperationRepository(services.database).cifras()
    assert told.pasajes >= 0 and told.octetos > 0


async def test_whether_somebody_works(services: Services, clean: Urls) -> None:
    """A worker that has said nothing for a minute is none."""
    operacion = OperationRepository(services.database)
    assert not await operacion.hay_trabajador()
    for ago, expected in (("2 minutes", False), ("2 seconds", True)):
        with psycopg.connect(clean.owner, options=SCHEMA) as owner:
            owner.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", (ago,)
            )
        assert await operacion.hay_trabajador() == expected


async def test_which_channel_is_late(services: Services, clean: Urls) -> None:
    """One whose messages could not be sent at three tries."""
    operacion = OperationRepository(services.database)
    with psycopg.connect(clean.owner, options=SCHEMA) as owner:
        for canal, attempts in (("whatsapp", 3), ("telegram", 2)):
            owner.execute(
                "WITH o AS (INSERT INTO outbox (canal, canal_id, turno, cuerpo, estado)"
                " VALUES (%s, 'x', 'x', '{}', 'pendiente') RETURNING id)"
                " INSERT INTO procrastinate_jobs (queue_name, task_name, attempts, args)"
                " SELECT 'default', 'despachar', %s, jsonb_build_object('salida', id) FROM o",
                (canal, attempts),
            )
    assert await operacion.atrasados() == {"whatsapp"}
