"""A turn that widens what was asked before: `ahora todos los clientes`, `y todo junto?`."""

import re

from bot.core.consulta.letra import plainly

_PARTES = "clientes|proveedores|empresas|compradores"
_TODAS_LAS_PARTES = re.compile(
    rf"\btod[oa]s (?:(?:l[oa]s|mis|nuestros) )?(?:{_PARTES})\b|\bcualquier (?:cliente|proveedor)\b"
    r"|\b(?:a|de|con) tod[oa]s\b(?! (?:l[oa]s|mis)\b)|\ba todo el mundo\b"
    r"|\bsin (?:filtrar|distinguir|importar) (?:por )?(?:cliente|proveedor|empresa)"
)
_TODOS_LOS_TIPOS = re.compile(
    r"\btodo (?:junto|sumado)\b|\btodos (?:los )?(?:documentos|docs|dctos|doctos|tipos)\b|\btodo tipo\b"
    r"|\btodo en total\b|\bsumando todo\b|\bcualquier (?:tipo|documento)\b"
    r"|\bsin (?:filtrar|distinguir|importar) (?:por )?(?:el )?tipo"
)
# "No solo las facturas" wants the others too, unless it goes on to say which: "también las boletas".
_NO_SOLO = re.compile(
    r"\bno (?:solo|solamente|unicamente|nomas|tan solo) (?:de |con )?(?:l[oa]s )?"
    r"(?:factura|boleta|nota|nc|nd|guia|exent|afect|es[oa]s)\w*(?!.*\b(?:tambien|sino|ademas)\b)"
)
# All that a turn says, or says after "ahora": of documents it is of every type, of a client of everybody.
_TODO = re.compile(
    r"^\W*(?:(?:y|ahora|pero|no|ya|ok|mejor|de|a|con)\b\W*)*tod[oa]s\b(?:\W*(?:porfa|po))?\W*$"
)


def wants_all_parties(texto: str) -> bool:
    """Whether it is of everybody again, not of the one spoken of."""
    normal = plainly(texto)
    return _TODAS_LAS_PARTES.search(normal) is not None or _TODO.search(normal) is not None


def wants_all_types(texto: str) -> bool:
    """Whether it is of all document types again, not of those spoken of."""
    normal = plainly(texto)
    return any(all_.search(normal) for all_ in (_TODOS_LOS_TIPOS, _NO_SOLO, _TODO))
