"""What making a backup and restoring one have in common."""

import asyncio
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.core.errors import ServiceUnavailableError
from bot.core.respaldo import Manifiesto, RespaldoError, difference
from bot.crypto.age import AgeReader
from bot.services.ports_respaldo import Avance
from bot.settings import Settings
from bot.storage.archivos import Almacen
from bot.storage.volcado import Restauracion


def passphrase(settings: Settings) -> str:
    """What backups are encrypted with.

    Raises:
        RespaldoError: if nobody gave it.
    """
    frase = settings.backup_passphrase_given()
    if frase is None:
        raise RespaldoError(
            "Falta la frase que cifra los respaldos: ponla en TRIBUTA_BACKUP_PASSPHRASE, o en un archivo con"
            " permisos 600 cuya ruta esté en TRIBUTA_BACKUP_PASSPHRASE_FILE. Guárdala también fuera de esta"
            " máquina: sin ella el respaldo no sirve."
        )
    return frase


def labelled(avance: Avance, label: str) -> Avance:
    """The same steps, at another time."""
    return lambda paso, hecho, total: avance(f"{label}: {paso.lower()}", hecho, total)


def compare(target: Restauracion, manifiesto: Manifiesto, avance: Avance) -> None:
    """Compare all tables with what was backed up.

    Raises:
        RespaldoError: if they are not equal.
    """
    if differs := difference(target.tablas(avance), manifiesto.tablas):
        raise RespaldoError(f"Lo restaurado no es igual a lo respaldado: {differs}.")


@contextmanager
def opened(path: Path, frase: str) -> Iterator[io.BufferedReader]:
    """A backup's contents."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise RespaldoError(f"No pude abrir {path}: {error.strerror}.") from None
    with file:
        yield io.BufferedReader(AgeReader(file, frase), 1 << 18)


@contextmanager
def tellable(folder: Path) -> Iterator[None]:
    """What disk and store refuse, as a RespaldoError."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise RespaldoError(f"No pude leer o escribir en {where}: {error.strerror or error}.") from None
    except ServiceUnavailableError:
        raise RespaldoError("El almacén de archivos (STORAGE_URL) no responde: repítelo más tarde.") from None


class Files:
    """The store for one thread; implements the port `Bodega`."""

    def __init__(self, almacen: Almacen) -> None:
        self._almacen = almacen
        self._runner = asyncio.Runner()

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *args: object) -> None:
        self._runner.close()

    def leer(self, clave: str) -> bytes | None:
        return self._runner.run(self._almacen.get(clave))

    def guardar(self, clave: str, datos: bytes) -> None:
        self._runner.run(self._almacen.put(clave, datos))

    def borrar(self, claves: Iterable[str]) -> None:
        for clave in claves:
            with suppress(ServiceUnavailableError):
                self._runner.run(self._almacen.delete(clave))
