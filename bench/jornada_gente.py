"""The day's taxpayers, the word that is in nobody else's data, what they ask, and when."""

import asyncio
import contextlib
import random
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

import aiohttp
import psycopg
import yaml

from bench.multitud import phone
from bench.noches import register
from bot.bootstrap import Services, open_services
from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports import Destino
from bot.services.ports_canales import Remitente
from bot.settings import ROOT, Settings
from bot.storage.embedded import Urls
from bot.storage.vinculos import IdentityRepository
from sandbox.sii.sinteticos import Sintetico
from sandbox.whatsapp.people import bsuid_of
from tests.rag.pdfs import drawn, written
from tests.stack import Stack

# How many write in each hour of a day, from midnight on.
HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 13, 10, 8, 9, 11, 12, 12, 10, 9, 8, 6, 4, 2)
MONTHS = (Periodo(2026, 8), Periodo(2026, 9))
CHANNELS, SHARES = ("whatsapp", "telegram", "agente"), (60, 25, 15)
UPLOADS, OWN = 0.05, 0.4
# What is never asked: it would end the link, call a person, or say yes to what was said before.
_LEFT_OUT = {
    "humano", "cerrar_sesion", "registro", "iniciar_sesion", "cambiar_empresa", "clave_sii", "mis_datos",
    "afirmar", "negar", "contrato_eliminar", "contrato_subir",
}  # fmt: skip
# Their answers name counterparties, each one's own.
NAMING = (
    "muéstrame mis ventas de septiembre una por una",
    "a quién le vendí en agosto? quiero la lista",
    "detalle de compras de septiembre",
    "qué facturas me llegaron en agosto",
    "quién es mi mejor cliente entre agosto y septiembre",
    "a qué proveedor le compré más en septiembre",
)
CONTRACT = "quién recibe la llave según mi contrato"


@dataclass
class Persona:
    """An invented taxpayer, how they write, and what they sent: the ids of their messages by text."""

    numero: int
    semilla: int
    canal: str
    enviados: list[tuple[str, str]] = field(default_factory=list)
    dicho: list[str] = field(default_factory=list)
    sin_respuesta: list[str] = field(default_factory=list)

    @property
    def sintetico(self) -> Sintetico:
        return Sintetico(self.numero)

    @property
    def rut(self) -> Rut:
        return self.sintetico.rut

    @property
    def canario(self) -> str:
        digest = blake2b(f"{self.semilla}:{self.numero}".encode(), digest_size=4).hexdigest()
        return f"canario{digest}"

    @property
    def usuario(self) -> int:
        """Their number at Telegram."""
        return 50_000 + self.numero

    @property
    def remitente(self) -> Remitente:
        if self.canal == "telegram":
            return Remitente("telegram", str(self.usuario), "")
        return Remitente("whatsapp", bsuid_of(phone(self.numero)), phone(self.numero))


def crowd(count: int, semilla: int) -> list[Persona]:
    """So many people, each on a channel."""
    azar = random.Random(semilla)
    canales = azar.choices(CHANNELS, SHARES, k=count)
    return [Persona(number, semilla, canal) for number, canal in enumerate(canales)]


def questions() -> list[str]:
    """Messages as people wrote them."""
    labelled = yaml.safe_load((ROOT / "tests" / "nlu" / "desarrollo.yml").read_text())
    return [one["texto"] for one in labelled if one["intent"] not in _LEFT_OUT]


def moment(azar: random.Random, whole: float) -> float:
    """When of a day of `whole` seconds somebody writes."""
    [hour] = azar.choices(range(24), HOURS)
    return (hour + azar.random()) / 24 * whole


async def settle(settings: Settings, urls: Urls, people: Sequence[Persona]) -> None:
    """Register everybody with their books and link their chats, before anything runs."""
    register(settings, urls.owner, [one.sintetico for one in people], {})
    with psycopg.connect(urls.owner) as owner, owner.cursor() as cursor:
        names = [(f"{one.canario} SpA", str(one.rut)) for one in people]
        cursor.executemany("UPDATE contributors SET nombre = %s WHERE rut = %s", names)
    async with open_services(settings, urls.app) as services:
        some = asyncio.Semaphore(4)

        async def one_by_one(persona: Persona) -> None:
            async with some:
                await _settle(services, persona)

        await asyncio.gather(*map(one_by_one, people))


async def _settle(services: Services, persona: Persona) -> None:
    ahora = services.reloj.ahora()
    for periodo in MONTHS:
        for libro in Libro:
            estado = EstadoCompra.REGISTRO if libro is Libro.COMPRAS else None
            documento = _documento(persona, libro, periodo, estado)
            destino = Destino(libro, periodo, estado, "csv", ahora)
            await services.registro.importar(persona.rut, destino, [documento])
    if persona.canal != "agente":
        links = IdentityRepository(services.database)
        assert await links.vincular(persona.remitente, persona.rut, ahora, ahora + timedelta(days=90))


def _documento(persona: Persona, libro: Libro, periodo: Periodo, estado: EstadoCompra | None) -> Documento:
    neto = 10_000 + 97 * persona.numero
    iva = neto * 19 // 100
    dia = date(periodo.year, periodo.month, 5 + persona.numero % 20)
    other = Rut(77_000_000 + persona.numero)
    folio = 1000 + persona.numero
    return Documento(
        libro, periodo, 33, folio, dia, other, f"{persona.canario} Ltda", 0, neto, iva, neto + iva, estado
    )


def lease(persona: Persona) -> bytes:
    """A short contract in which one clause is only theirs."""
    lines = (
        "CONTRATO DE ARRENDAMIENTO",
        "PRIMERO: El arrendador entrega en arrendamiento el inmueble de calle Los Aromos 123, Ñuñoa.",
        "SEGUNDO: La renta mensual será de $450.000, pagadera dentro de los cinco primeros días del mes.",
        "TERCERO: El contrato regirá desde el 1 de marzo de 2026 hasta el 28 de febrero de 2027.",
        f"CUARTO: Llave. La llave del inmueble la recibe {persona.canario}.",
    )
    return drawn(written(*lines))


class Trafico:
    """Everybody writes at their moments; over REST they ask again until somebody has answered."""

    def __init__(self, stack: Stack, session: aiohttp.ClientSession, semilla: int, cada: int) -> None:
        self.stack, self.session, self.semilla, self.cada = stack, session, semilla, cada
        self.textos = questions()
        self.headers = {"Authorization": f"Bearer {stack.secret('agent_api_key')}"}
        self.subidos = 0

    async def live(self, persona: Persona, began: float, whole: float) -> None:
        """A person's day."""
        azar = random.Random(f"{self.semilla}.{persona.numero}")
        loop, uploaded = asyncio.get_running_loop(), False
        async with asyncio.TaskGroup() as waiting:
            for when in sorted(moment(azar, whole) for _ in range(self.cada)):
                await asyncio.sleep(max(0.0, began + when - loop.time()))
                if persona.canal != "agente" and not uploaded and azar.random() < UPLOADS:
                    uploaded = True
                    await self.upload(persona)
                    continue
                texto = CONTRACT if uploaded and azar.random() < OWN else self._texto(azar)
                if persona.canal == "agente":
                    id_ = str(UUID(int=azar.getrandbits(128), version=4))
                    waiting.create_task(self._insist(persona, id_, texto))
                    persona.enviados.append((id_, texto))
                else:
                    await self._write(persona, texto, {"texto": texto})

    def _texto(self, azar: random.Random) -> str:
        return azar.choice(NAMING if azar.random() < OWN else self.textos)

    async def upload(self, persona: Persona) -> None:
        """A person sends their contract."""
        file = {
            "nombre": "arriendo.pdf", "mime": "application/pdf", "base64": b64encode(lease(persona)).decode()
        }  # fmt: skip
        self.subidos += 1
        await self._write(persona, "(contrato)", {"archivo": file})

    async def _write(self, persona: Persona, texto: str, what: dict[str, Any]) -> None:
        if persona.canal == "whatsapp":
            url, who = f"{self.stack.telefono}/telefono/mensajes", {"telefono": phone(persona.numero)}
        else:
            url, who = f"{self.stack.telegram}/telegram/mensajes", {"usuario": persona.usuario}
        async with self.session.post(f"http://127.0.0.1:{url}", json={**who, **what}) as answer:
            assert answer.status == 200, await answer.text()
            told = await answer.json()
        id_ = told["mensaje"]["id"] if persona.canal == "whatsapp" else str(told["update_id"])
        persona.enviados.append((id_, texto))

    async def _insist(self, persona: Persona, id_: str, texto: str) -> None:
        """As programs do: the same message under the same id, until its answer is there."""
        body = {"rut": str(persona.rut), "mensaje": texto, "conversacion": "jornada", "id_mensaje": id_}
        url = f"{self.stack.url}/api/agent/message"
        persona.sin_respuesta.append(id_)
        while id_ in persona.sin_respuesta:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
                async with self.session.post(url, json=body, headers=self.headers) as answer:
                    told = await answer.json() if answer.status == 200 else {"pendiente": True}
                if not told["pendiente"]:
                    persona.dicho.append(told["respuesta"])
                    persona.sin_respuesta.remove(id_)
                    return
            await asyncio.sleep(2)
