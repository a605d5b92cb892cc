"""Many people with a phone, all linked to the demo's shop, for the benchmarks of the channels."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import psycopg

from bot.bootstrap import open_database, open_services
from bot.core.documentos import Libro
from bot.core.periodo import Periodo
from bot.services.ports_canales import Remitente
from bot.settings import Settings
from bot.storage.vinculos import IdentityRepository
from sandbox.demo import MONTHS
from sandbox.demo_datos import DEMO
from sandbox.whatsapp.people import bsuid_of
from tests.stack import NOW, Stack

OPTIONS = "-c search_path=public,procrastinate"
LAST = Periodo.parse(NOW[:7])
QUESTIONS = [
    (libro, periodo) for periodo in LAST.plus(1 - MONTHS).until(LAST.plus(-1)) for libro in Libro
]  # each has an answer that no other has
LEFT = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
        AND task_name IN ('atender', 'despachar', 'responder_mensaje')),
       (SELECT count(*) FROM outbox WHERE estado IN ('pendiente', 'enviando')),
       (SELECT count(*) FROM inbox)
"""


def phone(number: int) -> str:
    """Invented: +56 9 0001 0000 and on."""
    return f"+5690001{number:04}"


def question(libro: Libro, periodo: Periodo) -> str:
    return f"{libro.value} de {periodo.nombre}"


def answered(text: str) -> str:
    """The question that a text answers, or nothing."""
    head = text.split("\n", 1)[0].strip("*").lower()
    return head if head in {question(*one) for one in QUESTIONS} else ""


@contextlib.asynccontextmanager
async def database(stack: Stack) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """The tables of a running Tributa, as their owner."""
    settings = Settings(_env_file=None, data=stack.data, env="demo")
    with open_database(settings) as urls:
        async with await psycopg.AsyncConnection.connect(
            urls.owner, options=OPTIONS, autocommit=True
        ) as owner:
            yield owner


async def link(stack: Stack, people: int) -> None:
    """As if each had given a code, for as long as the bench lasts."""
    settings = Settings(_env_file=None, data=stack.data, env="demo")
    with open_database(settings) as urls:
        async with open_services(settings, urls.app) as services:
            links = IdentityRepository(services.database)
            now = services.reloj.ahora()
            for number in range(people):
                who = Remitente("whatsapp", bsuid_of(phone(number)), phone(number))
                assert await links.vincular(who, DEMO[0].rut, now, now + timedelta(days=1))


async def write(session: aiohttp.ClientSession, stack: Stack, number: int, texto: str) -> dict[str, Any]:
    """Somebody writes; the message as the phone has it."""
    body = {"telefono": phone(number), "texto": texto}
    url = f"http://127.0.0.1:{stack.telefono}/telefono/mensajes"
    async with session.post(url, json=body) as answer:
        message: dict[str, Any] = (await answer.json())["mensaje"]
        return message


async def read(session: aiohttp.ClientSession, stack: Stack, number: int) -> list[dict[str, Any]]:
    """A conversation, oldest first."""
    url = f"http://127.0.0.1:{stack.telefono}/mensajes.json"
    async with session.get(url, params={"telefono": phone(number)}) as answer:
        found: list[dict[str, Any]] = (await answer.json())["mensajes"]
        return found


async def quiet(owner: psycopg.AsyncConnection[Any], expected: int, seconds: float) -> bool:
    """Whether everything came in and nothing is left to do, waited for."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        row = await (await owner.execute(LEFT)).fetchone()
        if row and row[0] == row[1] == 0 and row[2] >= expected:
            return True
        await asyncio.sleep(0.5)
    return False
