"""Bring the database to the present shape, as its owner; the application's role cannot."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_305_206_811  # any number of our own: one migration at a time


def migrate(owner_url: str, app_url: str, revision: str = "head") -> None:
    """Run the migrations up (or down) to `revision`.

    Args:
        owner_url: of the role that owns the tables.
        app_url: of the role that the application uses; it gets its rights on the tables.
        revision: `head`, a revision, or `base` to remove everything.
    """
    role = make_url(app_url).username
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config = alembic_config(connection, role or "")
            down = revision == "base"
            (command.downgrade if down else command.upgrade)(config, revision)
    finally:
        engine.dispose()


def alembic_config(connection: Connection, app_role: str) -> Config:
    """Alembic's settings for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(connection=connection, app_role=app_role)
    return config


def mark_instance(owner_url: str, clave: str, valor: str) -> None:
    """Record a fact about this installation."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "INSERT INTO instance VALUES (%s, %s) ON CONFLICT (clave) DO UPDATE SET valor = excluded.valor",
            (clave, valor),
        )


def ensure_app_role(owner_url: str, app_url: str) -> None:
    """Create the application's role, with no right to pass by row-level security, or renew its password."""
    url = make_url(app_url)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (url.username,)).fetchone()
        statement = sql.SQL(
            "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}"
        ).format(
            sql.SQL("ALTER" if exists else "CREATE"),
            sql.Identifier(url.username or ""),
            sql.Literal(str(url.password)),
        )
        connection.execute(statement)


def sqlalchemy_url(url: str) -> str:
    """The URL of libpq with the driver that SQLAlchemy shall use."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
