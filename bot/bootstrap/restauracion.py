"""Backups read and restored, where there is nothing yet."""

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.bootstrap import UNFINISHED, Urls, check_path, check_roles, given_urls
from bot.bootstrap.archivos import open_almacen
from bot.bootstrap.respaldo_comun import Files, compare, labelled, opened, passphrase, tellable
from bot.core.respaldo import Manifiesto, RespaldoError
from bot.crypto.llavero import split_keys
from bot.private import SecretFile, make_private
from bot.services.ports_respaldo import Avance
from bot.services.respaldo import Leido, leer
from bot.settings import Settings
from bot.storage.embedded import discard_postgres, embedded_postgres
from bot.storage.migrate import migrate
from bot.storage.volcado import Restauracion, known_revision

_OWN = ("postgres", "archivos", "secrets.json")


def revisar(settings: Settings, archivo: Path, avance: Avance) -> Leido:
    """Read a backup to its end.

    Raises:
        RespaldoError: if it is not whole, or this code is older than it.
    """
    with opened(archivo, passphrase(settings)) as file:
        leido = leer(file, labelled(avance, "Revisando"))
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
    with settings.secret_file.alone("restore"), tellable(settings.data):
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


def _put_back(
    settings: Settings, staging: Path, archivo: Path, manifiesto: Manifiesto, avance: Avance
) -> None:
    with ExitStack() as stack:
        urls = stack.enter_context(_target(settings, staging))
        target = Restauracion(urls.owner)
        url = settings.storage_url or str(staging / "archivos")
        files = stack.enter_context(Files(open_almacen(settings.model_copy(update={"storage_url": url}))))
        file = stack.enter_context(opened(archivo, passphrase(settings)))
        try:
            with target.abierta() as tool:
                leer(
                    file,
                    avance,
                    lambda clave, data: files.guardar(clave, data) if clave in manifiesto.archivos else None,
                    lambda piece: target.escribir(tool, piece),
                )
            target.conceder(manifiesto.derechos, make_url(urls.app).username or "")
            compare(target, manifiesto, avance)
            migrate(urls.owner, urls.app)
            target.ordenar()
        except BaseException:
            # What is ours alone goes with its folder.
            if settings.database_url:
                target.vaciar()
            if settings.storage_url:
                files.borrar(manifiesto.archivos)
            raise


@contextmanager
def _target(settings: Settings, staging: Path) -> Iterator[Urls]:
    """The database to restore into: that of DATABASE_URL, or a new one of our own."""
    if settings.database_url:
        yield given_urls(settings.database_url, settings)
        return
    file = SecretFile(staging / "secrets.json")
    with embedded_postgres(staging, file.get("postgres_owner"), file.get("postgres_app")) as urls:
        yield urls


def _check_empty(settings: Settings) -> None:
    """Refuse to restore over anything."""
    if settings.database_url:
        urls = given_urls(settings.database_url, settings)
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


def _write_settings(path: Path, given: Mapping[str, str]) -> None:
    lines = ["# Los ajustes con que corría lo respaldado. Tributa no lee este archivo: revísalo y bórralo.\n"]
    lines += [f"{name}={shlex.quote(value)}\n" for name, value in sorted(given.items())]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)
