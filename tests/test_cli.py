"""The command line, as an operator types it, from another folder."""

import importlib
import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import A, B

DATA = Path(__file__).parent / "sii" / "data"
_LONGEST = 600  # seconds: on a slow machine, also until engines have changed
# Each command is a process of its own, and most of its time would go into loading the same libraries.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.bootstrap.wiring"])


class Tributa:
    """`tributa` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.folder = folder

    def __call__(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run it; gives its exit code and what it said."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
        given = {**clean, "TRIBUTA_DATA": str(self.data), "COLUMNS": "200", **environment}
        with tempfile.NamedTemporaryFile() as said:
            process = _FORKS.Process(target=_type, args=(arguments, self.folder, given, said.name))
            process.start()
            process.join(_LONGEST)
            assert process.exitcode is not None, (process.kill(), said.read())
            return process.exitcode, said.read().decode()


def _type(arguments: Sequence[str], folder: Path, environment: dict[str, str], said: str) -> None:
    """What `tributa` does, in a process that has its libraries already."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with Path(said).open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    importlib.import_module("bot.cli").app(arguments)


@pytest.fixture(scope="module")
def tributa(tmp_path_factory: pytest.TempPathFactory) -> Tributa:
    """With taxpayer A registered."""
    tributa = Tributa(tmp_path_factory.mktemp("cli"))
    code, said = tributa(
        "add-contributor", str(A), "Comercial Alerce SpA", "--password", "una clave de prueba"
    )
    assert code == 0, said
    return tributa


def test_import(tributa: Tributa) -> None:
    """A file by its relative name; bad lines are told; twice changes nothing."""
    raw = (DATA / "RCV-compra-reclamado.csv").read_bytes()
    (tributa.folder / "compras.csv").write_bytes(raw)
    where = ["--rut", "76.192.083-9", "--tipo", "compras", "--periodo", "2019-06", "--estado", "RECLAMADO"]
    code, said = tributa("import-rcv", "compras.csv", *where)
    assert code == 0, said
    assert "3 documentos importados (0 ya estaban)" in said
    assert "2 líneas rechazadas" in said
    assert "línea 5: " in said
    assert "3 documentos importados (3 ya estaban)" in tributa("import-rcv", "compras.csv", *where)[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rut", str(B), "--tipo", "compras", "--periodo", "2019-06"], "No hay ningún contribuyente"),
        (["--rut", "76192083-0", "--tipo", "compras", "--periodo", "2019-06"], "no es válido"),
        (["--rut", str(A), "--tipo", "compras", "--periodo", "junio"], "No entendí el mes"),
        (["--rut", str(A), "--tipo", "compras", "--periodo", "2030-01"], "Todavía no llega"),
        (
            ["--rut", str(A), "--tipo", "ventas", "--periodo", "2019-06"],
            "El archivo es de compras reclamadas",
        ),
    ],
)
def test_import_refused(tributa: Tributa, arguments: list[str], told: str) -> None:
    """Each refusal is a sentence in Spanish, without a traceback."""
    code, said = tributa("import-rcv", str(DATA / "RCV-compra-reclamado.csv"), *arguments)
    assert code == 2
    assert told in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"DATABASE_URL": "postgresql://x:y@127.0.0.1:9/z", "DATABASE_MIGRATION_URL": "postgresql://127.0.0.1:9/z"},
         "La base de datos no responde"),
        ({"DATABASE_URL": "nada"}, "no es una dirección de PostgreSQL"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:9/z"}, "roles distintos"),
        ({"TRIBUTA_ENV": "production"}, "TRIBUTA_SECRET_KEY"),
        ({"TRIBUTA_PORT": "abc"}, "TRIBUTA_PORT"),
        ({"TRIBUTA_DATA": "/proc/nope"}, "No puedo usar la carpeta"),
        ({"TRIBUTA_DATA": "/dev/shm/con espacio"}, "espacios"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(tributa: Tributa, environment: dict[str, str], told: str) -> None:
    """What an operator can mend is told in a sentence."""
    code, said = tributa("migrate", **environment)
    assert code == 2, said
    assert told in said
    assert "Traceback" not in said
    Path("/dev/shm/con espacio").rmdir() if "shm" in environment.get("TRIBUTA_DATA", "") else None


@pytest.mark.parametrize("broken", ["{", "[]", ""])
def test_broken_secrets(tmp_path: Path, broken: str) -> None:
    """Secrets that were damaged are not replaced in silence: the database's password is one of them."""
    tributa = Tributa(tmp_path)
    tributa.data.mkdir()
    secrets = tributa.data / "secrets.json"
    secrets.write_text(broken)
    secrets.chmod(0o600)
    code, said = tributa("migrate")
    assert (code, "está dañado" in said, "Traceback" in said) == (2, True, False)
    assert secrets.read_text() == broken


def test_programs_alone_need_a_database(tributa: Tributa) -> None:
    """`tributa api` without DATABASE_URL says how to run everything instead."""
    code, said = tributa("api")
    assert (code, "tributa serve" in said) == (2, True)


def test_backup_and_restore(tributa: Tributa, tmp_path: Path) -> None:
    """As an operator types it: without the passphrase, with it in a file, and on a new machine."""
    code, said = tributa("backup", "copias")
    assert (code, "Falta la frase" in said, "Traceback" in said) == (2, True, False), said
    frase = tmp_path / "frase"
    frase.write_text("corcho lluvia tren andamio queso faro\n")
    given = {"TRIBUTA_BACKUP_PASSPHRASE_FILE": str(frase)}
    frase.chmod(0o644)
    assert "chmod 600" in tributa("backup", "copias", **given)[1]
    frase.chmod(0o600)
    code, said = tributa("backup", "copias", "--no-verify", "--keep", "3", **given)
    assert (code, "✓ Respaldo listo" in said, "sin probar" in said) == (0, True, True), said
    [copy] = (tributa.folder / "copias").iterdir()
    code, said = tributa("restore", str(copy), "--check", **given)
    assert (code, "El respaldo está entero" in said) == (0, True), said
    code, said = tributa("restore", str(copy), **given)
    assert (code, "ya tiene datos" in said) == (2, True), said
    other = Tributa(tmp_path / "otra")
    other.folder.mkdir()
    code, said = other("restore", str(copy), **given)
    assert (code, "comparado con el respaldo" in said, "ajustes-restaurados.env" in said) == (
        0,
        True,
        True,
    ), said
    raw = DATA / "RCV-compra-reclamado.csv"
    where = ["--rut", str(A), "--tipo", "compras", "--periodo", "2019-06", "--estado", "RECLAMADO"]
    assert "3 documentos importados" in other("import-rcv", str(raw), *where)[1]


def test_revoking_sessions(tributa: Tributa) -> None:
    """Whose is asked for; all of them, or those of one."""
    code, said = tributa("sessions", "revoke")
    assert (code, "Di cuáles" in said) == (2, True), said
    assert "No hay ningún contribuyente" in tributa("sessions", "revoke", "--rut", str(B))[1]
    for whose in (["--all"], ["--rut", str(A)]):
        code, said = tributa("sessions", "revoke", *whose)
        assert (code, "Sesiones cerradas: 0." in said) == (0, True), said


def test_from_any_folder(tmp_path: Path) -> None:
    """The script finds its own Python and its own code, also through a link."""
    link = tmp_path / "tributa"
    link.symlink_to(ROOT / "tributa")
    done = subprocess.run([link, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "import-rcv" in done.stdout
