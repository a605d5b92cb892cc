"""Migrations go up, down and up again, and end where tables.py says."""

from datetime import UTC, datetime

import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import create_engine, make_url

from bot.storage.embedded import Urls
from bot.storage.migrate import alembic_config, migrate, sqlalchemy_url

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
