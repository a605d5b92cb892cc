"""Folders and files of Tributa's own that nobody else may read, and the secrets in them."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class SettingsError(Exception):
    """The settings cannot be used as they are; the message, in Spanish, says what to change."""


def make_private(folder: Path) -> None:
    """A folder of ours (as root, PostgreSQL's own user must pass through it, so its files guard themselves).

    Raises:
        SettingsError: if it cannot be made or written, or is somebody else's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"No puedo usar la carpeta {folder}: {error.strerror}.") from None
    if folder.stat().st_uid != os.geteuid() or not os.access(folder, os.W_OK):
        raise SettingsError(f"La carpeta {folder} es de otro usuario o no se puede escribir: elige otra.")


def open_private(path: Path) -> TextIO:
    """A file to lock, which nobody else can open and hold."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600), "w")


def read_private(path: Path) -> str:
    """What a file of ours says.

    Raises:
        SettingsError: if it cannot be read, or others may read it.
    """
    try:
        state, said = path.stat(), path.read_text()
    except (OSError, ValueError) as error:
        raise SettingsError(f"No pude leer {path}: {getattr(error, 'strerror', 'no es texto')}.") from None
    if state.st_mode & 0o077 or state.st_uid != os.geteuid():
        raise SettingsError(f"{path} debe ser tuyo y de nadie más: ejecuta chown y chmod 600 sobre él.")
    return said


class SecretFile:
    """Secrets that Tributa makes for itself at first start, readable by its user only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str:
        """The secret of that name; it is made if it does not exist yet.

        Raises:
            SettingsError: if others may read the file.
        """
        values = self._read()
        if name not in values:
            make_private(self.path.parent)
            with open_private(self.path.with_suffix(".lock")) as lock:  # programs start at the same time
                fcntl.flock(lock, fcntl.LOCK_EX)
                values = self._read()
                if name not in values:
                    values[name] = secrets.token_urlsafe(32)
                    self._write(values)
        return values[name]

    def update(self, name: str, change: Callable[[str], str]) -> None:
        """Replace the secret of that name by what `change` makes of it; nobody else writes meanwhile."""
        self.get(name)
        with open_private(self.path.with_suffix(".lock")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            values = self._read()
            self._write({**values, name: change(values[name])})

    def read_all(self) -> dict[str, str]:
        """Every secret by its name.

        Raises:
            SettingsError: if others may read the file, or it is damaged.
        """
        return self._read()

    def write_all(self, values: Mapping[str, str]) -> None:
        """Put these secrets into a file that is not there yet."""
        self._write(dict(values))

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """For work on the secrets that takes several steps, of which one program does one at a time.

        Raises:
            SettingsError: if another is at it.
        """
        make_private(self.path.parent)
        with open_private(self.path.with_suffix(f".{what}.lock")) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SettingsError("Ese mismo comando ya está corriendo: espera a que termine.") from None
            yield

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        said = read_private(self.path)
        try:
            values: dict[str, str] = dict(json.loads(said).items())
        except (ValueError, AttributeError):
            raise SettingsError(f"{self.path} está dañado: recupéralo de un respaldo.") from None
        return values

    def _write(self, values: dict[str, str]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
