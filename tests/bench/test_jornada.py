"""The day's checker sees what is planted: a loss, an answer twice or too early, a leak, memory that grows."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.jornada_fallas import KINDS, schedule
from bench.jornada_gente import crowd
from bench.jornada_juez import CANARY, Chat, Pregunta, Veredicto, Visto, judge, leaks_in_files
from bench.jornada_memoria import slope, warm

MINE, THEIRS = (one.canario for one in crowd(2, semilla=7))
CLEAN = Chat(
    "77-1",
    MINE,
    (
        Pregunta("a", "ventas de agosto", 1, respondida=True),
        Pregunta("b", "y septiembre", 2, respondida=True),
    ),
    (
        Visto("Perdona, te respondo en un momento.", "a"),
        Visto("Hay novedades.", ""),
        Visto(f"Ventas de agosto: {MINE} Ltda", "a"),
        Visto("Ventas de septiembre", "b"),
    ),
)


def found(chat: Chat) -> dict[str, int]:
    """How many of each fault, of those there are."""
    verdict: Veredicto = judge([chat])
    counts = {name: len(getattr(verdict, name)) for name in ("perdidas", "repetidas", "adelantadas", "fugas")}
    assert verdict.limpio is not any(counts.values())
    return {name: count for name, count in counts.items() if count}


def test_a_clean_chat() -> None:
    """An apology before an answer, and news in between, are no faults."""
    assert found(CLEAN) == {}
    assert judge([CLEAN]).propios == 1


@pytest.mark.parametrize(
    ("chat", "fault"),
    [
        (replace(CLEAN, vistos=CLEAN.vistos[:3]), "perdidas"),
        (
            replace(CLEAN, preguntas=(CLEAN.preguntas[0], Pregunta("b", "y", None, respondida=False))),
            "perdidas",
        ),
        (replace(CLEAN, vistos=(*CLEAN.vistos, CLEAN.vistos[3])), "repetidas"),
        (replace(CLEAN, vistos=(*CLEAN.vistos, Visto("Ventas de septiembre", None))), "repetidas"),
        (replace(CLEAN, vistos=CLEAN.vistos[::-1]), "adelantadas"),
        (replace(CLEAN, vistos=(*CLEAN.vistos, Visto(f"Compras: {THEIRS} Ltda", ""))), "fugas"),
    ],
)
def test_what_is_planted_is_found(chat: Chat, fault: str) -> None:
    """Each fault by its own name and no other; of an apology the answer is still owed."""
    assert found(chat) == {fault: 1}


def test_files(tmp_path: Path) -> None:
    """A taxpayer's own file may hold their word; nobody else's, and no log or cache holds any."""
    owners = {"61000000-5": MINE, "61000001-3": THEIRS}
    for name, text in (
        ("archivos/61000000-5/uno.txt", MINE),
        ("archivos/61000000-5/dos.txt", f"{MINE} {THEIRS}"),
        ("logs/api.log", f'{{"event": "{MINE}"}}'),
        ("chroma/datos.bin", "\xff\xfe"),
        ("postgres/base/1", MINE + THEIRS),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1")
    assert list(leaks_in_files(tmp_path, owners)) == [
        f"archivos/61000000-5/dos.txt: {THEIRS}",
        f"logs/api.log: {MINE}",
    ]


def test_memory() -> None:
    """Restarts are no growth, what loading takes is not either; what grows in each life is."""
    flat = [(float(second), 200.0 - 9 * (second < 60)) for second in range(0, 180, 3)]
    grows = [(1000.0 + second, 50.0 + second / 10) for second in range(0, 180, 3)]
    assert slope([warm(flat)]) == pytest.approx(0)
    assert slope([warm(grows), warm(grows)]) == pytest.approx(0.1)
    assert slope([warm(flat[:20])]) is None


def test_people_and_faults() -> None:
    """A seed gives the same day again: everybody's word is their own, and every kind of fault strikes."""
    people = crowd(1000, semilla=3)
    words = {one.canario for one in people}
    assert len(words) == 1000
    assert all(CANARY.fullmatch(one) for one in words)
    assert {one.canal for one in people} == {"whatsapp", "telegram", "agente"}
    plan = schedule(3, 600, 2 * len(KINDS))
    assert plan == schedule(3, 600, 2 * len(KINDS))
    assert plan != schedule(4, 600, 2 * len(KINDS))
    assert {one.tipo for one in plan} == set(KINDS)
    assert all(0 < one.cuando < 600 for one in plan)
