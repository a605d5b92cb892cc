"""A backup that is taken while people write, restored elsewhere: is it the same Tributa?

`tributa restore` itself compares each table's rows and their sum, and each file's hash, with what the backup
says of the moment that it was taken; here the copy is started besides, and asked what the first one was.
"""

import asyncio
import contextlib
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.mensajes import tributa
from bench.multitud import LAST, QUESTIONS, database, link, question, quiet, write
from bot.settings import ROOT
from tests.stack import NOW, Stack

PEOPLE, EACH_SECOND, PATIENCE = 20, 5, 300
FORMS = [f"f29 de {periodo.nombre}" for periodo in LAST.plus(-4).until(LAST.plus(-1))]
ASKED = [*(question(*one) for one in QUESTIONS), *FORMS]
FILES = "hazme un gráfico de mis ventas"
PASSPHRASE = secrets.token_urlsafe(24)


def main() -> None:
    """Print what was backed up and restored, in what time, and how many answers differ."""
    print(
        f"Respaldo bajo carga: {PEOPLE} personas, {EACH_SECOND} mensajes por segundo, {len(ASKED)} preguntas"
    )
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for name in ("uno", "dos"):
            (base / name).mkdir()
        with tributa(base / "uno") as stack:
            before, written = asyncio.run(_under_load(stack, base / "copias"))
        [copy] = (base / "copias").glob("*.age")
        seconds = _command(base / "dos" / "data", "restore", copy)
        print(f"  restaurado y comparado fila por fila y archivo por archivo en {seconds:.1f} s")
        with tributa(base / "dos") as stack:
            after = _answers(stack)
    wrong = [text for text in ASKED if before[text] != after[text]]
    print(f"  {written} mensajes mientras; respuestas distintas: {len(wrong)} de {len(ASKED)}   (meta 0)")
    for text in wrong:
        print(f"    {text}: {before[text]!r} → {after[text]!r}")


async def _under_load(stack: Stack, folder: Path) -> tuple[dict[str, str], int]:
    """What is answered, and how many messages came while the backup was taken."""
    await link(stack, PEOPLE)
    before = await asyncio.to_thread(_answers, stack)
    async with aiohttp.ClientSession() as session, database(stack) as owner:
        for number in range(PEOPLE):
            await write(session, stack, number, FILES)
        load = asyncio.create_task(_load(session, stack))
        await asyncio.sleep(5)
        seconds = await asyncio.to_thread(_command, stack.data, "backup", folder)
        load.cancel()
        written = await load
        print(f"  respaldado, cifrado y probado en {seconds:.1f} s")
        assert await quiet(owner, PEOPLE + written, PATIENCE), "messages were left"
    return before, written


async def _load(session: aiohttp.ClientSession, stack: Stack) -> int:
    """People write until it is cancelled; how many messages that were."""
    sent = 0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            text = FILES if sent % 7 == 0 else question(*QUESTIONS[sent % len(QUESTIONS)])
            await write(session, stack, sent % PEOPLE, text)
            sent += 1
            await asyncio.sleep(1 / EACH_SECOND)
    return sent


def _answers(stack: Stack) -> dict[str, str]:
    return {text: str(stack.ask(text, secrets.token_hex(8))["respuesta"]) for text in ASKED}


def _command(data: Path, *words: object) -> float:
    """Run one of Tributa's commands and show what it said; how long it took."""
    began = time.perf_counter()
    environment = {
        **os.environ,
        "TRIBUTA_DATA": str(data),
        "TRIBUTA_ENV": "demo",
        "TRIBUTA_NOW": NOW,
        "TRIBUTA_BACKUP_PASSPHRASE": PASSPHRASE,
        "COLUMNS": "120",
    }
    done = subprocess.run(
        [ROOT / "tributa", *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        if line.startswith("✓"):
            print(f"    {line}")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
