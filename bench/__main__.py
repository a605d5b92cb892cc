"""Run every benchmark, or those named."""

import sys

from bench import acceso, acuse, administracion, entrega, importacion, mensajes, respaldo, semana, sync, web

BENCHMARKS = {
    "mensajes": mensajes.main,
    "importacion": importacion.main,
    "acceso": acceso.main,
    "administracion": administracion.main,
    "entrega": entrega.main,
    "acuse": acuse.main,
    "respaldo": respaldo.main,
    "semana": semana.main,
    "sync": sync.main,
    "web": web.main,
}

names = [name for name in sys.argv[1:] if name in BENCHMARKS]
for name in names or BENCHMARKS:
    BENCHMARKS[name]()
