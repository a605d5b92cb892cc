"""New claves, and first syncs: what is stored of them when a worker dies or the SII refuses."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors_sii import SiiClaveWrongError, SiiUnavailableError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services import sincronizador
from bot.services.ports import Quien
from bot.services.ports_sincronizacion import Encargo, Motivo
from bot.storage.embedded import Urls
from bot.storage.secretos import ClaveRepository
from tests.conftest import HOY, A, Work
from tests.fakes_sii import FakeNotificador, FakeSii
from tests.jobs.test_noche import empty
from tests.services.test_sincronizacion import CLAVE, YA, later, now

NOCHE = Encargo(A, Libro.VENTAS, Motivo.NOCHE, HOY)


async def test_a_worker_that_dies_with_a_new_clave(
    services: Services, sii: FakeSii, work: Work, notificador: FakeNotificador, clean: Urls
) -> None:
    """Nobody knows whether the SII refused it: it is not shown again, and its owner is asked for it."""
    await services.claves.guardar(YA, CLAVE, "web")
    empty(clean)
    sii.errors = [asyncio.CancelledError()]  # type: ignore[list-item]
    with pytest.raises(asyncio.CancelledError):
        await services.sincronizador.sincronizar(NOCHE)
    await services.sincronizador.sincronizar(NOCHE)
    assert sii.claves == [CLAVE]
    assert notificador.kinds() == ["alta", "clave_mala"]
    assert "no sé si el SII la aceptó" in notificador.texts()[-1]
    later(services, minutes=1)
    await services.claves.guardar(YA, CLAVE, "web")
    await work()
    assert notificador.kinds()[-1] == "completa"


async def test_a_worker_that_dies_with_a_proven_clave(
    services: Services, sii: FakeSii, work: Work, notificador: FakeNotificador
) -> None:
    """A crash does not disable a clave that the SII has accepted before."""
    await services.claves.guardar(YA, CLAVE, "web")
    await work()
    later(services, days=1)
    sii.errors = [asyncio.CancelledError()]  # type: ignore[list-item]
    with pytest.raises(asyncio.CancelledError):
        await services.sincronizador.sincronizar(
            Encargo(A, Libro.VENTAS, Motivo.NOCHE, services.reloj.ahora())
        )
    await services.sincronizador.sincronizar(Encargo(A, Libro.VENTAS, Motivo.NOCHE, services.reloj.ahora()))
    assert (await services.sincronizacion.estado(YA)).clave_rechazada is None
    assert "clave_mala" not in notificador.kinds()


async def test_an_outage_says_nothing_of_a_new_clave(
    services: Services, sii: FakeSii, work: Work, clean: Urls, notificador: FakeNotificador
) -> None:
    """After an error that is not about it a new clave is used again."""
    sii.errors = [SiiUnavailableError(), SiiUnavailableError()]
    await services.claves.guardar(YA, CLAVE, "web")
    await work()
    for _ in range(3):
        await now(clean)
        await work()
    assert notificador.kinds() == ["alta", "primeros", "completa"]


async def test_a_refusal_outlives_a_database_that_is_away(
    services: Services, sii: FakeSii, monkeypatch: pytest.MonkeyPatch, clean: Urls
) -> None:
    """What the SII said of a clave is kept until it can be stored."""
    failures = [OSError(), OSError()]
    reject = ClaveRepository.reject

    async def away(self: ClaveRepository, rut: Rut, cifrada: str, ahora: datetime) -> bool:
        if failures:
            raise failures.pop()
        return await reject(self, rut, cifrada, ahora)

    monkeypatch.setattr(ClaveRepository, "reject", away)
    monkeypatch.setattr(sincronizador, "_PATIENCE", (0, 0, 0))
    await services.claves.guardar(YA, CLAVE, "web")
    sii.errors = [SiiClaveWrongError()]
    await services.sincronizador.sincronizar(NOCHE)
    assert (await services.sincronizacion.estado(YA)).clave_rechazada


async def _complete(services: Services, quien: Quien) -> list[Any]:
    return [libro.completa for libro in (await services.sincronizacion.estado(quien)).libros]


async def test_a_first_sync_after_a_night(services: Services, sii: FakeSii, work: Work, clean: Urls) -> None:
    """Months that the night has just read are no reason to begin the walk back again and again."""
    await services.claves.guardar(YA, CLAVE, "web")
    empty(clean)
    assert await services.sincronizacion.noche(HOY.replace(hour=2)) == 4
    async with asyncio.timeout(120):
        await work()
    assert all(await _complete(services, YA))


async def test_a_first_sync_of_months_that_are_refused(services: Services, sii: FakeSii, work: Work) -> None:
    """What the SII refuses is not asked for without end: the walk goes on, and the night asks again."""
    sii.refused = {Periodo(2026, month) for month in range(7, 12)}
    await services.claves.guardar(YA, CLAVE, "web")
    async with asyncio.timeout(120):
        await work()
    assert all(await _complete(services, YA))
    assert max(sii.asked.values()) <= 3
