"""Delivers updates to the webhook: chat by chat in order, chats side by side, again until taken.

Of each chat one update is under way at a time. With
`max_connections` 1 all updates go out in the order of their ids.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import aiohttp

from sandbox.telegram.simulator import Simulator
from sandbox.telegram.updates import Pending, Webhook

_LONGEST = 60.0
_GATHER = 0.3  # how long updates are held back so that some can leave out of order


@dataclass
class Deliverer:
    """Runs beside the simulator; `pause` is in seconds, doubled with every failure after the first."""

    simulator: Simulator
    pause: float = 1.0
    timeout: float = 60.0
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Until cancelled."""
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while True:
                    self._start(session)
                    await self.simulator.updates.news.wait()
            finally:
                for task in self._tasks.values():
                    task.cancel()
                await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _start(self, session: aiohttp.ClientSession) -> None:
        """As many chats as there may be connections, those that wait longest first."""
        webhook = self.simulator.updates.webhook
        for one in self.simulator.updates.pending() if webhook else ():
            if webhook and len(self._tasks) < webhook.connections and one.chat not in self._tasks:
                task = asyncio.create_task(self._deliver(session, webhook, one.chat))
                self._tasks[one.chat] = task
                task.add_done_callback(partial(self._ended, one.chat))

    def _ended(self, chat: int, _task: asyncio.Task[None]) -> None:
        del self._tasks[chat]
        self.simulator.updates.news.send()

    async def _deliver(self, session: aiohttp.ClientSession, webhook: Webhook, chat: int) -> None:
        """One update, until it is taken, is too old, or the webhook is another."""
        updates, faults = self.simulator.updates, self.simulator.faults
        if faults.desorden:
            await asyncio.sleep(_GATHER)
        own = [one for one in updates.pending() if one.chat == chat]
        if not own:
            return
        chosen = own[-1] if faults.desorden else own[0]
        failures = 0
        while chosen in updates.pending() and updates.webhook == webhook:
            asked = await self._post(session, webhook, chosen)
            if asked is None:
                updates.drop([chosen.id])
                for _ in range(faults.duplicar):
                    await self._post(session, webhook, chosen)
                return
            wait = asked or (min(self.pause * 2**failures, _LONGEST) if failures else 0)
            failures += 1
            await self._rest(wait, webhook)

    async def _rest(self, seconds: float, webhook: Webhook) -> None:
        """Wait; another webhook ends the wait."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0 and self.simulator.updates.webhook == webhook:
            await self.simulator.updates.news.wait(left)

    async def _post(self, session: aiohttp.ClientSession, webhook: Webhook, one: Pending) -> float | None:
        """None if it was taken, else the seconds to wait that the other side asks for."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        updates = self.simulator.updates
        try:
            posting = session.post(webhook.url, json=one.update, headers=headers, allow_redirects=False)
            async with posting as answer:
                if 200 <= answer.status <= 299:
                    return None
                told = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                asked = answer.headers.get("Retry-After", "")
        except TimeoutError:
            told, asked = "Read timeout expired", ""
        except (aiohttp.ClientError, OSError):
            told, asked = "Connection refused", ""
        updates.last_error = self.simulator.clock(), told
        with suppress(ValueError):
            return min(max(float(asked), 0.0), 3600.0)
        return 0.0
