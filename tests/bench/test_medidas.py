"""The page of what was measured: ratios, goals, and what each benchmark printed the last time."""

import json
from pathlib import Path

import pytest

from bench import medidas
from bench.medidas import Medida


@pytest.mark.parametrize(
    ("medida", "row"),
    [
        (
            Medida("p50", 26.0, "ms", "motor solo", 20.0, maximo=1.3),
            "| p50 | 26,0 ms | 20,0 ms (motor solo) | 1,30 | ≤ 1,30 | sí |",
        ),
        (
            Medida("a la vez", 900, "por s", "otro", 1234, minimo=1.0),
            "| a la vez | 900,0 por s | 1.234 por s (otro) | 0,73 | ≥ 1,00 | **no** |",
        ),
        (Medida("acuse", 120, "ms", maximo=100), "| acuse | 120,0 ms |  |  | ≤ 100,0 | **no** |"),
        (Medida("memoria", 50, "MB"), "| memoria | 50,0 MB |  |  |  |  |"),
    ],
)
def test_a_row(medida: Medida, row: str) -> None:
    """The goal is of the ratio where there is a peer; one that is missed is said to be."""
    assert medida.row() == row


def test_the_last_run_of_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Running one anew leaves the others as they were, and one that breaks leaves its own."""
    monkeypatch.setattr(medidas, "KEPT", tmp_path / "medidas")
    monkeypatch.setattr(medidas, "PAGE", tmp_path / "rendimiento.md")

    def bench(value: float) -> None:
        print(f"tabla de {value}")
        medidas.note(Medida("algo", value, "ms"))

    def broken() -> None:
        bench(9)
        raise RuntimeError

    for name, value in (("uno", 1.0), ("dos", 2.0), ("uno", 3.0)):
        medidas.run(name, lambda value=value: bench(value))
    with pytest.raises(RuntimeError):
        medidas.run("dos", broken)
    table = medidas.write(["dos", "uno", "otro"])
    assert table.splitlines()[2:] == ["| algo | 2,00 ms |  |  |  |  |", "| algo | 3,00 ms |  |  |  |  |"]
    page = (tmp_path / "rendimiento.md").read_text()
    assert (
        page.index("## dos") < page.index("tabla de 2.0") < page.index("## uno") < page.index("tabla de 3.0")
    )
    assert "`python -m bench uno`" in page and medidas.machine() in page
    assert json.loads((tmp_path / "medidas" / "uno.json").read_text())["medidas"][0]["valor"] == 3.0
