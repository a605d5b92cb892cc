"""Clauses of many taxpayers, to fill an index: texts of the corpus with other values."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bench.contratos.fuentes import MARK, load
from bot.core.rut import Rut

_CIFRAS = re.compile(r"\d[\d.]*\d|\d")
_NOMBRES = re.compile(
    r"Los Boldos|Ruiz|Pampa Diseño|Cerro Pelado|Brillo Sur|Kioskonet|FrenoMax|Lumbre|Valle Hondo"
)
_ARBOLES = "Alerce Canelo Coigüe Arrayán Maitén Peumo Quillay Raulí Tepa Ulmo Lenga Ñirre".split()
_LUGARES = "Norte Sur Austral Andino Central Costero Real Chico Grande Nuevo".split()


@dataclass(frozen=True)
class Trozo:
    """A passage of a synthetic contract; its text is alike that of other taxpayers, its values are not."""

    rut: str
    documento: str
    pagina: int
    texto: str


def taxpayers(count: int, seed: int = 7) -> list[str]:
    """That many different valid RUTs of companies, as `76192083-9`."""
    return [str(Rut(number)) for number in random.Random(seed).sample(range(76_000_000, 77_999_999), count)]


def generate(contribuyentes: int = 500, trozos: int = 100, seed: int = 7) -> Iterator[Trozo]:
    """Yield `contribuyentes` × `trozos` passages, taxpayer after taxpayer; the same for the same seed."""
    contracts = [
        (fuente.archivo, [MARK.sub("", bloque) for bloque in fuente.bloques if bloque[0] not in "#|@[-"])
        for fuente in load().values()
    ]
    for number, rut in enumerate(taxpayers(contribuyentes, seed)):
        chance = random.Random(seed * 1_000_003 + number)
        for index in range(trozos):
            archivo, clauses = chance.choice(contracts)
            documento = f"{index // 25 + 1} {archivo}"
            yield Trozo(
                rut, documento, index % 25 // 5 + 1, _vary(" ".join(chance.sample(clauses, 2)), chance)[:500]
            )


def _vary(text: str, chance: random.Random) -> str:
    name = f"{chance.choice(_ARBOLES)} {chance.choice(_LUGARES)}"
    other = _CIFRAS.sub(lambda match: _other_figure(match[0], chance), text)
    return _NOMBRES.sub(name, other)


def _other_figure(figure: str, chance: random.Random) -> str:
    """Another figure of as many digits, with its dots where they were."""
    digits = [char if char == "." else str(chance.randrange(10)) for char in figure]
    return ("" if len(digits) == 1 else str(chance.randrange(1, 10))) + "".join(digits[len(digits) > 1 :])
