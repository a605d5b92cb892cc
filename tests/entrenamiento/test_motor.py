"""The engine's programs, run as processes of their own."""

import os
import sys
from pathlib import Path

import pytest

from bot.core.errors_entrenamiento import TrainingFailedError
from bot.entrenamiento.motor import EngineTrainer
from bot.entrenamiento.taller import FileTaller

TRAIN = """
import os, sys
print("Entrenando", os.path.basename(os.path.dirname(os.environ["TRIBUTA_PROJECT"])))
print("secretos", [name for name in os.environ if "CLAVE" in name])
sys.exit(1 if "malo" in os.environ["TRIBUTA_PROJECT"] else 0)
"""
HEAR = """
import json, sys
heard = [[{"name": text.split()[0], "confidence": 1}] for text in json.load(sys.stdin)]
print(json.dumps([{"intent_ranking": ranking, "entities": []} for ranking in heard]))
"""


@pytest.fixture
def trainer(tmp_path: Path) -> EngineTrainer:
    """Programs that stand in for the engine's."""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "train.py").write_text(TRAIN)
    (tmp_path / "engine" / "entender.py").write_text(HEAR)
    return EngineTrainer(FileTaller(tmp_path / "data", tmp_path), Path(sys.executable), tmp_path)


async def test_each_step_is_told_and_no_secret_is_given(
    trainer: EngineTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A training says what it does as it does it."""
    monkeypatch.setitem(os.environ, "CLAVE_DE_ALGUIEN", "x")
    told: list[str] = []
    await trainer.entrenar("bueno", told.append)
    assert told == ["Entrenando bueno", "secretos []"]


async def test_why_a_training_failed_is_told(trainer: EngineTrainer) -> None:
    """The last words of the program are the reason."""
    with pytest.raises(TrainingFailedError) as failed:
        await trainer.entrenar("malo", lambda line: None)
    assert "Entrenando malo" in failed.value.params["motivo"]


async def test_texts_are_understood_in_order(trainer: EngineTrainer) -> None:
    """Each with the first of its ranking; more of them than a pipe holds."""
    texts = [f"i{number} {'x' * 100}" for number in range(2000)]
    assert await trainer.entender("v", texts) == [f"i{number}" for number in range(2000)]
