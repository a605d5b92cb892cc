"""Run every benchmark, or those named."""

import sys

from bench import acceso, importacion, mensajes

BENCHMARKS = {"mensajes": mensajes.main, "importacion": importacion.main, "acceso": acceso.main}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
