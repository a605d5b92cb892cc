"""Everything as `make run` starts it, on a data folder and a port of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from bot.programs import free_port
from bot.settings import ROOT
from sandbox.demo_datos import DEMO

NOW = "2026-11-22T12:00:00-03:00"
READY_SECONDS = 300
# Calls a minute, of a simulated SII that is told to allow as many: nobody waits for a minute's allowance.
SII_RATE = 6000


@dataclass
class Stack:
    """A running Tributa."""

    data: Path
    port: int = field(default_factory=free_port)
    telefono: int = field(default_factory=free_port)
    telegram: int = field(default_factory=free_port)
    sii: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers; nothing stays behind if it does not."""
        self.launch()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Start it."""
        environment = {
            **os.environ,
            "TRIBUTA_DATA": str(self.data),
            "TRIBUTA_PORT": str(self.port),
            "TRIBUTA_TELEFONO_PORT": str(self.telefono),
            "TRIBUTA_TELEGRAM_PORT": str(self.telegram),
            "TRIBUTA_SII_PORT": str(self.sii),
            "SII_RATE": str(SII_RATE),
            "TRIBUTA_NOW": NOW,
            "TRIBUTA_HORARIO": "lun-dom 00:00-24:00",
            "TRIBUTA_ENV": "demo",
            **self.more,
        }
        with (self.data.parent / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sandbox.demo"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def wait_ready(self) -> None:
        """Wait until the api says that everything is there."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            assert self.process and self.process.poll() is None, self.log()
            if self.ready() and "Ctrl-C" in self.log():
                return
            time.sleep(0.2)
        raise AssertionError(self.log())

    def ready(self) -> bool:
        """Whether everything answers now."""
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def log(self) -> str:
        """What it printed."""
        return (self.data.parent / "run.log").read_text()

    def log_of(self, program: str) -> str:
        """What one of the programs wrote."""
        return (self.data / "logs" / f"{program}.log").read_text()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal and wait for the end."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(READY_SECONDS)

    def programs(self) -> dict[str, psutil.Process]:
        """The running programs by name."""
        assert self.process
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it may have died meanwhile
                command = " ".join(child.cmdline())
                found.update(
                    {name: child for name in ("rasa run", "cli api", "cli worker") if name in command}
                )
        return found

    def secret(self, name: str) -> str:
        """A secret of this installation."""
        return str(json.loads((self.data / "secrets.json").read_text())[name])

    def password(self, who: int) -> str:
        """The password of a demo taxpayer."""
        return self.secret(f"demo_{DEMO[who].rut}")[:12]

    def codigo(self, telefono: str, seconds: float = 120) -> str:
        """The last code that arrived at a phone, waited for."""
        url = f"http://127.0.0.1:{self.telefono}/mensajes.json?telefono={quote(telefono)}"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with urllib.request.urlopen(url, timeout=30) as answer:
                codes = [one["codigo"] for one in json.load(answer)["mensajes"] if one["codigo"]]
            if codes:
                return str(codes[-1])
            time.sleep(0.1)
        raise AssertionError("no code arrived")

    def ask(self, text: str, conversacion: str = "", who: int = 0, **more: Any) -> dict[str, Any]:
        """Ask through the agent's endpoint."""
        body = {"rut": str(DEMO[who].rut), "mensaje": text, "conversacion": conversacion, **more}
        request = urllib.request.Request(
            f"{self.url}/api/agent/message",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {self.secret('agent_api_key')}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            result: dict[str, Any] = json.load(answer)
            return result
