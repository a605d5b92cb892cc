"""A message is stored, answered once, and never lost."""

import asyncio

import pytest
from procrastinate import App

from bot.bootstrap import Services
from bot.core.errors import (
    AccountBlockedError,
    EngineUnavailableError,
    MessageEmptyError,
    MessageTooLongError,
    ReplyUnknownError,
    TaxpayerUnknownError,
)
from bot.core.mensajes import MAXIMUM_CHARACTERS, Boton, Incoming
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.storage.turnos import turn
from tests.conftest import A, B, register_tasks
from tests.fakes import FakeMotor

CANAL = "web"


async def hablar(services: Services, texto: str = "cuánto vendí", id_: str = "m1", boton: str | None = None):  # type: ignore[no-untyped-def]
    """A says something in the web chat."""
    return await services.conversacion.hablar(Quien(A), CANAL, str(A), Incoming(id_, texto, boton))


async def historial(services: Services, rut: Rut = A) -> list[tuple[bool, str]]:
    """What was said, as (by the person, text)."""
    said = await services.conversacion.historial(Quien(rut), CANAL, str(rut), 50)
    return [(mensaje.de_persona, mensaje.texto) for mensaje in said]


async def waiting_jobs(jobs: App) -> int:
    """How many jobs wait."""
    return len(list(await jobs.job_manager.list_jobs_async(status="todo")))


async def test_both_sides_are_kept(services: Services, jobs: App) -> None:
    """The question and its answer are in the history, and no job is left behind."""
    turno = await hablar(services)
    assert turno.respuesta.texto == "eco: cuánto vendí"
    assert turno.respuesta.categoria == "ventas"
    assert turno.mensajes[0].botones == (Boton("ventas_resumen:2026-09", "Ver ventas"),)
    assert await historial(services) == [(True, "cuánto vendí"), (False, "eco: cuánto vendí")]
    assert await waiting_jobs(jobs) == 0


async def test_the_same_message_again_is_answered_once(services: Services, motor: FakeMotor) -> None:
    """A repeated id gives the stored answer; the engine is not asked again."""
    first = await hablar(services)
    again = await hablar(services)
    assert again.mensajes == first.mensajes
    assert again.respuesta.intent == first.respuesta.intent
    assert again.respuesta.entidades == {"periodo": ["2026-09"]}
    assert len(motor.turns) == 1


async def test_twice_at_the_same_moment(services: Services) -> None:
    """Two copies that race give one question and one answer."""
    await asyncio.gather(*(hablar(services) for _ in range(5)))
    assert await historial(services) == [(True, "cuánto vendí"), (False, "eco: cuánto vendí")]


async def test_engine_down_apology_then_answer(services: Services, motor: FakeMotor, jobs: App) -> None:
    """With the engine down the person gets an apology, and the answer once it is back."""
    motor.down = True
    turno = await hablar(services)
    assert turno.respuesta.pendiente
    assert "quedó guardado" in turno.respuesta.texto
    assert await waiting_jobs(jobs) == 1
    motor.down = False
    [job] = await jobs.job_manager.list_jobs_async(status="todo")
    await services.conversacion.reintentar(A, job.task_kwargs["conversacion"], job.task_kwargs["mensaje_id"])
    await services.conversacion.reintentar(A, job.task_kwargs["conversacion"], job.task_kwargs["mensaje_id"])
    said = await historial(services)
    assert said[0] == (True, "cuánto vendí")
    assert said[2:] == [(False, "eco: cuánto vendí")]


async def test_a_request_that_dies_is_answered_by_the_worker(
    services: Services, motor: FakeMotor, jobs: App
) -> None:
    """The job that answers a message is stored with it, before anybody tries to answer."""
    motor.turno = _dies  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await hablar(services)
    [job] = await jobs.job_manager.list_jobs_async(status="todo")
    assert job.task_name == "responder_mensaje"
    assert job.lock == turn("web", str(A))
    del motor.turno  # type: ignore[method-assign]
    register_tasks(services)
    await jobs.job_manager.connector.execute_query_async("UPDATE procrastinate_jobs SET scheduled_at = now()")
    await jobs.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
    assert await historial(services) == [(True, "cuánto vendí"), (False, "eco: cuánto vendí")]


async def _dies(*_: object) -> None:
    raise asyncio.CancelledError


async def test_giving_up_is_told(services: Services, motor: FakeMotor, jobs: App) -> None:
    """When nothing helps, the person is told which message has no answer; it is not tried again."""
    motor.down = True
    await hablar(services)
    [job] = await jobs.job_manager.list_jobs_async(status="todo")
    where = job.task_kwargs["conversacion"], job.task_kwargs["mensaje_id"]
    with pytest.raises(EngineUnavailableError):
        await services.conversacion.reintentar(A, *where)
    await services.conversacion.rendirse(A, *where)
    await services.conversacion.rendirse(A, *where)
    said = await historial(services)
    assert len(said) == 3
    assert "«cuánto vendí»" in said[-1][1]


async def test_what_the_engine_remembers_comes_back(services: Services, motor: FakeMotor) -> None:
    """The context of the last turn goes with the next, so a new engine knows what it was about."""
    motor.contexto = {"periodo": "2026-09"}
    await hablar(services)
    await hablar(services, id_="m2")
    assert motor.turns[1][3] == {"periodo": "2026-09"}


async def test_conversations_are_apart(services: Services, motor: FakeMotor) -> None:
    """B's conversation is another one, and shows nothing of A's."""
    await hablar(services)
    await services.conversacion.hablar(Quien(B), CANAL, str(B), Incoming("m1", "hola"))
    assert motor.turns[0][0] != motor.turns[1][0]
    assert await historial(services, B) == [(True, "hola"), (False, "eco: hola")]


async def test_the_engine_learns_no_rut(services: Services, motor: FakeMotor) -> None:
    """The engine sees an opaque id; who it is, is resolved from it on the server."""
    await hablar(services)
    conversacion = motor.turns[0][0]
    assert "76192083" not in conversacion
    assert (await services.conversacion.de(conversacion)).rut == A
    with pytest.raises(TaxpayerUnknownError):
        await services.conversacion.de(str(A))


@pytest.mark.parametrize(
    ("incoming", "error"),
    [
        (Incoming("m", ""), MessageEmptyError),
        (Incoming("m", " \n "), MessageEmptyError),
        (Incoming("m", "a" * (MAXIMUM_CHARACTERS + 1)), MessageTooLongError),
        (Incoming("m", "x", "/ventas_resumen"), ReplyUnknownError),
        (Incoming("m", "x", 'ventas_resumen{"rut": "1-9"}'), ReplyUnknownError),
        (Incoming("m", "x", "ventas_resumen:1900-01..9999-12"), ReplyUnknownError),
    ],
)
async def test_bad_input_leaves_nothing(
    services: Services, incoming: Incoming, error: type[Exception], motor: FakeMotor
) -> None:
    """What cannot be used is told, and neither stored nor passed on."""
    with pytest.raises(error):
        await services.conversacion.hablar(Quien(A), CANAL, str(A), incoming)
    assert await historial(services) == []
    assert motor.turns == []


async def test_nobody_with_that_rut(services: Services) -> None:
    """A RUT that is not registered gets no conversation."""
    with pytest.raises(TaxpayerUnknownError):
        await services.conversacion.hablar(Quien(Rut.parse("1-9")), CANAL, "x", Incoming("m", "hola"))


async def test_history_pages(services: Services) -> None:
    """Older messages come before one, newer ones after it, both oldest first."""
    for number in range(4):
        await hablar(services, f"m{number}", f"id{number}")
    said = await services.conversacion.historial(Quien(A), CANAL, str(A), 50)
    before = await services.conversacion.historial(Quien(A), CANAL, str(A), 2, antes=said[4].id)
    after = await services.conversacion.historial(Quien(A), CANAL, str(A), 2, despues=said[4].id)
    assert before == said[2:4]
    assert after == said[5:7]


async def test_a_clave_is_never_stored_nor_passed_on(services: Services, motor: FakeMotor, jobs: App) -> None:
    """The SII password that somebody types is blotted out before anything is kept, and the person is told."""
    turno = await services.conversacion.hablar(
        Quien(A), "web", str(A), Incoming("c1", "mi clave del sii es Perro1234")
    )
    assert motor.turns == []
    assert turno.respuesta.intent == "clave_sii"
    assert "/enlace#" in turno.respuesta.texto
    async with services.database.scope(A) as connection:
        for table in ("messages", "logs", "identities", "procrastinate_jobs"):
            kept = await connection.exec_driver_sql(
                f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t"
            )
            assert "Perro1234" not in kept.scalar_one()
    again = await services.conversacion.hablar(
        Quien(A), "web", str(A), Incoming("c1", "mi clave del sii es Perro1234")
    )
    assert again.respuesta.texto == turno.respuesta.texto


async def test_a_clave_is_told_by_the_worker_too(services: Services, motor: FakeMotor, jobs: App) -> None:
    """If the request dies before it is answered, what the worker finds does not go to the engine either."""
    motor.turno = _dies  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await hablar(services)
    [job] = await jobs.job_manager.list_jobs_async(status="todo")
    del motor.turno  # type: ignore[method-assign]
    async with services.database.scope(A) as connection:
        await connection.exec_driver_sql("UPDATE messages SET texto = 'mi clave es [clave borrada]'")
    await services.conversacion.reintentar(A, job.task_kwargs["conversacion"], job.task_kwargs["mensaje_id"])
    assert motor.turns == []
    assert "borré" in (await historial(services))[-1][1]


async def test_a_clave_beside_a_button_is_blotted_out(services: Services, motor: FakeMotor) -> None:
    """Whatever a program sends as the button's words: the button works, the clave is not kept."""
    await hablar(services, "mi clave del sii es Perro1234", boton="ventas_resumen:2026-09")
    assert motor.turns[0][2] == Boton("ventas_resumen:2026-09", "mi clave del sii es [clave borrada]")
    assert "Perro1234" not in str(motor.turns) + str(await historial(services))


async def test_who_is_blocked_is_not_answered(services: Services, motor: FakeMotor, jobs: App) -> None:
    """Neither a new message nor one that waits for its answer."""
    motor.down = True
    await hablar(services)
    [job] = await jobs.job_manager.list_jobs_async(status="todo")
    said = await historial(services)
    await services.administracion.cambiar("ana", A, bloqueado=True)
    motor.down = False
    motor.turns.clear()
    with pytest.raises(AccountBlockedError):
        await hablar(services, id_="m2")
    await services.conversacion.reintentar(A, job.task_kwargs["conversacion"], job.task_kwargs["mensaje_id"])
    assert motor.turns == []
    await services.administracion.cambiar("ana", A, bloqueado=False)
    assert await historial(services) == said
