"""Where disputes go, and what the contract is about."""

import re
from collections.abc import Sequence

from bot.core.contratos.datos import Dato
from bot.core.contratos.frases import Frase

_TRIBUNALES = re.compile(
    r"tribunales|jurisdiccion|competencia de|domicilio (?:convencional|especial|contractual)"
    r"|fijan? (?:su )?domicilio|para todos los efectos|justicia ordinaria"
)
_LUGAR = (
    r"([A-ZÁÉÍÓÚÑ][\wáéíóúñÁÉÍÓÚÑ]+(?:\s+(?:(?:de|del|la|las|los)\s+){0,2}[A-ZÁÉÍÓÚÑ][\wáéíóúñÁÉÍÓÚÑ]+){0,3})"
)
_DONDE = tuple(
    re.compile(words + r"\s+" + _LUGAR)
    for words in (
        r"(?i:\bcomuna\s+y\s+ciudad\s+de|\bciudad\s+y\s+comuna\s+de)",
        r"(?i:\bciudad\s+de|\bcomuna\s+de)",
        r"(?i:domicilio[\w\s,]{0,60}?\sen)",
        r"(?i:tribunales(?:\s+ordinarios)?(?:\s+de\s+justicia)?(?:\s+competentes)?(?:\s+con\s+asiento)?\s+(?:de|en))",
        r"(?i:jurisdicci[oó]n\s+de\s+(?:los\s+tribunales\s+de\s+)?)",
        r"(?i:problema|conflicto|diferencia)[^.]{0,40}?\sen",
    )
)
_ARBITRO = re.compile(r"\barbitro\b|arbitraje|arbitral|arbitrador|amigable componedor")
_CAM = re.compile(r"camara de comercio de santiago|centro de arbitraje y mediacion|\bcam\b")
_OBJETO = re.compile(r"objeto|servicio|propiedad|inmueble|antecedente|naturaleza|bien|cosa|producto|arrend")
_ACTO = re.compile(
    r"da en (?:arrend|comodato|mutuo|arriendo)|entrega en|encarga|contrata|se obliga a"
    r"|arriend[oa]|vend[eo]\b|presta\b|otorga|promete"
    r"|tiene por objeto|consiste en|suministrar"
)


def find_jurisdiccion(frases: Sequence[Frase]) -> Dato[str] | None:
    """The city whose courts decide, or where the parties set their domicile for that."""
    for frase in reversed(frases):
        said = _TRIBUNALES.search(frase.plano) or re.search(
            r"cualquier (?:problema|conflicto|diferencia)", frase.plano
        )
        if not said or not (frase.clausula or len(frase.texto) < 500):
            continue
        for pattern in _DONDE:
            found = pattern.search(frase.texto)
            if found:
                return frase.dato(" ".join(found[1].split()), 0.85)
    return None


def find_arbitraje(frases: Sequence[Frase]) -> Dato[str] | None:
    """Whether an arbitrator decides: `CAM Santiago` or `árbitro`."""
    for frase in frases:
        if _ARBITRO.search(frase.plano) and not re.search(
            r"no (?:se )?(?:somet\w+|hab\w+|proced\w+) [^.]{0,20}arbitr", frase.plano
        ):
            return frase.dato("CAM Santiago" if _CAM.search(frase.plano) else "árbitro", 0.9)
    return None


def find_objeto(frases: Sequence[Frase]) -> Dato[str] | None:
    """The sentence that says what one party gives or does for the other."""

    def score(frase: Frase) -> int:
        first = frase.clausula.split(".")[0] in {"1", "2", "I", "A", ""}
        return 2 * bool(_ACTO.search(frase.plano)) + 2 * bool(_OBJETO.search(frase.titulo)) + first

    likely = [
        frase
        for frase in frases[:40]
        if len(frase.texto) > 30 and (frase.clausula or _ACTO.search(frase.plano))
    ]
    best = max(likely, key=score, default=None)
    if best is None or score(best) < 2:
        return None
    return best.dato(" ".join(best.texto.split())[:300], 0.5 + score(best) / 15)
