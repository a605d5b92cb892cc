"""Backups of a real database while it is written to."""

import asyncio
import hashlib
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
from pydantic import SecretStr

from bot.bootstrap import (
    Replacements,
    Services,
    Urls,
    open_database,
    open_services,
)
from bot.bootstrap.archivos import open_almacen
from bot.bootstrap.respaldo import Respaldado, respaldar
from bot.bootstrap.restauracion import restaurar, revisar
from bot.core.respaldo import RespaldoError
from bot.services.ports_archivos import Contenido
from bot.settings import Settings
from bot.storage.archivos import ArchivoRepository
from sandbox.demo import load_demo
from sandbox.demo_datos import DEMO
from tests.actions.test_registro import ask
from tests.bootstrap.conftest import FRASE, killed, quiet
from tests.cifras.preguntas import Generador
from tests.cifras.test_cifras import action_of, partes
from tests.conftest import HOY, A, B
from tests.fakes import FakeHasher, FixedReloj
from tests.fakes_contratos import FakeVectores

FILE = Contenido("hoja.xlsx", "application/vnd.ms-excel", b"\x00\xff hoja " * 9000)


@pytest.fixture
def source(settings: Settings) -> Settings:
    """The installation of all tests, with a passphrase."""
    return settings.model_copy(update={"backup_passphrase": SecretStr(FRASE)})


async def answers(services: Services) -> list[str]:
    """What 50 questions are answered."""
    told = []
    for pregunta in Generador(7, partes()).make(50):
        rut = DEMO[pregunta.quien].rut
        name, params, _ = await ask(services, action_of(pregunta), pregunta.texto, rut=rut)
        told.append(services.textos.texto(name, **params))
    return told


@asynccontextmanager
async def writers(services: Services, settings: Settings) -> AsyncIterator[list[int]]:
    """Files come and go and acts are noted, of another taxpayer, for as long as the context lasts."""
    archivos = ArchivoRepository(services.database, open_almacen(settings))
    written: list[int] = []

    async def write(who: int) -> None:
        while True:
            await archivos.guardar(B, replace(FILE, nombre=f"{who}-{len(written)}.xlsx"))
            gone = await archivos.guardar(B, FILE)
            await services.bitacora.write("prueba", B, "prueba", cuantos=len(written))
            await archivos.borrar(B, gone.id)
            written.append(who)

    working = [asyncio.create_task(write(who)) for who in range(3)]
    try:
        yield written
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


def books(urls: Urls) -> list[object]:
    """Counts and sums, by queries that have nothing to do with the backup's own."""
    with psycopg.connect(urls.owner) as owner:
        tables = ("ventas_detalle", "compras_detalle", "ventas_resumen", "compras_resumen")
        sums = "SELECT count(*), sum(monto_total), sum(monto_iva) FROM {}"
        return [owner.execute(sums.format(one)).fetchone() for one in tables]  # type: ignore[call-overload]


def files(urls: Urls, settings: Settings) -> tuple[int, list[str]]:
    """How many files the rows tell of, and those whose bytes are not what the rows say."""
    folder = Path(settings.storage_url or settings.data / "archivos")
    with psycopg.connect(urls.owner) as owner:
        rows = owner.execute("SELECT clave, sha256 FROM archivos").fetchall()
    wrong = [
        clave
        for clave, told in rows
        if not (folder / clave).exists() or hashlib.sha256((folder / clave).read_bytes()).hexdigest() != told
    ]
    return len(rows), wrong


async def test_under_load_it_is_restored_equal(
    services: Services, source: Settings, target: Settings, clean: Urls, tmp_path: Path
) -> None:
    """Counts, sums, files, secrets and 50 answers are the same elsewhere, and it goes on from there."""
    await load_demo(services, source)
    source.secret("agent_api_key")
    before, known = await answers(services), books(clean)
    async with writers(services, source) as written:
        done = await asyncio.to_thread(
            respaldar, source, clean, tmp_path / "copias", quiet, quedan=2, prueba=True
        )
        during = len(written)
    assert during > 3, "nobody wrote meanwhile"
    assert done.faltan == 0
    assert stat.S_IMODE(done.ruta.stat().st_mode) == 0o600
    assert [one.name for one in done.ruta.parent.iterdir()] == [done.ruta.name]
    assert not (source.data / ".prueba-de-respaldo").exists()
    assert b"Comercial" not in done.ruta.read_bytes()
    leido = await asyncio.to_thread(restaurar, target, done.ruta, quiet)
    with open_database(target) as urls:
        count, wrong = files(urls, target)
        assert (count, wrong) == (done.archivos, [])
        assert count > 0
        assert len(list((target.data / "archivos").rglob("*.*"))) <= count
        assert books(urls) == known
        replaced = Replacements(hasher=FakeHasher(), reloj=FixedReloj(HOY), vectores=FakeVectores())
        async with open_services(target, urls.app, replaced) as restored:
            assert await answers(restored) == before
            await load_demo(restored, target)  # what `make run` does first
            assert await answers(restored) == before
    assert target.secret("agent_api_key") == source.secret("agent_api_key")
    assert FRASE not in {*leido.secretos.values(), *leido.ajustes.values()}
    told = target.data / "ajustes-restaurados.env"
    assert "TRIBUTA_HORARIO='lun-vie 09:00-18:00'" in told.read_text()
    assert stat.S_IMODE(told.stat().st_mode) == 0o600


def test_killed_backup(made: tuple[Settings, Respaldado], tmp_path: Path) -> None:
    """What is left does not look like a backup, cannot be restored, and is removed by the next one."""
    settings, _ = made
    folder = tmp_path / "copias"
    trial = settings.data / ".prueba-de-respaldo" / "postgres"
    killed(settings, ["backup", str(folder)], trial / "postmaster.pid")
    [half] = folder.iterdir()
    assert half.name.endswith(".tar.age.part")
    half.write_bytes(half.read_bytes()[:-1000])
    with pytest.raises(RespaldoError, match="incompleto"):
        revisar(settings, half, quiet)
    with open_database(settings) as urls:
        done = respaldar(settings, urls, folder, quiet, quedan=1, prueba=True)
    assert list(folder.iterdir()) == [done.ruta]
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(trial) in str(one.info["cmdline"])]


def test_files_that_had_been_lost_before(made: tuple[Settings, Respaldado], tmp_path: Path) -> None:
    """They are counted, also those that are not any more what was stored; the rest is backed up."""
    settings, _ = made
    folder = settings.data / "archivos" / str(A)
    folder.mkdir(parents=True)
    (folder / "bueno").write_bytes(b"bueno")
    (folder / "otro").write_bytes(b"otro")
    with open_database(settings) as urls, psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO contributors (rut, nombre, password_hash, verificado) VALUES (%s, 'A', 'x', true)",
            (str(A),),
        )
        for name in ("bueno", "otro", "perdido"):
            told = hashlib.sha256(b"bueno").hexdigest()
            owner.execute(
                "INSERT INTO archivos (id, rut, clave, nombre, mime, bytes, sha256)"
                " VALUES (%s, %s, %s, 'x', 'x', 5, %s)",
                (name, str(A), f"{A}/{name}", told),
            )
        done = respaldar(settings, urls, tmp_path, quiet, quedan=None, prueba=False)
        owner.execute("DELETE FROM contributors")
    assert (done.archivos, done.faltan) == (2, 2)
    assert revisar(settings, done.ruta, quiet).manifiesto.faltan == [f"{A}/otro", f"{A}/perdido"]


def test_the_newest_stay(made: tuple[Settings, Respaldado], tmp_path: Path) -> None:
    """Older backups go, other files stay; a backup that fails removes nothing."""
    settings, done = made
    folder = tmp_path / "copias"
    folder.mkdir()
    old = [f"tributa-2026-01-0{day}T060000Z.tar.age" for day in (1, 2, 3)]
    for name in (*old, "notas.txt"):
        (folder / name).write_text("x")
    with open_database(settings) as urls:
        broken = replace(urls, owner=urls.owner.replace("/tributa?", "/nada?"))
        with pytest.raises(psycopg.Error):
            respaldar(settings, broken, folder, quiet, quedan=1, prueba=False)
        assert {one.name for one in folder.iterdir()} == {*old, "notas.txt"}
        done = respaldar(settings, urls, folder, quiet, quedan=2, prueba=False)
    assert {one.name for one in folder.iterdir()} == {old[-1], done.ruta.name, "notas.txt"}
    assert done.borrados == old[1::-1]
