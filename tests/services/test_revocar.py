"""After a leak: everybody is out, and comes in again."""

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import CodeInvalidError, NotAuthenticatedError
from bot.services.ports_acceso import Proposito
from bot.storage.embedded import Urls
from tests.conftest import PASSWORD, A, B, Work
from tests.fakes import FakeMensajero
from tests.services.test_acceso import HOME


async def test_everybody_is_out(services: Services, phone: FakeMensajero, work: Work, clean: Urls) -> None:
    """Sessions and pending codes of all end, which is told step by step and noted; passwords stay."""
    tokens = [(await services.acceso.login(rut, PASSWORD, HOME)).token for rut in (A, A, B)]
    solicitud = await services.codigos.pedir(A, Proposito.LOGIN, HOME)
    await work()
    told: list[tuple[int, int]] = []
    ended = await services.administracion.revocar_todas("consola", lambda *how: told.append(how))
    assert (ended, told) == (3, [(1, 2), (2, 2)])
    for token in tokens:
        with pytest.raises(NotAuthenticatedError):
            await services.acceso.quien(token)
    with pytest.raises(CodeInvalidError):
        await services.codigos.confirmar(A, (Proposito.LOGIN,), phone.codes[-1][1], solicitud.token, HOME)
    with psycopg.connect(clean.owner) as owner:
        noted = owner.execute("SELECT rut, actor FROM logs WHERE evento = 'admin.sesiones_revocadas'")
        assert sorted(noted) == [(str(A), "consola"), (str(B), "consola")]
    assert (await services.acceso.login(A, PASSWORD, HOME)).token
