"""What may be the heading of a clause: every numbering style, at the beginning of a line or within it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.contratos.numeros import read_numero, read_ordinal, read_romano

_FINAL = r"(?: {0,2}(?:\.-|°\.?-?|[:.)\-/])+(?= |$)| {0,2}$| {0,2}(?=\())"
_PALABRA = re.compile(
    r"(?:c[lij]a?usu[lij]a|articulo|art\.|punto|numeral) {0,2}(?:n(?:ro|um|o)?[°.]{0,2} {0,2})?"
)
_NUMERO = re.compile(r"\d{1,2}(?![\d,]|\.\d)")
_ROMANO = re.compile(r"[ivxl]{1,7}(?![a-z])")
_CIERRE = re.compile(_FINAL)
_MULTIPLE = re.compile(r"(?:clausula |numeral )?(\d{1,2}(?:\.\d{1,2}){1,3})(?:\.-|[.)\-:])? {1,2}(?=\S)")
_SOLO = re.compile(r"\(?(\d{1,2}) ?(\.-|°\.?-?\)?|[.)\-:/]-?)(?: {1,2}|$)(?![\d,])")
_LETRA_NUMERO = re.compile(r"([a-z])\.(\d{1,2})(?:\.-|[.)\-:])? {1,2}(?=\S)")
_LETRA = re.compile(r"\(?([a-z])(?: ?\)\.?-?|\.-|[.] ?-?| -)(?: {1,2}|$)")
_ROMANO_SOLO = re.compile(r"\(?([ivxl]{1,6}) ?(?:\.-|[.)\-:])-?(?: {1,2}|$)")
_CARDINAL = re.compile(r"[a-z]{3,12}(?: y [a-z]{3,6})? ?(?:\.-|[:)/]|\.(?= ))")
_PREGUNTA = re.compile(r"¿[^?¿]{3,70}\?")
_ADENTRO = re.compile(r"(?<=[:;,.] )\(?(?P<letra>[a-z]|[ivx]{2,4})\) ")
_DE_ANEXO = re.compile(r" (?:anexo|adden?dum|adenda|modificacion|complemento)")
_ORDINAL_ADENTRO = re.compile(
    r"(?<=[.;:\-] )(?:clausula {1,2})?[a-z]{5,15}(?: {1,2}[a-z]{5,9})? ?(?:\.-|:|\.)"
)
_ENLACES = re.compile(
    r"(?:^| )(?:el|la|los|las|de|del|en|y|o|u|a|al|con|presente|su|este|esta|segun|por|que"
    r"|articulos?|clausulas?"
    r"|numerales|letras?|n°|inciso)$"
)
_INDICE = re.compile(r"[\w)] ?(?:\.{4,}|…{2,}|(?:\. ){4,}) ?(?:\d{1,3}(?!\d)|$)")
_LETRAS_SUELTAS = re.compile(r"^(?:[A-ZÁÉÍÓÚ] ){4,}[A-ZÁÉÍÓÚ](?= ?[:.\-])")


@dataclass(frozen=True, slots=True)
class Encabezado:
    """A heading: where it begins, where its text begins, and what it may be.

    `lecturas` are (style, value) pairs, the likelier first; `camino` is the number of a decimal one.
    Style, number and level are settled by `jerarquia.arrange`.
    """

    inicio: int
    cuerpo: int
    lecturas: tuple[tuple[str, int], ...]
    camino: str = ""
    titulo: str = ""
    adentro: bool = False
    fuerte: bool = False
    numero: str = ""
    nivel: int = 0


def find_encabezados(texto: str, plano: str, inicio: int, fin: int) -> list[Encabezado]:
    """Everything between two places that looks like a clause's heading, in order.

    Lines of a table of contents and lines that go on with a sentence ("conforme a la / cláusula quinta")
    are left out.
    """
    found = []
    previous = ""
    for start, end in _lines(texto, inicio, fin):
        line = plano[start:end]
        heading = None
        if not is_indice(line):
            heading = _heading(texto, plano, start, end)
        if heading and not (_goes_on(heading) and _ENLACES.search(previous)):
            found.append(heading)
        found += _inside(texto, plano, start, end)
        previous = line.strip() or previous
    return sorted(found, key=lambda heading: heading.inicio)


def is_indice(linea: str) -> bool:
    """Whether a line belongs to a table of contents: dots lead to a page."""
    return _INDICE.search(linea) is not None


def _goes_on(heading: Encabezado) -> bool:
    """Whether a heading may be the rest of a line before; items of lists do come after "y"."""
    return heading.lecturas[0][0] in {"fuerte", "numero", "multiple", "TITULO"}


def _lines(texto: str, inicio: int, fin: int) -> Iterator[tuple[int, int]]:
    at = inicio
    while at < fin:
        end = texto.find("\n", at, fin)
        end = fin if end < 0 else end
        if texto[at:end].strip():
            yield at, end
        at = end + 1


def _heading(texto: str, plano: str, start: int, end: int) -> Encabezado | None:
    line, raw = plano[start:end], texto[start:end]
    spaced = _LETRAS_SUELTAS.match(raw)
    if spaced:
        number = read_ordinal(line[: spaced.end()].replace(" ", ""), flojo=True)
        if number:
            return _made(texto, start, start + spaced.end(), end, (("fuerte", number.valor),))
    for reader in (_named, _ordinal, _several, _single, _lettered):
        heading = reader(texto, line, raw, start)
        if heading:
            return heading
    return _title(line, raw, start, end)


def _made(
    texto: str, start: int, body: int, end: int, lecturas: tuple[tuple[str, int], ...], camino: str = ""
) -> Encabezado:
    fuerte = lecturas[0][0] == "fuerte"
    return Encabezado(start, body, lecturas, camino, _titulo(texto[body:end]), fuerte=fuerte)


def _named(texto: str, line: str, raw: str, start: int) -> Encabezado | None:
    """`CLÁUSULA QUINTA:`, `Artículo 7.-`, `Cláusula IV`, `CLÁUSULA 5 RENTA`."""
    word = _PALABRA.match(line)
    if word is None:
        return None
    value, after = _any_number(line, word.end())
    closing = _CIERRE.match(line, after) if value else None
    loud = raw[after:].isupper() and raw[: word.end()].isupper()
    capital = raw[:1].isupper() and re.match(r" [A-ZÁÉÍÓÚÑ]", raw[after:]) and len(raw) < 60
    if not value or value > 99 or not (closing or loud or capital):
        return None
    body = closing.end() if closing else after
    return _made(texto, start, start + body, start + len(line), (("fuerte", value),))


def _any_number(line: str, at: int) -> tuple[int, int]:
    ordinal = read_ordinal(line, at, flojo=True)
    if ordinal:
        return ordinal.valor, ordinal.fin
    for pattern in (_NUMERO, _ROMANO):
        found = pattern.match(line, at)
        if found:
            value = int(found[0]) if pattern is _NUMERO else read_romano(found[0])
            return value or 0, found.end()
    cardinal = read_numero(line, at)
    return (cardinal.valor, cardinal.fin) if cardinal else (0, at)


def _ordinal(texto: str, line: str, raw: str, start: int) -> Encabezado | None:
    """`PRIMERO:`, `Décima octava.-`, `SEGUNDO` alone on its line, `TERCERO PLAZO`."""
    if not raw[:1].isupper() and not raw[:1].isdigit():
        return None
    number = read_ordinal(line, 0, flojo=":" in line[:25] or ".-" in line[:25])
    if number is None or _DE_ANEXO.match(line, number.fin):
        return None
    closing = _CIERRE.match(line, number.fin)
    loud = raw.isupper() and 2 < len(raw) < 80
    if closing is None and not loud:
        return None
    body = closing.end() if closing else number.fin
    return _made(texto, start, start + body, start + len(line), (("fuerte", number.valor),))


def _several(texto: str, line: str, raw: str, start: int) -> Encabezado | None:
    """`5.2 El arrendatario`, `5.2.1.- Mora`, `B.3 Multas`."""
    found = _MULTIPLE.match(line)
    if found and not raw[found.end()].islower():
        camino = ".".join(str(int(part)) for part in found[1].split("."))
        value = int(camino.rpartition(".")[2])
        return _made(texto, start, start + found.end(), start + len(line), (("multiple", value),), camino)
    found = _LETRA_NUMERO.match(line)
    if found and raw[:1].isupper():
        camino = f"{raw[0]}.{int(found[2])}"
        return _made(
            texto, start, start + found.end(), start + len(line), (("multiple", int(found[2])),), camino
        )
    return None


def _single(texto: str, line: str, raw: str, start: int) -> Encabezado | None:
    """`5. Renta`, `5)`, `5°.-`, `Uno.-`."""
    found = _SOLO.match(line)
    if (
        found
        and int(found[1])
        and not re.match(r"(?:de )?(?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)", line[found.end() :])
    ):
        style = "parentesis" if found[2].startswith(")") else "numero"
        return _made(texto, start, start + found.end(), start + len(line), ((style, int(found[1])),))
    words = _CARDINAL.match(line) if raw[:1].isupper() else None
    number = read_numero(line) if words else None
    if words and number and 0 < number.valor < 60 and number.fin >= words.end() - 3:
        return _made(texto, start, start + words.end(), start + len(line), (("palabra", number.valor),))
    loud = re.match(r"(\d{1,2}) (?=[A-ZÁÉÍÓÚÑ]{4,})", raw)
    if loud and raw.isupper() and len(raw) < 60:
        return _made(texto, start, start + loud.end(), start + len(line), (("numero", int(loud[1])),))
    return None


def _lettered(texto: str, line: str, raw: str, start: int) -> Encabezado | None:
    """`a)`, `A.-`, `i)`, `IV.`: a letter may be a roman number as well."""
    roman = _ROMANO_SOLO.match(line)
    letter = _LETRA.match(line)
    found = roman or letter
    if found is None:
        return None
    upper = raw.lstrip("(")[:1].isupper()
    readings = []
    if roman and (value := read_romano(roman[1])):
        readings.append(("ROMANO" if upper else "romano", value))
    if letter:
        readings.append(("LETRA" if upper else "letra", ord(letter[1]) - ord("a") + 1))
    return _made(texto, start, start + found.end(), start + len(line), tuple(readings)) if readings else None


def _title(line: str, raw: str, start: int, end: int) -> Encabezado | None:
    """A line in capitals, a question, or a short label with a colon, for contracts that number nothing."""
    letters = sum(char.isalpha() for char in raw)
    if letters < 4 or letters < 0.6 * len(raw):
        return None
    loud = raw.isupper() and len(raw) < 70 and not raw.endswith(",")
    if loud or _PREGUNTA.fullmatch(raw.strip()):
        return Encabezado(start, end, (("TITULO", 0),), titulo=raw.strip(" :.-"))
    label = re.match(r"[A-ZÁÉÍÓÚÑ][^:.,;\d]{3,34}:(?= |$)", raw)
    if label:
        return Encabezado(start, start + label.end(), (("etiqueta", 0),), titulo=label[0].rstrip(":"))
    return None


def _inside(texto: str, plano: str, start: int, end: int) -> list[Encabezado]:
    """Headings within a line: deeds run on, `…treinta días. SEGUNDO: …`, `son: a) …; b) …`."""
    result = []
    for found in _ORDINAL_ADENTRO.finditer(plano, start + 1, end):
        at = found.start()
        word = at + (len("clausula ") if plano.startswith("clausula", at) else 0)
        number = read_ordinal(plano, word)
        quiet = not texto[at:].startswith(("Cl", "CL")) and not texto[at : at + 4].isupper()
        if not number or number.fin < found.end() - 3 or not texto[at].isupper():
            continue
        if quiet and plano[found.end() - 1] == ".":
            continue
        titulo = _titulo(texto[found.end() : end])
        result.append(
            Encabezado(at, found.end(), (("fuerte", number.valor),), titulo=titulo, adentro=True, fuerte=True)
        )
    for found in _ADENTRO.finditer(plano, start + 1, end):
        readings = []
        if value := read_romano(found["letra"]):
            readings.append(("romano", value))
        if len(found["letra"]) == 1:
            readings.append(("letra", ord(found["letra"]) - ord("a") + 1))
        if readings:
            result.append(Encabezado(found.start(), found.end(), tuple(readings), adentro=True))
    return result


_TITULO_CORTO = re.compile(r"\s*[\"“(]?([^\n:;]{3,60}?)[\"”)]?\s?(?:\.-|[.:;](?=\s|$)|-{1,2} |$)")


_VERBO = re.compile(
    r"(?i)\b(?:es|son|se|no|rige|dura|vence|paga|pagan|ponen|acuerdan|vienen|\w{2,}(?:[aeií]r[aá]n?|[ií]?[aeé]n?se))\b"
)


def _titulo(resto: str) -> str:
    """The title that follows a number: few words before a stop, or all that the line has."""
    found = _TITULO_CORTO.match(resto)
    if found is None or len(found[1].split()) > 7 or not found[1][:1].isupper() or _VERBO.search(found[1]):
        return ""
    return found[1].strip(" -–—")
