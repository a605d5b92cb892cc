"""Runs the programs of one machine: starts them, restarts what dies, stops all of them together."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.settings import ROOT, Settings, SettingsError

ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "tributa.tar.gz"
READY_SECONDS = 180
_STOP_SECONDS = 15
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60
_MAXIMUM_LOG = 20 * 2**20
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Program:
    """One program and what keeps it going."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log_file: Path
    process: asyncio.subprocess.Process | None = None
    starts: int = field(default=0)

    async def keep_running(self, tell: Callable[[str], None]) -> None:
        """Start it again whenever it ends, at once at first and less often if it keeps dying."""
        pause = 0.2
        while True:
            began = time.monotonic()
            await self._run_once()
            pause = 0.2 if time.monotonic() - began > _STEADY_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            tell(f"{self.name} se detuvo; lo arranco de nuevo (registro en {self.log_file}).")
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        self.starts += 1
        with self._log() as output:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.environment),
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops them in order
                preexec_fn=_die_with_parent,
            )
        await self.process.wait()

    def _log(self) -> BinaryIO:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > _MAXIMUM_LOG:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        descriptor = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
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

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)  # type: ignore[union-attr]


def _die_with_parent() -> None:
    """If the supervisor is killed with -9, the kernel stops its programs (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def programs(settings: Settings, database_url: str, engine_port: int) -> list[Program]:
    """The three programs with their environments; the engine gets no secret but its own two."""
    logs = settings.data / "logs"
    url = f"http://127.0.0.1:{engine_port}"
    shared = {
        **os.environ,
        "DATABASE_URL": database_url,
        "ENGINE_URL": url,
        "TRIBUTA_DATA": str(settings.data),
    }
    python = [sys.executable, "-m", "bot.cli"]
    return [
        Program("engine", engine_command(engine_port), engine_environment(settings), logs / "engine.log"),
        Program("api", [*python, "api"], shared, logs / "api.log"),
        Program("worker", [*python, "worker"], shared, logs / "worker.log"),
    ]


def engine_command(port: int) -> list[str]:
    """Rasa's server on loopback, with the door of engine/gateway_channel.py only."""
    files = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    return [str(ENGINE_PYTHON), "-W", "ignore", "-m", "rasa", "run", "--model", str(MODEL), *files, *where]


def engine_environment(settings: Settings) -> dict[str, str]:
    """What the engine sees: no taxpayer's data, no database, no keys but those of its two doors."""
    own = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "OPENBLAS_CORETYPE") if name in os.environ
    }
    return {
        **own,
        "PYTHONPATH": str(ROOT / "engine"),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        "ENGINE_TOKEN": settings.secret("engine_token"),
        "ACTIONS_TOKEN": settings.secret("actions_token"),
        "ACTIONS_URL": f"http://127.0.0.1:{settings.port}/webhooks/actions",
    }


async def supervise(
    settings: Settings,
    database_url: str,
    *,
    on_ready: Callable[[], None],
    on_wait: Callable[[str], None],
    tell: Callable[[str], None],
) -> None:
    """Run everything until SIGINT or SIGTERM.

    Args:
        on_ready: called once, when the api and the engine answer.
        on_wait: called about once a second meanwhile, with what is still missing.
        tell: called when a program had to be started again.

    Raises:
        SettingsError: if the port is taken or the model is missing.
    """
    _check_port(settings)
    if not MODEL.exists():
        raise SettingsError("Falta el modelo del motor: ejecuta make train.")
    running = programs(settings, database_url, free_port())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    keepers = [asyncio.create_task(program.keep_running(tell)) for program in running]
    watcher = asyncio.create_task(_wait_ready(settings, on_ready, on_wait))
    try:
        await _first(stop, watcher)
    finally:
        for task in (watcher, *keepers):
            task.cancel()
        await asyncio.gather(*(program.stop() for program in running))


async def _first(stop: asyncio.Event, watcher: "asyncio.Task[None]") -> None:
    """Wait for the signal to stop; a failed start ends it too."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, watcher}, return_when=asyncio.FIRST_COMPLETED)
    if watcher.done():
        watcher.result()
    await stopping


async def _wait_ready(
    settings: Settings, on_ready: Callable[[], None], on_wait: Callable[[str], None]
) -> None:
    deadline = time.monotonic() + READY_SECONDS
    url = f"http://127.0.0.1:{settings.port}/ready"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(3)) as session:
        while time.monotonic() < deadline:
            missing = await _missing(session, url)
            if not missing:
                return on_ready()
            on_wait(missing)
            await asyncio.sleep(0.5)
    raise SettingsError(f"No arrancó a tiempo ({missing}); mira los registros en {settings.data / 'logs'}.")


async def _missing(session: aiohttp.ClientSession, url: str) -> str:
    try:
        async with session.get(url) as answer:
            states: dict[str, str] = await answer.json()
    except (aiohttp.ClientError, TimeoutError):
        return "api"
    return ", ".join(name for name, state in states.items() if state != "ok")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise SettingsError(
                f"El puerto {settings.port} está ocupado: cierra lo que lo usa o elige otro con TRIBUTA_PORT."
            ) from None
