"""A turn that widens what was asked before: `ahora todos los clientes`, `y todo junto?`."""

import re

from bot.core.consulta.letra import plainly

_PARTES = "clientes|proveedores|empresas|compradores"
_TODAS_LAS_PARTES = re.compile(
    rf"\btod[oa]s (?:(?:l[oa]s|mis|nuestros) )?(?:{_PARTES})\b|\bcualquier (?:cliente|proveedor)\b"
    r"|\b(?:a|de|con) tod[oa]s\b(?! (?:l[oa]s|mis)\b)"
)
_TODOS_LOS_TIPOS = re.compile(
    r"\btodo (?:junto|sumado)\b|\btodos (?:los )?(?:documentos|tipos)\b|\btodo tipo\b|\btodo en total\b"
    r"|\bsumando todo\b|\bcualquier (?:tipo|documento)\b"
)


def wants_all_parties(texto: str) -> bool:
    """Whether it is of everybody again, not of the one spoken of."""
    return _TODAS_LAS_PARTES.search(plainly(texto)) is not None


def wants_all_types(texto: str) -> bool:
    """Whether it is of all document types again, not of those spoken of."""
    return _TODOS_LOS_TIPOS.search(plainly(texto)) is not None
