"""Runs the programs of one machine: starts them, restarts what dies, stops all of them together."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import aiohttp
import structlog

from bot.motores import READY_SECONDS, Engines
from bot.private import SettingsError
from bot.programs import (
    Companion,
    OwnDatabase,
    Program,
    listen,
    programs,
    reachable,
)
from bot.services.salud import SILENT
from bot.settings import ENGINE_PYTHON, Settings

# Rewriting tables stops whoever reads them, so one erasure after another must not do it again and again.
COMPACT_SECONDS = 3600
BUSY_SECONDS = 60
log = structlog.get_logger()
_SILENT_PROBES = 4


@dataclass(frozen=True, slots=True)
class Listener:
    """What the operator is told.

    `ready` once, when everything answers; `waiting` meanwhile, with what is missing; `news` when something
    had to be started again.
    """

    ready: Callable[[], None]
    waiting: Callable[[str], None]
    news: Callable[[str], None]


async def supervise(
    settings: Settings, database: OwnDatabase, told: Listener, companions: Sequence[Companion] = ()
) -> None:
    """Run everything until SIGINT or SIGTERM.

    Raises:
        SettingsError: if the port is taken, or the engine or its model is missing.
    """
    if not settings.model.exists() or not ENGINE_PYTHON.exists():
        raise SettingsError("Falta el motor o su modelo: ejecuta make train.")
    told, stop = replace(told, news=undisturbed(told.news)), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    with listen(settings.host, settings.port) as api, listen("127.0.0.1", 0) as engine:
        running = programs(settings, database, api, engine, companions)
        await _run(running, settings, database, told, stop)


def undisturbed(tell: Callable[[str], None]) -> Callable[[str], None]:
    """The same, but who tells goes on if a full disk takes no words: a program would else stay stopped."""

    def told(news: str) -> None:
        with suppress(OSError):
            tell(news)

    return told


async def _run(
    running: list[Program],
    settings: Settings,
    database: OwnDatabase,
    told: Listener,
    stop: asyncio.Event,
) -> None:
    url = running[0].environment["ENGINE_URL"]
    engines = Engines(settings, running[0], told.news)
    tasks = [asyncio.create_task(program.keep_running(told.news)) for program in running[1:]]
    tasks += [
        asyncio.create_task(_wait_ready(settings, told)),
        asyncio.create_task(_keep_database(database, told.news)),
        asyncio.create_task(_compact(database.compactor())),
        asyncio.create_task(_trim_logs(running)),
        asyncio.create_task(engines.keep_running()),
        asyncio.create_task(_watch_engine(engines, f"{url}/webhooks/gateway/", told.news)),
        asyncio.create_task(_until(stop)),
    ]
    try:
        await asyncio.gather(*tasks)
    except _StoppedError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(program.stop() for program in running[1:]), engines.stop())


class _StoppedError(Exception):
    """The operator asked to stop."""


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()
    raise _StoppedError


async def _keep_database(database: OwnDatabase, news: Callable[[str], None]) -> None:
    """Start our own PostgreSQL again if it dies."""
    while True:
        await asyncio.sleep(1)
        if await asyncio.to_thread(database.is_down):
            news("PostgreSQL se detuvo; lo arranco de nuevo.")
            try:
                await asyncio.to_thread(database.revive)
            except (OSError, subprocess.SubprocessError) as error:
                news(f"No pude arrancar PostgreSQL ({type(error).__name__}); lo intento otra vez.")


async def _compact(work: Callable[[], bool]) -> None:
    """Finish erasures: as the owner of the tables, which no program that talks to people is."""
    while True:
        try:
            busy = await asyncio.to_thread(work)
        except Exception as error:  # the database may be just starting again
            log.warning("compact.failed", error=type(error).__name__)
            busy = True
        await asyncio.sleep(BUSY_SECONDS if busy else COMPACT_SECONDS)


async def _trim_logs(running: Sequence[Program]) -> None:
    """So that they never fill the disk."""
    while True:
        for program in running:
            with suppress(OSError):
                await asyncio.to_thread(program.trim_log)
        await asyncio.sleep(BUSY_SECONDS)


async def _watch_engine(engines: Engines, url: str, news: Callable[[str], None]) -> None:
    """Kill an engine that no longer answers, or does not begin to; its keeper starts another."""
    silent, heard = 0, 0.0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        while True:
            await asyncio.sleep(5)
            began = engines.current.began
            if await _answers(session, url):
                silent, heard = 0, began
            elif began == heard or time.monotonic() - began > READY_SECONDS:
                silent += 1
            else:  # it is still loading its model, which takes minutes on a busy machine
                silent = 0
            if silent == _SILENT_PROBES:
                news("El motor no responde; lo reinicio.")
                engines.current.kill()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url):
            return True
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _wait_ready(settings: Settings, told: Listener) -> None:
    deadline = time.monotonic() + READY_SECONDS
    url = f"http://{reachable(settings.host)}:{settings.port}/ready"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(3)) as session:
        while time.monotonic() < deadline:
            missing = await _missing(session, url)
            if not missing:
                return told.ready()
            told.waiting(missing)
            await asyncio.sleep(0.5)
    raise SettingsError(f"No arrancó a tiempo ({missing}); mira los registros en {settings.data / 'logs'}.")


async def _missing(session: aiohttp.ClientSession, url: str) -> str:
    try:
        async with session.get(url) as answer:
            if answer.status == 200:
                return ""
            states: dict[str, str] = await answer.json()
    except (aiohttp.ClientError, TimeoutError):
        return "api"
    return ", ".join(name for name, state in states.items() if state == SILENT)
