"""A client of the chat's stream of events."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse

from tests.api.conftest import Client

EVENTOS = "/api/chat/eventos"
CHAT = "/api/chat"
PATIENCE = 10.0


class Stream:
    """An open stream; what is not read yet waits."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer
        self.last: str | None = None
        self.rut = ""

    async def block(self) -> str:
        """The next block as it came, without its blank line; empty once the stream has ended."""
        lines = []
        async with asyncio.timeout(PATIENCE):
            while line := (await self.answer.content.readline()).decode():
                if line == "\n":
                    return "".join(lines)
                lines.append(line)
        return ""

    async def next(self) -> dict[str, Any] | None:
        """The next message, or None if the stream ends before."""
        while block := await self.block():
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in fields:
                self.last = fields["id"]
                message: dict[str, Any] = json.loads(fields["data"])
                assert fields["id"] == str(message["id"])
                return message
        return None

    async def take(self, count: int) -> list[dict[str, Any]]:
        """That many messages."""
        taken = [await self.next() for _ in range(count)]
        assert None not in taken
        return [one for one in taken if one]


@asynccontextmanager
async def stream(
    client: Client, headers: dict[str, str], query: str = "", last: str | None = None
) -> AsyncIterator[Stream]:
    """Open a stream; it is there when its first block has come."""
    more = {"Last-Event-ID": last} if last is not None else {}
    async with client.get(f"{EVENTOS}{query}", headers={**headers, **more}) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        opened = Stream(answer)
        retry, event, data = (await opened.block()).splitlines()
        assert (retry.partition(":")[0], event) == ("retry", "event: sesion")
        opened.rut = json.loads(data.removeprefix("data: "))["rut"]
        yield opened


async def say(client: Client, headers: dict[str, str], text: str) -> dict[str, Any]:
    """Post a message."""
    answer = await client.post(CHAT, json={"mensaje": text}, headers=headers)
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def history(client: Client, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The last hundred messages."""
    body = await (await client.get(f"{CHAT}?limite=100", headers=headers)).json()
    messages: list[dict[str, Any]] = body["mensajes"]
    return messages


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what happens elsewhere."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110  (nobody rings)
            await asyncio.sleep(0.02)
