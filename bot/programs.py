"""The programs of one machine: how each is started, started again, and stopped."""

import asyncio
import ctypes
import errno
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.prioridad import give_way
from bot.private import SettingsError
from bot.settings import ENGINE_PYTHON, ROOT, Settings

MODEL = ROOT / "models" / "tributa.tar.gz"
STEADY_SECONDS = 60
_STOP_SECONDS = 25
_LONGEST_PAUSE = 10.0
# What a channel delivers must be acknowledged at once; what is done with it can wait for the processor.
_NICE = 5
# A program is one of several on its machine: a thread of linear algebra that spins while it waits takes the
# processor from another, and a message's vectors are too small to be shared out.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
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
    nice: int = 0
    process: asyncio.subprocess.Process | None = None
    began: float = 0.0

    async def keep_running(self, tell: Callable[[str], None]) -> None:
        """Start it again whenever it ends, at once at first and less often if it keeps dying."""
        pause = 0.2
        while True:
            self.began = time.monotonic()
            with suppress(OSError):  # no room for its log or for one more process now
                await self._run_once()
            pause = 0.2 if time.monotonic() - self.began > STEADY_SECONDS else min(pause * 2, _LONGEST_PAUSE)
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
                preexec_fn=self._begin,
            )
        await self.process.wait()

    def _begin(self) -> None:
        give_way(self.nice)
        _die_with_parent()

    def _log(self) -> BinaryIO:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = os.open(self.log_file, flags, 0o600)
        return os.fdopen(descriptor, "wb")

    def trim_log(self) -> None:
        """Put what it wrote aside once it is much; whoever writes goes on at the file's new end."""
        if self.log_file.exists() and self.log_file.stat().st_size > _MAXIMUM_LOG:
            before = self.log_file.with_suffix(".log.1")
            shutil.copyfile(self.log_file, before)
            before.chmod(0o600)
            os.truncate(self.log_file, 0)

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


class OwnDatabase(Protocol):
    """The database as those who run programs see it."""

    @property
    def app(self) -> str: ...

    @property
    def owner(self) -> str: ...

    def is_down(self) -> bool: ...

    def revive(self) -> None: ...

    def compactor(self) -> Callable[[], bool]: ...


@dataclass(frozen=True, slots=True)
class Companion:
    """A further program beside Tributa's own, and what api and worker must know of it."""

    name: str
    command: list[str]
    environment: Mapping[str, str]


def programs(
    settings: Settings,
    database: OwnDatabase,
    api: socket.socket,
    engine: socket.socket,
    companions: Sequence[Companion] = (),
) -> list[Program]:
    """The programs with their environments; the engine gets no secret but its own two.

    The supervisor listens for them from start to end: while one of them is being started again nobody else
    on this machine can take its port, and who connects meanwhile waits instead of failing.
    """
    logs = settings.data / "logs"
    shutil.rmtree(_engine_folder(settings), ignore_errors=True)
    port = engine.getsockname()[1]
    shared = {
        **_ONE_THREAD,
        **os.environ,
        "DATABASE_URL": database.app,
        "ENGINE_URL": f"http://127.0.0.1:{port}",
        "TRIBUTA_DATA": str(settings.data),
        **{name: value for one in companions for name, value in one.environment.items()},
    }
    python = [sys.executable, "-m", "bot.cli"]
    api_environ = {**shared, "LISTEN_FD": str(api.fileno())}
    # Who backs up reads everybody's rows; nobody else needs the tables' owner.
    owner = {"DATABASE_MIGRATION_URL": database.owner} if settings.backup_dir else {}
    own = [
        engine_program(settings, engine),
        Program("api", [*python, "api"], api_environ, logs / "api.log", api),
        Program("worker", [*python, "worker"], {**shared, **owner}, logs / "worker.log", nice=_NICE),
    ]
    return own + [Program(one.name, one.command, shared, logs / f"{one.name}.log") for one in companions]


def engine_program(settings: Settings, listener: socket.socket) -> Program:
    """An engine with the live model, in a file of its own, which stays when another goes live."""
    port = listener.getsockname()[1]
    environment = {**engine_environment(settings, port), "LISTEN_FD": str(listener.fileno())}
    command = engine_command(port, _keep_model(settings))
    return Program("engine", command, environment, settings.data / "logs" / "engine.log", listener, _NICE)


def _keep_model(settings: Settings) -> Path:
    """The live model under a name of its own; see `forget_model`."""
    folder = _engine_folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = folder / f"{name_of_model(settings)}{os.getpid()}-{time.monotonic_ns():x}.tar.gz"
    shutil.copyfile(settings.model, own)
    return own


def name_of_model(settings: Settings) -> str:
    """How the names of engines' copies of the live model begin."""
    return f"{settings.model.stat().st_mtime_ns:x}-"


def engine_models(settings: Settings) -> list[str]:
    """The names of the models that engines run with."""
    return [path.name for path in _engine_folder(settings).glob("*.tar.gz")]


def _engine_folder(settings: Settings) -> Path:
    return settings.data / "motor"


def forget_model(engine: Program) -> None:
    """Remove the model of an engine that has stopped for good."""
    Path(engine.command[engine.command.index("--model") + 1]).unlink(missing_ok=True)


def engine_command(port: int, model: Path) -> list[str]:
    """Rasa's server on loopback, with the door of engine/gateway_channel.py only."""
    files = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    return [str(ENGINE_PYTHON), "-W", "ignore", "-m", "rasa", "run", "--model", str(model), *files, *where]


def engine_environment(settings: Settings, port: int) -> dict[str, str]:
    """What the engine sees: no taxpayer's data, no database, no keys but those of its two doors."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "OPENBLAS_CORETYPE") or name.startswith("OTEL_")
    }
    return {
        **_ONE_THREAD,
        # What is read of a model and let go of is given back to the system: 30 MB that the C library keeps.
        "MALLOC_MMAP_THRESHOLD_": str(2**20),
        **own,
        "ENGINE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT / "engine"),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        "ENGINE_TOKEN": settings.secret("engine_token"),
        "ACTIONS_TOKEN": settings.secret("actions_token"),
        "ACTIONS_URL": f"http://{reachable(settings.host)}:{settings.port}/webhooks/actions",
    }


def reachable(host: str) -> str:
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
