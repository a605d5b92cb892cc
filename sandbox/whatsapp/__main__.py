"""`python -m sandbox.whatsapp`: serve on loopback until stopped, without a word."""

import argparse
import os
from datetime import datetime

from aiohttp import web

from bot.services.reloj import RelojSantiago
from sandbox.whatsapp.app import make_app
from sandbox.whatsapp.settings import PORT, Business, Clock
from sandbox.whatsapp.simulator import Simulator

HIDDEN = "Carla (sin número)"


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        prog="sandbox.whatsapp",
        description="WhatsApp en esta máquina: la API de la nube y un teléfono en http://127.0.0.1:PUERTO/",
    )
    port = int(os.environ.get("TRIBUTA_TELEFONO_PORT", PORT))
    parser.add_argument("--port", type=int, default=port, metavar="PUERTO")
    parser.add_argument(
        "--persona",
        action="append",
        default=[],
        metavar="TELÉFONO=NOMBRE",
        help="un teléfono que aparece desde el principio; se puede repetir",
    )
    options = parser.parse_args()
    now = os.environ.get("TRIBUTA_NOW")
    clock = Clock(RelojSantiago(datetime.fromisoformat(now) if now else None))
    simulator = Simulator(Business.from_environment(), clock)
    simulator.add((phone, name) for phone, _, name in (one.partition("=") for one in options.persona))
    simulator.add([("", HIDDEN)])
    web.run_app(
        make_app(simulator),
        host="127.0.0.1",
        port=options.port,
        print=None,
        access_log=None,
        shutdown_timeout=1,  # an open page would be waited for otherwise
    )


if __name__ == "__main__":
    main()
