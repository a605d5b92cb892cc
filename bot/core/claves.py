"""Passwords of the SII that people type into a chat by mistake: found and blotted out."""

import re
import unicodedata

BLOT = "[clave borrada]"
# What people call it. The RUT of whoever writes may stand between it and the password. White space is
# never given back (`++`): nothing that follows begins with it, and trying would take the cube of a
# message's length.
_NAME = (
    r"(?:claves?|contra[sc]e?n?a?s?|password|passw?|psw|pwd)"
    r"(?:\s++(?:tributaria|secreta|unica|del?\s++(?:l\s*+)?(?:el\s++)?s\.?i\.?i\.?"
    r"|de\s++impuestos(?:\s++internos)?|para\s++(?:el\s++|entrar\s++al\s++)?s\.?i\.?i\.?"
    r"|sii|actual|nueva|es))*"
)
_LINK = r"\s*+(?:(?:es|seria|era|son|:|=|->|-|,|\.|\()\s*+){0,4}[\"'«“]?\s*+"
_NAMED = re.compile(rf"\b{_NAME}{_LINK}(?P<clave>[^\s\"'»”)]+)")
# Between RUT and password a line's end, a sign, "y" or a dash; with it comes any white space.
_BESIDE_RUT = re.compile(
    r"\b\d{1,2}\.?\d{3}\.?\d{3}\s*+-\s*+[\dk](?=[^\S\n]*+(?:[/,;:|y\n]|-\s))"
    r"y?+(?:[\s/,;:|]|y(?=\s)|-(?=\s))*+(?P<clave>[^\s\"'»”)]{4,64})"
)
_SAYS_SO = re.compile(r"(?:\bes|[:=])\Z")
_OPENING = ('"', "'", "«", "“")
_LONE = re.compile(r"\S{6,20}")
_RUT = re.compile(r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dk]")
_FIGURE = re.compile(r"\$?\d{1,3}(?:\.\d{3})+|\d{4}-\d{2}|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")


def redact_clave(texto: str, *, esperada: bool = False) -> tuple[str, bool]:
    """Blot out what looks like a password of the SII.

    Args:
        esperada: the person was just asked for it (through a link), so a single strange word is taken for it.

    Returns:
        The text that may be kept, and whether anything was blotted out.
    """
    plain = _plain(texto)
    spans = [found.span("clave") for found in _NAMED.finditer(plain) if _is_clave(found, plain)]
    spans += [found.span("clave") for found in _BESIDE_RUT.finditer(plain) if _odd(found["clave"])]
    lone = plain.strip()
    if esperada and not spans and _LONE.fullmatch(lone) and _odd(lone):
        return BLOT, True
    for start, end in sorted(spans, reverse=True):
        texto = texto[:start] + BLOT + texto[end:]
    return texto, bool(spans)


def _is_clave(found: re.Match[str], plain: str) -> bool:
    """Strange words always; plain ones only where the sentence says that it is the password and then ends."""
    word = found["clave"]
    if _odd(word):
        return True
    said = _says_so(plain[: found.start("clave")])
    rest = plain[found.end("clave") :].strip(" .,;!)\"'»”\n")
    return said and not rest and len(word) >= 4 and word.strip(".,;!?") not in _ORDINARY and "?" not in plain


def _says_so(before: str) -> bool:
    before = before.rstrip()
    if before.endswith(_OPENING):
        before = before[:-1].rstrip()
    return _SAYS_SO.search(before[-3:]) is not None


def _odd(word: str) -> bool:
    """No word of the language and no figure: letters with digits or signs, or a long number."""
    word = word.strip(".,;!?")
    if len(word) < 4 or _RUT.fullmatch(word) or _FIGURE.fullmatch(word):
        return False
    letters, digits = any(map(str.isalpha, word)), any(map(str.isdigit, word))
    signs = any(not character.isalnum() and character not in "¿¡-/()" for character in word)
    return (letters and digits) or (signs and len(word) >= 6) or (digits and len(word) >= 6)


def _plain(texto: str) -> str:
    """Lower case without accents, character for character: positions stay."""
    return "".join(_bare(character) for character in texto)


def _bare(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


_ORDINARY = frozenset(
    """
    vender comprar ahorrar siempre nunca todo nada esta eso esto esa asi mejor necesaria obligatoria
    importante segura correcta incorrecta mala buena distinta diferente igual misma otra nueva antigua
    vieja invalida valida secreta privada personal unica tributaria facil dificil corta larga para
    porque cuando como donde cual quien vencida bloqueada olvidada perdida caducada expirada temporal
    provisoria numerica alfanumerica confidencial mia tuya suya nuestra aquella incorrecto error
    problema gratis urgente
    """.split()
)
