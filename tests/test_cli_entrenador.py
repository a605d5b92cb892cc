"""`tributa trainer`, as a trainer types it; training and the rest of the loop are in tests/entrenamiento."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.core.entrenamiento import Acto, Edicion
from bot.entrenamiento.taller import MODEL, FileTaller
from bot.services.ports_entrenamiento import Cambio, EstadoVersion, Ficha
from bot.settings import ROOT
from bot.storage.embedded import Urls

type Trainer = Callable[..., tuple[int, str]]
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of Tributa's own, with a model that nobody loads."""
    project = tmp_path / "proyecto"
    shutil.copytree(ROOT / "data", project / "data")
    for name in ("domain.yml", "config.yml"):
        shutil.copy(ROOT / name, project)
    (project / MODEL).parent.mkdir()
    (project / MODEL).write_text("primero")
    return project


@pytest.fixture
def trainer(project: Path, clean: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainer]:
    """Types a command and reads its exit code and what it says, in this process: each start takes seconds."""
    monkeypatch.chdir(project)
    run, kept = CliRunner(), [signal.getsignal(number) for number in INTERRUPTIONS]
    environment = {
        "TRIBUTA_DATA": str(project.parent / "data"),
        "TRIBUTA_PROJECT": str(project),
        "DATABASE_URL": clean.app,
        "DATABASE_MIGRATION_URL": clean.owner,
        "COLUMNS": "200",
    }

    def type_(*arguments: str) -> tuple[int, str]:
        done = run.invoke(app, ["trainer", *arguments], env=environment)
        return done.exit_code, done.output

    yield type_
    for number, handler in zip(INTERRUPTIONS, kept, strict=True):
        signal.signal(number, handler)


def test_an_edit_is_written_in_the_draft(trainer: Trainer, project: Path) -> None:
    """Cleaned, and told as it is written down; a faulty one is explained; the live project stays as it is."""
    code, told = trainer("assign", "ventas_resumen", "/cuánto he [vendido] este ratito")
    assert code == 0, told
    assert "«cuánto he vendido este ratito» es ventas_resumen" in told
    code, told = trainer("assign", "nada", "qué tal el día")
    assert code == 2
    assert "No hay ninguna intención llamada «nada»" in told
    assert "este ratito" in trainer("draft")[1]
    assert (project / "domain.yml").read_bytes() == (ROOT / "domain.yml").read_bytes()


def test_a_model_is_looked_at_published_and_given_up(trainer: Trainer, project: Path) -> None:
    """Its figures and what it changes; where nothing runs, that it will answer from the next start on."""
    taller = FileTaller(project.parent / "data", project)
    edit = Edicion(1, Acto.EJEMPLO, "ventas_resumen", ("cuánto cayó este ratito",))
    taller.armar("cafe", [edit])
    (taller.proyecto("cafe") / MODEL).parent.mkdir()
    (taller.proyecto("cafe") / MODEL).write_text("segundo")
    shares = {"particion_vivo": 0.9, "particion_nuevo": 0.925, "cruzada_vivo": 0.8, "cruzada_nuevo": 0.81}
    changes = (Cambio("cuánto cayó", "saludo", "ventas_resumen", "ventas_resumen"),)
    ready = EstadoVersion.LISTA
    taller.guardar(
        Ficha(
            "cafe",
            "ana",
            "2026-11-22T12:00:00",
            ready,
            base=taller.huella(),
            ediciones=(edit,),
            cifras=shares,
            cruzada={"ventas_resumen": (40, 50)},
            cambios=changes,
        )
    )
    told = trainer("compare", "cafe")[1]
    for expected in ("90.0% el vivo, 92.5% el nuevo", "81.0%", "reconoce 40 de sus 50", "cuánto cayó"):
        assert expected in told
    code, told = trainer("publish", "cafe")
    assert code == 0, told
    assert "no está corriendo aquí" in told
    assert (project / MODEL).read_text() == "segundo"
    assert "vivo" in trainer("models")[1]
    assert trainer("publish", "babe")[0] == 2
    assert "De vuelta al modelo" in trainer("rollback")[1]
    assert (project / MODEL).read_text() == "primero"
    assert "cuánto cayó este ratito" in trainer("draft")[1]
