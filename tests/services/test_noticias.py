"""News: each once, where the taxpayer last wrote, all of it or nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.mensajes import Boton, Incoming, Outgoing, Plantilla
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_canales import Entrante, Remitente
from bot.services.ports_sii import Noticia
from bot.storage import noticias as storage
from bot.storage.embedded import Urls
from tests.conftest import HOY, PHONES, A, B, Work
from tests.fakes import FakeCanal

ROSA = Remitente("whatsapp", "CL.100", PHONES[A], "Rosa")
ANA = Remitente("telegram", "300", None, "Ana")
NEWS = Noticia("sync:1", Outgoing("Listo", (Boton("ayuda", "Ayuda"),)), "tributa_actualizado", ("octubre",))


async def write(services: Services, remitente: Remitente, number: int, ago: timedelta) -> None:
    """Somebody writes."""
    entrante = Entrante(f"{remitente.id}.{number}", remitente, HOY - ago, "hola")
    await services.canales.recibir(remitente.canal, [entrante])


def rows(urls: Urls) -> tuple[int, ...]:
    """How many messages, sendings and things told there are."""
    with psycopg.connect(urls.owner) as owner:
        counts = [
            owner.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("messages", "outbox", "avisos_enviados", "procrastinate.procrastinate_jobs")
        ]
    return tuple(count[0] for count in counts if count)


@pytest.mark.parametrize("last", [ROSA, ANA])
async def test_where_they_last_wrote(
    services: Services, canal: FakeCanal, work: Work, last: Remitente
) -> None:
    """Not where they were linked last; one chat gets it, and gets it once."""
    for remitente in (ROSA, ANA):
        await services.vinculacion._link(remitente, A)
        await write(services, remitente, 1, timedelta(hours=1 if remitente is last else 2))
    await work()
    canal.sent.clear()
    assert await services.noticias.notificar(A, NEWS)
    assert not await services.noticias.notificar(A, NEWS)
    await work()
    assert [(to, one.texto) for to, one in canal.sent] == [(last.id, "Listo")]


async def test_shut_window(services: Services, canal: FakeCanal, work: Work) -> None:
    """Where only templates may be sent it is one, with the company's name first."""
    canal.ventana = timedelta(hours=24)
    await services.vinculacion._link(ROSA, A)
    await write(services, ROSA, 1, timedelta(hours=30))
    await work()
    assert await services.noticias.notificar(A, NEWS)
    await work()
    assert canal.templates == [
        ("CL.100", Plantilla("tributa_actualizado", ("Comercial Alerce SpA", "octubre")))
    ]


async def test_several_companies(services: Services, canal: FakeCanal, work: Work) -> None:
    """Whoever has several is told of which one it is."""
    for rut in (A, B):
        await services.vinculacion._link(ANA, rut)
    assert await services.noticias.notificar(A, NEWS)
    await work()
    assert canal.texts("300") == ["*Comercial Alerce SpA*\nListo"]


async def test_the_page_shows_it(services: Services, canal: FakeCanal, work: Work) -> None:
    """It is in the conversation of the page too, with its buttons; with no chat there alone."""
    await services.conversacion.hablar(Quien(A), "web", str(A), Incoming("1", "hola"))
    assert await services.noticias.notificar(A, NEWS)
    [*_, last] = await services.conversacion.historial(Quien(A), "web", str(A), 5)
    assert (last.texto, [one.id for one in last.botones]) == ("Listo", ["ayuda"])
    await work()
    assert canal.sent == []


@pytest.mark.parametrize("state", ["nobody", "ended", "blocked", "unknown"])
async def test_nobody_to_tell(services: Services, clean: Urls, state: str) -> None:
    """Then nothing is noted, so that it can be told later."""
    if state != "nobody":
        await services.vinculacion._link(ANA, A)
    change = {
        "ended": "UPDATE identities SET expira = '2026-01-01'",
        "blocked": "UPDATE contributors SET bloqueado = now()",
    }
    with psycopg.connect(clean.owner) as owner:
        owner.execute(change.get(state, "SELECT 1"))
    rut = Rut.parse("76354771-K") if state == "unknown" else A
    assert not await services.noticias.notificar(rut, NEWS)
    assert rows(clean) == (0, 0, 0, 0)


class DiedError(Exception):
    """The program ends here."""


def dies(*_: Any, **__: Any) -> Any:
    """In the place of a step."""
    raise DiedError


STEPS: list[Callable[[Services, pytest.MonkeyPatch], None]] = [
    lambda _, patch: patch.setattr(storage.NewsRepository, "reclamar", dies),
    lambda _, patch: patch.setattr(storage.NewsRepository, "decir", dies),
    lambda _, patch: patch.setattr("bot.storage.dichos.post", dies),
    lambda _, patch: patch.setattr("bot.storage.salidas._queue", dies),
]


@pytest.mark.parametrize("step", STEPS)
async def test_dying_in_the_middle(
    services: Services,
    clean: Urls,
    canal: FakeCanal,
    work: Work,
    step: Callable[[Services, pytest.MonkeyPatch], None],
) -> None:
    """Wherever it ends nothing is left of it; the next time it is told, once."""
    await services.vinculacion._link(ANA, A)
    with pytest.MonkeyPatch.context() as patch:
        step(services, patch)
        with pytest.raises(DiedError):
            await services.noticias.notificar(A, NEWS)
    assert rows(clean) == (0, 0, 0, 0)
    assert await services.noticias.notificar(A, NEWS)
    await work()
    assert canal.texts("300") == ["Listo"]


async def test_in_the_callers_transaction(services: Services, clean: Urls) -> None:
    """What the caller does and what is told of it happen together or not at all."""
    await services.vinculacion._link(ANA, A)
    with pytest.raises(DiedError):
        async with services.database.together(A):
            assert await services.noticias.notificar(A, NEWS)
            raise DiedError
    assert rows(clean) == (0, 0, 0, 0)
    async with services.database.together(A):
        assert await services.noticias.notificar(A, NEWS)
    assert rows(clean) == (1, 1, 1, 1)
