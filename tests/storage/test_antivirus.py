"""ClamAV over its socket: clean, infected, away, and unwell."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.core.errors_contratos import ScannerUnavailableError, VirusFoundError
from bot.storage.antivirus import ClamAntivirus

CONTENT = b"%PDF-1.7 " + b"x" * 200_000
type Scan = Callable[[bytes], Awaitable[list[bytes]]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of several chunks."""
    path = tmp_path / "a.pdf"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
async def scan(tmp_path: Path, file: Path) -> AsyncIterator[Scan]:
    """Has the file scanned by a clamd that gives this answer; what it was sent."""
    servers: list[asyncio.Server] = []

    async def scan(answer: bytes) -> list[bytes]:
        got: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.append(await reader.readuntil(b"\0"))
            while length := struct.unpack(">I", await reader.readexactly(4))[0]:
                got.append(await reader.readexactly(length))
            writer.write(answer)
            writer.close()

        path = str(tmp_path / f"{len(servers)}.ctl")
        servers.append(await asyncio.start_unix_server(serve, path))
        try:
            await ClamAntivirus(path).revisar(file)
        finally:
            assert b"".join(got[1:]) == CONTENT
        return got

    yield scan
    for server in servers:
        server.close()


async def test_clean(scan: Scan) -> None:
    """The whole file is sent, and it may pass."""
    assert (await scan(b"stream: OK\0"))[0] == b"zINSTREAM\0"


async def test_infected(scan: Scan) -> None:
    """It is refused."""
    with pytest.raises(VirusFoundError):
        await scan(b"stream: Eicar-Test-Signature FOUND\0")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK", b"x\0"])
async def test_no_answer_is_no_permission(scan: Scan, answer: bytes) -> None:
    """An error, a connection that breaks or an odd word: it is not let in."""
    with pytest.raises(ScannerUnavailableError):
        await scan(answer)


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1"])
async def test_away(file: Path, address: str) -> None:
    """Without a scanner nothing is let in."""
    with pytest.raises(ScannerUnavailableError):
        await ClamAntivirus(address).revisar(file)


@pytest.mark.parametrize(("answer", "well"), [(b"PONG\0", True), (b"x\0", False)])
async def test_whether_it_is_there(tmp_path: Path, answer: bytes, well: bool) -> None:
    """It is asked for a sign of life, which costs it nothing."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\0"))
        writer.write(answer)
        writer.close()

    path = str(tmp_path / "clamd.ctl")
    async with await asyncio.start_unix_server(serve, path):
        assert await ClamAntivirus(path).ready() == well
    assert asked == [b"zPING\0"]
