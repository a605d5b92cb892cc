"""Run every benchmark, or those named; then print the table and write docs/rendimiento.md."""

import asyncio
import sys
import traceback

from bench import (
    acceso,
    acuse,
    administracion,
    entrega,
    importacion,
    jornada,
    lecturas,
    medidas,
    mensajes,
    motor,
    paseo,
    respaldo,
    semana,
    sync,
    web,
)
from bench.contratos import __main__ as contratos
from bench.contratos import rapidez

BENCHMARKS = {
    "mensajes": mensajes.main,
    "motor": motor.main,
    "paseo": paseo.main,
    "lecturas": lecturas.main,
    "importacion": importacion.main,
    "contratos": lambda: asyncio.run(contratos.main(contratos.FAILURES)),
    "rapidez": lambda: asyncio.run(rapidez.main()),
    "acceso": acceso.main,
    "administracion": administracion.main,
    "entrega": entrega.main,
    "acuse": acuse.main,
    "respaldo": respaldo.main,
    "semana": semana.main,
    "sync": sync.main,
    "web": web.main,
    "jornada": jornada.main,
}


def main() -> int:
    """0 if none broke; one that does stops no other."""
    names, broken = [name for name in sys.argv[1:] if name in BENCHMARKS], []
    if len(sys.argv) > 1 and not names:
        print(f"No hay tal medición. Hay: {', '.join(BENCHMARKS)}.")
        return 2
    for name in names or BENCHMARKS:
        try:
            medidas.run(name, BENCHMARKS[name])
        except Exception:
            traceback.print_exc()
            broken.append(name)
    print(f"\n{medidas.write(list(BENCHMARKS))}")
    if broken:
        print(f"No terminaron: {', '.join(broken)}.")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
