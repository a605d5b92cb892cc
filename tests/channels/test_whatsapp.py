"""What goes out by WhatsApp: which answers of the Graph API are worth another try."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.whatsapp import WhatsAppCanal
from bot.core.errors import ServiceUnavailableError

PHONE, CODE = "+56911111111", "123456"


class Graph:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.path} {await request.text()}")
        return web.Response(status=self.status, headers={"Location": "/otra"})


@pytest.fixture
def graph() -> Graph:
    """Takes everything."""
    return Graph()


@pytest.fixture
async def whatsapp(graph: Graph) -> AsyncIterator[WhatsAppCanal]:
    """Talks to it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", graph.answer)
    async with TestServer(app) as server:
        whatsapp = WhatsAppCanal(str(server.make_url("/")), "23.0", "555", "t", "s", "v")
        yield whatsapp
        await whatsapp.close()


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_what_may_pass_is_tried_again(whatsapp: WhatsAppCanal, graph: Graph, status: int) -> None:
    """Too many at once, or Meta's own trouble; the error says nothing of phone or code."""
    graph.status = status
    for send in (whatsapp.send_code(PHONE, CODE, ""), whatsapp.send_notice(PHONE, CODE)):
        with pytest.raises(ServiceUnavailableError) as refused:
            await send
        assert CODE not in repr(refused.value)
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert len(graph.asked) == 2


@pytest.mark.parametrize("status", [200, 301, 307, 400, 401, 403, 404])
async def test_what_is_refused_is_not(whatsapp: WhatsAppCanal, graph: Graph, status: int) -> None:
    """Asked once, whatever it says; no code follows a redirection."""
    graph.status = status
    await whatsapp.send_code(PHONE, CODE, "")
    [asked] = graph.asked
    assert asked.startswith("/v23.0/555/messages ")
    assert '"to":"56911111111"' in asked


async def test_nobody_answers(whatsapp: WhatsAppCanal) -> None:
    """Without a connection it is tried again later."""
    away = WhatsAppCanal("http://127.0.0.1:9", "23.0", "555", "t", "s", "v")
    with pytest.raises(ServiceUnavailableError):
        await away.send_code(PHONE, CODE, "")
    await away.close()
