"""What a question about contracts asks for, as people type it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.contratos.numeros import read_ordinal
from bot.core.contratos.palabras import comun, contenido, palabras, raiz
from bot.core.contratos.temas import COMPARA, LISTA, RESUMEN, TEMAS, VIGENCIA, Clase, Tema, Valor

_MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MES = re.compile(rf"\b({'|'.join(_MESES)})\b(?: (?:de |del |el )?(?:ano )?(20\d\d))?|\b(20\d\d)\b")
_CLAUSULA = re.compile(r"\b(?:clausula|articulo|punto|numeral)(?: (?:numero|n°|nro))? (?P<n>[a-z0-9.]{1,20})")
_ORIGINAL = re.compile(
    r"\b(?:al principio|original\w*|inicial\w*|antes de[l]? (?:anexo|modificacion|cambio)|partimos"
    r"|entro\b|entramos"
    r"|empezamos|empezo (?:ganando|pagando)|primer (?:sueldo|arriendo|precio))"
)
_ANEXO = re.compile(
    r"\b(?:anexo|modificacion|adenda|addendum|finiquito|cerrar|cierre|resciliacion|prorroga)\b"
)
# What is to be done by a day is not how long the contract lasts.
_OTRO_PLAZO = re.compile(
    r"\b(?:puedo|podemos|pag(?:ar|arle|o|a)|mandar\w*|entregar\w*|reclamar|plazo (?:para|de pago)"
    r"|cuotas?|saldo|tenia plazo"
    r"|factura\w*|responde\w*|avis(?:ar|o|a|arle)\b|multa\w*|pasa si|por que|cuanto tiempo tengo)"
)
_TERMINA_DE_PAGAR = re.compile(r"\btermin\w+ de pagar")
_VALORES = (
    (Valor.HORA, r"a que hora|que horario|hora de"),
    (Valor.DURACION, r"cuanto tiempo|cuanto plazo|por cuanto|cada cuanto|en cuanto (?:tiempo|rato)"
        r"|cuanto rato|que plazo"
     r"|(?:a |en |por |con |a los |los )?cuant[oa]s (?:dias|meses|anos|semanas|horas)"
     r"|cuant[oa]s? (?:dura|duran|dias|anticipacion)"),
    (Valor.PORCENTAJE, r"que porcentaje|por ciento|cuantos? %|cuanto pueden (?:subir|reajustar)"),
    (Valor.DIAS, r"que dias?\b|que meses|en que mes"),
    (Valor.NUMERO, r"cuant[oa]s (?!plata|dinero|pesos|uf\b|utm\b)[a-z]+|cuanto (?:peso|espacio|mide|pesa)"
     r"|que (?:ancho|largo|alto|numero|edad|superficie|peso)"),
    (Valor.MONTO, r"cuant[oa]s?\b|que precio|que monto"),
    (Valor.FECHA, r"(?:desde|hasta|para|de) cuando|que fecha|hasta que dia|(?:^|oye |y )(?:\w+ )?cuando"),
    (Valor.LUGAR, r"donde|en que (?:comuna|ciudad|lugar|sucursal)"),
    (Valor.NOMBRE, r"quien(?:es)?\b"),
)  # fmt: skip
_ANTES_DE_PRONOMBRE = frozenset({"si", "no", "se", "me", "te", "cuando", "ya"})
_ARTICULOS = frozenset({"el", "la", "un", "una", "del"})
_ANTES_DE_NOMBRE = frozenset(
    "el la los las un una unos unas del al de con mi mis su sus este esta estos estas ese esa esos"
    " esas en que como"
    " sobre tiene tienen tenia hay habla incluye cuantos cuantas algun alguna ni y o por don dona"
    " senora senor".split()
)
_UNIDAD = re.compile(r"\bcuant[oa]s ([a-z]{4,})")


@dataclass(frozen=True, slots=True)
class Pregunta:
    """A question taken apart: `palabras` are the stems that say what it is about, in their order.

    `peso` of each (0–1): a noun, by the word before it, says most, what every question has says little.

    `mes` is a year and a month (0: the whole year) that it names, `unidad` the stem of what it counts,
    `original` whether it asks for what was agreed before annexes, `anexo` for what an annex says; `hoy` is
    the year and month of today, if that decides which row of a schedule is meant.
    """

    texto: str
    clase: Clase
    tema: Tema | None
    valor: Valor
    palabras: tuple[str, ...]
    peso: Mapping[str, float]
    clausula: str = ""
    mes: tuple[int, int] | None = None
    unidad: str = ""
    original: bool = False
    anexo: bool = False
    hoy: tuple[int, int] | None = None
    compara: bool = False


def read_pregunta(texto: str) -> Pregunta:
    """Take a question apart."""
    plano = " ".join(_sounds(word) for word in palabras(texto))
    tema = next((tema for tema in TEMAS if tema.pide.search(plano)), None)
    valor = next(
        (valor for valor, words in _VALORES if re.search(rf"(?:\b|^)(?:{words})", plano)), Valor.NADA
    )
    unidad = _UNIDAD.search(plano)
    return Pregunta(
        plano,
        _clase(plano, tema),
        tema,
        tema.valor if tema and tema.valor else valor,
        tuple(contenido(plano)),
        _weights(plano, tema),
        _clause(plano),
        _month(plano),
        raiz(unidad[1]) if unidad and valor in {Valor.NUMERO, Valor.DURACION} else "",
        _ORIGINAL.search(plano) is not None,
        _ANEXO.search(plano) is not None,
        None,
        COMPARA.search(plano) is not None,
    )


def _weights(plano: str, tema: Tema | None) -> dict[str, float]:
    """By the word before: `el X` is a noun, what follows a noun may go with it."""
    asking = (*((tema.pide,) if tema else ()), VIGENCIA, RESUMEN, LISTA, COMPARA)
    asks = [span for words in asking for span in _spans(words, plano)]
    weights: dict[str, float] = {}
    before = earlier = ""
    for found in re.finditer(r"\S+", plano):
        word, stem = found[0], raiz(found[0])
        verb = re.search(r"[aei]r(?:se|me|les?|los?|las?|nos)?$", word) and before not in _ARTICULOS
        pronoun = before in {"la", "lo", "las", "los"} and earlier in _ANTES_DE_PRONOMBRE
        noun = before in _ANTES_DE_NOMBRE and not verb and not pronoun
        weight = 1.0 if noun else 0.6 if weights.get(raiz(before), 0) == 1.0 and before else 0.4
        if comun(word) or _ANEXO.fullmatch(word) or _MES.fullmatch(word):
            weight = 0.12
        elif any(start <= found.start() < end for start, end in asks):
            weight *= 0.35
        weights[stem] = max(weights.get(stem, 0.0), weight)
        before, earlier = word, before
    return weights


def _spans(words: re.Pattern[str], plano: str) -> list[tuple[int, int]]:
    return [found.span() for found in words.finditer(plano)]


def _sounds(word: str) -> str:
    """`kuanto`, `kien`: the letter that chats put for another."""
    return re.sub(r"k(?=[aou])", "c", re.sub(r"k(?=[ei])", "qu", word))


def _clase(plano: str, tema: Tema | None) -> Clase:
    if LISTA.search(plano):
        return Clase.LISTA
    if RESUMEN.search(plano):
        return Clase.RESUMEN
    if _TERMINA_DE_PAGAR.search(plano):
        return Clase.VIGENCIA
    runs = VIGENCIA.search(plano) and not _OTRO_PLAZO.search(plano)
    if runs and (tema is None or tema.nombre in {"objeto", "inicio", "precio", "partes"}):
        return Clase.VIGENCIA
    return tema.clase if tema else Clase.OBLIGACION


def _clause(plano: str) -> str:
    found = _CLAUSULA.search(plano)
    if found is None:
        return ""
    ordinal = read_ordinal(plano, found.start("n"))
    return found["n"] if found["n"][0].isdigit() else str(ordinal.valor) if ordinal else ""


def _month(plano: str) -> tuple[int, int] | None:
    found = _MES.search(plano)
    if found is None:
        return None
    year = int(found[2] or found[3] or 0)
    return year, _MESES.index(found[1]) + 1 if found[1] else 0
