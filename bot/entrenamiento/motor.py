"""The engine's Python at work for trainers: it trains and understands, as a process of its own."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core.errors_entrenamiento import TrainingFailedError
from bot.entrenamiento.taller import MODEL, FileTaller
from bot.prioridad import give_way

_MAXIMUM_SECONDS = 1800
_NICE = 10  # whoever is answered now goes first
_TOLD = 3
# What was heard in all texts comes in one line.
_LONGEST_LINE = 2**26


class EngineTrainer:
    """Implements the port `Entrenador`."""

    def __init__(self, taller: FileTaller, python: Path, root: Path) -> None:
        """`python` is the engine's, `root` where Tributa's own code is."""
        self._taller = taller
        self._python = python
        self._root = root

    async def entrenar(self, version: str, told: Callable[[str], None]) -> None:
        """Train a version; `told` is each step as it begins or ends.

        Raises:
            TrainingFailedError: with the last words of the training.
        """
        project = {"TRIBUTA_PROJECT": str(self._taller.proyecto(version))}
        await self._run(["engine/train.py", "--force"], project, told=told)

    async def entender(self, version: str, textos: Sequence[str]) -> list[str]:
        """The intent that a version hears in each text."""
        model = str(self._taller.proyecto(version) / MODEL)
        out = await self._run(["engine/entender.py", model], stdin=json.dumps([*textos]))
        heard: list[dict[str, Any]] = json.loads(out)
        return [one["intent_ranking"][0]["name"] for one in heard]

    async def validar(self, version: str) -> dict[str, tuple[int, int]]:
        """Of each intent, how many examples are understood in cross-validation, and of how many."""
        out = await self._run(["engine/validar.py", str(self._taller.proyecto(version) / MODEL)])
        return {intent: (right, many) for intent, (right, many) in json.loads(out).items()}

    def particion(self) -> list[tuple[str, list[str]]]:
        """Messages that no model was trained on, each with the intents that are right."""
        path = self._root / "tests" / "nlu" / "particion.yml"
        if not path.exists():
            return []
        asked = YAML(typ="safe").load(path)
        return [(one["texto"], [one["intent"], *one.get("tambien", ())]) for one in asked]

    async def _run(
        self,
        arguments: Sequence[str],
        more: Mapping[str, str] | None = None,
        *,
        stdin: str = "",
        told: Callable[[str], None] = lambda line: None,
    ) -> str:
        """Run one of the engine's programs; give what it printed. As long as it lives nobody else trains.

        Raises:
            TrainingFailedError: if it fails, or takes half an hour.
        """
        try:
            process = await self._start(arguments, more or {})
        except OSError as error:
            raise TrainingFailedError(motivo=f"el motor no partió ({error.strerror})") from None
        lines: list[str] = []
        try:
            async with asyncio.timeout(_MAXIMUM_SECONDS):
                await _talk(process, stdin, lines, told)
        except TimeoutError:
            raise TrainingFailedError(motivo="tardó más de media hora") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode:
            raise TrainingFailedError(motivo=" ".join(lines[-_TOLD:]) or "el motor no dijo por qué")
        return "\n".join(lines)

    async def _start(self, arguments: Sequence[str], more: Mapping[str, str]) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            str(self._python),
            "-W",
            "ignore",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment(more),
            cwd=self._root,
            pass_fds=[] if self._taller.candado is None else [self._taller.candado],
            start_new_session=True,
            preexec_fn=partial(give_way, _NICE),
            limit=_LONGEST_LINE,
        )

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """No secret: what trains needs none."""
        kept = ("PATH", "HOME", "LANG", "TMPDIR", "OPENBLAS_CORETYPE")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        return {**own, "PYTHONPATH": str(self._root / "engine"), "RASA_TELEMETRY_ENABLED": "false", **more}


async def _talk(
    process: asyncio.subprocess.Process, stdin: str, lines: list[str], told: Callable[[str], None]
) -> None:
    if process.stdin is None or process.stdout is None:
        raise TypeError(process)
    process.stdin.write(stdin.encode())
    with suppress(ConnectionError):
        await process.stdin.drain()
    process.stdin.close()
    while raw := await process.stdout.readline():
        line = raw.decode(errors="replace").strip()
        if line:
            lines.append(line)
            told(line)
    await process.wait()
