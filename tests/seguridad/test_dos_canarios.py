"""Two taxpayers whose data hold a word of their own: neither's is shown to the other, anywhere."""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from api.auth import Auth
from api.openapi import specs
from bot.bootstrap import Services
from bot.bootstrap.respaldo import respaldar
from bot.core.documentos import Libro
from bot.core.mensajes import Boton, Incoming, Outgoing, Respuesta
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import Entrante, Remitente
from bot.settings import Settings
from bot.storage.embedded import Urls
from bot.telemetry.metrics import text
from tests.api.conftest import Client, client, login, short_streams
from tests.api.pages.conftest import OCTUBRE, Navegador, documento, navegador, store
from tests.bootstrap.conftest import FRASE, quiet
from tests.conftest import HOY, PHONES, A, B, Work
from tests.fakes import FakeCanal, FakeMotor
from tests.fakes_contratos import ARRIENDO, FakeLectorPdf
from tests.seguridad.acciones import answering, said
from tests.telemetry.conftest import Lines, lines

__all__ = ["client", "lines", "login", "navegador", "short_streams"]
WORDS = {A: "canelo4k9q", B: "quillay8w2z"}
PAGES = ("/", "/chat", "/iva", "/contratos", "/ajustes", *(
    f"/{libro}{more}" for libro in Libro for more in ("", f"/{OCTUBRE}", "?contraparte=ltda")
))  # fmt: skip
CHATS = {rut: Remitente("whatsapp", f"CL.{at}", PHONES[rut], WORDS[rut]) for at, rut in enumerate(WORDS)}
TELEGRAM = {rut: Remitente("telegram", f"70{at}", None, WORDS[rut]) for at, rut in enumerate(WORDS)}
SHOWN = {"/api/mis-datos", "/api/ventas/detalle", "/api/contratos", "ask", "/compras/2026-10", "/"}
LEASE = tuple(one.replace(A.pretty, "76.086.428-5").replace(B.pretty, "96.806.980-2") for one in ARRIENDO)
ASKED = ("qué hay de octubre de 2026", "quién recibe la llave en el arriendo", "cuánto es la renta")


@pytest.fixture
async def ids(
    services: Services, clean: Urls, work: Work, lector_pdf: FakeLectorPdf, tmp_path: Path
) -> Mapping[Rut, tuple[int, str]]:
    """Everything of both is named by their word; each one's contract and file."""
    made = {}
    for rut, word in WORDS.items():
        with psycopg.connect(clean.owner) as owner:
            owner.execute("UPDATE contributors SET nombre = %s WHERE rut = %s", (f"{word} SpA", str(rut)))
        rows = [
            documento(libro, folio, 1_000, contraparte=f"{word} Ltda") for libro in Libro for folio in (1, 2)
        ]
        await store(services, rut, *rows)
        lector_pdf.pages = (*LEASE, f"CUARTO: Llave. La llave la recibe {word}.")
        path = tmp_path / f"{word}.pdf"
        path.write_bytes(b"%PDF-1.7 " + word.encode())
        quien = Quien(rut)
        contrato = (await services.contratos.subir(quien, path, f"Arriendo {word}.pdf")).contrato
        file = await services.archivos.guardar(quien, Contenido(f"{word}.txt", "text/plain", word.encode()))
        await services.vinculacion._link(TELEGRAM[rut], rut)
        await work()
        made[rut] = (contrato, file.id)
    return made


@pytest.fixture
def motor(request: pytest.FixtureRequest) -> FakeMotor:
    """An engine that takes messages for all intents, a third at a time, and runs the real actions."""
    motor = FakeMotor()

    async def turno(
        conversacion: str, texto: str, boton: Boton | None, contexto: Mapping[str, Any]
    ) -> Respuesta:
        services = request.getfixturevalue("services")
        third = answering(services)[ASKED.index(texto) :: len(ASKED)]
        every = [await said(services, conversacion, one, texto) for one in third]
        return Respuesta(tuple(Outgoing(f"{shown}\n{raw}") for shown, raw in every), "x", 0.9, {}, (), {})

    motor.turno = turno  # type: ignore[method-assign, assignment]
    return motor


def unpacked(raw: bytes) -> str:
    """An answer's text; of an archive (an export, a spreadsheet) also what is in it."""
    if not raw.startswith(b"PK"):
        return raw.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "\n".join([*archive.namelist(), *(unpacked(archive.read(one)) for one in archive.namelist())])


class Vistas:
    """What each taxpayer was shown, by where."""

    def __init__(self) -> None:
        self.own: dict[Rut, list[str]] = {A: [], B: []}

    def see(self, rut: Rut, where: str, shown: str) -> None:
        """The other's word is nowhere; one's own is noted."""
        other = B if rut == A else A
        plain = shown.lower()
        assert WORDS[other] not in plain, (where, str(rut))
        for secret in (str(other), other.pretty, PHONES[other].removeprefix("+")):
            assert secret not in shown, (where, str(rut))
        if WORDS[rut] in plain:
            self.own[rut].append(where)


async def test_web_and_api(
    client: Client,
    navegador: Navegador,
    login: Callable[[Rut], Awaitable[dict[str, str]]],
    ids: Mapping[Rut, tuple[int, str]],
    short_streams: None,
) -> None:
    """All that can be read over REST and in pages, in turns, twice, so that what is kept is read again."""
    seen = Vistas()
    headers = {rut: await login(rut) for rut in WORDS}
    for rut in (A, B, A):
        await read_api(client, headers[rut], seen, rut, ids[rut])
    for rut in WORDS:
        await navegador.enter(rut)
        for path in (*PAGES, f"/contratos/{ids[rut][0]}"):
            seen.see(rut, path, (await navegador.get(path)).raw)
    for rut in WORDS:
        assert set(seen.own[rut]) >= SHOWN


async def read_api(
    client: Client, headers: dict[str, str], seen: Vistas, rut: Rut, ids: tuple[int, str]
) -> None:
    """All that a taxpayer may read, and a question about contracts."""
    reads = [path for method, path, spec in specs(client.app) if method == "GET" and spec.auth is Auth.SESION]
    for path in reads:
        named = path.replace("{id}", ids[1] if "archivos" in path else str(ids[0])).replace("{n}", "3")
        for query in ("?periodo=2026-10", ""):
            raw = await (await client.get(named + query, headers=headers)).read()
            seen.see(rut, path, unpacked(raw))
    asked = {"question": "quién recibe la llave"}
    answer = await client.post("/api/contratos/ask", json=asked, headers=headers)
    assert answer.status == 200
    seen.see(rut, "ask", await answer.text())


async def test_chats(
    services: Services,
    canal: FakeCanal,
    work: Work,
    ids: Mapping[Rut, tuple[int, str]],
    lines: Lines,
) -> None:
    """WhatsApp, Telegram and the agents' door, whatever a message is taken for; logs name nobody."""
    seen, number = Vistas(), 0
    for texto in ASKED:
        for rut in (A, B):
            turno = await services.conversacion.hablar(
                Quien(rut), "agente", str(rut), Incoming(f"{rut}{texto}", texto)
            )
            seen.see(rut, "agente", repr(turno))
            for chats in (CHATS, TELEGRAM):
                number += 1
                who = chats[rut]
                await services.canales.recibir(who.canal, [Entrante(str(number), who, HOY, texto)])
            await work()
    for rut in WORDS:
        for chats in (CHATS, TELEGRAM):
            who = chats[rut]
            got = [repr(mensaje) for to, mensaje in canal.sent if to == who.id]
            assert len(got) >= len(ASKED)
            for one in got:
                seen.see(rut, who.canal, one)
        assert set(seen.own[rut]) == {"agente", "whatsapp", "telegram"}
    told = [json.dumps(line, ensure_ascii=False) for line in lines()] + text().decode().splitlines()
    assert not [line for line in told if any(word in line.lower() for word in WORDS.values())]


async def test_a_backup(
    settings: Settings, clean: Urls, ids: Mapping[Rut, tuple[int, str]], tmp_path: Path
) -> None:
    """Whoever has the file without its passphrase reads nobody's word, in its name or its bytes."""
    source = settings.model_copy(update={"backup_passphrase": SecretStr(FRASE)})
    done = await asyncio.to_thread(
        respaldar, source, clean, tmp_path / "copias", quiet, quedan=None, prueba=False
    )
    raw = done.ruta.read_bytes().lower()
    for rut, word in WORDS.items():
        assert word.encode() not in raw
        assert str(rut).encode() not in raw
    assert done.archivos >= 2 * len(WORDS)
