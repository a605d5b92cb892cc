"""Answers from the knowledge base: short, with their source and their age."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.errors import TopicNotFoundError
from bot.core.saber import Seccion, Tema, plain, split_text, vence, vencido
from bot.services.ports import Quien, Reloj
from bot.services.ports_saber import Saber

LARGO_MAXIMO = 600
# Below this the best topic is too often not the one that was meant: people choose among the nearest.
SEGURO = 0.25
_MAXIMUM_RELATED = 3


@dataclass(frozen=True, slots=True)
class Relacionado:
    """Another topic as a button: `titulo` has at most 20 characters."""

    slug: str
    titulo: str


@dataclass(frozen=True, slots=True)
class Edad:
    """How old a topic is: its last review, and the last day on which it can be trusted."""

    titulo: str
    fecha: date
    vence: date
    vencido: bool


@dataclass(frozen=True, slots=True)
class RespuestaSaber:
    """An answer; `texto` says everything, source and age included. The rest is for who shows it otherwise."""

    texto: str
    tema: str
    titulo: str
    fuente: str
    fecha: date
    vencido: bool
    relacionados: Sequence[Relacionado]


class SaberService:
    """General tax questions; the answers are the same for everybody."""

    def __init__(self, saber: Saber, reloj: Reloj) -> None:
        self._saber = saber
        self._reloj = reloj

    def preparar(self) -> None:
        """Learn the topics, which takes some seconds, before somebody asks."""
        self._saber.preparar()

    async def responder(self, quien: Quien | None, pregunta: str) -> RespuestaSaber:
        """Answer a question; `quien` may be nobody, for nothing here is a taxpayer's.

        Raises:
            TopicNotFoundError: if no topic covers it for certain.
        """
        found = await asyncio.to_thread(self._saber.buscar, pregunta)
        if not found or found[0].puntaje < SEGURO:
            raise TopicNotFoundError
        return self._answer(found[0].tema, found[0].seccion)

    async def sugerir(self, pregunta: str) -> Sequence[Relacionado]:
        """Topics to offer as buttons when a question is not answered; none if it is about something else."""
        return _buttons(await asyncio.to_thread(self._saber.cercanos, pregunta))

    def edades(self) -> Sequence[Edad]:
        """How old all topics are; those that have to be reviewed next come first."""
        hoy = self._reloj.hoy()
        temas = sorted(self._saber.temas.values(), key=vence)
        return tuple(Edad(one.titulo, one.fecha, vence(one), vencido(one, hoy)) for one in temas)

    def tema(self, slug: str) -> RespuestaSaber:
        """What a button of a related topic asks for.

        Raises:
            TopicNotFoundError: if there is no such topic.
        """
        tema = self._saber.temas.get(slug)
        if tema is None:
            raise TopicNotFoundError
        return self._answer(tema, None)

    def _answer(self, tema: Tema, seccion: Seccion | None) -> RespuestaSaber:
        hoy = self._reloj.ahora().date()
        body = f"{seccion.titulo}: {plain(seccion.texto)}" if seccion else tema.resumen
        lines = [
            f"*{tema.titulo}*",
            next(split_text(plain(body), LARGO_MAXIMO)),
            f"Fuente: {tema.fuente}. Revisado el {tema.fecha:%d-%m-%Y}. Es información general, no asesoría.",
        ]
        if vencido(tema, hoy):
            lines.insert(2, f"Ojo: esta ficha venció el {vence(tema):%d-%m-%Y}; confírmala en www.sii.cl.")
        related = [self._saber.temas[slug] for slug in tema.relacionados if slug in self._saber.temas]
        return RespuestaSaber(
            texto="\n".join(lines),
            tema=tema.slug,
            titulo=tema.titulo,
            fuente=tema.fuente,
            fecha=tema.fecha,
            vencido=vencido(tema, hoy),
            relacionados=_buttons(related),
        )


def _buttons(temas: Iterable[Tema]) -> Sequence[Relacionado]:
    return tuple(Relacionado(one.slug, one.boton) for one in temas)[:_MAXIMUM_RELATED]
