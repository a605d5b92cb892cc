"""What happens to a sync whose clave, or whose taxpayer, goes away in the middle of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors_sii import SiiWaitError
from bot.storage.embedded import Urls
from tests.conftest import Work
from tests.fakes_sii import FakeNotificador, FakeSii
from tests.services.test_sincronizacion import (
    NOV,
    OCT,
    YA,
    ask,
    book,
    folios,
    later,
    now,
    synced,  # noqa: F401  (a fixture)
)
from tests.storage.test_importacion import documento

NEW = "Gato-5678"


def gone(name: str, services: Services) -> Callable[[], Awaitable[object]]:
    """What a taxpayer does while their register is being read."""
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "revoked": lambda: services.claves.revocar(YA, "web"),
        "erased": lambda: services.datos.borrar(YA),
    }
    return acts[name]


@pytest.mark.parametrize("act", ["revoked", "erased"])
@pytest.mark.parametrize("call", [0, 1])
async def test_nothing_is_read_or_stored_afterwards(
    services: Services,
    synced: FakeSii,  # noqa: F811
    work: Work,
    clean: Urls,
    notificador: FakeNotificador,
    act: str,
    call: int,
) -> None:
    """Whether in the middle of a month or with its last call: that was the last, and it leaves no trace."""
    synced.documentos.append(documento(9, periodo=NOV))

    async def nothing() -> None:
        return

    synced.meanwhile = [*[nothing] * call, gone(act, services)]
    told = len(notificador.told)
    await ask(services, work, Libro.VENTAS)
    await now(clean)
    await work()
    assert sum(synced.asked.values()) == call + 1
    assert len(notificador.told) == told
    with psycopg.connect(clean.owner) as owner:
        left = owner.execute("SELECT folio FROM ventas_detalle WHERE folio = 9").fetchall()
        jobs = owner.execute(
            "SELECT task_name FROM procrastinate.procrastinate_jobs"
            " WHERE status = 'todo' AND queue_name = 'sii' AND args ? 'rut'"
        ).fetchall()
    assert (left, jobs) == ([], [])


async def test_a_clave_that_is_replaced(
    services: Services,
    synced: FakeSii,  # noqa: F811
    work: Work,
    clean: Urls,
) -> None:
    """The old one is used no more; what was asked for is done with the new one."""
    synced.documentos.append(documento(9, periodo=OCT))
    synced.claves.clear()
    later(services, minutes=1)
    synced.meanwhile = [lambda: services.claves.guardar(YA, NEW, "web")]
    await ask(services, work, Libro.VENTAS)
    await now(clean)
    await work()
    first, *others = synced.claves
    assert (first, set(others)) == ("Perro-1234", {NEW})
    assert await folios(services, Libro.VENTAS, OCT) == {9}
    assert (await book(services)).trabajo == ""


async def test_the_siis_own_words_reach_the_person(
    services: Services,
    synced: FakeSii,  # noqa: F811
    work: Work,
    notificador: FakeNotificador,
) -> None:
    """What it refused is told as it said it."""
    synced.refused = {NOV}
    await ask(services, work, Libro.VENTAS)
    assert "«no se puede»" in notificador.texts()[-1]


def test_until_when_to_wait(services: Services) -> None:
    """The words are whole wherever they are said, in the time of Chile."""
    error = SiiWaitError(datetime(2026, 11, 24, 6, 40, tzinfo=UTC))
    said = services.textos.texto(f"utter_error_{error.key}", **error.params)
    assert "hasta el 24 de noviembre a las 03:40." in said
