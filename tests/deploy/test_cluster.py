"""Two of each program behind nginx, as deploy/Procfile starts them; any one of them may die."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import open_database
from bot.programs import free_port
from bot.settings import ROOT
from tests.conftest import A, make_settings
from tests.telefonos import until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]
DEPLOY = ROOT / "deploy"


@dataclass
class Cluster:
    """What runs, by its name in the Procfile."""

    folder: Path
    programs: dict[str, subprocess.Popen[bytes]]
    ports: dict[str, str]
    key: str

    def answered(self, texto: str, conversacion: str) -> str:
        """What a message was understood as, sent again under its id until somebody has answered it.

        Whoever is killed while it works for a message takes that answer along: it comes a moment later.
        """
        id_ = str(uuid.uuid4())
        return until(lambda: self._ask(texto, conversacion, id_).get("intent") or "", 60)

    def _ask(self, texto: str, conversacion: str, id_: str) -> dict[str, Any]:
        """Through the front door; empty if whoever had it died."""
        body = {"rut": str(A), "mensaje": texto, "conversacion": conversacion, "id_mensaje": id_}
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.ports['8080']}/api/agent/message"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except urllib.error.HTTPError as error:
            assert error.code in (502, 504)
            return {}

    def status(self, port: str, path: str) -> int:
        """What is answered at one of the Procfile's ports; 0 if nobody is there."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[port]}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def turns(self, name: str) -> int:
        """How many turns an engine has taken."""
        return (self.folder / f"{name}.log").read_text().count('"gateway.turn"')

    def kill(self, name: str) -> None:
        """With -9, and all that it began."""
        os.killpg(self.programs[name].pid, signal.SIGKILL)
        self.programs[name].wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Everything that the Procfile names, on ports that are free, with a database of its own."""
    ports: dict[str, str] = {}

    def moved(found: re.Match[str]) -> str:
        return ports.setdefault(found[0], str(free_port()))

    def move(text: str) -> str:
        return re.sub(r"\b(?:80[78]\d|501\d|946\d)\b", moved, text)

    (tmp_path / "nginx.conf").write_text(move((DEPLOY / "nginx.conf").read_text()))
    lines = move((DEPLOY / "Procfile").read_text()).replace(
        "$PWD/deploy/nginx.conf", f"{tmp_path}/nginx.conf"
    )
    lines = lines.replace(".nginx", f"{tmp_path}/nginx").replace(f"$PWD/{tmp_path}", str(tmp_path))
    settings = make_settings(tmp_path / "data")
    with open_database(settings) as urls:
        given = {
            **os.environ,
            "TRIBUTA_DATA": str(settings.data),
            "DATABASE_URL": urls.app,
            "DATABASE_MIGRATION_URL": urls.owner,
        }
        add = [
            "./tributa",
            "add-contributor",
            str(A),
            "Comercial Alerce SpA",
            "--password",
            "una clave larga",
        ]
        subprocess.run(add, cwd=ROOT, env=given, check=True)
        programs = {}
        for name, command in (line.split(": ", 1) for line in lines.splitlines() if line[0] != "#"):
            with (tmp_path / f"{name}.log").open("wb") as log:
                programs[name] = subprocess.Popen(
                    ["sh", "-c", command], cwd=ROOT, env=given, stdout=log, stderr=log, start_new_session=True
                )
        try:
            yield Cluster(tmp_path, programs, ports, settings.secret("agent_api_key"))
        finally:
            for number in (signal.SIGTERM, signal.SIGKILL):
                for one in programs.values():
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(one.pid, number)
                for one in programs.values():
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        one.wait(30)


def test_two_of_each(cluster: Cluster) -> None:
    """All work together; whichever is killed, everybody is answered; what operators read is for them only."""
    until(lambda: all(cluster.status(port, "/ready") == 200 for port in ("8081", "8082", "8080")), 300)
    until(lambda: all(cluster.status(port, "/webhooks/gateway/") == 200 for port in ("5011", "5012")), 300)
    for n in range(8):
        assert cluster.answered("hola", f"c{n % 2}") == "saludo"
    assert cluster.turns("engine1") and cluster.turns("engine2")
    for port in ("8081", "8082", "9461", "9462"):
        assert cluster.status(port, "/metrics") == 200
    assert {cluster.status("8080", path) for path in ("/metrics", "/webhooks/actions")} == {404}
    for name in ("engine1", "api1", "worker1"):
        cluster.kill(name)
        for n in range(4):
            assert cluster.answered("hola", f"c{n}") == "saludo"
    assert cluster.status("8080", "/ready") == 200
