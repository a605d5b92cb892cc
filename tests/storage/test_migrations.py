"""Migrations go up, down and up again, and end where tables.py says."""

import threading
from datetime import UTC, datetime

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine, make_url

from bot.storage.embedded import Urls
from bot.storage.migrate import MIGRATIONS, alembic_config, migrate, sqlalchemy_url
from tests.conftest import A
from tests.storage.test_rls import ROWS

SEED = (
    "contributors, otp, sessions, logs, messages, ventas_resumen, ventas_detalle, compras_resumen,"
    " compras_detalle, contratos, embeddings"
).split(", ")


def _scratch(urls: Urls, name: str) -> Urls:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    renamed = (make_url(url).set(database=name) for url in (urls.owner, urls.app))
    return Urls(*(url.render_as_string(hide_password=False) for url in renamed))


def _objects(urls: Urls) -> set[str]:
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'S', 'v') AND relnamespace IN"
            " (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'procrastinate'))"
        ).fetchall()
    return {name for (name,) in found}


def test_up_down_up(urls: Urls) -> None:
    """Down leaves nothing behind, and up works again after it."""
    scratch = _scratch(urls, "scratch_up_down")
    migrate(scratch.owner, scratch.app)
    first = _objects(scratch)
    assert set(SEED) <= first
    migrate(scratch.owner, scratch.app, "base")
    assert _objects(scratch) == {"alembic_version"}
    migrate(scratch.owner, scratch.app)
    assert _objects(scratch) == first


def test_twice_changes_nothing(urls: Urls) -> None:
    """Every start migrates, so a second time must do nothing."""
    before = _objects(urls)
    migrate(urls.owner, urls.app)
    assert _objects(urls) == before


def test_tables_and_migrations_agree(urls: Urls) -> None:
    """A column added to tables.py without a migration fails here."""
    engine = create_engine(sqlalchemy_url(urls.owner))
    with engine.begin() as connection:
        command.check(alembic_config(connection, "tributa_app"))
    engine.dispose()


def test_what_was_there_stays(urls: Urls) -> None:
    """Chats and messages on their way survive going up from the channels' version, and down again."""
    scratch = _scratch(urls, "scratch_data")
    migrate(scratch.owner, scratch.app, "0004")
    with psycopg.connect(scratch.owner) as owner:
        owner.execute("INSERT INTO contributors (rut, nombre, verificado) VALUES ('76192083-9', 'A', true)")
        owner.execute(
            "INSERT INTO identities (rut, canal, canal_id, conversacion)"
            " VALUES ('76192083-9', 'whatsapp', 'CL.1', 'c')"
        )
        owner.execute(
            "INSERT INTO messages (rut, conversacion, direccion, texto, estado, creado)"
            " VALUES ('76192083-9', 'c', 'entrada', 'hola', 'respondido', '2026-11-20T12:00Z')"
        )
        owner.execute(
            "INSERT INTO outbox (rut, canal, canal_id, turno, cuerpo, estado) VALUES"
            """ ('76192083-9', 'whatsapp', 'CL.1', 't', '{"texto": "x", "botones": []}', 'pendiente')"""
        )
    for _ in range(2):
        migrate(scratch.owner, scratch.app)
        with psycopg.connect(scratch.owner) as owner:
            found = owner.execute("SELECT canal_id, escribio FROM presencias").fetchall()
            kept = owner.execute("SELECT cuerpo ->> 'texto', plantilla FROM outbox").fetchall()
        assert found == [("CL.1", datetime(2026, 11, 20, 12, tzinfo=UTC))]
        assert kept == [("x", None)]
        migrate(scratch.owner, scratch.app, "0004")


# Later migrations only add: while they run, and until they are restarted, workers of the code before go on.
RELEASED = "0009"
ONCE = " ON CONFLICT DO NOTHING"


class OldWorker(threading.Thread):
    """Writes, reads, changes and deletes rows as code does that knows only the columns of its own time."""

    def __init__(self, urls: Urls) -> None:
        super().__init__(daemon=True)
        self.rounds, self.stopping = threading.Semaphore(0), threading.Event()
        self.error: Exception | None = None
        self._url = urls.app
        with psycopg.connect(urls.owner) as owner:
            found = owner.execute(
                "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
                " WHERE table_schema = 'public' GROUP BY 1"
            ).fetchall()
        self.columns = {table: columns for table, columns in sorted(found) if table in ROWS}

    def run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as app:
                while not self.stopping.is_set():
                    for table, columns in self.columns.items():
                        self._use(app, table, columns)
                    self.rounds.release()
        except Exception as error:
            self.error = error
            self.rounds.release(1000)

    def _use(self, app: psycopg.Connection, table: str, columns: list[str]) -> None:
        names = ", ".join(f'"{one}"' for one in columns)
        same = ", ".join(f'"{one}" = "{one}"' for one in columns if one != "id")
        with app.transaction():
            app.execute("SELECT set_config('app.rut', %s, true)", (str(A),))
            once = ROWS[table].removesuffix(ONCE) + ONCE
            app.execute(f"INSERT INTO {table} {once}", (str(A),))
            assert app.execute(f"SELECT {names} FROM {table} WHERE rut = %s", (str(A),)).fetchall()
            app.execute(f"UPDATE {table} SET {same} WHERE rut = %s", (str(A),))
            if table not in ("contributors", "contratos"):  # others refer to these
                assert app.execute(f"DELETE FROM {table} WHERE rut = %s", (str(A),)).rowcount

    def wait(self, rounds: int) -> None:
        """Until it has been through all tables that often, or failed."""
        for _ in range(rounds):
            assert self.rounds.acquire(timeout=60)
        if self.error:
            raise self.error


def test_old_workers_go_on(urls: Urls) -> None:
    """Each migration since then runs while the code before it works, and that code works on after it."""
    scratch = _scratch(urls, "scratch_upgrade")
    migrate(scratch.owner, scratch.app, RELEASED)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    later = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions(RELEASED, "head")]
    assert later.pop() == RELEASED
    workers = []
    with psycopg.connect(scratch.owner) as owner:
        owner.execute(f"INSERT INTO contributors {ROWS['contributors']}", (str(A),))
    for revision in reversed(later):
        workers.append(OldWorker(scratch))
        workers[-1].start()
        workers[-1].wait(2)
        migrate(scratch.owner, scratch.app, revision)
        for one in workers:
            one.wait(2)
    for one in workers:
        one.stopping.set()
        one.join(60)
        assert one.error is None
