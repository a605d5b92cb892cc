"""An installation to back up, another machine to restore on, and what kills commands."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.bootstrap import open_database, respaldo
from bot.bootstrap.respaldo import Respaldado, respaldar
from bot.crypto import age
from bot.settings import ROOT, Settings
from tests.conftest import make_settings

FRASE = "corcho lluvia tren andamio queso faro"


def quiet(paso: str, hecho: int, total: int | None) -> None:
    """Nobody looks."""


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a passphrase need not be dear here."""
    monkeypatch.setattr(respaldo, "AgeWriter", lambda file, frase: age.AgeWriter(file, frase, work=4))


@pytest.fixture
def target(tmp_path: Path) -> Settings:
    """Another machine, where nothing is yet."""
    return make_settings(tmp_path / "otra", backup_passphrase=FRASE, sii_desde="2026-07")


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Respaldado]]:
    """A small backup, to be spoiled."""
    folder = tmp_path_factory.mktemp("hecho")
    settings = make_settings(folder / "datos", backup_passphrase=FRASE)
    with open_database(settings) as urls:
        yield settings, respaldar(settings, urls, folder / "copias", quiet, quedan=None, prueba=False)


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
