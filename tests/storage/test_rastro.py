"""Jobs know who queued them and when; their tasks do not."""

import pytest

from bot.bootstrap import Services
from bot.services.ports import Quien
from bot.storage.cola import Cola
from bot.telemetry.metrics import ERRORS, STAGES
from bot.telemetry.traces import follow
from tests.conftest import A, Work
from tests.fakes_sii import FakeSii

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def waits(tarea: str) -> tuple[float, float]:
    """How many jobs of a task began, and how long they had waited together."""
    found = {one.name: one.value for one in STAGES.labels("queue", tarea)._child_samples()}
    return found["_count"], found["_sum"]


async def test_a_sync_that_somebody_asked_for(services: Services, sii: FakeSii, work: Work) -> None:
    """It is queued by SQL of ours: it goes on under the request's id all the same, and is done."""
    with follow("POST /api/sii", "SERVER", PARENT):
        await services.claves.guardar(Quien(A), "Perro-1234", "web")
    jobs = [*await services.jobs.job_manager.list_jobs_async(queue="sii", status="todo")]
    assert {str(job.task_kwargs["origen"]["traceparent"]) for job in jobs} == {PARENT}  # type: ignore[index, call-overload]
    before = waits("update_ventas")
    await work()
    assert sii.asked
    count, seconds = waits("update_ventas")
    assert count > before[0] and 0 <= seconds - before[1] < 60


async def test_what_the_clock_begins(services: Services, work: Work) -> None:
    """Nobody asked for it: it has no origin, and gets an id of its own; how it fails is counted."""
    failed = ERRORS.labels("job", "ValueError")._value
    before = failed.get()
    await Cola(services.jobs).defer("leer_contrato", lock="x", queue="contratos", rut="no es", contrato=1)
    [job] = await services.jobs.job_manager.list_jobs_async(task="leer_contrato")
    assert set(job.task_kwargs) == {"rut", "contrato"}
    await work()
    assert failed.get() + ERRORS.labels("job", "RutInvalidError")._value.get() == before + 1


@pytest.mark.parametrize("origen", [{}, "x", {"traceparent": "x", "momento": 0}])
async def test_an_odd_origin_stops_nothing(services: Services, work: Work, origen: object) -> None:
    """Whatever an older or newer program wrote there."""
    task = services.jobs.configure_task("noche_sii")
    await work()
    await task.defer_async(timestamp=0, origen=origen)
    await work()
    [job] = await services.jobs.job_manager.list_jobs_async(task="noche_sii")
    assert job.status == "succeeded"
