"""Whether a contract has an end at all, or lasts as long as a work."""

import re
from collections.abc import Sequence

from bot.core.contratos.datos import Dato
from bot.core.contratos.frases import Frase
from bot.core.contratos.plazos import scored

_INDEFINIDO = re.compile(
    r"indefinid[oa]|(?:sin|no tiene|no hay|carece de|no contempla) (?:plazo|fecha) de (?:termino"
    r"|vencimiento|expiracion)"
    r"|(?:tiempo|plazo|duracion|vigencia|periodo) indeterminad[oa]|no le pusimos fecha"
    r"|mientras (?:a los dos|ambas? partes)"
    r"|mientras (?:ninguna|alguna|una|cualquiera) de (?:las|ellas|los)|perpetu[oa]|a perpetuidad"
    r"|mientras (?:el|la) \w+ no (?:pida|solicite|exija|requiera|reclame)"
    r"|hasta que (?:una|alguna|cualquiera|alguno|uno) de (?:las partes|los dos|ambos)"
)
_OBRA = re.compile(
    r"obra o faena|por obra\b|por faena|(?:hasta|al) (?:el |la )?(?:termino|conclusion|terminacion"
    r"|finalizacion) de (?:la|las|el|los) (?:obra|faena|trabajos|proyecto)"
    r"|(?:cuando|hasta que|una vez que) (?:conclu|termin|finali|acab)\w+ (?:la|las|el|los)"
    r" (?:obra|faena|trabajos|proyecto|cosecha|temporada)"
)
_SI_SIGUE = re.compile(
    r"(?:transform|convert|pasara)[^.]{0,80}indefinid[^.]*\b(?:si|en caso|cuando|a menos|salvo)\b"
    r"|\b(?:si|en caso|cuando|segunda|hecho de|de no|a menos|salvo)\b[^.]*(?:transform|convert"
    r"|pasara)[^.]{0,60}indefinid"
)
_NO_ES = re.compile(
    r"renov|prorrog|confidencial|reserva|si el trabajador continua"
    r"|propiedad intelectual|licencia"
)


def find_modalidad(frases: Sequence[Frase]) -> Dato[str] | None:
    """`indefinido`, `obra`, or None where the text has an end or says nothing."""
    for frase, score in scored(frases):
        for name, pattern in (("indefinido", _INDEFINIDO), ("obra", _OBRA)):
            found = pattern.search(frase.plano)
            if _SI_SIGUE.search(frase.plano):
                continue
            if found and score > 0 and not _NO_ES.search(frase.antes(found.start(), 90)):
                return frase.dato(name, min(0.95, 0.6 + score / 15))
    return None
