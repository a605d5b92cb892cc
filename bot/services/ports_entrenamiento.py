"""What the trainers' loop needs: doubtful messages, a workshop for draft and models, an engine."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.entrenamiento import Edicion


class Motivo(StrEnum):
    """Why a message is in the inbox."""

    FALLIDO = "fallido"
    MALA = "mala"
    NO_ENTENDIDO = "no_entendido"
    DUDOSO = "dudoso"


@dataclass(frozen=True, slots=True)
class MensajeCrudo:
    """A message as it was written, which no trainer sees, and what was understood of it."""

    id: int
    rut: str
    texto: str
    intent: str | None
    confianza: float | None
    motivo: Motivo
    creado: datetime


@dataclass(frozen=True, slots=True)
class MensajeEnBandeja:
    """A message as a trainer sees it: masked, and nobody's. `ejemplo` is what would be learnt from it."""

    id: int
    texto: str
    ejemplo: str
    intent: str | None
    confianza: float | None
    motivo: Motivo
    creado: datetime


class EstadoVersion(StrEnum):
    """How far a model has come."""

    ENTRENANDO = "entrenando"
    LISTA = "lista"
    FALLO = "fallo"


@dataclass(frozen=True, slots=True)
class Cambio:
    """A message that the new model understands differently; `esperado` is what is right, if known."""

    texto: str
    antes: str
    ahora: str
    esperado: str = ""


@dataclass(frozen=True, slots=True)
class Ficha:
    """A model: who made it, when, of which edits, and its figures.

    `base` names the state of the live project that it was made from. `cifras` are shares from 0 to 1
    (`particion_vivo`, `particion_nuevo`: of the test split; `cruzada_vivo`, `cruzada_nuevo`: in
    cross-validation) and counts (`mensajes`). `cruzada` is, of each intent that was edited, how many of its
    examples are understood by judges that did not learn from them, and how many there are.
    """

    version: str
    quien: str
    momento: str
    estado: EstadoVersion
    base: str = ""
    pasos: tuple[str, ...] = ()
    ediciones: tuple[Edicion, ...] = ()
    cifras: Mapping[str, float] = field(default_factory=dict)
    cruzada: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cambios: tuple[Cambio, ...] = ()


@dataclass(frozen=True, slots=True)
class Publicacion:
    """A model became the live one."""

    version: str
    quien: str
    momento: str
    acto: str


@dataclass(frozen=True, slots=True)
class Estado:
    """The draft and what is live; `atendidos` are the messages of the inbox that were dealt with."""

    ediciones: tuple[Edicion, ...] = ()
    atendidos: tuple[int, ...] = ()
    ultimo: int = 0
    vivo: str = ""
    historia: tuple[Publicacion, ...] = ()


class Bandeja(Protocol):
    """The messages of all taxpayers."""

    async def dudosos(
        self, desde: datetime, atendidos: Sequence[int], limite: int
    ) -> Sequence[MensajeCrudo]: ...

    async def recientes(self, desde: datetime, limite: int) -> Sequence[MensajeCrudo]: ...

    async def nombres(self, ruts: Sequence[str]) -> Mapping[str, Sequence[str]]: ...


class Taller(Protocol):
    """The draft, the models and the live project; whatever is interrupted is finished or as it was.

    Whatever adds to `historia` puts the files and the model of `vivo` in the place of the live ones.
    """

    def leer(self) -> Estado: ...

    def solo(self) -> AbstractContextManager[None]:
        """While it lasts nobody else trains.

        Raises:
            TrainingBusyError: if somebody does.
        """
        ...

    def cambiar(self, cambio: Callable[[Estado], Estado]) -> Estado: ...

    def intents(self, ediciones: Sequence[Edicion] = ()) -> dict[str, list[str]]: ...

    def palabras(self, veces: int) -> frozenset[str]: ...

    def huella(self, version: str = "") -> str: ...

    def fichas(self) -> list[Ficha]: ...

    def ficha(self, version: str) -> Ficha | None: ...

    def guardar(self, ficha: Ficha) -> None: ...

    def armar(self, version: str, ediciones: Sequence[Edicion]) -> None: ...

    def conservar_vivo(self, version: str) -> None: ...

    def quitar_versiones(self, menos: Collection[str]) -> None: ...


class Entrenador(Protocol):
    """The engine's Python, which trains and measures; `version` empty is the live model."""

    async def entrenar(self, version: str, told: Callable[[str], None]) -> None: ...

    async def entender(self, version: str, textos: Sequence[str]) -> list[str]: ...

    async def validar(self, version: str) -> Mapping[str, tuple[int, int]]: ...

    def particion(self) -> Sequence[tuple[str, Sequence[str]]]: ...
