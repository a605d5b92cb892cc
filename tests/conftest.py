"""A real PostgreSQL for the whole run, empty tables for each test, and services on them."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from procrastinate import App

from bot.bootstrap import Replacements, Services, open_database, open_services
from bot.core.rut import Rut
from bot.jobs.tasks import register
from bot.programs import MODEL
from bot.services.ports import Contribuyente, Quien
from bot.services.reloj import SANTIAGO
from bot.settings import ROOT, Settings
from bot.storage.embedded import Urls
from tests.fakes import FakeCanal, FakeHasher, FakeMensajero, FakeMotor, FixedReloj
from tests.fakes_contratos import FakeLectorPdf, FakeVectores
from tests.fakes_sii import FakeNotificador, FakeSii
from tests.stack import Stack

A, B = Rut.parse("76192083-9"), Rut.parse("77697060-3")
PHONES = {A: "+56911111111", B: "+56922222222"}
type Work = Callable[[], Awaitable[None]]
PASSWORD = "una clave larga de prueba"
HORARIO = "lun-vie 09:00-18:00"
HOY = datetime(2026, 11, 22, 12, 0, tzinfo=SANTIAGO)
# What .ci/system unpacked for us alone.
os.environ["PATH"] = os.pathsep.join((os.environ["PATH"], str(ROOT / ".tools" / "bin")))

# Most tables are empty after most tests, and TRUNCATE makes new files for every table and index.
EMPTY = """
DO $$ DECLARE name text; filled bool; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname IN ('public', 'procrastinate') AND tablename <> 'alembic_version'
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
END $$
"""


def register_tasks(services: Services) -> None:
    """What the queue may be told to do; what the clock begins, tests begin themselves at any hour."""
    register(services.jobs, services)
    services.jobs.periodic_registry.periodic_tasks.clear()


def make_settings(data: Path, **values: object) -> Settings:
    """Settings for a test, whatever the environment says."""
    return Settings(_env_file=None, data=data, env="development", **values)  # type: ignore[arg-type, call-arg]


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> None:
    for name in list(os.environ):
        if name.startswith(("TRIBUTA_", "DATABASE_", "ENGINE_")) or name.endswith("_API_KEY"):
            del os.environ[name]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a data folder of their own."""
    return make_settings(
        tmp_path_factory.mktemp("tributa"), engine_timeout=5.0, sii_desde="2026-07", horario=HORARIO
    )


@pytest.fixture(scope="session")
def urls(settings: Settings) -> Iterator[Urls]:
    """The embedded PostgreSQL, migrated."""
    with open_database(settings) as urls:
        yield urls


@pytest.fixture
def clean(urls: Urls) -> Urls:
    """Empty tables, and the two taxpayers that no test may mix up."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute(EMPTY)
        for rut, nombre in ((A, "Comercial Alerce SpA"), (B, "Bodega Boldo Ltda")):
            owner.execute(
                "INSERT INTO contributors (rut, nombre, password_hash, telefono, verificado)"
                " VALUES (%s, %s, %s, %s, true)",
                (str(rut), nombre, FakeHasher.scramble(PASSWORD), PHONES[rut]),
            )
    return urls


@pytest.fixture
def motor() -> FakeMotor:
    """An engine that says what the test tells it to."""
    return FakeMotor()


@pytest.fixture
def phone() -> FakeMensajero:
    """All phones in one."""
    return FakeMensajero()


@pytest.fixture
def canal() -> FakeCanal:
    """WhatsApp and Telegram in one."""
    return FakeCanal()


@pytest.fixture
def sii() -> FakeSii:
    """The register at the SII."""
    return FakeSii()


@pytest.fixture
def notificador() -> FakeNotificador:
    """What people are told without asking."""
    return FakeNotificador()


@pytest.fixture
def lector_pdf() -> FakeLectorPdf:
    """Reads what the test says is written."""
    return FakeLectorPdf()


@pytest.fixture
async def services(
    settings: Settings,
    clean: Urls,
    motor: FakeMotor,
    phone: FakeMensajero,
    canal: FakeCanal,
    sii: FakeSii,
    notificador: FakeNotificador,
    lector_pdf: FakeLectorPdf,
) -> AsyncIterator[Services]:
    """All services on the real database, with the engine, the clock, the phone and the slow hash replaced."""
    replaced = Replacements(
        motor=motor,
        hasher=FakeHasher(),
        reloj=FixedReloj(HOY),
        mensajero=phone,
        canales={"whatsapp": canal, "telegram": canal},
        sii=sii,
        notificador=notificador,
        lector_pdf=lector_pdf,
        vectores=FakeVectores(),
    )
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_services(settings, clean.app, replaced))


@pytest.fixture
def work(services: Services) -> Work:
    """Does what is queued, as the worker would."""
    register_tasks(services)

    async def work() -> None:
        await services.jobs.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    return work


@pytest.fixture
def jobs(services: Services) -> App:
    """The queue."""
    return services.jobs


@pytest.fixture
def quien() -> Quien:
    """Taxpayer A asks."""
    return Quien(A)


@pytest.fixture
def contribuyente() -> Contribuyente:
    """Taxpayer A."""
    return Contribuyente(A, "Comercial Alerce SpA")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running Tributa for all tests that only talk to it."""
    assert MODEL.exists(), "make train first"
    stack = Stack(tmp_path_factory.mktemp("stack") / "data")
    stack.data.mkdir()
    stack.start()
    yield stack
    stack.stop()
