"""Cross-validation in the engine's own Python (3.10): what is heard in each training example by a model that
never saw it. Usage: cruzar.py FOLDS, with the rankings as JSON on stdout: [[intent, [[name, confidence]…]]…].
"""

import asyncio
import contextlib
import json
import logging
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 5


def heard(folder: str, train: Any, test: Any) -> list[Any]:
    """Train on some examples; the best guesses for the others."""
    import rasa.model_training
    from rasa.core.agent import Agent

    nlu = Path(folder) / "nlu.yml"
    nlu.write_text(train.nlu_as_yaml())
    model = rasa.model_training.train_nlu(config=str(ROOT / "config.yml"), nlu_data=str(nlu), output=folder)
    agent = Agent.load(str(model))

    async def parse() -> list[Any]:
        found = []
        for one in test.intent_examples:
            ranking = (await agent.parse_message(one.get("text")))["intent_ranking"]
            best = [
                [guess["name"], guess["confidence"]] for guess in ranking if guess["name"] != "nlu_fallback"
            ]
            found.append([one.get("intent"), sorted(best, key=lambda guess: -guess[1])[:SHOWN]])
        return found

    return asyncio.run(parse())


def main() -> None:
    """All folds; every example is held out once."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData

    data, folds = load_data(str(ROOT / "data" / "nlu")), int(sys.argv[1])
    examples = sorted(data.intent_examples, key=lambda one: (one.get("intent"), one.get("text")))
    random.Random(7).shuffle(examples)
    examples.sort(key=lambda one: str(one.get("intent")))  # each fold has its part of each intent
    found: list[Any] = []
    for fold in range(folds):
        train = [one for number, one in enumerate(examples) if number % folds != fold]
        kept = TrainingData(
            train, data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses
        )
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
            found += heard(folder, kept, TrainingData(examples[fold::folds]))
    print(json.dumps(found))


if __name__ == "__main__":
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", RASA_TELEMETRY_ENABLED="false")
    logging.disable(logging.WARNING)
    main()
