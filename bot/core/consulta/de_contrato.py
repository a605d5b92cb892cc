"""What a message that goes on with a contract asks of it."""

import re

from bot.core.consulta.letra import plainly

_CONTRATO = re.compile(
    r"\b(?:contrat\w+|clausul\w+|multas?|garantia|avis\w+|firm\w+|duen\w+|arriend\w+|arrendador\w*"
    r"|reajust\w+|renov\w+|renuev\w+|subarr\w+|sal(?:go|ir|irme|irse)|irse|irme|me voy"
    r"|termin\w+|desahucio|penal\w*|mora|obliga\w*|plazo|canon|vigen\w+)\b"
)
_VIGENCIA = re.compile(
    r"\b(?:hasta cuando|cuanto (?:le )?(?:dura|queda)|(?:cuando|cual) (?:se )?(?:acaba|termina|empieza|parte)"
    r"|dura\b|vence|vigen|se renueva)"
)
_CUALES = re.compile(r"\b(?:cuales|cuantos|que contratos) (?:\w+ )?(?:tengo|tienes|hay|estan|subi|son)\b")


def asked_of_contract(texto: str) -> str:
    """`y hasta cuándo dura?` is `contrato_vigencia`; empty if no word is one that contracts have."""
    normal = plainly(texto)
    if _CUALES.search(normal):
        return "contrato_listar"
    if _VIGENCIA.search(normal):
        return "contrato_vigencia"
    return "contrato_pregunta" if _CONTRATO.search(normal) else ""
