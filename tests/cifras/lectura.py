"""The figures in the text of an answer, in its order; and a check that none was passed over."""

import re

_DICHO = re.compile(r"«[^»]*»|_Fuente[^_]*_|\((?:miré|y) [^)]*\)")
_FIGURA = re.compile(
    r"-?\$\d{1,3}(?:\.\d{3})*(?![\d.]\d)|\d+(?:,\d+)? %"
    r"|(?<![\d$.,-])\d{1,3}(?:\.\d{3})*(?= (?:\w*documentos?|facturas?|boletas?|notas?|comprobantes?"
    r"|liquidaci|declaraci|gu[ií]as?|días\b|en total))"
)
_FOLIO = re.compile(r"(?<=· )[a-zñáéíóú -]+?(?: tipo \d+ n°)? (?:de \w+ )?(\d+)$", re.M)
_NO_ES_CIFRA = re.compile(
    r"\b20\d\d\b|\b\d\d-\d\d\b(?:-20\d\d)?|\b\d{1,2} al \d{1,2} de|\b\d{1,2} de [a-z]+ al|\bal \d{1,2} de"
    r"|^\d{1,2}\. |\[\d{2,3}\]|\bdel \d{1,2}\b|código \d{3}|\b\d{1,2} de (?=[a-z]+ de)"
    r"|F(?:ormulario )?29\b|formulario 29|8 días corridos|tipo \d{3}|del \d+ al \d+ de|DL 825|art\. 27",
    re.M,
)


def figures(texto: str) -> list[str]:
    """`-$119`, `12,5 %`, `53 documentos` as `53`, and folios as `#7`."""
    plain = _FOLIO.sub(lambda found: found[0].replace(found[1], f"#{found[1]}"), _DICHO.sub("", texto))
    plain = plain.replace("8 días corridos", "")
    title, line, rest = plain.partition("\n")
    title = re.sub(r"(?:de|entre) \$[\d.]+(?: y \$[\d.]+| o (?:más|menos))?", "", title)
    found = re.compile(rf"#\d+|{_FIGURA.pattern}")
    return found.findall(title + line + rest)


def unread(texto: str) -> str:
    """What digits are left once all figures, dates and codes are taken out; nothing, if all were read."""
    rest = _FOLIO.sub("", _DICHO.sub("", texto))
    for known in (_NO_ES_CIFRA, _FIGURA, _NO_ES_CIFRA):
        rest = known.sub(" ", rest)
    return " ".join(re.findall(r"\S*\d\S*", rest))
