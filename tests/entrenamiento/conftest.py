"""A small project, and a workshop with nobody's engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors_entrenamiento import TrainingFailedError
from bot.core.rut import Rut
from bot.entrenamiento.taller import MODEL, FileTaller
from bot.services.bandeja import BandejaOculta
from bot.services.borrador import BorradorService
from bot.services.entrenamiento import EntrenamientoService
from bot.services.ports_entrenamiento import MensajeCrudo, Motivo
from tests.conftest import HOY
from tests.fakes import FixedReloj

DOMAIN = """# De qué se habla
version: "3.1"
intents:
  - saludo   # lo primero
  - gracias
responses:
  utter_saludo:
    - text: "Hola"
"""
NLU = """version: "3.1"
nlu:
  # saludos de todas partes
  - intent: saludo
    examples: |
      - hola
      - buenas tardes
  - intent: gracias
    examples: |
      - muchas gracias
"""


@dataclass
class FakeEntrenador:
    """A model is its version's name; it hears the intent that has the text as an example."""

    taller: FileTaller
    falla: str = ""
    visto: list[str] = field(default_factory=list)

    async def entrenar(self, version: str, told: Callable[[str], None]) -> None:
        told("Entrenando…")
        if self.falla:
            raise TrainingFailedError(motivo=self.falla)
        model = self.taller.proyecto(version) / MODEL
        model.parent.mkdir()
        model.write_text(version)

    async def entender(self, version: str, textos: Sequence[str]) -> list[str]:
        self.visto += textos
        known = FileTaller(self.taller.proyecto("x"), self.taller.proyecto(version)).intents()
        taken = {one: intent for intent, examples in known.items() for one in examples}
        return [taken.get(one, "nlu_fallback") for one in textos]

    async def validar(self, version: str) -> dict[str, tuple[int, int]]:
        """It understands half of what it learnt, and less than half of an odd number."""
        known = FileTaller(self.taller.proyecto("x"), self.taller.proyecto(version)).intents()
        return {intent: (len(examples) // 2, len(examples)) for intent, examples in known.items()}

    def particion(self) -> list[tuple[str, list[str]]]:
        return [("hola", ["saludo"]), ("se agradece", ["gracias"]), ("zapato", ["fuera_de_alcance"])]


@dataclass
class FakeBandeja:
    """Messages that a test puts in."""

    mensajes: list[MensajeCrudo] = field(default_factory=list)

    def llega(self, number: int, texto: str) -> None:
        crudo = MensajeCrudo(number, "76192083-9", texto, None, 0.2, Motivo.NO_ENTENDIDO, HOY)
        self.mensajes.append(crudo)

    async def dudosos(self, desde: Any, atendidos: Sequence[int], limite: int) -> list[MensajeCrudo]:
        return [one for one in self.mensajes if one.id not in atendidos][:limite]

    async def recientes(self, desde: Any, limite: int) -> list[MensajeCrudo]:
        return self.mensajes[:limite]

    async def nombres(self, ruts: Sequence[str]) -> dict[str, list[str]]:
        return {"76192083-9": ["Comercial Alerce SpA"]}


@dataclass
class FakeBitacora:
    """What was noted."""

    eventos: list[tuple[str, str]] = field(default_factory=list)

    async def write(self, evento: str, rut: Rut | None = None, actor: str = "", **datos: Any) -> None:
        self.eventos.append((evento, actor))


@dataclass
class Clase:
    """Everything that a trainer has."""

    borrador: BorradorService
    servicio: EntrenamientoService
    taller: FileTaller
    entrenador: FakeEntrenador
    bandeja: FakeBandeja
    bitacora: FakeBitacora
    proyecto: Path

    def archivos(self) -> dict[str, str]:
        """The live project and its model."""
        found = sorted(path for path in self.proyecto.rglob("*") if path.is_file())
        return {str(path.relative_to(self.proyecto)): path.read_text() for path in found}

    async def modelo(self, texto: str = "holi", intent: str = "saludo") -> str:
        """Train a model with one example more; its version."""
        await self.borrador.asignar("ana", intent, [texto])
        return (await self.servicio.entrenar("ana")).version


@pytest.fixture
def clase(tmp_path: Path) -> Clase:
    """A live project of two intents, and a service that trains it."""
    project = tmp_path / "proyecto"
    (project / "data" / "nlu").mkdir(parents=True)
    (project / "models").mkdir()
    (project / "domain.yml").write_text(DOMAIN)
    (project / "config.yml").write_text("language: es\n")
    (project / "data" / "nlu" / "saludos.yml").write_text(NLU)
    (project / MODEL).write_text("primero")
    taller, bandeja, bitacora = FileTaller(tmp_path / "data", project), FakeBandeja(), FakeBitacora()
    entrenador, reloj = FakeEntrenador(taller), FixedReloj(HOY)
    oculta = BandejaOculta(bandeja, taller, reloj)
    servicio = EntrenamientoService(oculta, taller, entrenador, bitacora, reloj)
    borrador = BorradorService(oculta, taller, bitacora, reloj)
    return Clase(borrador, servicio, taller, entrenador, bandeja, bitacora, project)
