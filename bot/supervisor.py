"""Runs the programs of one machine: starts them, restarts what dies, stops all of them together."""

import asyncio
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import aiohttp

from bot.settings import ROOT, Settings, SettingsError

ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "tributa.tar.gz"
READY_SECONDS = 180
_STOP_SECONDS = 25
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60
_SILENT_PROBES = 4
_MAXIMUM_LOG = 20 * 2**20
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Program:
    """One program and what keeps it going."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log_file: Path
    listener: socket.socket | None = None
    process: asyncio.subprocess.Process | None = None
    began: float = 0.0

    async def keep_running(self, tell: Callable[[str], None]) -> None:
        """Start it again whenever it ends, at once at first and less often if it keeps dying."""
        pause = 0.2
        while True:
            self.began = time.monotonic()
            await self._run_once()
            pause = 0.2 if time.monotonic() - self.began > _STEADY_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            tell(f"{self.name} se detuvo; lo arranco de nuevo (registro en {self.log_file}).")
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        with self._log() as output:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.environment),
                cwd=ROOT,
                pass_fds=[self.listener.fileno()] if self.listener else [],
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops them in order
                preexec_fn=_die_with_parent,
            )
        await self.process.wait()

    def _log(self) -> BinaryIO:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > _MAXIMUM_LOG:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(self.log_file, flags, 0o600)
        return os.fdopen(descriptor, "wb")

    async def stop(self) -> None:
        """Ask it to end, with its children; make it end if it does not."""
        if self.process is None or self.process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self.process.wait()

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None and self.process.returncode is None:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)  # type: ignore[union-attr]


def _die_with_parent() -> None:
    """If the supervisor is killed with -9, the kernel stops its programs (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def programs(
    settings: Settings, database_url: str, api: socket.socket, engine: socket.socket
) -> list[Program]:
    """The three programs with their environments; the engine gets no secret but its own two.

    The supervisor listens for them from start to end: while one of them is being started again nobody else
    on this machine can take its port, and who connects meanwhile waits instead of failing.
    """
    logs = settings.data / "logs"
    port = engine.getsockname()[1]
    shared = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ENGINE_URL": f"http://127.0.0.1:{port}",
        "TRIBUTA_DATA": str(settings.data),
    }
    python = [sys.executable, "-m", "bot.cli"]
    engine_environ = {**engine_environment(settings, port), "LISTEN_FD": str(engine.fileno())}
    api_environ = {**shared, "LISTEN_FD": str(api.fileno())}
    return [
        Program("engine", engine_command(port), engine_environ, logs / "engine.log", engine),
        Program("api", [*python, "api"], api_environ, logs / "api.log", api),
        Program("worker", [*python, "worker"], shared, logs / "worker.log"),
    ]


def engine_command(port: int) -> list[str]:
    """Rasa's server on loopback, with the door of engine/gateway_channel.py only."""
    files = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    return [str(ENGINE_PYTHON), "-W", "ignore", "-m", "rasa", "run", "--model", str(MODEL), *files, *where]


def engine_environment(settings: Settings, port: int) -> dict[str, str]:
    """What the engine sees: no taxpayer's data, no database, no keys but those of its two doors."""
    own = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "OPENBLAS_CORETYPE") if name in os.environ
    }
    return {
        **own,
        "ENGINE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT / "engine"),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        "ENGINE_TOKEN": settings.secret("engine_token"),
        "ACTIONS_TOKEN": settings.secret("actions_token"),
        "ACTIONS_URL": f"http://{_reachable(settings.host)}:{settings.port}/webhooks/actions",
    }


class OwnDatabase(Protocol):
    """The database as the supervisor sees it."""

    @property
    def app(self) -> str: ...

    def is_down(self) -> bool: ...

    def revive(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Listener:
    """What the operator is told.

    `ready` once, when everything answers; `waiting` meanwhile, with what is missing; `news` when something
    had to be started again.
    """

    ready: Callable[[], None]
    waiting: Callable[[str], None]
    news: Callable[[str], None]


async def supervise(settings: Settings, database: OwnDatabase, told: Listener) -> None:
    """Run everything until SIGINT or SIGTERM.

    Raises:
        SettingsError: if the port is taken, or the engine or its model is missing.
    """
    if not MODEL.exists() or not ENGINE_PYTHON.exists():
        raise SettingsError("Falta el motor o su modelo: ejecuta make train.")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    with listen(settings.host, settings.port) as api, listen("127.0.0.1", 0) as engine:
        await _run(programs(settings, database.app, api, engine), settings, database, told, stop)


async def _run(
    running: list[Program],
    settings: Settings,
    database: OwnDatabase,
    told: Listener,
    stop: asyncio.Event,
) -> None:
    url = running[0].environment["ENGINE_URL"]
    tasks = [asyncio.create_task(program.keep_running(told.news)) for program in running]
    tasks += [
        asyncio.create_task(_wait_ready(settings, told)),
        asyncio.create_task(_keep_database(database, told.news)),
        asyncio.create_task(_watch_engine(running[0], f"{url}/webhooks/gateway/", told.news)),
        asyncio.create_task(_until(stop)),
    ]
    try:
        await asyncio.gather(*tasks)
    except _StoppedError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(program.stop() for program in running))


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


async def _watch_engine(engine: Program, url: str, news: Callable[[str], None]) -> None:
    """Kill an engine that runs and answers nothing; its keeper starts another."""
    silent = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        while True:
            await asyncio.sleep(5)
            if time.monotonic() - engine.began < _STEADY_SECONDS:
                silent = 0
                continue
            silent = 0 if await _answers(session, url) else silent + 1
            if silent == _SILENT_PROBES:
                news("El motor no responde; lo reinicio.")
                engine.kill()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url):
            return True
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _wait_ready(settings: Settings, told: Listener) -> None:
    deadline = time.monotonic() + READY_SECONDS
    url = f"http://{_reachable(settings.host)}:{settings.port}/ready"
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
            states: dict[str, str] = await answer.json()
    except (aiohttp.ClientError, TimeoutError):
        return "api"
    return ", ".join(name for name, state in states.items() if state != "ok")


def _reachable(host: str) -> str:
    """Where this machine reaches what listens there."""
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104  (compared, not bound)


def listen(host: str, port: int) -> socket.socket:
    """Take a port (any, if it is 0).

    Raises:
        SettingsError: if somebody has it.
    """
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"El puerto {port} está ocupado: cierra lo que lo usa o elige otro con TRIBUTA_PORT."
            ) from None
        raise SettingsError(
            f"No puedo escuchar en {host}:{port} ({error.strerror}): revisa TRIBUTA_HOST y TRIBUTA_PORT."
        ) from None


def free_port() -> int:
    """A port that nobody uses now."""
    with listen("127.0.0.1", 0) as probe:
        port: int = probe.getsockname()[1]
        return port
