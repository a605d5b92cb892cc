"""A trainer's walk: from a message that was not understood to a live model that answers it, and back.

`python -m bench paseo`, by the commands of docs/entrenadores.md on a running Tributa with a copy of the
project; a hundred messages are sent while the model changes, each way. The time to read and to type is a
person's own.
"""

import os
import re
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.medidas import Medida, note
from bot.settings import ROOT
from tests.e2e.test_cambio_motor import MESSAGES, unmatched, with_own_project, write_while
from tests.stack import Stack
from tests.telefonos import until

ASKED = "dónde queda la oficina de ustedes?"
ANSWER = "No tenemos oficina: atendemos solo por este chat, a todo Chile."
EXAMPLES = (
    ASKED,
    "en qué calle están ustedes?",
    "tienen local",
    "qué dirección tienen",
    "están en Santiago?",
    "en que comuna quedan uds",
    "hay alguna sucursal donde pueda ir a verlos",
    "como llego a sus oficinas",
    "su direccion porfa",
    "se puede ir presencial",
    "atienden en persona en alguna parte?",
    "quiero pasar a verlos, adonde voy",
    "cual es la calle y el numero de su local",
)
GOAL_MINUTES = 10


class Paseo:
    """The trainer's terminal, with a clock."""

    def __init__(self, stack: Stack) -> None:
        self._given = {**os.environ, **stack.more, "TRIBUTA_DATA": str(stack.data), "COLUMNS": "160"}
        self.seconds: dict[str, float] = {}

    def __call__(self, *arguments: str) -> str:
        """Type a command; gives what it tells."""
        began = time.monotonic()
        done = subprocess.run(
            [ROOT / "tributa", "trainer", *arguments],
            cwd=ROOT,
            env=self._given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.seconds[arguments[0]] = time.monotonic() - began
        print(f"trainer {arguments[0]}: {self.seconds[arguments[0]]:.1f} s")
        return done.stdout


def walk(stack: Stack, trainer: Paseo) -> None:
    """Inbox, new intent, training, publication, and back."""
    assert ANSWER not in stack.ask(ASKED, "antes")["respuesta"]
    until(lambda: "no_entendido" in trainer("inbox"), 60)
    number = re.findall(r"(\d+)\W+no_entendido", trainer("inbox"))[0]
    examples = [part for one in EXAMPLES for part in ("--ejemplo", one)]
    trainer("new-intent", "ubicacion", "--mensaje", number, "--respuesta", ANSWER, *examples)
    told = trainer("train")
    print(told)
    version = told.split("trainer publish ")[1].split()[0]
    for arguments, right in ((("publish", version), True), (("rollback",), False)):
        done, wrong = write_while(stack, partial(trainer, *arguments), arguments[0])
        assert "ya responde con ese modelo" in done, done
        assert (ANSWER in stack.ask(ASKED, f"despues-{arguments[0]}")["respuesta"]) is right
        print(
            f"  mientras cambiaba: {MESSAGES} mensajes o más, {len(wrong)} mal contestados", *wrong, sep="\n"
        )
        assert not wrong
    assert unmatched(stack) == []


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        stack = with_own_project(Path(name))
        stack.start()
        try:
            trainer = Paseo(stack)
            walk(stack, trainer)
        finally:
            stack.stop()
    to_live = sum(taken for name, taken in trainer.seconds.items() if name != "rollback") / 60
    print(f"\nDe la bandeja a contestar: {to_live:.1f} minutos de espera (meta < {GOAL_MINUTES})")
    note(Medida("de la bandeja a contestar", to_live, "min", maximo=GOAL_MINUTES))
    note(Medida("volver al modelo de antes", trainer.seconds["rollback"], "s"))
