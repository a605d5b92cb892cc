"""Train Rasa's default pipeline on our data, in the engine's own Python (3.10). Usage: receta.py FOLDER.

It learns intents, which it is compared by: with the names that are marked in our examples its training
takes hours instead of minutes.
"""

import contextlib
import logging
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# `[doña Berta](contraparte)`: what is marked is text.
NAMED = re.compile(r"\[([^\]]+)\]\(contraparte\)")
# Without a pipeline Rasa writes its default one (DIET and response selector of 100 epochs) into the file.
DEFAULT_CONFIG = "recipe: default.v1\nassistant_id: comparacion\nlanguage: es\n"


def main() -> None:
    """Train and tell the model's path."""
    import rasa.model_training

    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", RASA_TELEMETRY_ENABLED="false")
    logging.disable(logging.WARNING)
    config = Path(sys.argv[1]) / "config.yml"
    config.write_text(DEFAULT_CONFIG)
    data = Path(sys.argv[1]) / "data"
    data.mkdir()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        (data / path.name).write_text(NAMED.sub(r"\1", path.read_text()))
    with contextlib.redirect_stdout(sys.stderr):
        model = rasa.model_training.train_nlu(config=str(config), nlu_data=str(data), output=sys.argv[1])
    print(model)


if __name__ == "__main__":
    main()
