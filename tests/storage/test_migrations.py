"""Migrations go up, down and up again, and end where tables.py says."""

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
