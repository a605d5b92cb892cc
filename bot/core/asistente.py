"""What people say to the assistant about itself: that they want it back, or that an answer was wrong."""

import re

from bot.core.texto import normalize

_BACK = re.compile(
    r"(?:(?:quiero |quisiera |puedo )?(?:volver|vuelve|vuelvo|seguir|sigo|regresar)"
    r" (?:al?|con(?: el)?) (?:asistente|bot|tributa|robot)|volver)"
    r"|(?:ya no (?:necesito|quiero) (?:a )?(?:la|una|esa|hablar con (?:la|una)) persona)"
)
_THUMB = re.compile(r"[\U0001f44e\s]*\U0001f44e[\U0001f3fb-\U0001f3ff\s\U0001f44e!.]*")
_THAT = r"(?:eso|esto|esa respuesta|la respuesta|tu respuesta|ese (?:numero|dato|monto|total)|el total|lo)"
_WRONG = r"(?:mal|malo|mala|malisimo|incorrect[oa]|equivocad[oa]|errad[oa]|errone[oa])"
_COMPLAINT = re.compile(
    rf"(?:no,? )?(?:(?:{_THAT} )?(?:me )?(?:esta|estan|es|dijiste|respondiste|calculaste)"
    rf" (?:muy |todo )?{_WRONG}"
    rf"|mala respuesta|respuesta {_WRONG}|{_THAT} no (?:es|esta) (?:correct[oa]|bien|cierto|verdad)"
    rf"|(?:te )?(?:equivocaste|estas equivocad[oa])|(?:eso |esto )?no es (?:eso )?lo que (?:te )?"
    rf"(?:pregunte|pedi|queria)|(?:eso )?no (?:me )?(?:sirve|sirvio)|no respondiste lo que (?:te )?pregunte)"
    r"(?: (?:pues|po|oye|tributa|ah))?"
)
_PERSON = re.compile(
    r"\b(?:humano|humana|(?:una?|otra|la|esa) persona|persona real|ejecutiv[oa]|operadora?|agente|asesora?"
    r"|alguien (?:real|de verdad|del equipo|de soporte)|soporte|servicio al cliente|atencion al cliente)\b"
)
_EDGES = " .!¡?¿,;:"


def wants_assistant(texto: str) -> bool:
    """Whether somebody who was given a person asks for the assistant again, in so many words."""
    return _BACK.fullmatch(normalize(texto).strip(_EDGES)) is not None


def is_complaint(texto: str) -> bool:
    """Whether a message says that the last answer was wrong, and nothing else.

    What else it says (`no, de 2025`) is a question that goes on, and is answered.
    """
    return bool(_THUMB.fullmatch(texto.strip()) or _COMPLAINT.fullmatch(normalize(texto).strip(_EDGES)))


def asks_for_person(texto: str) -> bool:
    """Whether somebody whom the engine does not hear asks for a person."""
    return _PERSON.search(normalize(texto)) is not None
