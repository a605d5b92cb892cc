"""Evaluate the reading of contracts: `python -m bench.contratos [FAILURES.json]`."""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bench.contratos import preguntas
from bench.contratos.evaluar import Caso, evaluate, tell, write_failures
from bench.contratos.hacer import make_all
from bench.contratos.receta import open_receta
from bench.contratos.sistema import Sistema
from bench.contratos.tributa import open_tributa

FAILURES = Path(".cache/contratos-fallas.json")
# The first is ours: its failures are the ones that are written down.
SISTEMAS: dict[str, Callable[[], AbstractAsyncContextManager[Sistema]]] = {
    "Tributa": open_tributa,
    "receta corriente": open_receta,
}


async def main(failures: Path) -> None:
    """Every system over every contract and question; every split is printed, dev's failures are kept."""
    casos: dict[str, tuple[Caso, ...]] = {}
    with tempfile.TemporaryDirectory() as folder:
        hechos = make_all(Path(folder))
        for name, opened in SISTEMAS.items():
            async with opened() as sistema:
                casos[name] = await evaluate(sistema, hechos, preguntas.load())
    tell(casos)
    write_failures(next(iter(casos.values())), failures)
    print(f"\nLo que falló en desarrollo quedó en {failures}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FAILURES))
