"""The night's backup, as the worker makes it."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psutil
import psycopg
import pytest
from structlog.testing import capture_logs

from bot.bootstrap import Services
from bot.jobs.respaldo import _run, register_backups
from bot.private import SettingsError
from bot.services.reloj import RelojSantiago
from bot.services.respaldos import RespaldosService
from bot.settings import Settings
from bot.storage.embedded import Urls
from bot.storage.migrate import mark_instance
from tests.conftest import Work
from tests.fakes import FixedReloj

FRASE = "corcho lluvia tren andamio queso faro"
_NOW = datetime.now(UTC)
# It is noon somewhere: past three, whenever the test runs.
LATE = FixedReloj(_NOW.astimezone(timezone(timedelta(hours=12 - _NOW.hour))))


@pytest.fixture
def nightly(services: Services, settings: Settings, clean: Urls, tmp_path: Path) -> Settings:
    """A worker that makes backups."""
    given = {"backup_dir": tmp_path / "copias", "migration_url": clean.owner, "database_url": clean.app}
    return settings.model_copy(update=given)


def acts(urls: Urls) -> list[str]:
    """What was noted."""
    with psycopg.connect(urls.owner) as owner:
        return [one for (one,) in owner.execute("SELECT evento FROM logs ORDER BY id")]


async def test_only_once_a_night(
    services: Services, nightly: Settings, clean: Urls, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made where the worker says, told in its log; after it was made it is not due any more."""
    environment = {
        "TRIBUTA_DATA": str(nightly.data),
        "DATABASE_URL": clean.app,
        "DATABASE_MIGRATION_URL": clean.owner,
        "TRIBUTA_BACKUP_PASSPHRASE": FRASE,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert register_backups(services.jobs, services, nightly)
    monkeypatch.setattr(services.respaldos, "_reloj", LATE)
    for _ in range(2):
        await services.jobs.configure_task("respaldar").defer_async(timestamp=0)
        with capture_logs() as logs:
            await work()
    assert nightly.backup_dir
    [copy] = nightly.backup_dir.iterdir()
    assert copy.name.endswith(".tar.age")
    assert acts(clean).count("respaldo.hecho") == 1
    assert not [one for one in logs if one["event"].startswith("backup.")]


async def test_a_failure_is_told(
    services: Services, nightly: Settings, clean: Urls, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command's own words; it stays due, so the next hour tries again."""
    monkeypatch.setenv("TRIBUTA_BACKUP_PASSPHRASE", "corta")
    register_backups(services.jobs, services, nightly)
    monkeypatch.setattr(services.respaldos, "_reloj", LATE)
    await services.jobs.configure_task("respaldar").defer_async(timestamp=0)
    with capture_logs() as logs:
        await work()
    [told] = [one["told"] for one in logs if one["event"] == "backup.failed"]
    assert "16 caracteres" in told
    assert acts(clean) == ["respaldo.fallido"]
    assert await services.respaldos.toca()


async def test_a_worker_that_cannot(services: Services, nightly: Settings) -> None:
    """Without the owner's address it says so at its start; without a folder it makes none."""
    with pytest.raises(SettingsError, match="DATABASE_MIGRATION_URL"):
        register_backups(services.jobs, services, nightly.model_copy(update={"migration_url": None}))
    assert not register_backups(services.jobs, services, nightly.model_copy(update={"backup_dir": None}))


async def test_the_command_ends_with_the_worker(tmp_path: Path) -> None:
    """A worker that is told to stop leaves no program behind."""
    told = tmp_path / "pid"
    code = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    running = asyncio.create_task(_run([sys.executable, "-c", code]))
    async with asyncio.timeout(60):
        while not (told.exists() and told.read_text()):  # noqa: ASYNC110  (a file tells nobody)
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not psutil.pid_exists(int(told.read_text()))


async def test_how_backups_stand(clean: Urls, services: Services) -> None:
    """Not planned, none yet, fine, and late."""
    now = RelojSantiago().ahora()

    async def state(*, planned: bool = True) -> str:
        facts = services.database.instance
        return await RespaldosService(facts, RelojSantiago(), programados=planned).estado()

    assert await state(planned=False) == "sin programar"
    assert await state() == "ninguno todavía"
    mark_instance(clean.owner, "respaldo", now.isoformat())
    assert await state() == "ok"
    mark_instance(clean.owner, "respaldo", (now - timedelta(days=2)).isoformat())
    assert await state() == "atrasado"
