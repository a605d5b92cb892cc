"""What takes long leaves connections for everybody else."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from api.problems import status_of
from bot.bootstrap import Services
from bot.core.documentos import Documento, Libro
from bot.core.errors import ImportBusyError
from bot.core.rut import Rut
from bot.storage.archivos import Almacen
from bot.storage.database import AT_ONCE
from bot.storage.datos_personales import PersonalDataRepository
from tests.conftest import A, B
from tests.storage.test_importacion import compra, destino, documento


@pytest.mark.parametrize(
    ("rut", "libro", "busy"),
    [(A, Libro.VENTAS, True), (A, Libro.COMPRAS, False), (B, Libro.VENTAS, False)],
)
async def test_an_import_waits_for_no_other(
    services: Services, rut: Rut, libro: Libro, *, busy: bool
) -> None:
    """While a book is being imported another file of it is refused, and other books are free."""
    started, release = threading.Event(), threading.Event()

    def slow() -> Iterator[Documento]:
        started.set()
        release.wait(30)
        yield documento(1)

    first = asyncio.create_task(services.registro.importar(A, destino(), slow()))
    await asyncio.to_thread(started.wait, 30)
    try:
        other = documento(2) if libro is Libro.VENTAS else compra(2)
        second = services.registro.importar(rut, destino(libro), [other])
        if busy:
            with pytest.raises(ImportBusyError):
                await second
        else:
            assert (await second).importados == 1
    finally:
        release.set()
    assert (await first).importados == 1
    assert (await services.registro.importar(A, destino(), [documento(2)])).importados == 1
    assert status_of(ImportBusyError) == 409


@pytest.mark.parametrize("what", ["imports", "exports"])
async def test_many_at_once_take_few_connections(services: Services, what: str) -> None:
    """Twenty of a kind, of one taxpayer even, hold no more than their share of the pool."""
    engine = services.database._engine.sync_engine
    most = 0

    def count(*_: object) -> None:
        nonlocal most
        most = max(most, engine.pool.checkedout())  # type: ignore[attr-defined]

    exports = PersonalDataRepository(services.database, Almacen("memory://x"))

    async def work(folio: int) -> None:
        if what == "imports":
            await services.registro.importar(A, destino(), [documento(folio)])
        else:
            assert [row async for row in exports.read(A)]

    event.listen(engine, "checkout", count)
    done = await asyncio.gather(*(work(folio) for folio in range(1, 21)), return_exceptions=True)
    assert 0 < most <= AT_ONCE
    assert None in done
    assert {type(one) for one in done} <= {type(None), ImportBusyError}
