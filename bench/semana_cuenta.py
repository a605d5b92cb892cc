"""What the week counts, who takes its messages, and what it prints in the end."""

import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bench.verdad import Comparacion
from bot.programs import free_port


@dataclass
class Cuenta:
    """What is counted besides what the simulator counts."""

    muertes: int = 0
    reinicios: int = 0
    caidas: int = 0
    fallas: Counter[str] = field(default_factory=Counter)
    pedidos: int = 0
    claves_nuevas: int = 0
    mensajes: list[tuple[str, str]] = field(default_factory=list)
    respuestas: dict[str, str] = field(default_factory=dict)
    noches: list[str] = field(default_factory=list)
    sin_terminar: int = 0


@contextlib.asynccontextmanager
async def telegram(cuenta: Cuenta) -> AsyncIterator[str]:
    """A Bot API that remembers what it was told to send."""

    async def answer(request: web.Request) -> web.Response:
        if request.match_info["method"].lower() != "sendmessage":
            return web.json_response({"ok": True, "result": True})
        said = await request.post() or await request.json()
        cuenta.mensajes.append((str(said["chat_id"]), str(said["text"])))
        chat = {"id": int(str(said["chat_id"])), "type": "private"}
        message = {"message_id": len(cuenta.mensajes), "date": 0, "chat": chat, "text": "x"}
        return web.json_response({"ok": True, "result": message})

    app, port = web.Application(), free_port()
    app.router.add_route("*", "/bot{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def tell(cuenta: Cuenta, found: Comparacion, estado: dict[str, Any], log: dict[str, Any]) -> bool:
    """Print all counts; whether everything is as it must be."""
    # The same words may be due twice (a clave that is given again); more messages than were written are not.
    sent = Counter(chat for chat, _ in cuenta.mensajes)
    twice = [f"{chat}: {count}" for chat, count in (sent - Counter(log["escritos"])).items()]
    kinds = estado["violaciones_por_tipo"]
    left = {name: count for name, count in log["quedan"].items() if name != "succeeded"}
    repeated = kinds.get("clave_repetida", 0) + kinds.get("cuenta_bloqueada", 0)
    print(f"  contribuyentes iguales al SII: {found.iguales}, distintos: {len(found.distintos)}   (meta 0)")
    print(f"    {found.documentos} documentos y {found.filas} totales comparados;", end=" ")
    print(f"fechas de acuse que esperan su relectura semanal: {found.fechas}")
    print(f"  violaciones del límite y otras reglas: {estado['violaciones']} {kinds or ''}   (meta 0)")
    print(f"  claves malas mostradas otra vez: {repeated}   (meta 0)")
    print(f"  avisos repetidos: {len(twice)} de {len(cuenta.mensajes)}   (meta 0)")
    print(f"  trabajos que quedaron: {left or 0}; noches sin terminar: {cuenta.sin_terminar}   (meta 0)")
    print(f"  llamadas: {json.dumps(estado['llamadas'])}")
    print(f"  respuestas: {json.dumps(estado['respuestas'])}; créditos: {estado['creditos']}")
    print(f"  fallas puestas: {json.dumps(cuenta.fallas)}")
    print(f"  kill -9: {cuenta.muertes}, reinicios de PostgreSQL: {cuenta.reinicios},", end=" ")
    print(f"trabajadores que cayeron solos y volvieron: {cuenta.caidas}")
    print(f"  pedidos al momento: {cuenta.pedidos}; claves dadas de nuevo: {cuenta.claves_nuevas}")
    print(f"  en nuestra bitácora: {json.dumps(log['eventos'])}")
    print(f"  errores por los que se volvió a intentar: {json.dumps(log['errores'])}")
    for rut, wrong in list(found.distintos.items())[:10]:
        print(f"    distinto {rut}: {'; '.join(wrong[:4])}")
    for one in estado["ultimas_violaciones"][:10]:
        print(f"    violación: {one}")
    for one in twice[:5]:
        print(f"    repetidos a {one}")
    return not (found.distintos or estado["violaciones"] or twice or left or cuenta.sin_terminar)
