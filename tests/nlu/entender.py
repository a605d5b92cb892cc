"""What a model understands, asked in the engine's own Python (3.10): texts in by stdin, intents out, as JSON.

Usage: entender.py [MODEL]. Without one it trains Rasa's default pipeline on our data, in a folder of its own.
"""

import asyncio
import contextlib
import json
import logging
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Without a pipeline Rasa writes its default one (DIET and response selector of 100 epochs) into the file.
DEFAULT_CONFIG = "recipe: default.v1\nassistant_id: comparacion\nlanguage: es\n"


def train_default(folder: str, data: str) -> str:
    """Train Rasa's default pipeline on our examples and give the model's path."""
    import rasa.model_training

    config = Path(folder) / "config.yml"
    config.write_text(DEFAULT_CONFIG)
    return str(rasa.model_training.train_nlu(config=str(config), nlu_data=data, output=folder))


def understand(model: str, texts: list[str]) -> list[str]:
    """The intent of each text, as the gateway channel hands it to the engine."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)

    async def parse() -> list[str]:
        heard = [re.sub(r"^[\s/@]+", "", text) or " " for text in texts]
        return [(await agent.parse_message(text))["intent"]["name"] for text in heard]

    return asyncio.run(parse())


def main() -> None:
    """Read, understand, tell."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", RASA_TELEMETRY_ENABLED="false")
    logging.disable(logging.WARNING)
    texts = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        model = sys.argv[1] if len(sys.argv) > 1 else train_default(folder, str(ROOT / "data" / "nlu"))
        intents = understand(model, texts)
    print(json.dumps(intents))


if __name__ == "__main__":
    main()
