"""Another model goes live, and the one before it again, while people write."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psycopg
import pytest

from bot.bootstrap import open_database
from bot.core.entrenamiento import Acto, Edicion
from bot.entrenamiento.taller import MODEL as NAME
from bot.entrenamiento.taller import FileTaller
from bot.programs import MODEL
from bot.services.ports_entrenamiento import EstadoVersion, Ficha
from bot.settings import ROOT, Settings
from tests.stack import Stack
from tests.telefonos import until
from tests.test_cli import Tributa

pytestmark = pytest.mark.engine
WRITERS, MESSAGES = 2, 100
# Seconds between a writer's messages: the engine that starts needs the processor too.
PACE = 0.1
ASKED, FOLLOWED = ("cuánto vendí en marzo", "Ventas de marzo"), ("y en abril?", "Ventas de abril")
VERSION = "cafe"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A Tributa with a project of its own, and a model ready to be published: a copy of the live one."""
    stack = with_own_project(tmp_path_factory.mktemp("cambio"))
    _trained(FileTaller(stack.data, Path(stack.more["TRIBUTA_PROJECT"])))
    stack.start()
    yield stack
    if stack.process and stack.process.poll() is None:
        stack.stop()


def with_own_project(folder: Path) -> Stack:
    """A Tributa, not started yet, whose data and models trainers can change."""
    project, data = folder / "proyecto", folder / "data"
    for name in ("data", "models"):
        shutil.copytree(ROOT / name, project / name)
    for name in ("domain.yml", "config.yml"):
        shutil.copy(ROOT / name, project)
    data.mkdir()
    # Nobody is told to wait only because this machine is slow.
    return Stack(data, more={"TRIBUTA_PROJECT": str(project), "ENGINE_TIMEOUT": "60"})


def _trained(taller: FileTaller) -> None:
    edit = Edicion(1, Acto.EJEMPLO, "ventas_resumen", ("cuánto cayó este ratito",))
    ficha = Ficha(VERSION, "ana", "2026-11-22T12:00:00", EstadoVersion.LISTA, taller.huella())
    taller.armar(VERSION, [edit])
    (taller.proyecto(VERSION) / NAME).parent.mkdir()
    shutil.copyfile(MODEL, taller.proyecto(VERSION) / NAME)
    taller.guardar(ficha)


def write_while(stack: Stack, work: Callable[[], str], name: str) -> tuple[str, list[str]]:
    """What `work` told, and the answers that were not as they should be to a hundred messages or more."""

    def write(writer: int) -> list[str]:
        wrong, sent = [], 0
        while not working.done() or sent < MESSAGES // WRITERS:
            texto, expected = FOLLOWED if sent % 2 else ASKED
            answer = stack.ask(texto, f"{name}-{writer}")
            if expected not in answer["respuesta"] or answer["pendiente"]:
                wrong.append(f"{texto}: {answer['respuesta']}")
            sent += 1
            wait([working], PACE)
        return wrong

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        working = pool.submit(work)
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        return working.result(), [answer for writer in writers for answer in writer.result()]


def unmatched(stack: Stack) -> list[tuple[int, int]]:
    """Messages that have not exactly one answer."""
    settings = Settings(_env_file=None, data=stack.data, env="demo")  # type: ignore[call-arg]
    with open_database(settings) as urls, psycopg.connect(urls.owner) as owner:
        return owner.execute(
            "SELECT e.id, count(s.id) FROM messages e LEFT JOIN messages s ON s.responde_a = e.id"
            " WHERE e.direccion = 'entrada' GROUP BY e.id HAVING count(s.id) <> 1"
        ).fetchall()


def _trainer(stack: Stack, tmp_path: Path, *arguments: str) -> str:
    tributa = Tributa(tmp_path)
    code, told = tributa("trainer", *arguments, TRIBUTA_DATA=str(stack.data), **stack.more)
    assert code == 0, told + stack.log() + stack.log_of("engine")[-3000:]
    return told


@pytest.mark.parametrize("arguments", [("publish", VERSION), ("rollback",)])
def test_nobody_notices_that_the_model_changes(
    stack: Stack, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Of a hundred messages each is answered at once and once, with what its conversation is about."""
    before = stack.programs()["rasa run"].pid
    told, wrong = write_while(stack, lambda: _trainer(stack, tmp_path, *arguments), arguments[0])
    assert "ya responde con ese modelo" in told
    assert stack.programs()["rasa run"].pid != before
    assert wrong == []
    assert unmatched(stack) == []


def test_an_engine_that_missed_a_turn_goes_by_what_the_application_knows(stack: Stack) -> None:
    """Another engine may have taken the last turn, and then the conversation is about something else."""
    stack.ask("cuánto vendí en marzo", "otra")
    stack.ask("cuánto compré en marzo", "esta")
    settings = Settings(_env_file=None, data=stack.data, env="demo")  # type: ignore[call-arg]
    with open_database(settings) as urls, psycopg.connect(urls.owner) as owner:
        owner.execute(
            "UPDATE identities SET contexto = (SELECT contexto FROM identities WHERE canal_id LIKE '%:esta')"
            " WHERE canal_id LIKE '%:otra'"
        )
    assert "Compras de abril" in stack.ask("y en abril?", "otra")["respuesta"]


def test_stopping_wins_over_starting_again(stack: Stack) -> None:
    """After changes, and in the middle of one, Ctrl-C starts nothing, and leaves no model behind."""
    project = Path(stack.more["TRIBUTA_PROJECT"])
    copy = (project / NAME).with_name("otro.tar.gz")
    shutil.copyfile(MODEL, copy)
    copy.replace(project / NAME)
    until(lambda: len(list((stack.data / "motor").iterdir())) == 2)
    stack.stop()
    assert "se detuvo; lo arranco" not in stack.log()
    assert list((stack.data / "motor").iterdir()) == []
