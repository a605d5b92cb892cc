"""Backups on the real database, store and disk: made, tried, and restored."""

import asyncio
import fcntl
import io
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from pydantic import SecretStr
from sqlalchemy import make_url

from bot.bootstrap import UNFINISHED, Urls, check_path, check_roles
from bot.bootstrap.archivos import open_almacen
from bot.core.errors import ServiceUnavailableError
from bot.core.respaldo import FORMATO, Cabecera, Manifiesto, RespaldoError, difference, nombre, sobran
from bot.crypto.age import AgeReader, AgeWriter
from bot.crypto.llavero import split_keys
from bot.private import SecretFile, make_private
from bot.services.ports_respaldo import Avance
from bot.services.respaldo import Leido, escribir, leer
from bot.services.respaldos import LAST_BACKUP
from bot.settings import SECRETS, VERSION, Settings
from bot.storage.archivos import Almacen
from bot.storage.embedded import discard_postgres, embedded_postgres, scratch_postgres
from bot.storage.migrate import mark_instance, migrate
from bot.storage.volcado import BaseDeDatos, Restauracion, known_revision

_TRIAL = ".prueba-de-respaldo"
_OWN = ("postgres", "archivos", "secrets.json")
_NOT_KEPT = {"DATABASE_URL", "DATABASE_MIGRATION_URL", "TRIBUTA_DATA"}


@dataclass(frozen=True, slots=True)
class Respaldado:
    """A backup that was made; `faltan` files had been lost before."""

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
    frase, momento = _passphrase(settings), datetime.now(UTC)
    with settings.secret_file.alone("backup"), _tellable(carpeta):
        carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_halves(carpeta)
        path = carpeta / nombre(momento)
        with _draft(path) as file:
            manifiesto = _write(settings, urls, file, frase, momento, avance)
            if prueba:
                _try_out(settings, path.with_name(f"{path.name}.part"), frase, manifiesto, avance)
        old = sobran((one.name for one in carpeta.iterdir()), quedan) if quedan else []
        for name in old:
            (carpeta / name).unlink(missing_ok=True)
        mark_instance(urls.owner, LAST_BACKUP, momento.isoformat())
        rows = sum(one.filas for one in manifiesto.tablas.values())
        files, lost = len(manifiesto.archivos), len(manifiesto.faltan)
        return Respaldado(path, path.stat().st_size, rows, files, lost, old)


def revisar(settings: Settings, archivo: Path, avance: Avance) -> Leido:
    """Read a backup to its end.

    Raises:
        RespaldoError: if it is not whole, or this code is older than it.
    """
    with _opened(archivo, _passphrase(settings)) as file:
        leido = leer(file, lambda paso, *how: avance(f"Revisando: {paso.lower()}", *how))
    if not known_revision(leido.manifiesto.cabecera.migracion):
        told = leido.manifiesto.cabecera
        raise RespaldoError(
            f"El respaldo lo hizo Tributa {told.version} (base {told.migracion}), más nueva que esta:"
            " actualiza Tributa y repite."
        )
    return leido


def restaurar(settings: Settings, archivo: Path, avance: Avance) -> Leido:
    """Restore a backup where there is nothing yet, and bring it to the present shape; all of it or nothing.

    Raises:
        RespaldoError: if the place is not empty, the backup cannot be used, or what was restored differs.
    """
    make_private(settings.data)
    with settings.secret_file.alone("restore"), _tellable(settings.data):
        _check_empty(settings)
        leido = revisar(settings, archivo, avance)
        _check_key(settings, leido)
        staging = settings.data / UNFINISHED
        _clear(settings, staging)
        staging.mkdir(mode=0o700)
        try:
            SecretFile(staging / "secrets.json").write_all(leido.secretos)
            _write_settings(staging / "ajustes-restaurados.env", leido.ajustes)
            _put_back(settings, staging, archivo, leido.manifiesto, avance)
        except BaseException:
            discard_postgres(staging)
            raise
        _move(staging, settings.data)
    return leido


def _write(
    settings: Settings, urls: Urls, file: BinaryIO, frase: str, momento: datetime, avance: Avance
) -> Manifiesto:
    base = BaseDeDatos(urls.owner, make_url(urls.app).username or "")
    head = Cabecera(FORMATO, VERSION, base.migracion(), momento.isoformat())
    # What the environment gives is needed as much as what the file holds.
    given = {name: settings.secret(name) for name in SECRETS if getattr(settings, name) is not None}
    secretos = {**settings.secret_file.read_all(), **given}
    with _Files(open_almacen(settings)) as files:
        cipher = AgeWriter(file, frase)
        manifiesto = escribir(cast("BinaryIO", cipher), base, files, secretos, _settings_given(settings), head, avance)
        cipher.finish()
    file.flush()
    os.fsync(file.fileno())
    return manifiesto


def _try_out(settings: Settings, path: Path, frase: str, manifiesto: Manifiesto, avance: Avance) -> None:
    """Restore into a server of its own, and compare."""
    with scratch_postgres(settings.data / _TRIAL) as urls, _opened(path, frase) as file:
        target = Restauracion(urls.owner)
        with target.abierta() as tool:
            leido = leer(file, avance, volcado=lambda piece: target.escribir(tool, piece))
        if leido.manifiesto != manifiesto:
            raise RespaldoError("El respaldo no quedó igual a lo escrito: revisa el disco y repite.")
        _compare(target, manifiesto, avance)


def _compare(target: Restauracion, manifiesto: Manifiesto, avance: Avance) -> None:
    if differs := difference(target.tablas(avance), manifiesto.tablas):
        raise RespaldoError(f"Lo restaurado no es igual a lo respaldado: {differs}.")


def _put_back(
    settings: Settings, staging: Path, archivo: Path, manifiesto: Manifiesto, avance: Avance
) -> None:
    with ExitStack() as stack:
        urls = stack.enter_context(_target(settings, staging))
        target = Restauracion(urls.owner)
        url = settings.storage_url or str(staging / "archivos")
        files = stack.enter_context(_Files(open_almacen(settings.model_copy(update={"storage_url": url}))))
        file = stack.enter_context(_opened(archivo, _passphrase(settings)))
        try:
            with target.abierta() as tool:
                leer(
                    file,
                    avance,
                    lambda clave, data: files.guardar(clave, data) if clave in manifiesto.archivos else None,
                    lambda piece: target.escribir(tool, piece),
                )
            target.conceder(manifiesto.derechos, make_url(urls.app).username or "")
            _compare(target, manifiesto, avance)
            migrate(urls.owner, urls.app)
            target.ordenar()
        except BaseException:
            target.vaciar()
            if settings.storage_url:
                files.borrar(manifiesto.archivos)
            raise


@contextmanager
def _target(settings: Settings, staging: Path) -> Iterator[Urls]:
    """The database to restore into: that of DATABASE_URL, or a new one of our own."""
    if settings.database_url:
        yield Urls(settings.migration_url or settings.database_url, settings.database_url)
        return
    file = SecretFile(staging / "secrets.json")
    with embedded_postgres(staging, file.get("postgres_owner"), file.get("postgres_app")) as urls:
        yield urls


def _check_empty(settings: Settings) -> None:
    """Refuse to restore over anything."""
    if settings.database_url:
        urls = Urls(settings.migration_url or settings.database_url, settings.database_url)
        check_roles(urls)
        target = Restauracion(urls.owner)
        target.check()
        if not target.vacia():
            raise RespaldoError("La base de DATABASE_URL ya tiene tablas: restaura en una base vacía.")
    else:
        check_path(settings.data)
    if (settings.data / UNFINISHED).exists():  # what is there is what a killed restore left
        return
    if any(_filled(settings.data / name) for name in _OWN):
        raise RespaldoError(
            f"La carpeta {settings.data} ya tiene datos: restaura en otra, vacía"
            " (TRIBUTA_DATA=/otra/carpeta), o mueve esa primero."
        )
    if settings.storage_url and not open_almacen(settings).is_empty():
        raise RespaldoError("STORAGE_URL ya tiene archivos: restaura en un lugar vacío.")


def _filled(path: Path) -> bool:
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _check_key(settings: Settings, leido: Leido) -> None:
    """The claves of taxpayers must be readable afterwards."""
    given = settings.secret_key
    needed = split_keys(leido.secretos.get("secret_key", ""))
    if given and needed and not set(needed) & set(split_keys(given.get_secret_value())):
        raise RespaldoError(
            "TRIBUTA_SECRET_KEY no es la llave con que se cifró lo respaldado: agrégala después de una"
            " coma, o quita la variable para usar la del respaldo."
        )


def _clear(settings: Settings, staging: Path) -> None:
    """Remove what a killed restore left behind."""
    if staging.exists():
        for name in _OWN:
            path = settings.data / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        discard_postgres(staging)


def _move(staging: Path, data: Path) -> None:
    """Everything is on the disk before the first name changes; while `staging` is there nothing starts."""
    os.sync()
    for one in staging.iterdir():
        target = data / one.name
        if target.is_dir() and one.is_dir():
            target.rmdir()
        one.rename(target)
    os.sync()
    staging.rmdir()


def _settings_given(settings: Settings) -> dict[str, str]:
    """What the operator has set, by the names of the environment."""
    told = {}
    for field in settings.model_fields_set:
        alias = str(type(settings).model_fields[field].validation_alias.choices[0])  # type: ignore[union-attr]
        value = getattr(settings, field)
        if value is None or alias in _NOT_KEPT or alias.startswith("TRIBUTA_BACKUP_"):
            continue
        value = value.get_secret_value() if isinstance(value, SecretStr) else value
        told[alias] = ",".join(value) if isinstance(value, list) else str(value)
    return told


def _write_settings(path: Path, given: Mapping[str, str]) -> None:
    lines = ["# Los ajustes con que corría lo respaldado. Tributa no lee este archivo: revísalo y bórralo.\n"]
    lines += [f"{name}={shlex.quote(value)}\n" for name, value in sorted(given.items())]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)


def _passphrase(settings: Settings) -> str:
    frase = settings.backup_passphrase_given()
    if frase is None:
        raise RespaldoError(
            "Falta la frase que cifra los respaldos: ponla en TRIBUTA_BACKUP_PASSPHRASE, o en un archivo con"
            " permisos 600 cuya ruta esté en TRIBUTA_BACKUP_PASSPHRASE_FILE. Guárdala también fuera de esta"
            " máquina: sin ella el respaldo no sirve."
        )
    return frase


@contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name when it is whole; until then it is `.part`, and locked."""
    draft = path.with_name(f"{path.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
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


@contextmanager
def _opened(path: Path, frase: str) -> Iterator[io.BufferedReader]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise RespaldoError(f"No pude abrir {path}: {error.strerror}.") from None
    with file:
        yield io.BufferedReader(AgeReader(file, frase), 1 << 18)


@contextmanager
def _tellable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise RespaldoError(f"No pude leer o escribir en {where}: {error.strerror or error}.") from None
    except ServiceUnavailableError:
        raise RespaldoError("El almacén de archivos (STORAGE_URL) no responde: repítelo más tarde.") from None


class _Files:
    """The store for one thread; implements the port `Bodega`."""

    def __init__(self, almacen: Almacen) -> None:
        self._almacen = almacen
        self._runner = asyncio.Runner()

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, *args: object) -> None:
        self._runner.close()

    def leer(self, clave: str) -> bytes | None:
        return self._runner.run(self._almacen.get(clave))

    def guardar(self, clave: str, datos: bytes) -> None:
        self._runner.run(self._almacen.put(clave, datos))

    def borrar(self, claves: Mapping[str, str]) -> None:
        for clave in claves:
            with suppress(ServiceUnavailableError):
                self._runner.run(self._almacen.delete(clave))
