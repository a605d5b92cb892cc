"""The amount that a message limits its question to: `sobre 1 millón`, `de 350 lucas`, `de 1 a 2 palos`."""

import re

from bot.core.rangos import Rango
from bot.core.texto import normalize

_PALABRAS = {
    "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "medio": 0.5,
} | {
    f"{root}ient{end}s": number
    for root, number in (
        ("dosc", 200), ("tresc", 300), ("cuatroc", 400), ("quin", 500), ("seisc", 600), ("setec", 700),
        ("ochoc", 800), ("novec", 900),
    )
    for end in "oa"
}  # fmt: skip
_UNIDADES = {"mil": 10**3, "luca": 10**3, "k": 10**3, "millon": 10**6, "palo": 10**6, "m": 10**6}
_CIFRAS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d{1,2})?)(?![.,]?\d| ?- ?[\dk]\b)"
_NUMERO = rf"(?:{_CIFRAS}|{'|'.join(sorted(_PALABRAS, key=len, reverse=True))})"
_UNIDAD = r"(?:mil(?! (?:dieci|veinti|quince|veinte|treinta))|lucas?|k|millon(?:es)?|palos?|melones|mm?)"
_RESTO = rf"(?: (?:y )?(?:medio|{_NUMERO} ?(?:mil|lucas?|k)))?"
# An amount by itself says that it is one: a sign, a unit, "pesos"; a bare number only after a bound.
_SEGURO = (
    rf"(?:\$ ?(?:{_NUMERO} ?{_UNIDAD}\b|{_CIFRAS})|\b{_NUMERO} ?{_UNIDAD}\b{_RESTO}"
    rf"|\b{_CIFRAS}(?= ?(?:pesos|clp)\b))"
)
_MONTO = rf"(?:{_SEGURO}|\b(?:\d{{1,3}}(?:\.\d{{3}})+|\d{{5,12}})\b)"
_PESOS = r"(?: (?:de )?(?:pesos|clp)\b)?"
_FALTA = r"(?:\$ ?)?" + rf"(?:{_CIFRAS}|{_NUMERO})"
_ARTICULO = r"(?: (?:de|a|que|los|las|unos|unas))*"
_DESDE = (
    r"(?:por (?:sobre|encima)|sobre|encima|arriba|mas (?:de|que|grandes? (?:de|que))"
    r"|mayor(?:es)?|superior(?:es)?|desde|al menos|por lo menos|(?:como )?minimo|a partir"
    r"|(?:que )?(?:super\w+|pas(?:e|en|an|a)\b|exced\w+)|>=?)"
)
_HASTA = (
    r"(?:por (?:debajo|abajo)|bajo|debajo|abajo|menos (?:de|que)|mas (?:chic|pequen)\w* (?:de|que)"
    r"|menor(?:es)?|inferior(?:es)?|hasta|no (?:mas|superior(?:es)?|mayor(?:es)?|super\w+|pas\w+)"
    r"|(?:como )?maximo|a lo mas|<=?)"
)
_ENTRE = re.compile(
    rf"\b(?:entre|de|desde)(?: los| las)? (?P<desde>{_MONTO}|{_FALTA}) ?(?:y|a|hasta|-)(?: los| las)? "
    rf"(?P<hasta>{_MONTO}){_PESOS}"
)
_TOPE = re.compile(rf"(?<!\w){_HASTA}{_ARTICULO} ?(?P<hasta>{_MONTO}){_PESOS}")
_PISO = re.compile(rf"(?<!\w){_DESDE}{_ARTICULO} ?(?P<desde>{_MONTO}){_PESOS}")
_COLA = re.compile(
    rf"(?:\bde )?(?P<monto>{_SEGURO}){_PESOS} (?:(?P<mas>o mas|y mas|(?:para|pa|hacia) arriba)"
    r"|o menos|(?:para|pa|hacia) abajo)\b"
)
_EXACTO = re.compile(
    rf"\b(?:de|por|d|a|en|facturas?|boletas?|notas?|compras?|ventas?)"
    rf"(?: (?P<cerca>unas|unos|como|casi|cerca de|alrededor de|aprox\w*))?"
    rf" (?P<monto>{_SEGURO}){_PESOS}(?! (?:facturas|boletas|documentos|clientes))"
)
# Who says "350 lucas" rounds.
_REDONDEO, _CERCA = 0.02, 0.1


def read_monto(texto: str) -> tuple[Rango | None, str]:
    """The amount of a document that is asked for, and the message without it.

    "Sobre" and "más de" include the amount itself. What is said in lucas or millions is rounded by who says
    it: `la factura de 350 lucas` is one of between 343.000 and 357.000.
    """
    normal = normalize(texto)
    if found := _ENTRE.search(normal):
        ends = sorted((_value(found["desde"], found["hasta"]), _value(found["hasta"])))
        return _bounded(Rango(*ends), normal, found, texto)
    if found := _COLA.search(normal):
        amount = _value(found["monto"])
        return _bounded(Rango(amount) if found["mas"] else Rango(None, amount), normal, found, texto)
    if found := _TOPE.search(normal):
        return _bounded(Rango(None, _value(found["hasta"])), normal, found, texto)
    if found := _PISO.search(normal):
        return _bounded(Rango(_value(found["desde"])), normal, found, texto)
    if found := _EXACTO.search(normal):
        return _bounded(_about(found), normal, found, texto)
    return None, texto


def find_cantidad(texto: str) -> int | None:
    """The first amount that a message names at all, in whole CLP: `mi remanente es 120 lucas`."""
    found = re.search(_MONTO, normalize(texto)) or re.search(rf"\b{_CIFRAS}\b", normalize(texto))
    return _value(found[0]) if found else None


def _bounded(rango: Rango, normal: str, found: re.Match[str], texto: str) -> tuple[Rango | None, str]:
    if not max(rango.minimo or 0, rango.maximo or 0):
        return None, texto
    return rango, f"{normal[: found.start()]} {normal[found.end() :]}".strip()


def _about(found: re.Match[str]) -> Rango:
    amount = _value(found["monto"])
    exact = re.fullmatch(rf"\$? ?(?:{_CIFRAS})", found["monto"]) is not None
    slack = _CERCA if found["cerca"] else 0 if exact else _REDONDEO
    return Rango(round(amount * (1 - slack)), round(amount * (1 + slack)))


def _value(written: str, unit_of: str = "") -> int:
    """The amount in whole CLP; without a unit of its own it has that of `unit_of`: 100 of "100 a 200 mil"."""
    parts = re.findall(rf"({_CIFRAS}|[a-z]+)", written.replace("$", " "))
    value, units = 0.0, [one for one in parts if _unit(one)]
    if not units and unit_of:
        parts += [one for one in re.findall(r"[a-z]+", unit_of) if _unit(one)][:1]
    number, last = 0.0, 1
    for part in parts:
        if size := _unit(part):
            value, number, last = value + (number or 1) * size, 0.0, size
        elif part == "medio" and value:
            value += last / 2
        else:
            number = _number(part) or number
    return round(value + number)


def _unit(word: str) -> int:
    if word in {"mm", "melones"}:
        return 10**6
    return next((size for name, size in _UNIDADES.items() if word in {name, f"{name}s", f"{name}es"}), 0)


def _number(word: str) -> float:
    if word in _PALABRAS:
        return float(_PALABRAS[word])
    if not word[0].isdigit():
        return 0.0
    dotted = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", word)
    plain = word.replace(".", "").replace(",", ".") if dotted else word.replace(",", ".")
    return float(plain)
