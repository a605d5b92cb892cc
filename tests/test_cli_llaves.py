"""`tributa key` and `tributa compact`, as an operator types them while everything runs."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import psycopg
import pytest

from bot.bootstrap import Replacements, Services, open_database, open_services
from bot.core.errors import NotAuthenticatedError, ServiceUnavailableError
from bot.core.rut import Rut
from bot.crypto.llavero import Llavero, fingerprint
from bot.services.ports import Quien
from bot.settings import Settings
from bot.storage.embedded import Urls
from bot.storage.secretos import ClaveRepository
from tests.conftest import A, B, make_settings
from tests.fakes import FakeHasher
from tests.test_cli import Tributa

OLD, NEW = "vR3nQ8zK1mX6tB0yL5wC9dJ4hG7sF2pA", "q9W2eR7tY4uI1oP8aS5dF0gH6jK3lZxC"
CLAVES = {A: "Perro-1234", B: "Gato-5678"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tributa, Settings, Urls]]:
    """An installation whose own database runs."""
    tributa = Tributa(tmp_path_factory.mktemp("llaves"))
    settings = make_settings(tributa.data)
    with open_database(settings) as urls:
        yield tributa, settings, urls


@pytest.fixture
def tributa(running: tuple[Tributa, Settings, Urls]) -> Tributa:
    """Its command line."""
    return running[0]


@pytest.fixture
def own(running: tuple[Tributa, Settings, Urls]) -> Urls:
    """Its database."""
    return running[2]


@pytest.fixture
async def services(running: tuple[Tributa, Settings, Urls]) -> AsyncIterator[Services]:
    """A program that was started before, with taxpayers A and B, whose claves are kept."""
    _, settings, urls = running
    async with AsyncExitStack() as stack:
        opened = open_services(settings, urls.app, Replacements(hasher=FakeHasher()))
        services = await stack.enter_async_context(opened)
        for rut, clave in CLAVES.items():
            await services.cuentas.agregar(rut, f"Empresa {rut}", "una clave de prueba")
            await services.claves.guardar(Quien(rut), clave, "web")
        yield services


async def stored(services: Services, keys: str) -> dict[Rut, str]:
    """The claves, read from the database with these keys alone."""
    return {
        rut: Llavero(lambda: keys).decrypt(found.cifrada)
        for rut in CLAVES
        if (found := await ClaveRepository(services.database).get(rut))
    }


@pytest.mark.parametrize("tipo", ["agente", "admin"])
async def test_a_key_is_shown_once_and_works(
    tributa: Tributa, own: Urls, services: Services, tipo: str
) -> None:
    """For its kind of door only, by its hash; afterwards nothing shows it."""
    code, said = tributa("key", "create", f"bot-{tipo}", "--tipo", tipo)
    assert code == 0, said
    assert "no se vuelve a mostrar" in said
    clave = said.split()[-1]
    assert await services.llaves.quien_es(clave, tipo) == f"bot-{tipo}"
    other = {"agente": "admin", "admin": "agente"}[tipo]
    with pytest.raises(NotAuthenticatedError):
        await services.llaves.quien_es(clave, other)
    code, listed = tributa("key", "list")
    assert (code, f"bot-{tipo}" in listed, clave in listed) == (0, True, False)
    with psycopg.connect(own.owner) as owner:
        kept = owner.execute("SELECT k::text FROM api_keys k UNION ALL SELECT l::text FROM logs l").fetchall()
    assert clave not in str(kept)
    assert "llave.creada" in str(kept)


def test_a_name_is_given_once(tributa: Tributa) -> None:
    """A second key of that name is refused in Spanish, and the first stays as it was."""
    assert tributa("key", "create", "repetida", "--tipo", "agente")[0] == 0
    code, said = tributa("key", "create", "repetida", "--tipo", "admin")
    assert code == 2
    assert "Ya hay una clave llamada repetida" in said
    assert "tributa_" not in said
    assert "Traceback" not in said
    [row] = [line for line in tributa("key", "list")[1].splitlines() if "repetida" in line]
    assert "agente" in row


async def test_a_revoked_key_is_refused(tributa: Tributa, services: Services) -> None:
    """At once by programs that run, and its name stays in the list; revoking it again is told."""
    clave = tributa("key", "create", "vieja", "--tipo", "agente")[1].split()[-1]
    assert await services.llaves.quien_es(clave, "agente") == "vieja"
    code, said = tributa("key", "revoke", "vieja")
    assert (code, "ya no sirve" in said) == (0, True)
    with pytest.raises(NotAuthenticatedError):
        await services.llaves.quien_es(clave, "agente")
    assert "vieja" in tributa("key", "list")[1]
    for nombre in ("vieja", "inventada"):
        code, said = tributa("key", "revoke", nombre)
        assert (code, f"No hay ninguna clave vigente llamada {nombre}" in said) == (2, True)


async def test_rotating_while_everything_runs(tributa: Tributa, own: Urls, services: Services) -> None:
    """Half-way through, a running program reads both; in the end the new key alone reads all of them."""
    settings = make_settings(tributa.data)
    old = settings.keyring()
    llavero = Llavero(settings.keyring)
    async with await psycopg.AsyncConnection.connect(own.owner, autocommit=True) as owner:
        await owner.execute(
            "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_notify(''told'', NEW.rut); RETURN NEW; END'"
        )
        await owner.execute("CREATE TRIGGER told AFTER UPDATE ON claves FOR EACH ROW EXECUTE FUNCTION told()")
        await owner.execute("LISTEN told")
        async with await psycopg.AsyncConnection.connect(own.owner) as holder:
            last = await (await holder.execute("SELECT rut FROM claves OFFSET 1")).fetchone()
            await holder.execute("SELECT FROM claves WHERE rut = %s FOR UPDATE", last)
            rotating = asyncio.create_task(asyncio.to_thread(tributa, "key", "rotate"))
            first = [told.payload async for told in owner.notifies(timeout=60, stop_after=1)]
            assert first == [str(rut) for rut in CLAVES if (str(rut),) != last]
            assert settings.keyring().split(",")[1:] == [old]
            code, said = await asyncio.to_thread(tributa, "key", "rotate")
            assert (code, "ya está corriendo" in said) == (2, True), said
            assert settings.keyring().split(",")[1:] == [old]
            for rut, clave in CLAVES.items():
                found = await ClaveRepository(services.database).get(rut)
                assert found
                assert (found.llave == fingerprint(old)) is ((str(rut),) == last)
                assert llavero.decrypt(found.cifrada) == clave
        code, said = await rotating
        await owner.execute("DROP FUNCTION told CASCADE")
    assert (code, "llave más nueva: 2." in said) == (0, True), said
    new, *others = settings.keyring().split(",")
    assert others == [old]
    assert new not in said
    assert await stored(services, new) == CLAVES
    with pytest.raises(ServiceUnavailableError):
        await stored(services, old)


async def test_rotating_often_keeps_one_old_key(tributa: Tributa, services: Services) -> None:
    """Keys do not pile up, and what was kept is still read."""
    settings = make_settings(tributa.data)
    rings = [settings.keyring().split(",")]
    for _ in range(2):
        assert tributa("key", "rotate")[0] == 0
        rings.append(settings.keyring().split(","))
    assert [ring[1:] for ring in rings[1:]] == [[ring[0]] for ring in rings[:-1]]
    assert await stored(services, rings[-1][0]) == CLAVES


async def test_rotating_a_key_of_the_environment(tributa: Tributa, services: Services) -> None:
    """The operator's own ring is used, the file is left alone, and what comes next is told."""
    file = make_settings(tributa.data).secret_file.path
    before = file.read_text()
    older = make_settings(tributa.data).keyring()
    for ring in (f"{OLD},{older}", f"{NEW},{OLD}"):
        code, said = tributa("key", "rotate", TRIBUTA_SECRET_KEY=ring)
        assert code == 0, said
        assert "llave más nueva: 2." in said
        assert "dejar solo la primera llave" in said
        assert "reinícialos" in said
        assert await stored(services, ring.split(",", maxsplit=1)[0]) == CLAVES
    assert "llave más nueva: 0." in tributa("key", "rotate", TRIBUTA_SECRET_KEY=NEW)[1]
    assert file.read_text() == before


async def test_rotating_without_the_old_key(tributa: Tributa, own: Urls, services: Services) -> None:
    """It is told in Spanish, and nothing is lost: with the old key it works."""
    older = make_settings(tributa.data).keyring()
    code, said = tributa("key", "rotate", TRIBUTA_SECRET_KEY=NEW)
    assert (code, "Traceback" in said) == (2, False)
    assert "llave que falta" in said
    assert await stored(services, older) == CLAVES


async def test_compacting(tributa: Tributa, own: Urls, services: Services) -> None:
    """After an erasure it leaves no trace on the disk; with nothing to do it says so."""
    assert "No había borrados pendientes." in tributa("compact")[1]
    recibo = await services.datos.borrar(Quien(B))
    code, said = await asyncio.to_thread(tributa, "compact")
    assert (code, "completos: 1." in said) == (0, True), said
    assert (await services.datos.recibo(recibo.id)).compactado is not None
    for path in tributa.data.rglob("*"):
        if path.is_file():
            assert f"Empresa {B}".encode() not in path.read_bytes(), path
    assert "No había borrados pendientes." in tributa("compact")[1]


def test_compacting_waits_for_nobody(tributa: Tributa, own: Urls) -> None:
    """While a table is in use the erasure stays pending, which is told; the next time it is done."""
    with psycopg.connect(own.owner) as owner:
        owner.execute("INSERT INTO borrados (id) VALUES ('x')")
        owner.commit()
        owner.execute("SELECT FROM messages")
        code, said = tributa("compact")
        assert (code, "pendientes: 1." in said) == (1, True), said
    code, said = tributa("compact")
    assert (code, "completos: 1." in said) == (0, True), said
