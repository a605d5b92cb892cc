"""What a new question asks for that the engine took for something else than its words say."""

import re

from bot.core.consulta.asunto import Asunto
from bot.core.consulta.letra import plainly
from bot.core.consulta.libros import find_libro
from bot.core.consulta.montos import read_monto
from bot.core.consulta.senales import asks_what_it_is, asks_who_owes, goes_on
from bot.core.consulta.turno import CORTESIA, SHORTEST, UNSURE, Mensaje, Oido
from bot.core.documentos import Libro

_ALMOST_SURE, _CERTAIN = 0.85, 0.9
_TRIBUTO = frozenset("iva_f29 vencimientos pregunta_tributaria compras_pendientes".split())
# What the tax service does to who is late, unless it is plainly of a contract.
_SANCION = re.compile(
    r"^(?!.*\b(?:contrat|arriend|clausul|duen)).*\b(?:multas?|intereses|recargos?|sancion\w*|giro)\b"
)
_DE_CONTRATO = re.compile(
    r"\b(?:contrat|arriend|arrendad|clausul|duen|garantia|reajust|renov|renuev|leasing|anticipad|ctt?os?\b)\w*"
)
_TARDE = re.compile(
    r"\b(?:si|por|que) (?:\w+ ){0,4}?(?:atras\w+|tarde|no (?:\w+ )?(?:pag|declar|present|alcanz)\w+"
    r"|pas[ao] (?:del plazo|de la fecha|la fecha|el plazo)|fuera de plazo|despues del plazo)\b"
    r"|\ben cuotas\b|\bfuera de plazo\b"
)
_LEY = re.compile(
    r"\b(?:como|puedo|puede|debo|hay que|tengo que|que pasa|que ocurre|si|por que|sirve|sube)\b"
)


def _is_of_tax_law(mensaje: Mensaje, oido: Oido, previo: Asunto) -> bool:
    """`¿y qué pasa si lo presento atrasado?`, after what is owed or due."""
    texto = plainly(mensaje.texto)
    if previo.intent not in _TRIBUTO or _DE_CONTRATO.search(texto):
        return False
    if oido.intent == "contrato_pregunta":
        return _SANCION.search(texto) is not None or _TARDE.search(texto) is not None
    lost = oido.intent in UNSURE | {"afirmar", "negar", "vencimientos"}
    return lost and _TARDE.search(texto) is not None


def _is_of_iva_told(mensaje: Mensaje, oido: Oido, previo: Asunto) -> bool:
    """`¿y el IVA resultante?`, after what was sold or bought: of those months, and no question of law."""
    if not (previo.libro or previo.fondo) or oido.intent not in UNSURE | {"pregunta_tributaria"}:
        return False
    short = mensaje.largo <= SHORTEST + 2 and mensaje.iva and goes_on(mensaje.texto)
    return short and not asks_what_it_is(mensaje.texto) and not _LEY.search(plainly(mensaje.texto))


def _of_tax(mensaje: Mensaje, oido: Oido, previo: Asunto) -> str:
    if _is_of_tax_law(mensaje, oido, previo):
        return "pregunta_tributaria"
    return "iva_f29" if _is_of_iva_told(mensaje, oido, previo) else ""


def rescued(mensaje: Mensaje, oido: Oido, previo: Asunto) -> str:
    """The intent heard; of a book and a month that were heard as small talk or nothing, what they ask for."""
    if taxed := _of_tax(mensaje, oido, previo):
        return taxed
    if mensaje.libro and oido.registro and oido.confianza < _CERTAIN:
        return f"{mensaje.libro}_{oido.intent.partition('_')[2]}"
    owed = asks_who_owes(mensaje.texto)
    if owed and oido.intent in UNSURE:
        return f"{owed}_detalle"
    if _asks_a_book(mensaje, oido):
        return f"{mensaje.libro}_{mensaje.clase or 'resumen'}"
    unsure = oido.intent in UNSURE and oido.confianza < _ALMOST_SURE
    if unsure and mensaje.tipos and not mensaje.iva and read_monto(mensaje.texto)[0]:
        return f"{mensaje.libro or Libro.VENTAS}_{mensaje.clase or 'detalle'}"
    return oido.intent


def _asks_a_book(mensaje: Mensaje, oido: Oido) -> bool:
    """`cuánto vendí`, `listo, y cómo me fue en ventas este mes`: what was earned is none of a book."""
    if not mensaje.libro or mensaje.iva or not (mensaje.meses or mensaje.clase) or mensaje.sobran > 1:
        return False
    whole = find_libro(mensaje.texto) is not None and (not mensaje.sobran or oido.nombra)
    return oido.intent in CORTESIA | {""} or (oido.intent == "fuera_de_alcance" and whole)
