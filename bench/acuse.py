"""How fast a webhook is acknowledged while the workers are busy with what came before.

Ours: a signed delivery with a new message, acknowledged once it and its job are stored. The peer, in the same
run and on the same door: the same delivery for another phone number, which is checked, read, and not stored.
"""

import asyncio
import gc
import hashlib
import hmac
import json
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp

from bench.medidas import Medida, note
from bench.mensajes import tributa
from bench.multitud import QUESTIONS, database, link, phone, question
from sandbox.whatsapp.people import bsuid_of
from sandbox.whatsapp.settings import Business
from tests.stack import Stack

PEOPLE, RATE, PEER_RATE, SECONDS, TARGET = 500, 100, 20, 30, 250

ATTENDED = "SELECT count(*), count(*) FILTER (WHERE cuerpo IS NULL) FROM inbox"


def delivery(number: int, phone_id: str) -> bytes:
    """A message as WhatsApp delivers it."""
    who = phone(number % PEOPLE)
    wa_id, user = who.removeprefix("+"), bsuid_of(who)
    message = {
        "from": wa_id,
        "from_user_id": user,
        "id": f"wamid.acuse{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": question(*QUESTIONS[number % len(QUESTIONS)])},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "56223456789", "phone_number_id": phone_id},
        "contacts": [{"profile": {"name": f"Persona {number}"}, "wa_id": wa_id, "user_id": user}],
        "messages": [message],
    }
    entry = {"id": Business.waba_id, "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


async def post(session: aiohttp.ClientSession, stack: Stack, raw: bytes, due: float) -> float:
    """Milliseconds from when it was due until it was acknowledged."""
    secret = stack.secret("demo_whatsapp_app").encode()
    headers = {"X-Hub-Signature-256": f"sha256={hmac.new(secret, raw, hashlib.sha256).hexdigest()}"}
    async with session.post(f"{stack.url}/webhooks/whatsapp", data=raw, headers=headers) as answer:
        assert answer.status == 200, answer.status
        await answer.read()
    return (time.perf_counter() - due) * 1e3


async def stream(
    session: aiohttp.ClientSession, stack: Stack, rate: int, phone_id: str, first: int
) -> list[float]:
    """So many a second, whether earlier ones were acknowledged or not."""
    began, tasks = time.perf_counter(), []
    for number in range(rate * SECONDS):
        due = began + number / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        raw = delivery(first + number, phone_id)
        tasks.append(asyncio.create_task(post(session, stack, raw, due)))
    return list(await asyncio.gather(*tasks))


async def measure(stack: Stack) -> None:
    await link(stack, PEOPLE)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, database(stack) as owner:
        window = f"http://127.0.0.1:{stack.telefono}/simulador/fallas"
        async with session.post(window, json={"ventana": "no"}) as answer:
            assert answer.status == 200
        gc.disable()  # what is measured is the server's pauses and not this program's
        ours, peer = await asyncio.gather(
            stream(session, stack, RATE, Business.phone_id, 0),
            stream(session, stack, PEER_RATE, "100000000000009", 10**6),
        )
        row: Any = await (await owner.execute(ATTENDED)).fetchone()
    print(f"\nAcuse de recibo con los trabajadores ocupados ({RATE}/s durante {SECONDS} s)")
    print(f"{'':22}{'p50 ms':>9}{'p99 ms':>9}")
    (our50, our99), (peer50, peer99) = _cuts(ours), _cuts(peer)
    print(f"{'guardado':22}{our50:9.1f}{our99:9.1f}   (meta p99 ≤ {TARGET})")
    print(f"{'leído, sin guardar':22}{peer50:9.1f}{peer99:9.1f}   ({PEER_RATE}/s a la vez)")
    print(f"{'razón':22}{our50 / peer50:9.2f}{our99 / peer99:9.2f}")
    note(Medida("acuse de recibo, p99", our99, "ms", maximo=TARGET))
    note(Medida("acuse de recibo, p50", our50, "ms", "leído, sin guardar", peer50))
    print(f"  guardados {row[0]} de {len(ours)}; los trabajadores alcanzaron a atender {row[1]}")


def _cuts(values: list[float]) -> tuple[float, float]:
    cuts = quantiles(values, n=100)
    return cuts[49], cuts[98]


def main() -> None:
    with tempfile.TemporaryDirectory() as name, tributa(Path(name)) as stack:
        asyncio.run(measure(stack))
