"""Run every benchmark, or those named."""

import sys

from bench import acceso, administracion, canales, importacion, mensajes

BENCHMARKS = {
    "mensajes": mensajes.main,
    "importacion": importacion.main,
    "acceso": acceso.main,
    "administracion": administracion.main,
    "canales": canales.main,
}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
