"""What a model makes of messages: texts in by stdin, what it hears in each out by stdout, as JSON.

Usage: entender.py MODEL. For each text its `intent_ranking`, a list of `{"name", "confidence"}`, the best
first (`nlu_fallback` stands before them if the engine would ask instead of acting), and its `entities`.
"""

import asyncio
import contextlib
import json
import logging
import re
import sys
from typing import Any

from rasa.core.agent import Agent


def understand(model: str, texts: list[str]) -> list[dict[str, Any]]:
    """What is heard in each text, as the gateway channel hands it to the engine."""
    agent = Agent.load(model)

    async def parse() -> list[dict[str, Any]]:
        asked = [re.sub(r"^[\s/@]+", "", text) or " " for text in texts]
        heard = [await agent.parse_message(text) for text in asked]
        return [{key: one[key] for key in ("intent_ranking", "entities")} for one in heard]

    return asyncio.run(parse())


def main() -> None:
    """Read, understand, tell."""
    logging.disable(logging.WARNING)
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        heard = understand(sys.argv[1], texts)
    sys.stdout.write(json.dumps(heard))


if __name__ == "__main__":
    main()
