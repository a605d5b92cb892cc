"""The contract, attacked by schemathesis as the document describes it; and as the wrong taxpayer."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.bootstrap import Services
from bot.settings import ROOT, Settings
from tests.api.conftest import Client
from tests.api.test_registro import VENTA, form, post
from tests.conftest import PHONES, A

pytestmark = pytest.mark.usefixtures("short_streams")

# What ends the very session that a run needs is attacked apart.
ENDINGS = "^/api/(logout|sesiones/)"


async def attack(
    client: Client, tmp_path: Path, headers: dict[str, str], *options: str, foreign: str = ""
) -> tuple[int, str]:
    """Run schemathesis against the served application; its exit status and what it printed."""
    server = client.server
    assert isinstance(server, TestServer)
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(ROOT / "tests" / "api" / "schemathesis.toml"),
        "run", str(server.make_url("/openapi.json")), "--no-color",
        "--header", f"Authorization: {headers['Authorization']}",
        *options,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.api.hooks",
            "PYTHONPATH": str(ROOT),
            "FOREIGN_WORDS": foreign,
        },
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("as_a", "^/(api/(?!agent|admin|logout|sesiones/)|health|ready)"),
        ("as_b", ENDINGS),
        ("as_agent", "^/api/agent"),
        ("as_admin", "^/api/admin"),
    ],
)
async def test_the_contract_holds(
    client: Client,
    tmp_path: Path,
    as_a: dict[str, str],
    as_b: dict[str, str],
    as_agent: dict[str, str],
    as_admin: dict[str, str],
    who: str,
    paths: str,
) -> None:
    """All checks on, with a session, an agent's key and an admin's."""
    headers = {"as_a": as_a, "as_b": as_b, "as_agent": as_agent, "as_admin": as_admin}[who]
    status, printed = await attack(client, tmp_path, headers, "--include-path-regex", paths)
    assert status == 0, printed[-12_000:]


async def test_the_wrong_taxpayer_gets_nothing(
    client: Client, services: Services, settings: Settings, tmp_path: Path,
    as_a: dict[str, str], as_b: dict[str, str],
) -> None:  # fmt: skip
    """As B no answer holds A's RUT, name, phone, clients or words."""
    await post(client, as_a, form(VENTA.read_bytes(), VENTA.name))
    said = {"mensaje": "canario de Alerce"}
    await client.post("/api/chat", json=said, headers=as_a)
    foreign = "|".join((str(A), A.pretty, "Comercial Alerce", "DIRECT LTDA", PHONES[A], "canario de Alerce"))
    status, printed = await attack(
        client, tmp_path, as_b, "--include-path-regex", "^/api/(?!agent|admin|logout|sesiones/)",
        "--checks", "nothing_of_others", foreign=foreign,
    )  # fmt: skip
    assert status == 0, printed[-12_000:]
