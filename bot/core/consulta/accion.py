"""What is to be done with the SII password or with one's data. Both are confirmed before they are done."""

import re

from bot.core.consulta.letra import plainly

# Stems, so that all forms of a verb and most slips of the pen are read: "elimínenla", "borrame".
_ERASE = re.compile(
    r"\b(?:borr[aeo]\w*|elimin\w*|suprim\w*|olvid(?:a|ar|es|en|enla|enlo|ense|ate|ame|ala|alo)\b|revo[cq]\w*"
    r"|sa(?:ca|que|quen|car)(?:la|lo|las|los|me)?\b|quit[aeo]\w*|retir\w*|destru\w*|botar?\b"
    r"|(?:dar|den|denme|deme|dame|darm[eo]) de baja|desinscri\w*"
    r"|no (?:quiero|deseo|autorizo)(?: a)? que \w*\s*(?:la |lo |los |me |tu |uds?\.? |ustedes )*"
    r"(?:teng|guard|us|sig|almacen)\w*"
    r"|de(?:ja|je|jen|jar) de (?:guardar|usar|tener)\w*|derecho al olvido"
    r"|cancela\w* (?:mi|la) (?:cuenta|clave))"
)
_DOWNLOAD = re.compile(
    r"\b(?:descarg\w*|(?<!de )ba(?:jar|jo|ja)(?:me|los|las|lo)?\b|export\w*|copia\w*|llev(?:ar|o|e)\w*"
    r"|portab\w*|zip|archivos?|respald\w*|(?:mand|envi|entreg)(?:a|e|ar|en|eme|ame|enme|arme)\w*)"
)
_WHY = re.compile(
    r"\b(?:por ?qu?e?|porq|xq|pq|xk|a que se debe|de donde (?:sale|salio|viene)|explica\w*|razon|motivo)\b"
    r"|\bque (?:paso|cambio)\b"
)
_LINES = re.compile(r"\b(?:linea a linea|linea por linea|lineas|codigos?|desglos\w*|detall\w*|casill\w*)\b")
_YES = frozenset(
    """
    si sii sip sipo sipi sep see ya yap dale ok oka okey oki bueno buena listo claro obvio confirmo confirmado
    correcto eso exacto afirmativo perfecto vale hazlo acepto seguro porfa 👍 ✅ 👌 🆗
    """.split()
)
_NO = frozenset("no nop nopo tampoco nunca jamas mejor espera cancela cancelar todavia pero".split())


def asks_to_erase(texto: str) -> bool:
    """`ya no quiero que tengan mi clave`, `elimina todo`."""
    return _ERASE.search(plainly(texto)) is not None


def asks_to_download(texto: str) -> bool:
    """`mándenme una copia de mis datos`."""
    return _DOWNLOAD.search(plainly(texto)) is not None


def asks_why(texto: str) -> bool:
    """`¿por qué subió mi IVA?`."""
    return _WHY.search(plainly(texto)) is not None


def asks_for_lines(texto: str) -> bool:
    """`muéstrame el F29 código por código`."""
    return _LINES.search(plainly(texto)) is not None


def is_plain_yes(texto: str) -> bool:
    """`sí, dale`: nothing is erased on the word of the classifier alone."""
    words = re.findall(r"[a-z]+|[👍✅👌🆗]", plainly(texto))
    return bool(words) and words[0] in _YES and not _NO.intersection(words)
