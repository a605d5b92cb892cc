"""The state of purchases that a message names."""

import re

from bot.core.consulta.letra import plainly
from bot.core.documentos import EstadoCompra

# What is unpaid is no state of the register: "pendientes de pago", "pagos pendientes".
_PENDIENTE = re.compile(
    r"(?<!pago )(?<!pagos )(?<!cobro )(?<!cobros )(?<!deudas )"
    r"\bpendientes?\b(?! (?:aun |todavia )?(?:de |por |del |al )?(?:pag|cobr))"
    r"|\b(?:por|sin|faltan?) (?:aceptar|acusar|acuse)\b"
    r"|\bno (?:he|hemos|estan?) acepta"
)
_NO_INCLUIR = re.compile(
    r"\bno (?:se |las? |los? )?inclu(?:id\w*|i|ir|imos|y(?:en|eron|o))\b(?! (?:el )?iva)|\bno se incluye\b"
)
_RECLAMADO = re.compile(r"\b(?:reclam|rechaz)ad[oa]s?\b|\b(?:reclame|rechace|(?:reclam|rechaz)amos)\b")
_ESTADOS = (
    (EstadoCompra.NO_INCLUIR, _NO_INCLUIR),
    (EstadoCompra.PENDIENTE, _PENDIENTE),
    (EstadoCompra.RECLAMADO, _RECLAMADO),
)


def find_estado(texto: str) -> EstadoCompra | None:
    """`pendientes`, `por aceptar`, `que reclamé`, `no incluidas`; None if no state is named."""
    words = plainly(texto).replace("gracias por aceptar", "")
    return next((estado for estado, named in _ESTADOS if named.search(words)), None)
