"""Whether a message asks to leave something out."""

import re

from bot.core.consulta.letra import plainly
from bot.core.consulta.ordinarias import is_ordinary
from bot.core.consulta.tipos import names_type

# Words that always leave out what follows.
_SIEMPRE = re.compile(
    r"\b(?:except[ou]\w*|excepcion de|(?<!a )salvo(?! que\b)|desconta(?:r|me|ndo)|quit(?:ando|ar|a|ale|ame)"
    r"|exclu(?:y\w*|ir|id\w*)|omit(?:e|ir|iendo|as?)|sacando|sacale|restando"
    r"|dejando (?:a?fuera|de lado|aparte)"
    r"|sin (?:contar|considerar|sumar|agregar|meter|(?:tomar|tener) en cuenta"
    r"|incluir(?= [a-z])(?! (?:en|del?|todavia|aun)\b))"
    r"|(?:que|q|y) no (?:sean?|son|fueran?|incluyan?|consideren?|cuenten?|contengan?|tengan?)"
    r"|no (?:me |las |los )?(?:cuentes?|consideres?|incluyas?|sumes?|tomes en cuenta|metas))\b"
)
# Words that do so before a type, a name or "las": "al menos" and "más o menos" do not.
_MENOS = re.compile(r"(?<!\bo )(?<!\bal )(?<!\blo )(?<!\b0 )\bmenos (?=(?:las?|los?|el|a|al|mis)\b|[a-z])")
_SIN = re.compile(r"\bsin (?=[a-z])")
_APARTE = re.compile(r"\b(?:aparte|fuera|ademas no) de(?:l)? (?!eso|esto|todo|lo que|que)")
_NO = re.compile(r"\b(?:no|ni) (?=(?:las |los |la |el )?[a-z]+(?! que))")
_ARTICULO = re.compile(r"[ :]*(?:(?:las?|los?|el|de|del|al|a|mis|en|cuenta|con) ){0,3}")
_PALABRA = re.compile(r"[a-z]+", re.ASCII)
_IMPUESTO = frozenset("iva ivas impuesto impuestos".split())
_NO_SER = re.compile(r"\ba no ser\b")
_INFINITIVO = re.compile(r"[a-z]+(?:ar|er|ir)(?:lo|la|los|las|me|te|se|le|les)?")
_SIN_MAS = frozenset(
    """
    credito debito embargo falta problema problemas apuro detalle detalles listado desglose acuse grafico pdf
    excel
    """.split()
)


def find_exclusion(texto: str) -> bool:
    """`sin boletas`, `excepto facturas`, `menos las notas de crédito`; "sin iva" only asks for the neto."""
    normal = _NO_SER.sub(" ", plainly(texto)[:4000])
    if any(not _about_tax(normal, found.end()) for found in _SIEMPRE.finditer(normal)):
        return True
    if any(_is_type(normal, found.end()) for kind in (_MENOS, _NO) for found in kind.finditer(normal)):
        return True
    without = (*_SIN.finditer(normal), *_MENOS.finditer(normal), *_APARTE.finditer(normal))
    return any(_is_named(normal, found.end()) for found in without)


def _object(normal: str, at: int) -> str:
    """The first word after articles."""
    linked = _ARTICULO.match(normal, at)
    found = _PALABRA.match(normal, linked.end() if linked else at)
    return found[0] if found else ""


def _about_tax(normal: str, at: int) -> bool:
    return _object(normal, at) in _IMPUESTO


def _is_type(normal: str, at: int) -> bool:
    word = _object(normal, at)
    return names_type(word) and word not in {"factura", "electronica", "credito", "debito"}


def _is_named(normal: str, at: int) -> bool:
    """Whether what is left out is a document type or a name, not "falta" or "saber"."""
    word = _object(normal, at)
    if not word or word in _IMPUESTO | _SIN_MAS or (_INFINITIVO.fullmatch(word) and len(word) > 3):
        return False
    return names_type(word) or (len(word) > 2 and not is_ordinary(word))
