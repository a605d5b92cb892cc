"""`python -m sandbox.sii`: serve on loopback until stopped, without a word."""

import argparse
import os
from datetime import datetime

from aiohttp import web

from bot.core.errors import RutInvalidError
from bot.core.rut import Rut
from bot.services.reloj import RelojSantiago
from sandbox.sii.ajustes import PORT, TOKEN, Ajustes
from sandbox.sii.app import make_app
from sandbox.sii.registro import RegistroSimulado
from sandbox.sii.simulador import Simulador


def _clave(text: str) -> tuple[Rut, str]:
    rut, _, clave = text.partition("=")
    try:
        if clave:
            return Rut.parse(rut), clave
    except RutInvalidError:
        pass
    raise argparse.ArgumentTypeError("debe ser como 76192083-9=clave")


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        prog="sandbox.sii",
        description="Un SII en esta máquina: el servicio que llega a su registro y una página para romperlo.",
    )
    port = int(os.environ.get("TRIBUTA_SII_PORT", PORT))
    parser.add_argument("--port", type=int, default=port, metavar="PUERTO")
    parser.add_argument(
        "--clave",
        action="append",
        default=[],
        type=_clave,
        metavar="RUT=CLAVE",
        help="la clave de un contribuyente; se puede repetir",
    )
    parser.add_argument("--por-minuto", type=int, default=60, metavar="N", help="consultas permitidas")
    parser.add_argument("--velocidad", type=float, default=1, help="segundos simulados en uno real")
    parser.add_argument("--semilla", type=int, default=0, help="de los contribuyentes sintéticos y el azar")
    options = parser.parse_args()
    now = os.environ.get("TRIBUTA_NOW")
    reloj = RelojSantiago(datetime.fromisoformat(now) if now else None)
    sii = Simulador(
        RegistroSimulado(reloj.hoy, options.semilla),
        Ajustes(por_minuto=options.por_minuto, velocidad=options.velocidad),
        os.environ.get("SII_TOKEN") or TOKEN,
        semilla=options.semilla,
    )
    for rut, clave in options.clave:
        sii.set_clave(rut, clave)
    web.run_app(
        make_app(sii), host="127.0.0.1", port=options.port, print=None, access_log=None, shutdown_timeout=1
    )


if __name__ == "__main__":
    main()
