"""The kind of a contract."""

import re
from collections.abc import Sequence

from bot.core.contratos.datos import Dato
from bot.core.contratos.frases import Frase

# The narrower kind first: a service of transport is transport.
_TIPOS = tuple(
    (tipo, re.compile(words))
    for tipo, words in (
        ("promesa", r"promesa|promete (?:vender|comprar)|contrato prometido"),
        ("leasing", r"leasing|arrendamiento financiero|(?:arriendo|arrendamiento) con opcion de compra"),
        ("comodato", r"comodato|prestamo de uso"),
        ("confidencialidad", r"confidencialidad|no divulgacion|\bnda\b|non.disclosure"),
        ("franquicia", r"franquicia"),
        ("software", r"software|\bsaas\b|licencia de uso|licenciamiento|plataforma (?:digital"
        r"|tecnologica|web)|hosting"),
        ("seguro", r"\bseguros?\b|poliza"),
        ("publicidad", r"publicidad|publicitari|marketing|\bagencia\b|redes sociales|community manager"),
        ("transporte", r"transporte|flete|acarreo"),
        ("mantencion", r"mantencion|mantenimiento"),
        ("honorarios", r"honorarios"),
        ("arriendo", r"sub ?arriendo|sub ?arrendamiento|arriendo|arrendamiento|alquiler"),
        ("trabajo", r"contrato (?:individual )?(?:indefinido )?de trabajo|contrato de (?:plazo fijo"
        r"|obra o faena)|contrato laboral|pacto laboral"),
        ("mutuo", r"mutuo|prestamo|reconocimiento de deuda"),
        ("suministro", r"suministro|abastecimiento|provision de"),
        ("distribucion", r"distribucion"),
        ("compraventa", r"compraventa|compra.?venta|venta de"),
        ("mandato", r"mandato|corretaje"),
        ("obra", r"confeccion de obra|construccion|obra material|suma alzada"),
        ("servicios", r"servicios?|asesoria|consultoria|outsourcing"),
        ("trabajo", r"de trabajo"),
    )
)  # fmt: skip
_ROLES = {
    "trabajo": r"\btrabajador",
    "comodato": r"comodatari",
    "mutuo": r"mutuari|\bdeudor|le prest[oe]\b|prestamo",
    "franquicia": r"franquiciad",
    "arriendo": r"arrendatari|\barriend",
    "compraventa": r"\bvendedor|le vend[oe]\b",
    "confidencialidad": r"parte (?:receptora|reveladora|divulgadora)",
    "distribucion": r"distribuidor",
    "suministro": r"proveedor",
    "transporte": r"transportista|\bflete",
    "servicios": r"prestador|servicios",
}
_FORMULA = re.compile(r"contrato(?: individual)?(?: privado)? (?:de|a) [a-z ]{4,60}|acuerdo de [a-z ]{4,50}")
_COMPARECEN = re.compile(r"\b(?:en [a-z ]{3,40}, a|entre|comparece|yo,|con fecha|por una parte)\b")


def find_tipo(frases: Sequence[Frase]) -> Dato[str] | None:
    """The kind, from the title, else from how the text calls itself, else from who the parties are."""
    head = frases[:4]
    for frase in head:
        title = _COMPARECEN.split(frase.plano[:300], maxsplit=1)[0]
        if tipo := _match(title):
            return frase.dato(tipo, 0.95)
    for frase in frases[:12]:
        for found in _FORMULA.finditer(frase.plano):
            if tipo := _match(found[0]):
                return frase.dato(tipo, 0.85)
    return _by_roles(frases)


def _match(plano: str) -> str:
    return next((tipo for tipo, pattern in _TIPOS if pattern.search(plano)), "")


def _by_roles(frases: Sequence[Frase]) -> Dato[str] | None:
    counted = {
        tipo: [frase for frase in frases if re.search(words, frase.plano)] for tipo, words in _ROLES.items()
    }
    tipo = max(counted, key=lambda name: len(counted[name]))
    return counted[tipo][0].dato(tipo, 0.55) if counted[tipo] else None
