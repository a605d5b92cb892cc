"""Delivers updates to the product's webhook: signed, at least once, again and again until it says 200."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from sandbox.whatsapp.payloads import Update, bodies
from sandbox.whatsapp.settings import Business, Faults

_KEPT = 1000
_MOST_WAITING = 5000


@dataclass
class Delivery:
    """One POST and what became of it."""

    raw: bytes = field(repr=False)
    wamids: list[str]
    intentos: int = 0
    estado: str = "pendiente"
    http: int = 0
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    def as_json(self) -> dict[str, Any]:
        """For people who look for a lost message."""
        return {
            **{key: value for key, value in asdict(self).items() if key != "raw"},
            "cuerpo": json.loads(self.raw),
        }


@dataclass
class Deliverer:
    """A queue of updates with one sender; what fails is tried again beside it, so later ones overtake it."""

    business: Business
    faults: Faults
    delivered: Callable[[list[str]], None]
    url: str = ""
    log: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _queue: asyncio.Queue[Update] = field(default_factory=asyncio.Queue)
    _retries: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver until the end of the block."""
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(trust_env=False, cookie_jar=jar) as self._session:
            sender = asyncio.create_task(self._run())
            try:
                yield
            finally:
                for task in (sender, *self._retries):
                    task.cancel()
                await asyncio.gather(sender, *self._retries, return_exceptions=True)

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("not running")
        return self._session

    def put(self, update: Update) -> None:
        """Deliver it as soon as it is its turn."""
        if self.url:
            self._queue.put_nowait(update)

    async def verify(self, url: str = "", verify_token: str = "") -> dict[str, Any]:
        """Call the webhook as WhatsApp does when it is set up, and tell what came back."""
        challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": verify_token or self.business.verify_token,
        }
        try:
            async with self.session.get(
                url or self.url, params=query, timeout=self._timeout, allow_redirects=False
            ) as answer:
                body = (await answer.content.read(200)).decode(errors="replace")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return {"ok": False, "http": 0, "detalle": type(error).__name__}
        ok = answer.status == 200 and body.strip() == challenge
        return {"ok": ok, "http": answer.status, "detalle": "" if ok else f"{body!r} no es {challenge!r}"}

    @property
    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=self.faults.espera)

    async def _run(self) -> None:
        while True:
            updates = await self._collect()
            for body, wamids in bodies(
                updates, self.business.waba_id, self.faults.lote, self.faults.lote_forma
            ):
                raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
                copies = [Delivery(raw, wamids) for _ in range(self.faults.duplicados)]
                self.log.extend(copies)
                await asyncio.gather(*(self._first(one) for one in copies))

    async def _collect(self) -> list[Update]:
        """The next updates: one, or as many as are to go together or to change places."""
        updates = [await self._queue.get()]
        wanted = max(self.faults.lote, self.faults.desorden)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.faults.lote_espera):
                while len(updates) < wanted:
                    updates.append(await self._queue.get())
        return updates[::-1] if self.faults.desorden else updates

    async def _first(self, delivery: Delivery) -> None:
        if await self._attempt(delivery):
            return
        if len(self._retries) >= _MOST_WAITING:
            delivery.estado = "abandonado"
            return
        task = asyncio.create_task(self._retry(delivery))
        self._retries.add(task)
        task.add_done_callback(self._retries.discard)

    async def _retry(self, delivery: Delivery) -> None:
        pause, began = self.faults.reintento_base, time.monotonic()
        while time.monotonic() - began < self.faults.reintento_fin:
            await asyncio.sleep(pause)
            if await self._attempt(delivery):
                return
            pause = min(pause * 2, self.faults.reintento_tope)
        delivery.estado = "abandonado"

    async def _attempt(self, delivery: Delivery) -> bool:
        delivery.intentos += 1
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": self._signature(delivery.raw),
        }
        try:
            async with self.session.post(
                self.url, data=delivery.raw, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                delivery.http = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            delivery.http = 0
        if delivery.http != 200:
            return False
        delivery.estado = "entregado"
        self.delivered(delivery.wamids)
        return True

    def _signature(self, raw: bytes) -> str:
        secret = self.business.app_secret.encode()
        if self.faults.firma_mala:
            self.faults.firma_mala -= 1
            secret += b"-otro"
        return "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
