"""The draft, the models and the live project, as files.

`<data>/entrenamiento/estado.json` holds the edits of the draft, as a list: a model is made from a fresh copy
of the live project on which they are made anew, so the draft never falls behind it. Every file is replaced
whole. A model that goes live is named in `poniendo.json` first: if the machine stops halfway, the next
program to look finishes it.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.core.entrenamiento import Acto, Edicion, unmarked
from bot.core.errors_entrenamiento import TrainingBusyError
from bot.entrenamiento.proyecto import (
    PARTS,
    apply,
    files_of,
    read_intents,
    words_of,
)
from bot.services.ports_entrenamiento import Cambio, Estado, EstadoVersion, Ficha, Publicacion

MODEL = Path("models/tributa.tar.gz")
STAMP = Path("models/tributa.tar.sha256")


class FileTaller:
    """Implements the port `Taller`."""

    def __init__(self, data: Path, project: Path) -> None:
        """`data` is Tributa's folder, `project` where the live Rasa project is."""
        self._folder = data / "entrenamiento"
        self._project = project

        self.candado: int | None = None
        """The lock of who trains, so that the process that does it can hold it too."""

    @contextmanager
    def solo(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "entrenar.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TrainingBusyError() from None
            self.candado = lock.fileno()
            try:
                yield
            finally:
                self.candado = None

    def leer(self) -> Estado:
        with self._alone():
            return self._read()

    def cambiar(self, cambio: Callable[[Estado], Estado]) -> Estado:
        """Nobody else changes it meanwhile; what `cambio` raises changes nothing."""
        with self._alone():
            before = self._read()
            changed = cambio(before)
            if changed.historia == before.historia:
                self._write("estado.json", asdict(changed))
            else:
                self._write("poniendo.json", asdict(changed))
                self._finish()
            return changed

    def intents(self, ediciones: Sequence[Edicion] = ()) -> dict[str, list[str]]:
        """The live intents and their examples, as they would be with those edits."""
        found = {name: [*examples] for name, examples in _intents(self._project, self.huella()).items()}
        for one in ediciones:
            known = found.setdefault(one.intent, [])
            if one.acto is Acto.QUITAR:
                gone = set(map(unmarked, one.ejemplos))
                found[one.intent] = [example for example in known if unmarked(example) not in gone]
            else:
                known.extend(example for example in one.ejemplos if example not in known)
        return found

    def palabras(self, veces: int) -> frozenset[str]:
        return _words(self._project, self.huella(), veces)

    def huella(self, version: str = "") -> str:
        """Of everything that trainers own, as it is live or in a version."""
        return print_of(self.proyecto(version))

    def fichas(self) -> list[Ficha]:
        """Newest first."""
        found = (self.ficha(path.parent.name) for path in self._versions.glob("*/ficha.json"))
        return sorted(filter(None, found), key=lambda one: one.momento, reverse=True)

    def ficha(self, version: str) -> Ficha | None:
        path = self._versions / version / "ficha.json"
        if not version.isalnum() or not path.exists():
            return None
        return _ficha(json.loads(path.read_text()))

    def guardar(self, ficha: Ficha) -> None:
        self._write(f"versiones/{ficha.version}/ficha.json", asdict(ficha))

    def armar(self, version: str, ediciones: Sequence[Edicion]) -> None:
        """The project of a version: the live one, with those edits."""
        target = self.proyecto(version)
        shutil.rmtree(target, ignore_errors=True)
        _copy_project(self._project, target)
        apply(target, ediciones)

    def conservar_vivo(self, version: str) -> None:
        """Keep the live project and its model, so that one can come back to them."""
        target = self.proyecto(version)
        _copy_project(self._project, target)
        for name in (MODEL, STAMP):
            if (self._project / name).exists():
                (target / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(self._project / name, target / name)

    def quitar_versiones(self, menos: Collection[str]) -> None:
        """Remove all versions but those, and but what is being trained."""
        for one in self.fichas():
            if one.version not in menos and one.estado is not EstadoVersion.ENTRENANDO:
                shutil.rmtree(self._versions / one.version)

    def proyecto(self, version: str) -> Path:
        """Where a version's project is; the live one's without a version."""
        return self._versions / version / "proyecto" if version else self._project

    @property
    def _versions(self) -> Path:
        return self._folder / "versiones"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "estado.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._finish()
            yield

    def _finish(self) -> None:
        """Make a version the live project; its model goes last, for that is what the engine is changed by."""
        pending = self._folder / "poniendo.json"
        if not pending.exists():
            return
        source = self.proyecto(json.loads(pending.read_text())["vivo"])
        wanted = {path.relative_to(source) for path in files_of(source)}
        for path in files_of(self._project):
            if path.relative_to(self._project) not in wanted:
                path.unlink()
        for name in [*sorted(wanted), STAMP, MODEL]:
            if (source / name).exists():
                _replace(source / name, self._project / name)
        pending.replace(self._folder / "estado.json")

    def _read(self) -> Estado:
        path = self._folder / "estado.json"
        values: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return Estado(
            ediciones=tuple(map(_edicion, values.get("ediciones", ()))),
            atendidos=tuple(values.get("atendidos", ())),
            ultimo=values.get("ultimo", 0),
            vivo=values.get("vivo", ""),
            historia=tuple(Publicacion(**one) for one in values.get("historia", ())),
        )

    def _write(self, name: str, values: Any) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_suffix(f".{os.getpid()}.nuevo")
        new.write_text(json.dumps(values, ensure_ascii=False, indent=1))
        new.replace(path)


def print_of(project: Path) -> str:
    """A hash of the project's files and names."""
    digest = hashlib.sha256()
    for path in files_of(project):
        digest.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _copy_project(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        else:
            shutil.copyfile(source / part, target / part)


def _replace(source: Path, target: Path) -> None:
    """The new file whole or the old one whole, whatever happens."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.nuevo")
    shutil.copyfile(source, new)
    new.replace(target)


def _ficha(values: dict[str, Any]) -> Ficha:
    lists = {
        "pasos": tuple(values["pasos"]),
        "ediciones": tuple(map(_edicion, values["ediciones"])),
        "cambios": tuple(Cambio(**one) for one in values["cambios"]),
        "estado": EstadoVersion(values["estado"]),
        "cruzada": {name: (right, many) for name, (right, many) in values["cruzada"].items()},
    }
    return Ficha(**{**values, **lists})


def _edicion(values: dict[str, Any]) -> Edicion:
    return Edicion(**{**values, "acto": Acto(values["acto"]), "ejemplos": tuple(values["ejemplos"])})


@lru_cache(4)
def _intents(project: Path, _print: str) -> dict[str, list[str]]:
    return read_intents(project)


@lru_cache(4)
def _words(project: Path, _print: str, times: int) -> frozenset[str]:
    return words_of(_intents(project, _print), times)
