"""Acts on accounts and jobs: done and noted in one, or not done."""

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import ServiceUnavailableError
from bot.services.ports import Quien
from bot.services.ports_acceso import Proposito
from bot.storage.embedded import Urls
from tests.conftest import PASSWORD, A
from tests.services.test_acceso import HOME
from tests.services.test_cuentas import NEW, PHONE

ACTS: dict[str, Callable[[Services, int], Awaitable[object]]] = {
    "cuenta.password": lambda on, job: on.cuentas.cambiar_password(Quien(A), PASSWORD, "una nueva distinta"),
    "cuenta.nombre": lambda on, job: on.cuentas.corregir(Quien(A), "Otro"),
    "cuenta.segundo_factor": lambda on, job: on.cuentas.segundo_factor(Quien(A), PASSWORD, activo=True),
    "cuenta.telefono": lambda on, job: on.administracion.cambiar("ana", A, nombre="Otro", telefono=PHONE),
    "cuenta.creada": lambda on, job: on.cuentas.agregar(NEW, "Ana Soto", PASSWORD),
    "admin.cambio": lambda on, job: on.administracion.cambiar("ana", A, bloqueado=True),
    "admin.sesiones_revocadas": lambda on, job: on.administracion.revocar_sesiones("ana", A),
    "admin.trabajo_reintentado": lambda on, job: on.administracion.reintentar("ana", job),
}


@pytest.mark.parametrize("evento", ACTS)
async def test_an_act_is_whole_or_not_at_all(
    services: Services, clean: Urls, monkeypatch: pytest.MonkeyPatch, evento: str
) -> None:
    """If it cannot be noted, nothing of it was done: neither account nor sessions, codes, notices, jobs."""
    await services.acceso.login(A, PASSWORD, HOME)
    await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    async with services.database.scope() as connection:
        for status in ("doing", "failed"):
            changed = await connection.exec_driver_sql(
                f"UPDATE procrastinate_jobs SET status = '{status}' RETURNING id"
            )
        job = changed.scalar_one()
    before, write = kept(clean), services.bitacora.write

    async def broken(asked: str, *args: Any, **datos: Any) -> None:
        if asked == evento:
            raise ServiceUnavailableError()
        await write(asked, *args, **datos)

    monkeypatch.setattr(services.bitacora, "write", broken)
    with pytest.raises(ServiceUnavailableError):
        await ACTS[evento](services, job)
    assert kept(clean) == before
    monkeypatch.undo()
    await ACTS[evento](services, job)
    assert kept(clean) != before


def kept(urls: Urls) -> list[str]:
    """Everything that these acts change."""
    with psycopg.connect(urls.owner) as owner:
        return [
            str(owner.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall())
            for table in ("contributors", "sessions", "otp", "consents", "procrastinate.procrastinate_jobs")
        ]
