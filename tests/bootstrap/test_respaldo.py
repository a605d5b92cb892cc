"""Backups of a real database while it is written to, and what is refused."""

import asyncio
import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.bootstrap import (
    UNFINISHED,
    Replacements,
    Services,
    Urls,
    open_database,
    open_services,
    respaldo,
    respaldo_comun,
    restauracion,
)
from bot.bootstrap.archivos import open_almacen
from bot.bootstrap.respaldo import Respaldado, respaldar
from bot.bootstrap.restauracion import restaurar, revisar
from bot.core.respaldo import RespaldoError
from bot.crypto import age
from bot.private import SettingsError
from bot.services.ports_archivos import Contenido
from bot.settings import ROOT, Settings
from bot.storage.archivos import ArchivoRepository
from bot.storage.migrate import migrate
from bot.storage.volcado import BaseDeDatos
from sandbox.demo import load_demo
from sandbox.demo_datos import DEMO
from tests.actions.test_registro import ask
from tests.cifras.preguntas import Generador
from tests.cifras.test_cifras import action_of, partes
from tests.conftest import HOY, A, B, make_settings
from tests.fakes import FakeHasher, FixedReloj
from tests.fakes_contratos import FakeVectores

FRASE = "corcho lluvia tren andamio queso faro"
FILE = Contenido("hoja.xlsx", "application/vnd.ms-excel", b"\x00\xff hoja " * 9000)


def quiet(paso: str, hecho: int, total: int | None) -> None:
    """Nobody looks."""


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a passphrase need not be dear here."""
    monkeypatch.setattr(respaldo, "AgeWriter", lambda file, frase: age.AgeWriter(file, frase, work=4))


@pytest.fixture
def source(settings: Settings) -> Settings:
    """The installation of all tests, with a passphrase."""
    return settings.model_copy(update={"backup_passphrase": SecretStr(FRASE)})


@pytest.fixture
def target(tmp_path: Path) -> Settings:
    """Another machine, where nothing is yet."""
    return make_settings(tmp_path / "otra", backup_passphrase=FRASE, sii_desde="2026-07")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Respaldado]]:
    """A small backup, to be spoiled."""
    folder = tmp_path_factory.mktemp("hecho")
    settings = make_settings(folder / "datos", backup_passphrase=FRASE)
    with open_database(settings) as urls:
        yield settings, respaldar(settings, urls, folder / "copias", quiet, quedan=None, prueba=False)


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


def test_a_place_that_is_not_empty(made: tuple[Settings, Respaldado], target: Settings) -> None:
    """Nothing is restored over data, over files, or over a database that has tables."""
    settings, done = made
    with pytest.raises(RespaldoError, match="ya tiene datos"):
        restaurar(settings, done.ruta, quiet)
    store = target.data.parent / "almacen"
    (store / "76192083-9").mkdir(parents=True)
    with pytest.raises(RespaldoError, match="STORAGE_URL ya tiene archivos"):
        restaurar(target.model_copy(update={"storage_url": str(store)}), done.ruta, quiet)
    with open_database(settings) as urls:
        given = {"database_url": urls.app, "migration_url": urls.owner}
        with pytest.raises(RespaldoError, match="ya tiene tablas"):
            restaurar(target.model_copy(update=given), done.ruta, quiet)
    assert not (target.data / "postgres").exists()


def spoil(path: Path, how: str, to: Path) -> Path:
    """A copy of a backup that something happened to."""
    data = bytearray(path.read_bytes())
    if how == "cut":
        del data[len(data) // 2 :]
    elif how == "byte":
        data[len(data) // 2] ^= 1
    elif how == "other":
        data[:] = b"PK\x03\x04" * 100
    copy = to / "copia.tar.age"
    copy.write_bytes(data)
    return copy


@pytest.mark.parametrize(
    ("how", "frase", "told"),
    [
        ("whole", "otra frase que no es la misma", "la frase no es"),
        ("cut", FRASE, "incompleto"),
        ("byte", FRASE, "dañado"),
        ("other", FRASE, "no es un respaldo"),
    ],
)
def test_what_cannot_be_used(
    made: tuple[Settings, Respaldado], target: Settings, tmp_path: Path, how: str, frase: str, told: str
) -> None:
    """It is told in a sentence, and the place stays empty."""
    copy = spoil(made[1].ruta, how, tmp_path)
    given = target.model_copy(update={"backup_passphrase": SecretStr(frase)})
    with pytest.raises(RespaldoError, match=told):
        restaurar(given, copy, quiet)
    assert not [one for one in target.data.iterdir() if one.suffix != ".lock"]


def test_older_code(
    made: tuple[Settings, Respaldado], target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that lacks the backup's migration does not touch anything."""
    monkeypatch.setattr(restauracion, "known_revision", lambda revision: False)
    with pytest.raises(RespaldoError, match="actualiza Tributa"):
        restaurar(target, made[1].ruta, quiet)
    assert not (target.data / "postgres").exists()


def test_older_backup(made: tuple[Settings, Respaldado], target: Settings, tmp_path: Path) -> None:
    """A backup of before the last migrations is brought to the present shape."""
    settings, _ = made
    with open_database(settings) as urls, psycopg.connect(urls.owner, autocommit=True) as owner:
        old, new = (
            replace(urls, owner=urls.owner.replace("/tributa?", to), app=urls.app.replace("/tributa?", to))
            for to in ("/vieja?", "/nueva?")
        )
        owner.execute("CREATE DATABASE vieja")
        owner.execute("CREATE DATABASE nueva")
        migrate(old.owner, old.app, "0010")
        done = respaldar(settings, old, tmp_path, quiet, quedan=None, prueba=True)
        given = {"database_url": new.app, "migration_url": new.owner}
        leido = restaurar(target.model_copy(update=given), done.ruta, quiet)
        assert leido.manifiesto.cabecera.migracion == "0010"
        assert BaseDeDatos(new.owner, "tributa_app").migracion() == BaseDeDatos(urls.owner, "").migracion()


def test_another_key(made: tuple[Settings, Respaldado], target: Settings) -> None:
    """A key that could not read the claves is noticed before, not when the first is needed."""
    settings, done = made
    given = target.model_copy(update={"secret_key": SecretStr("q9W2eR7tY4uI1oP8aS5dF0gH6jK3lZxC")})
    settings.keyring()
    with open_database(settings) as urls:
        newer = respaldar(settings, urls, done.ruta.parent / "otras", quiet, quedan=None, prueba=False)
    with pytest.raises(RespaldoError, match="TRIBUTA_SECRET_KEY"):
        restaurar(given, newer.ruta, quiet)


def test_into_another_server(
    made: tuple[Settings, Respaldado], target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty database of other roles gets rows and rights, or, if they are not equal, nothing at all."""
    settings, done = made
    with open_database(settings) as urls, psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("CREATE DATABASE vacia")
        owner.execute("CREATE ROLE gente LOGIN PASSWORD 'x'")
        there = make_url(urls.owner).set(database="vacia")
        app = there.set(username="gente", password="x").render_as_string(hide_password=False)
        given = {"database_url": app, "migration_url": there.render_as_string(hide_password=False)}
        elsewhere = target.model_copy(update=given)
        with monkeypatch.context() as patched:
            patched.setattr(respaldo_comun, "difference", lambda hay, debe: "public.messages (1 filas de 2)")
            with pytest.raises(RespaldoError, match="no es igual"):
                restaurar(elsewhere, done.ruta, quiet)
        assert not [one for one in target.data.iterdir() if one.suffix != ".lock"]
        restaurar(elsewhere, done.ruta, quiet)
        with psycopg.connect(app) as gente:
            assert gente.execute("SELECT count(*) FROM contributors").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                gente.execute("SELECT * FROM alembic_version")
        with pytest.raises(RespaldoError, match="ya tiene tablas"):
            restaurar(elsewhere.model_copy(update={"data": target.data / "otra"}), done.ruta, quiet)
        owner.execute("CREATE ROLE ciego LOGIN PASSWORD 'x'")
        blind = there.set(username="ciego", password="x").render_as_string(hide_password=False)
        with pytest.raises(RespaldoError, match="BYPASSRLS"):
            restaurar(elsewhere.model_copy(update={"migration_url": blind}), done.ruta, quiet)


def killed(target: Settings, arguments: list[str], until: Path) -> None:
    """Run a command, and kill it with -9 when that is there."""
    environment = {
        **os.environ,
        "TRIBUTA_DATA": str(target.data),
        "TRIBUTA_BACKUP_PASSPHRASE": FRASE,
    }
    command = [sys.executable, "-m", "bot.cli", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(until.parent.glob(until.name)):
        assert process.poll() is None, "it ended before"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


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


def test_killed_restore(made: tuple[Settings, Respaldado], target: Settings) -> None:
    """Nothing starts on the half of it, and doing it again brings everything."""
    killed(target, ["restore", str(made[1].ruta)], target.data / UNFINISHED / "postgres" / "postmaster.pid")
    with pytest.raises(SettingsError, match="a medias"), open_database(target):
        pass
    restaurar(target, made[1].ruta, quiet)
    with open_database(target) as urls, psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


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
