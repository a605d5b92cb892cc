"""Export, erasure to the last byte, and what is removed by age."""

import asyncio
import json
import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from sqlmodel import SQLModel

from bot.bootstrap import Services, compact
from bot.core.errors import TaxpayerUnknownError
from bot.core.mensajes import Incoming
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_secretos import PropositoEnlace
from bot.settings import Settings
from bot.storage.archivos import Almacen
from bot.storage.compactar import Compactor
from bot.storage.datos_personales import AGES, PersonalDataRepository, personal_tables
from bot.storage.embedded import Urls
from tests.conftest import HOY, PASSWORD, A, B
from tests.services.test_acceso import HOME
from tests.storage.test_rls import ROWS

HEADER = (
    "Nro;Tipo Doc;Tipo Venta;Rut cliente;Razon Social;Folio;Fecha Docto;Fecha Recepcion;Fecha Acuse Recibo;"
    "Fecha Reclamo;Monto Exento;Monto Neto;Monto IVA;Monto total;Codigo Otro Imp.;"
    "Valor Otro Imp.;Tasa Otro Imp."
)


# What belongs to nobody yet: it came from, or is asked of, people who are not linked.
ANYBODYS = (
    "INSERT INTO inbox (huella, turno) VALUES (%s, 'x')",
    "INSERT INTO presencias (canal, canal_id, escribio) VALUES ('whatsapp', %s, now())",
    "INSERT INTO tramites (turno, paso, expira) VALUES (%s, 'rut', now() + interval '1 hour')",
)
FAR = timedelta(days=500)


def canary() -> str:
    """A word that is nowhere else."""
    return f"canario{secrets.token_hex(8)}"


def fill(urls: Urls, rut: Rut, word: str) -> None:
    """A row in every table, with the word in every text and JSON value that may be anything."""
    with psycopg.connect(urls.owner) as owner:
        for table in personal_tables():
            if table.name != "contributors":
                owner.execute(
                    f"INSERT INTO {table.name} {ROWS[table.name]} ON CONFLICT DO NOTHING", (str(rut),)
                )
            for column in table.c:
                free = str(column.type) in ("TEXT", "JSONB") and column.name not in FIXED
                if free and not column.primary_key and not column.unique:
                    value = (
                        json.dumps({word: word}) if str(column.type) == "JSONB" else f"{word} {column.name}"
                    )
                    owner.execute(
                        f'UPDATE {table.name} SET "{column.name}" = %s WHERE rut = %s', (value, str(rut))
                    )


FIXED = frozenset(
    "rut periodo estado direccion otros_impuestos canal_id canal_mensaje_id conversacion token_hash"
    " responde".split()
)


async def live(services: Services, rut: Rut, word: str) -> None:
    """What a taxpayer does: comes in, asks, gives the clave, gets a link, asks for a code."""
    quien = Quien(rut)
    await services.acceso.login(rut, PASSWORD, HOME)
    await services.conversacion.hablar(quien, "web", f"{word}", Incoming("1", f"cuánto le vendí a {word}"))
    await services.claves.guardar(quien, word[:60], "web")
    await services.enlaces.enlace(quien, PropositoEnlace.DATOS, "web")
    await services.cuentas.pedir_codigo(rut, None, None, HOME)
    rows = (
        f"{n};33;Del Giro;11111111-1;{word} SpA;{n};01/10/2026;02/10/2026 10:00:00;;;0;100;19;119;;;"
        for n in range(1, 900)
    )
    csv = BytesIO("\n".join([HEADER, *rows]).encode())
    done = await services.ventas.importar(quien, csv, "ventas.csv", Periodo.parse("2026-10"), None)
    assert done.rechazados == ()


def files_with(folder: Path, needles: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder that holds one of the byte strings."""
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            yield from ((str(path), needle) for needle in needles if needle in raw)


def checkpoint(urls: Urls) -> None:
    """Have everything on the disk, in the statistics too."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("ANALYZE")
        owner.execute("CHECKPOINT")


async def test_erasing_leaves_no_byte(services: Services, clean: Urls, settings: Settings) -> None:
    """Of A nothing is left in any file of the data folder; B's is all there."""
    with psycopg.connect(clean.owner, autocommit=True) as owner:
        owner.execute("VACUUM FULL")  # what other tests deleted is not what this one is about
    words = {A: canary(), B: canary()}
    for rut, word in words.items():
        await live(services, rut, word)
        fill(clean, rut, word)
    checkpoint(clean)
    needles = [words[A].encode(), str(A).encode(), A.pretty.encode(), str(A).replace("-", "").encode()]
    before = {needle for _, needle in files_with(settings.data, needles)}
    assert {words[A].encode(), str(A).encode()} <= before
    recibo = await services.datos.borrar(Quien(A))
    assert recibo.filas["ventas_detalle"] == 900
    assert recibo.filas["trabajos"] >= 1
    assert (await services.datos.recibo(recibo.id)).compactado is None
    assert await asyncio.to_thread(compact, clean.owner) == 1
    assert list(files_with(settings.data, needles)) == []
    assert {needle for _, needle in files_with(settings.data, [words[B].encode()])}
    assert (await services.datos.recibo(recibo.id)).compactado is not None
    assert await asyncio.to_thread(compact, clean.owner) == 0


def test_compacting_goes_on_where_it_stopped(clean: Urls) -> None:
    """A table in use is waited for a moment; those before it are not rewritten again."""
    with psycopg.connect(clean.owner, autocommit=True) as owner:
        owner.execute("INSERT INTO borrados (id) VALUES ('x')")
        files = "SELECT relname, relfilenode FROM pg_class WHERE relname IN ('logs', 'messages', 'contratos')"
        compactor = Compactor(clean.owner)
        with psycopg.connect(clean.owner) as reader:
            reader.execute("SELECT FROM messages")
            seen = [dict(owner.execute(files).fetchall())]
            for _ in range(2):
                assert compactor.work()
                seen.append(dict(owner.execute(files).fetchall()))
        assert seen[1] == seen[2]
        assert seen[0]["messages"] == seen[1]["messages"]
        assert seen[0] != seen[1], "tables before it were rewritten"
        assert not compactor.work()
        last = dict(owner.execute(files).fetchall())
        rewritten = {name for name in last if seen[0][name] != seen[1][name]}
        assert {name for name in last if seen[2][name] == last[name]} == rewritten
        assert compactor.done == 1
        assert not compactor.work()
        assert dict(owner.execute(files).fetchall()) == last


async def test_a_receipt_says_nothing_of_whom(services: Services, clean: Urls) -> None:
    """Its row and the note in the log hold neither RUT nor name."""
    await live(services, A, canary())
    recibo = await services.datos.borrar(Quien(A))
    with psycopg.connect(clean.owner) as owner:
        kept = str(owner.execute("SELECT * FROM borrados").fetchall())
        noted = str(owner.execute("SELECT * FROM logs WHERE evento = 'datos.borrados'").fetchall())
    assert recibo.id in kept
    assert recibo.id in noted
    for personal in (str(A), A.pretty, "Alerce"):
        assert personal not in kept + noted


async def test_who_writes_meanwhile_leaves_nothing(services: Services, clean: Urls) -> None:
    """An import and a message that run while the taxpayer is erased are erased too, or refused."""
    works = [live(services, A, canary()) for _ in range(3)]
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.sleep(0.05)
    await services.datos.borrar(Quien(A))
    await asyncio.gather(*tasks, return_exceptions=True)
    with psycopg.connect(clean.owner) as owner:
        for table in personal_tables():
            if table.name != "otp":  # codes are asked for by RUTs that nobody has registered, too
                count = owner.execute(
                    f"SELECT count(*) FROM {table.name} WHERE rut = %s", (str(A),)
                ).fetchone()
                assert count == (0,), table.name
    with pytest.raises(TaxpayerUnknownError):
        await services.datos.borrar(Quien(A))


@pytest.mark.parametrize(
    ("rut", "erased", "named"),
    [(A, False, A), (A, True, None), (Rut.parse("11111111-1"), False, None), (None, False, None)],
)
async def test_the_log_names_taxpayers_only(
    services: Services, clean: Urls, rut: Rut | None, named: Rut | None, *, erased: bool
) -> None:
    """Neither what a stranger typed nor who was erased is written (back) to it."""
    if erased:
        await services.datos.borrar(Quien(A))
    await services.bitacora.write("prueba", rut, "alguien", veces=1)
    with psycopg.connect(clean.owner) as owner:
        noted = owner.execute("SELECT rut, actor, datos FROM logs WHERE evento = 'prueba'").fetchall()
    assert noted == [(str(named) if named else None, "alguien", {"veces": 1})]


async def test_a_note_waits_for_an_erasure(services: Services, clean: Urls) -> None:
    """What is written while the taxpayer is being erased names nobody."""
    async with await psycopg.AsyncConnection.connect(clean.owner) as eraser:
        await eraser.execute("DELETE FROM contributors WHERE rut = %s", (str(A),))
        note = asyncio.create_task(services.bitacora.write("prueba", A))
        waits = (
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO logs%'"
        )
        while not note.done() and not await (await eraser.execute(waits)).fetchone():
            await eraser.execute("SELECT pg_stat_clear_snapshot()")
    await note
    with psycopg.connect(clean.owner) as owner:
        assert owner.execute("SELECT rut FROM logs WHERE evento = 'prueba'").fetchall() == [(None,)]


WRITES = {
    "messages": (
        "UPDATE messages SET estado = 'respondido'",
        "INSERT INTO messages (rut, conversacion, direccion, texto, estado)"
        " VALUES (%s, 'c', 'salida', 'x', 'enviado')",
    ),
    "enlaces": (
        "DELETE FROM enlaces",
        "INSERT INTO enlaces (rut, token_hash, proposito, canal, expira)"
        " VALUES (%s, 'otro', 'clave', 'web', now())",
    ),
    "claves": (
        "UPDATE consents SET revocado = now()",
        "INSERT INTO consents (rut, materia, version, canal) VALUES (%s, 'clave_sii', '1', 'web')",
    ),
}


@pytest.mark.parametrize("table", WRITES)
async def test_a_writer_in_between(services: Services, clean: Urls, table: str) -> None:
    """A writer that holds a row and then needs the taxpayer's, which erasing holds: both are done."""
    await live(services, A, canary())
    first, second = WRITES[table]
    async with await psycopg.AsyncConnection.connect(clean.owner) as writer:
        await writer.execute("SET deadlock_timeout = '1h'")  # the database ends the other one
        await writer.execute(first)
        erasing = asyncio.create_task(services.datos.borrar(Quien(A)))
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        async with await psycopg.AsyncConnection.connect(clean.owner, autocommit=True) as other:
            while (await (await other.execute(waits)).fetchone()) != (1,):
                assert not erasing.done()
        await writer.execute(second, (str(A),))
    recibo = await erasing
    assert recibo.filas["contributors"] == 1
    with psycopg.connect(clean.owner) as owner:
        assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_no_personal_table_is_forgotten(clean: Urls) -> None:
    """Every table of the database with a rut is exported and erased."""
    with psycopg.connect(clean.owner) as owner:
        found = owner.execute(
            "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attname = 'rut'"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert {table.name for table in personal_tables()} == {name for (name,) in found}


async def test_the_export_is_the_database(services: Services, clean: Urls) -> None:
    """Row for row, without secrets, and nothing of anybody else."""
    words, sealed = {A: canary(), B: canary()}, canary()
    for rut, word in words.items():
        await live(services, rut, word)
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE otp SET datos = %s", (json.dumps({"cifrado": sealed}),))
    with await services.datos.exportar(Quien(A)) as file, ZipFile(file) as archivo:
        assert os.fstat(file.fileno()).st_nlink == 0, "a kill -9 would leave it there"
        assert archivo.testzip() is None
        read = {name: archivo.read(name).decode() for name in archivo.namelist()}
    assert words[B] not in "".join(read.values())
    assert str(B) not in "".join(read.values())
    with psycopg.connect(clean.owner) as owner:
        for table in personal_tables():
            count = owner.execute(f"SELECT count(*) FROM {table.name} WHERE rut = %s", (str(A),)).fetchone()
            rows = json.loads(read.get(f"{table.name}.json", "[]"))
            assert (len(rows),) == count
    documents = json.loads(read["ventas_detalle.json"])
    assert {row["folio"] for row in documents} == set(range(1, 900))
    assert {row["contraparte"] for row in documents} == {f"{words[A]} SpA"}
    assert all(row["monto_total"] == 119 for row in documents)
    assert json.loads(read["logs.json"])[0]["datos"] is not None
    for secret in ("password_hash", "token_hash", "cifrada", "hash:", sealed):
        assert secret not in "".join(read.values())
    assert "899" in read["LEEME.txt"]
    assert A.pretty in read["LEEME.txt"]


async def test_what_is_old_goes(services: Services, clean: Urls) -> None:
    """Old rows go, young ones stay, for each table that is cleared by age."""
    fill(clean, A, canary())
    with psycopg.connect(clean.owner) as owner:
        for row in ANYBODYS:
            owner.execute(row, ("old",))
        for table, column in AGES.items():
            owner.execute(f"UPDATE {table} SET {column} = %s", (HOY - timedelta(days=1000),))
    fill(clean, B, canary())
    with psycopg.connect(clean.owner) as owner:
        for row in ANYBODYS:
            owner.execute(row, ("young",))
        for table, column in AGES.items():
            owner.execute(f"UPDATE {table} SET {column} = %s WHERE {column} > %s", (HOY, HOY - FAR))
        owner.execute("UPDATE identities SET expira = %s WHERE rut = %s", (HOY + FAR, str(B)))
    gone = await services.datos.purgar()
    assert gone == {**dict.fromkeys(AGES, 1), "archivos": 0}
    with psycopg.connect(clean.owner) as owner:
        for table in personal_tables():
            ruts = {rut for (rut,) in owner.execute(f"SELECT rut FROM {table.name}")}
            assert str(B) in ruts
            assert (str(A) in ruts) == (table.name not in AGES)


async def test_the_purge_cannot_reach_what_is_young(services: Services, clean: Urls) -> None:
    """Even asked for everything, it sees only what is over: row-level security says so."""
    fill(clean, A, canary())
    with psycopg.connect(clean.owner) as owner:
        for table, column in AGES.items():
            owner.execute(f"UPDATE {table} SET {column} = now() + interval '1 hour'")
        owner.execute("UPDATE sessions SET ultimo_uso = now()")
    far = HOY + timedelta(days=10_000)
    gone = await PersonalDataRepository(services.database, Almacen("memory://x")).purge(
        dict.fromkeys(AGES, far)
    )
    assert gone == dict.fromkeys(AGES, 0)
    assert set(AGES) <= set(SQLModel.metadata.tables)
