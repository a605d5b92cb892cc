"""`tributa evaluate nlu` asks a model in the engine's own Python."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.cli import app


@pytest.mark.engine
def test_figures_of_a_few_messages(tmp_path: Path) -> None:
    """Two plain messages and one of nobody's business are measured, with confusions and calibration."""
    messages = [
        {"texto": "cuánto vendí en octubre", "intent": "ventas_resumen"},
        {"texto": "muchas gracias", "intent": "despedida"},
        {"texto": "asdkjh qwlkej", "intent": "fuera_de_alcance"},
    ]
    YAML().dump(messages, tmp_path / "mensajes.yml")
    told = CliRunner().invoke(
        app, ["evaluate", "nlu", "--mensajes", str(tmp_path / "mensajes.yml"), "--fallas"]
    )
    assert told.exit_code == 0, told.output
    assert "66.7%" in told.output
    assert "muchas gracias → gracias" in told.output


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    """An operator reads a sentence and no traceback."""
    (tmp_path / "malo.tar.gz").write_bytes(b"")
    told = CliRunner().invoke(app, ["evaluate", "nlu", "--modelo", str(tmp_path / "malo.tar.gz")])
    assert told.exit_code == 1
    assert "no pudo leer" in told.output
