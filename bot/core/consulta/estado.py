"""The state of purchases that a message names."""

import re

from bot.core.documentos import EstadoCompra
from bot.core.texto import normalize

_ESTADOS = (
    (EstadoCompra.NO_INCLUIR, re.compile(r"\bno inclui\w*")),
    (EstadoCompra.PENDIENTE, re.compile(r"\bpendientes?\b")),
    (EstadoCompra.RECLAMADO, re.compile(r"\b(?:reclamad|rechazad)[oa]s?\b")),
)


def find_estado(texto: str) -> EstadoCompra | None:
    """`pendientes`, `reclamadas`, `no incluidas`; None if no state is named."""
    words = normalize(texto)
    return next((estado for estado, named in _ESTADOS if named.search(words)), None)
