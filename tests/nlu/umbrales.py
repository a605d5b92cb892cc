"""What each threshold of config.yml would do, by cross-validation on the training data: how much is answered,
how much of that wrongly, and how often what is meant is among the topics that are offered instead.

Usage: python -m tests.nlu.umbrales [FOLDS]    (five by default: some minutes)
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ruamel.yaml import YAML

from bot.channels.textos import DomainTexts, read_thresholds
from bot.core.duda import Umbrales, topics
from bot.settings import ENGINE_PYTHON, ROOT

type Oido = tuple[str, list[tuple[str, float]]]
SURE = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
CLOSE = (0.4, 0.5, 0.6, 0.7, 0.8)
PERSON = (0.45, 0.6, 0.7, 0.8)


def heard(folds: int) -> list[Oido]:
    """The right intent of each example, and the best guesses of a model that never saw it."""
    command = [str(ENGINE_PYTHON), "-W", "ignore", str(Path(__file__).with_name("cruzar.py")), str(folds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    found: list[Oido] = json.loads(done.stdout)
    return found


def unsure(one: Oido, sure: float, ambiguous: float) -> bool:
    """Whether the engine would ask instead of answering."""
    first, second = [*(confidence for _, confidence in one[1]), 0.0, 0.0][:2]
    return first < sure or first - second < ambiguous


def tell(que: str, all_: Sequence[Oido], sure: float, ambiguous: float, umbrales: Umbrales) -> None:
    """One line of the table."""
    titled = {name.removeprefix("utter_titulo_") for name in DomainTexts(ROOT / "domain.yml").responses}
    asked = [one for one in all_ if unsure(one, sure, ambiguous)]
    wrong = sum(one[0] != one[1][0][0] for one in all_ if not unsure(one, sure, ambiguous))
    offers = [
        (intent, topics([one for one in ranking if one[0] in titled], umbrales))
        for intent, ranking in asked
        if intent in titled
    ]
    sizes = {size: [intent in offer for intent, offer in offers if len(offer) == size] for size in (2, 3)}
    hits = "  ".join(
        f"{len(found):4} de {size}: {sum(found) / max(1, len(found)):.1%}" for size, found in sizes.items()
    )
    answered = len(all_) - len(asked)
    print(f"{que:22} responde {answered / len(all_):.1%}, mal {wrong / max(1, answered):.1%}   ofrece {hits}")


def main() -> None:
    """Measure, and print the table; the values of today are marked."""
    found = heard(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    config = ROOT / "config.yml"
    today = read_thresholds(config)
    pipeline = YAML(typ="safe").load(config)["pipeline"]
    fallback = next(one for one in pipeline if one["name"] == "FallbackClassifier")
    sure, ambiguous = fallback["threshold"], fallback["ambiguity_threshold"]
    for value in sorted({*SURE, sure}):
        tell(f"threshold {value}{' *' * (value == sure)}", found, value, ambiguous, today)
    for value in sorted({*CLOSE, today.cerca}):
        mark = " *" * (value == today.cerca)
        tell(f"close {value}{mark}", found, sure, ambiguous, replace(today, cerca=value))
    for value in sorted({*PERSON, today.persona}):
        called = [intent for intent, ranking in found if ranking[0][0] == "humano" and ranking[0][1] >= value]
        right, all_ = called.count("humano"), sum(intent == "humano" for intent, _ in found)
        mark = " *" * (value == today.persona)
        print(f"person {value}{mark}: llama en {right} de {all_}, y por error {len(called) - right} veces")


if __name__ == "__main__":
    main()
