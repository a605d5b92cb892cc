"""The evidence of the day: what the tables, the phones, the logs, the files and the metrics show."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import psycopg

from bench.jornada_gente import Persona
from bench.jornada_juez import CANARY, Chat, Pregunta, Visto, leaks_in_files, leaks_in_text
from bench.multitud import phone
from bot.storage.turnos import fingerprint
from tests.stack import Stack

# What the clock begins, and cases that are given back after hours, is always there.
LEFT = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name <> ALL (%s)),
       (SELECT count(*) FROM outbox WHERE estado IN ('pendiente', 'enviando')),
       (SELECT count(*) FROM inbox WHERE cuerpo IS NOT NULL),
       (SELECT count(*) FROM messages WHERE direccion = 'entrada' AND estado = 'recibido'),
       (SELECT count(*) FROM inbox)
"""
BY_CLOCK = ["retomar_trabajos", "noche_sii", "alertar", "purgar", "comprobar_indice", "revisar_caso"]
STUCK = """
SELECT task_name, status::text, count(*) FROM procrastinate_jobs WHERE task_name <> ALL (%s) GROUP BY 1, 2
"""
_SAID = """
SELECT q.rut, q.canal_mensaje_id, q.estado, a.texto, o.canal_mensaje_id FROM messages q
LEFT JOIN messages a ON a.responde_a = q.id AND a.direccion = 'salida'
LEFT JOIN outbox o ON o.mensaje = a.id WHERE q.direccion = 'entrada' ORDER BY q.id, a.id, o.id
"""
_UNASKED = """
SELECT o.canal_mensaje_id FROM outbox o LEFT JOIN messages a ON a.id = o.mensaje
WHERE a.responde_a IS NULL AND o.canal_mensaje_id IS NOT NULL
"""
_SYNCS = """
SELECT evento, datos ->> 'error' FROM logs WHERE rut = %s AND evento ~ '^(sii|clave)' ORDER BY id
"""
_TABLES = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'rut'
"""
_WHOSE = """
SELECT DISTINCT rut, found[1]
FROM (SELECT rut, regexp_matches(t::text, '{canary}', 'g') AS found FROM {table} t) shown
"""


class Pruebas:
    """Reads everything once the day is over."""

    def __init__(
        self, stack: Stack, session: aiohttp.ClientSession, owner: psycopg.AsyncConnection[Any]
    ) -> None:
        self.stack, self.session, self.owner = stack, session, owner

    async def chats(self, people: Sequence[Persona]) -> list[Chat]:
        """Each person's questions and what they saw."""
        taken = {row[0]: row[1] async for row in await self.owner.execute("SELECT huella, id FROM inbox")}
        state: dict[str, str] = {}
        asked: dict[str, str] = {}
        said: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        async for _, question, estado, texto, message in await self.owner.execute(_SAID):
            state[question] = estado
            if message:
                asked[message] = question
            if texto is not None:
                said[question].append((question, texto))
        asked |= {row[0]: "" async for row in await self.owner.execute(_UNASKED)}
        found = []
        for one in people:
            preguntas = [
                Pregunta(
                    id_, texto, taken.get(fingerprint(one.canal, id_)), state.get(id_) == "respondido"
                )
                for id_, texto in one.enviados
            ]  # fmt: skip
            if one.canal == "agente":
                vistos = [Visto(texto, question) for id_, _ in one.enviados for question, texto in said[id_]]
                lost = set(one.sin_respuesta)
                preguntas = [p for p in preguntas if p.id not in lost] + [
                    Pregunta(p.id, p.texto, None, respondida=False) for p in preguntas if p.id in lost
                ]
            else:
                vistos = [Visto(texto, asked.get(id_)) for id_, texto in await self._phone(one)]
            found.append(Chat(f"{one.canal} {one.rut}", one.canario, preguntas, vistos))
        return found

    async def _phone(self, one: Persona) -> list[tuple[str, str]]:
        """What their phone shows of us."""
        if one.canal == "whatsapp":
            url = f"http://127.0.0.1:{self.stack.telefono}/mensajes.json?telefono={phone(one.numero)[1:]}"
        else:
            url = f"http://127.0.0.1:{self.stack.telegram}/telegram/mensajes.json?usuario={one.usuario}"
        async with self.session.get(url) as answer:
            messages = (await answer.json()).get("mensajes", ())
        return [(str(m["id"]), _shown(m)) for m in messages if m["de"] in ("negocio", "bot")]

    async def leaks(self, people: Sequence[Persona], metrics: Sequence[str]) -> list[str]:
        """Canaries where they may not be: in what REST said to others, logs, files, metrics, others' rows."""
        owners = {str(one.rut): one.canario for one in people}
        found = [leak for one in people for texto in one.dicho
                 for leak in leaks_in_text(f"REST {one.rut}", texto, [one.canario])]  # fmt: skip
        found += leaks_in_files(self.stack.data, owners)
        found += leaks_in_text("run.log", self.stack.log())
        for url in metrics:
            async with self.session.get(url) as answer:
                assert answer.status == 200, url
                found += leaks_in_text(url, await answer.text())
        return found + [leak async for leak in self._rows(owners)]

    def errors(self) -> Counter[str]:
        """What the programs' logs call an error, by its place; and what is no line of a log."""
        found: Counter[str] = Counter()
        for path in sorted((self.stack.data / "logs").glob("[aew]*.log*")):
            if path.stem.startswith("whatsapp"):
                continue
            for line in path.read_text(errors="replace").splitlines():
                try:
                    told = json.loads(line)
                except ValueError:
                    found[f"{path.stem}: {line[:80]}"] += 1
                    continue
                if told["level"] in ("error", "critical"):
                    found[
                        f"{path.stem}: {told['event']} {told.get('error', '')} {told.get('where', '')}"
                    ] += 1
        return found

    async def syncs(self, ruts: Sequence[str]) -> dict[str, str]:
        """What our own log tells of their syncs, besides the months that were read."""
        found = {}
        for rut in ruts:
            rows = [row async for row in await self.owner.execute(_SYNCS, (rut,))]
            found[rut] = ", ".join(" ".join(filter(None, row)) for row in rows if row[0] != "sii.mes")
        return found

    async def _rows(self, owners: dict[str, str]) -> AsyncIterator[str]:
        tables = [row[0] async for row in await self.owner.execute(_TABLES)]
        for table in tables:
            query = _WHOSE.format(canary=CANARY.pattern, table=table)
            async for rut, canary in await self.owner.execute(query):  # type: ignore[arg-type]
                if owners.get(rut, canary) != canary:
                    yield f"{table} {rut}: {canary}"


def _shown(message: dict[str, Any]) -> str:
    """All the words of a message, its buttons and lists too."""
    return re.sub(
        r"\s+",
        " ",
        " ".join(
            map(str, (message["texto"], message.get("botones"), message.get("lista"), message.get("nombre")))
        ),
    )
