"""Files are looked at by ClamAV before they are taken in, if there is one."""

import asyncio
import struct
from pathlib import Path

import structlog

from bot.core.errors_contratos import ScannerUnavailableError, VirusFoundError

log = structlog.get_logger()
_CHUNK = 2**16
_SECONDS = 60
_LONGEST_ANSWER = 4096


class NoAntivirus:
    """Implements the port `Antivirus` where none is set up."""

    async def ready(self) -> bool:
        return True

    async def revisar(self, ruta: Path) -> None:
        """Let everything pass."""


class ClamAntivirus:
    """Implements the port `Antivirus` with clamd's INSTREAM, over a socket file or `host:port`.

    Source: https://docs.clamav.net/manual/Usage/ClamdProtocol.html
    """

    def __init__(self, address: str) -> None:
        self._address = address

    async def ready(self) -> bool:
        """Whether it answers."""
        reader, writer = await self._connect()
        try:
            writer.write(b"zPING\0")
            return await reader.readuntil(b"\0") == b"PONG\0"
        finally:
            writer.close()

    async def revisar(self, ruta: Path) -> None:
        """See the port."""
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._ask(ruta)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            raise ScannerUnavailableError from None
        if answer.endswith(b" FOUND"):
            log.warning("archivo_con_virus")
            raise VirusFoundError
        if answer != b"stream: OK":  # too large for it, or it is not well: unchecked either way
            raise ScannerUnavailableError

    async def _ask(self, ruta: Path) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            with await asyncio.to_thread(ruta.open, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    writer.write(struct.pack(">I", len(chunk)) + chunk)
                    await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("/"):
            return await asyncio.open_unix_connection(self._address, limit=_LONGEST_ANSWER)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host, int(port), limit=_LONGEST_ANSWER)
