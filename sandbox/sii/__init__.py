"""The SII on one machine: API Gateway's calls to the Registro de Compras y Ventas, with a page.

`python -m sandbox.sii` listens on loopback only and keeps everything in memory. It serves the demo taxpayers
and ten million synthetic ones, enforces its allowance, and counts every rule that a client breaks.

In tests:

    async with simulador() as sii:               # sii.url + "/api/v1" or "/api/v2"; sii.token
        sii.registro.put(rut, documentos)        # change, move, remove, avanzar, verdad, sinteticos
        sii.set_clave(rut, "…")
        sii.fallar("http", codigo=502, veces=3)  # see fallas.Falla
        …
        assert sii.violaciones == []

Over HTTP, for programs in another process; `control.py` has all fields:

- GET  /_control/estado, /_control/violaciones, /_control/verdad/{rut}?periodo=2026-10
- POST /_control/modo     {"modo": "normal" | "mantencion" | "bloqueado" | "clave_mala" | "lento"}
- POST /_control/fallas   {"tipo": "http", "codigo": 502, "veces": 3, …}; DELETE ends them all
- POST /_control/ajustes  {"por_minuto": 600, "velocidad": 60, …}
- POST /_control/avanzar  {"dias": 1}
- POST /_control/medir, /_control/contar, /_control/claves {"rut": …, "clave": …}
"""

from sandbox.sii.ajustes import Ajustes
from sandbox.sii.app import simulador
from sandbox.sii.fallas import Falla
from sandbox.sii.registro import RegistroSimulado
from sandbox.sii.simulador import Simulador

__all__ = ["Ajustes", "Falla", "RegistroSimulado", "Simulador", "simulador"]
