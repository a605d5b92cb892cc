"""Restoring: what is refused, what is undone, what is brought up to date."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.bootstrap import (
    UNFINISHED,
    open_database,
    respaldo_comun,
    restauracion,
)
from bot.bootstrap.respaldo import Respaldado, respaldar
from bot.bootstrap.restauracion import restaurar
from bot.core.respaldo import RespaldoError
from bot.private import SettingsError
from bot.settings import Settings
from bot.storage.migrate import migrate
from bot.storage.volcado import BaseDeDatos
from tests.bootstrap.conftest import FRASE, killed, quiet


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


def test_killed_restore(made: tuple[Settings, Respaldado], target: Settings) -> None:
    """Nothing starts on the half of it, and doing it again brings everything."""
    killed(target, ["restore", str(made[1].ruta)], target.data / UNFINISHED / "postgres" / "postmaster.pid")
    with pytest.raises(SettingsError, match="a medias"), open_database(target):
        pass
    restaurar(target, made[1].ruta, quiet)
    with open_database(target) as urls, psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
