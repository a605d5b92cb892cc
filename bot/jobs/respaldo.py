"""The night's backup: `tributa backup` in a process of its own, which alone may read everybody's rows."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Sequence

import structlog
from procrastinate import App

from bot.bootstrap import Services
from bot.private import SettingsError
from bot.settings import ROOT, Settings

BACKUP_QUEUE = "respaldo"
_EVERY_HOUR = "7 * * * *"
_STOP_SECONDS = 15
log = structlog.get_logger()


def register_backups(app: App, services: Services, settings: Settings) -> bool:
    """Add the task, if this worker makes backups; the queue is its own, for others cannot reach the folder.

    Raises:
        SettingsError: if the role that owns the tables is not known.
    """
    if settings.backup_dir is None:
        return False
    if settings.migration_url is None:
        raise SettingsError("TRIBUTA_BACKUP_DIR necesita DATABASE_MIGRATION_URL: la aplicación no ve todo.")
    where = [str(settings.backup_dir), "--keep", str(settings.backup_keep)]
    command = [sys.executable, "-m", "bot.cli", "backup", *where]

    # Every hour, so that a night that failed or was missed is made up for.
    @app.periodic(cron=_EVERY_HOUR)
    @app.task(name="respaldar", queue=BACKUP_QUEUE, queueing_lock="respaldar", lock="respaldar")
    async def respaldar(timestamp: int) -> None:
        """Make the night's backup when it is time."""
        if await services.respaldos.toca():
            await _back_up(command, services)

    return True


async def _back_up(command: Sequence[str], services: Services) -> None:
    code, said = await _run(command)
    told = " ".join(said.split())[-500:]
    if code:
        log.error("backup.failed", code=code, told=told)
    else:
        log.info("backup.done", told=told)
    await services.bitacora.write("respaldo.fallido" if code else "respaldo.hecho", None, "trabajador")


async def _run(command: Sequence[str]) -> tuple[int, str]:
    """Its exit code and what it said; when the worker stops it is stopped, and leaves nothing behind."""
    environment = {**os.environ, "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, cwd=ROOT, env=environment
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()
    return process.returncode or 0, said.decode(errors="replace")
