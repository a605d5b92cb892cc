"""Write money, dates and numbers of Spanish text in one way, so that answers can be compared."""

import re
import unicodedata

_UNIDADES = (
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve veinte veintiun veintidos veintitres veinticuatro veinticinco "
    "veintiseis veintisiete veintiocho veintinueve"
).split()
_DECENAS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_CIENTOS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
NUMEROS = (
    {word: value for value, word in enumerate(_UNIDADES)}
    | {"uno": 1, "una": 1, "veintiuno": 21, "veintiuna": 21, "cien": 100}
    | {word: 30 + 10 * index for index, word in enumerate(_DECENAS)}
    | {word: 100 * index for index, word in enumerate(_CIENTOS.split(), 1)}
    | {word.replace("os", "as"): 100 * index for index, word in enumerate(_CIENTOS.split(), 1) if index > 1}
)
_PALABRA = "|".join(sorted([*NUMEROS, "mil", "millon", "millones"], key=len, reverse=True))
_EN_PALABRAS = re.compile(rf"\b(?:{_PALABRA})(?:(?: y)? (?:{_PALABRA}))*\b")
MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MES = "|".join([*MESES, *(mes[:3] for mes in MESES), "setiembre", "sept"])
_FECHA_LARGA = re.compile(rf"\b(\d{{1,2}})(?: de)? ({_MES})\.?,?(?: del?(?: ano)?)?,? (\d{{4}})\b")
_FECHA_CORTA = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")

_MONEDAS = (
    (r"unidad(?:es)? de fomento|u\.f\.", "uf"),
    (r"unidad(?:es)? tributarias? mensual(?:es)?|u\.t\.m\.", "utm"),
    (r"dolares(?: estadounidenses| de los estados unidos de america)?|us ?\$|u\$s|us\$", "usd"),
    (r"pesos(?: chilenos)?", "clp"),
)


def normalize(text: str) -> str:
    """Lower case without accents; `1150000 clp`, `45.5 uf`, `2027-03-01`, `30 dias`, `5.5%`."""
    text = re.sub(r"(\w)[-\u00ad]\s*\n\s*(?=[a-záéíóúñ])", r"\1", text)
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char) and char not in "\0\u200b*")
    plain = re.sub(r"[\s()«»\"“”]+", " ", plain)
    plain = re.sub(r"\b(\d{1,3}(?:\.\d{3})+)(?![\d])", lambda match: match[1].replace(".", ""), plain)
    plain = re.sub(r"(\d),(?=\d)", r"\1.", plain)
    plain = re.sub(rf"\bprimero (?=de (?:{_MES}))", "1 ", plain)
    plain = re.sub(r"(\d+(?:\.\d+)?) (mil|millon|millones)\b", _thousands, plain)
    plain = re.sub(rf"\bpor ciento\b(?! (?:{_PALABRA}))", "%", plain)
    plain = re.sub(r"\bun (?=\w+ %)", "", plain)
    plain = _EN_PALABRAS.sub(lambda match: str(_value(match[0])), plain)
    return _dates(_money(plain)).strip()


def find(item: str, text: str) -> int:
    """Where a normalised item starts in a normalised text, or -1; a number never matches part of another."""
    end = r"(?![\w]|[.]\d)" if item[-1].isdigit() or re.search(r"\d \w+$", item) else ""
    found = re.search(rf"(?<![\w.$]){re.escape(item)}{end}", text)
    return found.start() if found else -1


def _value(words: str) -> int:
    total = group = 0
    for word in words.split():
        if word == "mil":
            total, group = total + max(group, 1) * 1000, 0
        elif word in {"millon", "millones"}:
            total, group = (total + max(group, 1)) * 1_000_000, 0
        else:
            group += NUMEROS.get(word, 0)
    return total + group


def _thousands(match: re.Match[str]) -> str:
    return str(round(float(match[1]) * (1000 if match[2] == "mil" else 1_000_000)))


def _money(text: str) -> str:
    text = re.sub(r"(\d+) coma (\d+)", r"\1.\2", text)
    for pattern, name in _MONEDAS:
        text = re.sub(rf"(?<![a-z])(?:{pattern})(?![a-z])", name, text)
    text = re.sub(r"(?<!us)\$ ?(\d[\d.]*)(?: clp)?", r"\1 clp", text)
    text = re.sub(r"(?<!\d )\b(uf|utm|usd|clp) (\d+(?:\.\d+)?)\b", r"\2 \1", text)
    text = re.sub(r"(\d) de (?=clp|uf|utm|usd)", r"\1 ", text)
    text = re.sub(r"(\d\.\d*?)0+(?= (?:uf|utm|usd|clp)| ?%)", r"\1", text).replace(". uf", " uf")
    text = re.sub(r"(\d)\.(?= ?(?:uf|utm|usd|clp|%))", r"\1", text)
    text = re.sub(r"\b(\d[\d.]*) \1\b", r"\1", text)
    return re.sub(r"(\d) %", r"\1%", text)


def _dates(text: str) -> str:
    def long(match: re.Match[str]) -> str:
        month = MESES.index(next(mes for mes in MESES if mes[:3] == match[2].replace("set", "sep")[:3])) + 1
        return f"{match[3]}-{month:02}-{int(match[1]):02}"

    text = _FECHA_LARGA.sub(long, text)
    return _FECHA_CORTA.sub(lambda match: f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}", text)
