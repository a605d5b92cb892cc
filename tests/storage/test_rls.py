"""Row-level security, attacked as the application's own role would be by a bug or an injection."""

import psycopg
import pytest
from psycopg import errors

from bot.storage.embedded import Urls
from tests.conftest import A, B

TENANT_TABLES = [
    "contributors", "otp", "sessions", "logs", "messages", "ventas_resumen", "ventas_detalle",
    "compras_resumen", "compras_detalle", "cobertura", "contratos", "embeddings", "identities", "consents",
    "claves", "enlaces", "outbox", "sii_meses", "sincronizaciones", "cambios",
    "avisos", "avisos_enviados", "botones", "archivos", "casos", "opiniones", "iva_declarado",
]  # fmt: skip

ROWS = {
    "contributors": "(rut, nombre) VALUES (%s, 'x') ON CONFLICT DO NOTHING",
    "otp": "(rut, proposito, codigo_hash, solicitud_hash, direccion_hash, expira)"
    " VALUES (%s, 'login', 'x', 'x', 'x', now())",
    "sessions": "(rut, token_hash, expira) VALUES (%s, md5(random()::text), now())",
    "logs": "(rut, evento) VALUES (%s, 'x')",
    "messages": "(rut, conversacion, direccion, texto, estado) VALUES (%s, 'c', 'salida', 'x', 'enviado')",
    "ventas_resumen": "(rut, periodo, tipo_documento, estado) VALUES (%s, '2026-09', 33, '')",
    "ventas_detalle": "(rut, periodo, tipo_documento, estado, contraparte_rut, folio, fecha, contraparte)"
    " VALUES (%s, '2026-09', 33, '', '1-9', 1, now(), 'x')",
    "compras_resumen": "(rut, periodo, tipo_documento, estado) VALUES (%s, '2026-09', 33, 'REGISTRO')",
    "compras_detalle": "(rut, periodo, tipo_documento, estado, contraparte_rut, folio, fecha, contraparte)"
    " VALUES (%s, '2026-09', 33, 'REGISTRO', '1-9', 1, now(), 'x')",
    "cobertura": "(rut, libro, periodo, estado, origen, actualizado)"
    " VALUES (%s, 'ventas', '2026-09', '', 'csv', now())",
    "contratos": "(rut, archivo, ruta, sha256, estado) VALUES (%s, 'x', 'x', 'x', 'recibido')",
    "embeddings": "(rut, contrato_id, pagina, texto, modelo, vector)"
    " SELECT rut, id, 1, 'x', 'm', '\\x00' FROM contratos WHERE rut = %s",
    "identities": "(conversacion, canal, canal_id, rut)"
    " VALUES (md5(random()::text), 'web', random()::text, %s)",
    "claves": "(rut, cifrada, llave) VALUES (%s, 'x', 'x')",
    "enlaces": "(rut, token_hash, proposito, canal, expira)"
    " VALUES (%s, md5(random()::text), 'clave', 'web', now())",
    "outbox": "(rut, canal, canal_id, turno, estado, canal_mensaje_id, error)"
    " VALUES (%s, 'whatsapp', 'x', 'x', 'enviado', 'x', 'x')",
    "sii_meses": "(rut, libro, periodo, estado, tipo_documento) VALUES (%s, 'ventas', '2026-09', '', 33)",
    "sincronizaciones": "(rut, libro) VALUES (%s, 'ventas')",
    "cambios": "(rut, libro, periodo) VALUES (%s, 'ventas', '2026-09')",
    "avisos": "(rut, compras, f29, contratos, sincronizacion, desde, hasta)"
    " VALUES (%s, true, true, true, true, '21:00', '08:00')",
    "avisos_enviados": "(rut, clave) VALUES (%s, 'x')",
    "botones": "(rut, clave, pedido) VALUES (%s, md5(random()::text), 'x')",
    "archivos": "(id, rut, clave, nombre, mime, bytes, sha256)"
    " VALUES (md5(random()::text), %s, md5(random()::text), 'x', 'x', 1, 'x')",
    "casos": "(rut, conversacion, mensaje, estado, callado, responde, desde, abierto)"
    " VALUES (%s, md5(random()::text), 1, 'abierto', true, 'agente', now(), now())",
    "opiniones": "(rut, mensaje, conversacion, momento) VALUES (%s, (random() * 1e9)::int, 'c', now())",
    "iva_declarado": "(rut, codigo, periodo, valor, momento) VALUES (%s, 504, '2026-09', 1, now())",
    "consents": "(rut, materia, version, canal) VALUES (%s, 'x', '1', 'web')",
}


@pytest.fixture
def filled(clean: Urls) -> Urls:
    """A row of each taxpayer in every table."""
    with psycopg.connect(clean.owner) as owner:
        for rut in (A, B):
            for table in TENANT_TABLES:
                owner.execute(f"INSERT INTO {table} {ROWS[table]}", (str(rut),))
    return clean


def _as(connection: psycopg.Connection, rut: str) -> None:
    connection.execute("SELECT set_config('app.rut', %s, true)", (rut,))


def _ruts(connection: psycopg.Connection, table: str) -> set[str]:
    return {rut for (rut,) in connection.execute(f"SELECT rut FROM {table}")}


def test_every_table_with_a_rut_is_forced(clean: Urls) -> None:
    """A table that somebody adds later without a policy fails here."""
    with psycopg.connect(clean.owner) as owner:
        with_rut = owner.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c JOIN pg_attribute a"
            " ON a.attrelid = c.oid AND a.attname = 'rut' WHERE c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert {name for name, _ in with_rut} == set(TENANT_TABLES)
    assert all(forced for _, forced in with_rut)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_nobody_sees_nothing(filled: Urls, table: str) -> None:
    """Without a taxpayer, or with an empty one, a query returns no row."""
    with psycopg.connect(filled.app) as app:
        assert _ruts(app, table) == set()
        _as(app, "")
        assert _ruts(app, table) == set()


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_sees_only_a(filled: Urls, table: str) -> None:
    """As A, even a query for B's rut or for everything returns A's rows alone."""
    with psycopg.connect(filled.app) as app:
        _as(app, str(A))
        assert _ruts(app, table) == {str(A)}
        theirs = app.execute(f"SELECT count(*) FROM {table} WHERE rut = %s OR true", (str(B),)).fetchone()
        mine = app.execute(f"SELECT count(*) FROM {table} WHERE rut = %s", (str(A),)).fetchone()
        assert theirs == mine


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_cannot_touch_b(filled: Urls, table: str) -> None:
    """As A, B's rows can be neither changed, taken over, added to nor deleted."""
    with psycopg.connect(filled.app) as app:
        _as(app, str(A))
        assert app.execute(f"UPDATE {table} SET rut = rut WHERE rut = %s", (str(B),)).rowcount == 0
        assert app.execute(f"DELETE FROM {table} WHERE rut = %s", (str(B),)).rowcount == 0
        with pytest.raises(errors.InsufficientPrivilege), app.transaction():
            app.execute(f"UPDATE {table} SET rut = %s", (str(B),))
        if table != "embeddings":
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(
                    f"INSERT INTO {table} {ROWS[table].replace(' ON CONFLICT DO NOTHING', '')}", (str(B),)
                )


@pytest.mark.parametrize(
    "attack",
    [
        "SET row_security = off; SELECT * FROM messages",
        "ALTER TABLE messages DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE messages NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY own ON messages",
        "CREATE POLICY mine ON messages USING (true)",
        "ALTER ROLE tributa_app BYPASSRLS",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "CREATE ROLE other SUPERUSER",
        "CREATE TABLE stolen AS SELECT * FROM messages",
        "CREATE FUNCTION leak() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "TRUNCATE messages",
        "COPY messages TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "UPDATE instance SET valor = 'x'",
        "SELECT * FROM alembic_version",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_the_role_cannot_disable_it(filled: Urls, attack: str) -> None:
    """The application's role can neither switch the policies off nor step around them."""
    with psycopg.connect(filled.app) as app, pytest.raises(psycopg.Error) as refused:
        app.execute(attack)  # type: ignore[arg-type]
    assert isinstance(refused.value, errors.InsufficientPrivilege | errors.InvalidAuthorizationSpecification)


def test_the_scope_ends_with_the_transaction(filled: Urls) -> None:
    """A pooled connection does not remember the last taxpayer."""
    with psycopg.connect(filled.app, autocommit=True) as app:
        with app.transaction():
            _as(app, str(A))
            assert _ruts(app, "messages") == {str(A)}
        assert _ruts(app, "messages") == set()


def test_a_password_is_asked(filled: Urls) -> None:
    """Local users without the password reach neither the application's role nor the owner."""
    for url in (filled.app, filled.owner):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url, password="wrong")
