"""The SII password, one-time links, keys of programs, and changing the key of encryption."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from bot.bootstrap import Services
from bot.core.errors import LinkInvalidError, NotAuthenticatedError, ServiceUnavailableError
from bot.crypto.llavero import Llavero, fingerprint
from bot.services.ports import Quien
from bot.services.ports_secretos import PropositoEnlace
from bot.services.secretos import ClavesService
from bot.settings import Settings
from bot.storage.secretos import ClaveRepository
from tests.conftest import HOY, A, B
from tests.services.test_acceso import HOME


async def stored(services: Services, table: str) -> str:
    """All of A's rows of a table as text."""
    async with services.database.scope(A) as connection:
        rows = await connection.exec_driver_sql(
            f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t"
        )
        return str(rows.scalar_one())


async def test_a_clave_is_kept_encrypted_with_its_consent(services: Services) -> None:
    """Nothing that is stored shows it; the consent says which text, when and where."""
    assert await services.claves.estado(Quien(A)) is None
    await services.claves.guardar(Quien(A), "Perro-1234", "web")
    assert await services.claves.estado(Quien(A)) == HOY
    assert "Perro-1234" not in await stored(services, "claves") + await stored(services, "logs")
    [consent] = await services.cuentas.consentimientos(Quien(A))
    assert (consent.materia, consent.canal, consent.momento) == ("clave_sii", "web", HOY)
    assert await services.claves.estado(Quien(B)) is None


async def test_a_clave_is_revoked_with_its_consent(services: Services) -> None:
    """Afterwards it is nowhere, and the consent shows when it ended."""
    await services.claves.guardar(Quien(A), "Perro-1234", "web")
    assert not await services.claves.revocar(Quien(B), "web")
    assert await services.claves.revocar(Quien(A), "whatsapp")
    assert await services.claves.estado(Quien(A)) is None
    assert await stored(services, "claves") == ""
    [consent] = await services.cuentas.consentimientos(Quien(A))
    assert consent.revocado == HOY


def test_a_keyring_reads_what_older_keys_wrote() -> None:
    """New first; without the old key what it wrote is lost, and says so."""
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    written = Llavero(lambda: old).encrypt("hola")
    both = Llavero(lambda: f"{new},{old}")
    assert both.decrypt(written) == "hola"
    assert both.llave == fingerprint(new)
    assert Llavero(lambda: old).digest("otp", "1") in both.digests("otp", "1")
    assert both.digest("otp", "ab", "c") != both.digest("otp", "a", "bc")
    assert both.digest("otp", "1") != both.digest("otra", "1")
    with pytest.raises(ServiceUnavailableError):
        Llavero(lambda: new).decrypt(written)


async def test_changing_the_key_while_claves_are_written(services: Services, settings: Settings) -> None:
    """Everybody's clave ends up under the new key, those written meanwhile too, and none is lost."""
    old, new = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    ring = [old]
    repository = ClaveRepository(services.database)
    claves = ClavesService(repository, Llavero(lambda: ",".join(ring)), services.bitacora, services.reloj)
    for quien in (Quien(A), Quien(B)):
        await claves.guardar(quien, f"clave de {quien.rut}", "web")
    ring.insert(0, new)
    await asyncio.gather(
        claves.recifrar(lambda done, total: None), claves.guardar(Quien(A), "la más nueva", "web")
    )
    await claves.recifrar(lambda done, total: None)
    ring.remove(old)
    for rut, expected in ((A, "la más nueva"), (B, f"clave de {B}")):
        found = await repository.get(rut)
        assert found
        assert found.llave == fingerprint(new)
        assert Llavero(lambda: new).decrypt(found.cifrada) == expected


async def test_a_link_works_once_for_its_purpose(services: Services) -> None:
    """Looking does not use it up; using does; another purpose or a guess never works."""
    url = await services.enlaces.enlace(Quien(A), PropositoEnlace.CLAVE, "whatsapp")
    token = url.partition("#")[2]
    assert len(token) == 32
    assert token not in await stored(services, "enlaces") + await stored(services, "logs")
    found, nombre = await services.enlaces.ver(token, HOME)
    assert (found.rut, found.proposito, nombre) == (A, PropositoEnlace.CLAVE, "Comercial Alerce SpA")
    with pytest.raises(LinkInvalidError):
        await services.enlaces.usar(token, PropositoEnlace.BORRAR, HOME)
    with pytest.raises(LinkInvalidError):
        await services.enlaces.usar("x" * 32, PropositoEnlace.CLAVE, HOME)
    assert await services.enlaces.usar(token, PropositoEnlace.CLAVE, HOME) == (Quien(A), "whatsapp")
    with pytest.raises(LinkInvalidError):
        await services.enlaces.usar(token, PropositoEnlace.CLAVE, HOME)


@pytest.mark.parametrize("keeps", [False, True])
async def test_a_link_is_used_by_one_of_many(services: Services, *, keeps: bool) -> None:
    """Twenty uses at once are one, and so are twenty claves that come by it."""
    token = (await services.enlaces.enlace(Quien(A), PropositoEnlace.CLAVE, "web")).partition("#")[2]
    uses = [
        services.claves.guardar(Quien(A), f"clave {n}", "web", token)
        if keeps
        else services.enlaces.usar(token, PropositoEnlace.CLAVE, HOME)
        for n in range(20)
    ]
    done = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in done) == 1


async def test_a_link_expires_and_is_replaced(services: Services) -> None:
    """Ten minutes; a newer one for the same purpose ends it earlier."""
    first = (await services.enlaces.enlace(Quien(A), PropositoEnlace.CLAVE, "web")).partition("#")[2]
    second = (await services.enlaces.enlace(Quien(A), PropositoEnlace.CLAVE, "web")).partition("#")[2]
    with pytest.raises(LinkInvalidError):
        await services.enlaces.ver(first, HOME)
    services.reloj.now = HOY + timedelta(minutes=10)  # type: ignore[attr-defined]
    with pytest.raises(LinkInvalidError):
        await services.enlaces.ver(second, HOME)


async def test_keys_are_named_hashed_and_revocable(services: Services, settings: Settings) -> None:
    """Several at once; each opens only its kind of door."""
    clave = await services.llaves.crear("bot", "agente")
    assert clave
    assert await services.llaves.crear("bot", "admin") is None
    assert clave not in await stored(services, "api_keys")
    assert await services.llaves.quien_es(clave, "agente") == "bot"
    assert await services.llaves.quien_es(settings.secret("agent_api_key"), "agente") == "entorno"
    for wrong, tipo in ((clave, "admin"), ("", "agente"), (settings.secret("agent_api_key"), "admin")):
        with pytest.raises(NotAuthenticatedError):
            await services.llaves.quien_es(wrong, tipo)
    assert [llave.nombre for llave in await services.llaves.lista()] == ["bot"]
    assert await services.llaves.revocar("bot")
    assert not await services.llaves.revocar("bot")
    with pytest.raises(NotAuthenticatedError):
        await services.llaves.quien_es(clave, "agente")
