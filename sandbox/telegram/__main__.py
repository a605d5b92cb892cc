"""`python -m sandbox.telegram`: serve until stopped."""

import argparse
import os
import re
from datetime import datetime

from aiohttp import web

from bot.services.reloj import RelojSantiago
from sandbox.telegram.app import make_app

PORT = 8082
TOKEN = "7000000001:desarrollo"  # noqa: S105  what BotFather would hand out; it opens nothing


def main() -> None:
    """Listen on this machine only."""
    parser = argparse.ArgumentParser(description="Telegram de desarrollo: la Bot API y sus chats, sin red.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("TRIBUTA_TELEGRAM_PORT", PORT)))
    port = parser.parse_args().port
    token = os.environ.get("TELEGRAM_TOKEN", TOKEN)
    if not re.fullmatch(r"[1-9]\d*:[\w-]+", token):
        parser.error("TELEGRAM_TOKEN debe ser como 7000000001:desarrollo")
    now = os.environ.get("TRIBUTA_NOW")
    clock = RelojSantiago(datetime.fromisoformat(now) if now else None).ahora
    web.run_app(make_app(token, clock), host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
