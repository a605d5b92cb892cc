"""The real application on the real database, without a network."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from api.routes import eventos
from bot.bootstrap import Services
from bot.core.rut import Rut
from bot.settings import Settings
from tests.conftest import PASSWORD, A, B

type Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(settings: Settings, services: Services) -> AsyncIterator[Client]:
    """Nobody yet."""
    async with TestClient(TestServer(make_app(settings, services))) as client:
        yield client


@pytest.fixture
def login(client: Client) -> Callable[[Rut], Awaitable[dict[str, str]]]:
    """Log a taxpayer in; gives the headers that prove it."""

    async def login(rut: Rut) -> dict[str, str]:
        answer = await client.post("/api/login", json={"rut": str(rut), "password": PASSWORD})
        assert answer.status == 200
        client.session.cookie_jar.clear()
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}

    return login


@pytest.fixture
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams of events end soon, for tests that read answers to their end."""
    monkeypatch.setattr(eventos, "LIFE_SECONDS", 0.1)


@pytest.fixture
async def as_a(login: Callable[[Rut], Awaitable[dict[str, str]]]) -> dict[str, str]:
    """Headers of taxpayer A."""
    return await login(A)


@pytest.fixture
async def as_b(login: Callable[[Rut], Awaitable[dict[str, str]]]) -> dict[str, str]:
    """Headers of taxpayer B."""
    return await login(B)


@pytest.fixture
def as_agent(settings: Settings) -> dict[str, str]:
    """Headers of an agent."""
    return {"Authorization": f"Bearer {settings.secret('agent_api_key')}"}


@pytest.fixture
def as_admin(settings: Settings) -> dict[str, str]:
    """Headers of an admin."""
    return {"Authorization": f"Bearer {settings.secret('admin_api_key')}"}
