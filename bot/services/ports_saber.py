"""What answers from the knowledge base need: somebody who finds topics."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.core.saber import Seccion, Tema


class Hallazgo(NamedTuple):
    """A topic that answers a question; `seccion` is None if its summary answers best. `puntaje` is 0 to 1."""

    tema: Tema
    seccion: Seccion | None
    puntaje: float


class Saber(Protocol):
    """The topics, and a search over them."""

    @property
    def temas(self) -> Mapping[str, Tema]:
        """All topics by slug."""
        ...

    def preparar(self) -> None:
        """Do what the first search would have to wait for."""
        ...

    def buscar(self, pregunta: str) -> Sequence[Hallazgo]:
        """Topics for a question, the best first; none if the knowledge base does not cover it.

        It calculates for some milliseconds (the first time for seconds): not for the event loop.
        """
        ...

    def cercanos(self, pregunta: str) -> Sequence[Tema]:
        """At most three topics to offer when `buscar` finds none; none for what is about something else."""
        ...
