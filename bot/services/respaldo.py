"""One stream that holds a whole installation: a tar of files, of the database's dump and of the secrets.

The files that are there are copied first; then, for as long as it takes to copy the few that came meanwhile,
no file comes or goes. The database is dumped as it was at that moment, so that every row has its file.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from bot.core.respaldo import FORMATO, Cabecera, Manifiesto, RespaldoError
from bot.services.ports_respaldo import Avance, Base, Bodega

_BUFFER = 64 * 1024
_ARCHIVOS, _BASE = "archivos/", "base/"
_CABECERA, _SECRETOS, _AJUSTES, _MANIFIESTO = (
    "cabecera.json",
    "secretos.json",
    "ajustes.json",
    "manifiesto.json",
)


@dataclass(frozen=True, slots=True)
class Leido:
    """What a backup holds beside files and rows; it was read to its end and is whole."""

    secretos: Mapping[str, str] = field(repr=False)
    ajustes: Mapping[str, str] = field(repr=False)
    manifiesto: Manifiesto


def escribir(
    salida: BinaryIO,
    base: Base,
    bodega: Bodega,
    secretos: Mapping[str, str],
    ajustes: Mapping[str, str],
    cabecera: Cabecera,
    avance: Avance,
) -> Manifiesto:
    """Write everything to `salida`, in pieces; while others write too.

    Raises:
        RespaldoError: if the database cannot be read whole, or was upgraded meanwhile.
    """
    with tarfile.open(fileobj=salida, mode="w|", bufsize=_BUFFER) as tar:
        for name, value in ((_CABECERA, asdict(cabecera)), (_SECRETOS, secretos), (_AJUSTES, ajustes)):
            _add(tar, name, json.dumps(value, ensure_ascii=False).encode())
        copied: dict[str, str] = {}
        for _ in range(2):  # the second time there are few, so that the third is short
            copied |= _copy(tar, bodega, [one for one in base.claves() if one not in copied], avance)
        with base.instante() as instante:
            if instante.migracion != cabecera.migracion:
                raise RespaldoError("La base se actualizó mientras la respaldaba: repite el respaldo.")
            claves = instante.claves()
            copied |= _copy(tar, bodega, [one for one in claves if one not in copied], avance)
            instante.soltar()
            _dump(tar, instante.volcado(), avance)
            tablas, derechos = instante.tablas(avance), instante.derechos()
        kept = {clave: copied[clave] for clave in claves if clave in copied}
        lost = sorted(clave for clave, sha256 in claves.items() if kept.get(clave) != sha256)
        manifiesto = Manifiesto(cabecera, tablas, kept, lost, derechos)
        _add(tar, _MANIFIESTO, manifiesto.to_json())
    return manifiesto


def leer(
    entrada: BinaryIO,
    avance: Avance,
    archivo: Callable[[str, bytes], None] | None = None,
    volcado: Callable[[bytes], None] | None = None,
) -> Leido:
    """Read a backup to its end.

    Args:
        archivo: is given each file; also some that the manifest does not name, whose rows are gone.
        volcado: is given the database's dump piece by piece.

    Raises:
        RespaldoError: if it is not whole, or of a format that is newer than this code.
    """
    small: dict[str, bytes] = {}
    hashes: dict[str, str] = {}
    pieces = 0
    try:
        with tarfile.open(fileobj=entrada, mode="r|", bufsize=_BUFFER) as tar:
            while member := tar.next():
                data = _read(tar, member)
                if member.name.startswith(_ARCHIVOS):
                    clave = member.name.removeprefix(_ARCHIVOS)
                    hashes[clave] = hashlib.sha256(data).hexdigest()
                    if archivo:
                        archivo(clave, data)
                    avance("Archivos", len(hashes), None)
                elif member.name.startswith(_BASE):
                    pieces += len(data)
                    if volcado:
                        volcado(data)
                    avance("Base de datos", pieces, None)
                else:
                    small[member.name] = data
                    _check_format(small)
        while entrada.read(1 << 20):  # what comes after the tar's end is authenticated, too
            pass
        return _judge(small, hashes)
    except (tarfile.TarError, KeyError, ValueError, TypeError):
        raise RespaldoError("El respaldo está incompleto o no lo hizo Tributa.") from None


def _check_format(small: Mapping[str, bytes]) -> None:
    if json.loads(small[_CABECERA])["formato"] > FORMATO:
        raise RespaldoError("El respaldo es de una versión más nueva de Tributa: actualiza antes de usarlo.")


def _judge(small: Mapping[str, bytes], hashes: Mapping[str, str]) -> Leido:
    manifiesto = Manifiesto.from_json(small[_MANIFIESTO])
    wrong = [clave for clave, told in manifiesto.archivos.items() if hashes.get(clave) != told]
    if wrong:
        raise RespaldoError(f"Al respaldo le faltan archivos o están cambiados ({len(wrong)}): usa otro.")
    return Leido(json.loads(small[_SECRETOS]), json.loads(small[_AJUSTES]), manifiesto)


def _copy(tar: tarfile.TarFile, bodega: Bodega, claves: Iterable[str], avance: Avance) -> dict[str, str]:
    """Copy the files that are there; their hashes."""
    copied: dict[str, str] = {}
    claves = list(claves)
    for place, clave in enumerate(claves, 1):
        data = bodega.leer(clave)
        if data is not None:
            _add(tar, _ARCHIVOS + clave, data)
            copied[clave] = hashlib.sha256(data).hexdigest()
        avance("Archivos", place, len(claves))
    return copied


def _dump(tar: tarfile.TarFile, pieces: Iterable[bytes], avance: Avance) -> None:
    """A tar wants sizes first, and nobody knows how long a dump gets: each piece is a member."""
    written = 0
    for place, piece in enumerate(pieces):
        _add(tar, f"{_BASE}{place:08}", piece)
        written += len(piece)
        avance("Base de datos", written, None)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))
    # It would remember each member for ever.
    tar.members.clear()  # type: ignore[attr-defined]


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    tar.members.clear()  # type: ignore[attr-defined]
    return file.read() if file else b""
