"""Run every benchmark, or those named."""

import sys

from bench import importacion, mensajes

BENCHMARKS = {"mensajes": mensajes.main, "importacion": importacion.main}

for name in sys.argv[1:] or BENCHMARKS:
    BENCHMARKS[name]()
