"""Answers from the knowledge base, as a person reads them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.errors import TopicNotFoundError
from bot.core.saber import Seccion, Tema
from bot.rag.saber import read_temas
from bot.services.ports_saber import Hallazgo
from bot.services.reloj import SANTIAGO
from bot.services.saber import LARGO_MAXIMO, SaberService
from tests.fakes import FixedReloj
from tests.rag.fichas import KNOWLEDGE, write_folder


class FakeSaber:
    """Finds what the test tells it to."""

    def __init__(self, temas: Sequence[Tema]) -> None:
        self.temas = {tema.slug: tema for tema in temas}
        self.found: list[Hallazgo] = []

    def buscar(self, pregunta: str) -> list[Hallazgo]:
        return self.found

    def cercanos(self, pregunta: str) -> list[Tema]:
        return list(self.temas.values())


def _service(saber: FakeSaber, year: int = 2026) -> SaberService:
    return SaberService(saber, FixedReloj(datetime(year, 11, 24, 12, tzinfo=SANTIAGO)))


@pytest.fixture
def saber(tmp_path: Path) -> FakeSaber:
    """With two topics."""
    return FakeSaber(read_temas(write_folder(tmp_path)))


async def test_the_summary_with_source_and_age(saber: FakeSaber) -> None:
    """Everybody gets it, who is not known as well; related topics are buttons."""
    saber.found = [Hallazgo(saber.temas["uno"], None, 0.9)]
    answer = await _service(saber).responder(None, "¿uno?")
    assert answer.texto.splitlines() == [
        "*Uno*",
        "Resumen de uno.",
        "Fuente: DL 825. Revisado el 23-11-2026. Es información general, no asesoría.",
    ]
    assert (answer.tema, answer.vencido) == ("uno", False)
    assert [(one.slug, one.titulo) for one in answer.relacionados] == [("dos", "Dos")]


async def test_a_section_without_links_and_whole_sentences(saber: FakeSaber) -> None:
    """A section that answers best is told, up to the last sentence that fits."""
    tema = saber.temas["uno"]
    saber.found = [Hallazgo(tema, Seccion("Más", "Mira [dos](dos.md). " + "Y esto sigue. " * 60), 0.9)]
    line = (await _service(saber).responder(None, "¿más?")).texto.splitlines()[1]
    assert line.startswith("Más: Mira dos. Y esto")
    assert len(line) <= LARGO_MAXIMO
    assert line.endswith("sigue.")


async def test_an_old_topic_says_so(saber: FakeSaber) -> None:
    """A year after its review the answer warns before its source."""
    saber.found = [Hallazgo(saber.temas["uno"], None, 0.9)]
    answer = await _service(saber, 2027).responder(None, "¿uno?")
    assert answer.vencido
    assert answer.texto.splitlines()[2].startswith("Ojo: esta ficha venció el 23-11-2027")


async def test_nothing_found(saber: FakeSaber) -> None:
    """Neither a question that no topic covers nor a button of none is answered."""
    with pytest.raises(TopicNotFoundError):
        await _service(saber).responder(None, "¿tres?")
    with pytest.raises(TopicNotFoundError):
        _service(saber).tema("tres")
    offered = await _service(saber).sugerir("¿tres?")
    assert [one.slug for one in offered] == ["dos", "uno"]


def test_every_topic_fits_a_chat() -> None:
    """Each of ours: at most a thousand characters, no link marks, at most three buttons of twenty."""
    saber = FakeSaber(read_temas(KNOWLEDGE))
    for slug in saber.temas:
        answer = _service(saber).tema(slug)
        assert len(answer.texto) <= 1_000, slug
        assert "](" not in answer.texto
        assert 1 <= len(answer.relacionados) <= 3
        assert all(len(one.titulo) <= 20 for one in answer.relacionados)
