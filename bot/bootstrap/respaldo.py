"""Backups of the real database, store and secrets: made, and tried at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from pydantic import SecretStr
from sqlalchemy import make_url

from bot.bootstrap import Urls
from bot.bootstrap.archivos import open_almacen
from bot.bootstrap.respaldo_comun import Files, compare, labelled, opened, passphrase, tellable
from bot.core.respaldo import FORMATO, Cabecera, Manifiesto, RespaldoError, nombre, sobran
from bot.crypto.age import AgeWriter
from bot.services.ports_respaldo import Avance
from bot.services.respaldo import escribir, leer
from bot.services.respaldos import LAST_BACKUP
from bot.settings import SECRETS, VERSION, Settings
from bot.storage.embedded import scratch_postgres
from bot.storage.migrate import mark_instance
from bot.storage.volcado import BaseDeDatos, Restauracion

_TRIAL = ".prueba-de-respaldo"
# Of another machine they would be wrong, and the passphrase is in no backup.
_NOT_KEPT = {"DATABASE_URL", "DATABASE_MIGRATION_URL", "TRIBUTA_DATA", "TRIBUTA_BACKUP_PASSPHRASE"}


@dataclass(frozen=True, slots=True)
class Respaldado:
    """A backup that was made; `faltan` files had been lost or damaged before."""

    ruta: Path
    bytes: int
    filas: int
    archivos: int
    faltan: int
    borrados: list[str]


def respaldar(
    settings: Settings, urls: Urls, carpeta: Path, avance: Avance, *, quedan: int | None, prueba: bool
) -> Respaldado:
    """Back everything up into one encrypted file of `carpeta`, while everything runs.

    Args:
        quedan: how many backups stay in the folder; None keeps all.
        prueba: restore it at once into a scratch instance, and compare.

    Raises:
        RespaldoError: if it could not be made, or what was restored is not equal; no file is left then.
    """
    frase, momento = passphrase(settings), datetime.now(UTC)
    with settings.secret_file.alone("backup"), tellable(carpeta):
        carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_halves(carpeta)
        path = carpeta / nombre(momento)
        with _draft(path) as (draft, file):
            manifiesto = _write(settings, urls, file, frase, momento, avance)
            if prueba:
                _try_out(settings, draft, frase, manifiesto, labelled(avance, "Probando"))
        old = sobran((one.name for one in carpeta.iterdir()), quedan) if quedan else []
        for name in old:
            (carpeta / name).unlink(missing_ok=True)
        mark_instance(urls.owner, LAST_BACKUP, momento.isoformat())
        files, lost = len(manifiesto.archivos), len(manifiesto.faltan)
        return Respaldado(path, path.stat().st_size, manifiesto.filas, files, lost, old)


def _write(
    settings: Settings, urls: Urls, file: BinaryIO, frase: str, momento: datetime, avance: Avance
) -> Manifiesto:
    base = BaseDeDatos(urls.owner, make_url(urls.app).username or "")
    head = Cabecera(FORMATO, VERSION, base.migracion(), momento.isoformat())
    # What the environment gives is needed as much as what the file holds.
    given = {name: settings.secret(name) for name in SECRETS if getattr(settings, name) is not None}
    secretos = {**settings.secret_file.read_all(), **given}
    with Files(open_almacen(settings)) as files:
        cipher = AgeWriter(file, frase)
        manifiesto = escribir(
            cast("BinaryIO", cipher), base, files, secretos, _settings_given(settings), head, avance
        )
        cipher.finish()
    file.flush()
    os.fsync(file.fileno())
    return manifiesto


def _try_out(settings: Settings, path: Path, frase: str, manifiesto: Manifiesto, avance: Avance) -> None:
    """Restore into a server of its own, and compare."""
    with scratch_postgres(settings.data / _TRIAL) as urls, opened(path, frase) as file:
        target = Restauracion(urls.owner)
        with target.abierta() as tool:
            leido = leer(file, avance, volcado=lambda piece: target.escribir(tool, piece))
        if leido.manifiesto != manifiesto:
            raise RespaldoError("El respaldo no quedó igual a lo escrito: revisa el disco y repite.")
        compare(target, manifiesto, avance)


def _settings_given(settings: Settings) -> dict[str, str]:
    """What the operator has set, by the names of the environment."""
    told = {}
    for field in settings.model_fields_set:
        alias = str(type(settings).model_fields[field].validation_alias.choices[0])  # type: ignore[union-attr]
        value = getattr(settings, field)
        if value is None or alias in _NOT_KEPT:
            continue
        value = value.get_secret_value() if isinstance(value, SecretStr) else value
        told[alias] = ",".join(value) if isinstance(value, list) else str(value)
    return told


@contextmanager
def _draft(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file that gets its name when it is whole; until then it is `.part`, and locked."""
    draft = path.with_name(f"{path.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield draft, file
            draft.rename(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_halves(carpeta: Path) -> None:
    """What killed backups left; one that somebody writes now is locked."""
    for half in carpeta.glob("tributa-*.tar.age.part"):
        with suppress(BlockingIOError), half.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            half.unlink(missing_ok=True)
