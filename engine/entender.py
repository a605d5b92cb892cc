"""What a model makes of messages: texts in by stdin, intents with their chances out by stdout, as JSON.

Usage: entender.py MODEL. For each text a list of `{"name", "confidence"}`, the best first; `nlu_fallback`
stands before them if the engine would ask instead of acting.
"""

import asyncio
import contextlib
import json
import logging
import re
import sys
from typing import Any

from rasa.core.agent import Agent


def understand(model: str, texts: list[str]) -> list[list[dict[str, Any]]]:
    """The ranking of each text, as the gateway channel hands it to the engine."""
    agent = Agent.load(model)

    async def parse() -> list[list[dict[str, Any]]]:
        heard = [re.sub(r"^[\s/@]+", "", text) or " " for text in texts]
        return [(await agent.parse_message(text))["intent_ranking"] for text in heard]

    return asyncio.run(parse())


def main() -> None:
    """Read, understand, tell."""
    logging.disable(logging.WARNING)
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        rankings = understand(sys.argv[1], texts)
    sys.stdout.write(json.dumps(rankings))


if __name__ == "__main__":
    main()
