"""Whether a message goes on with what was spoken of, and what it then asks for."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.core.consulta.accion import asks_for_lines, asks_why
from bot.core.consulta.asunto import Asunto
from bot.core.consulta.comparacion import find_extremo
from bot.core.consulta.de_contrato import asked_of_contract
from bot.core.consulta.declarado import read_declarados
from bot.core.consulta.letra import plainly
from bot.core.consulta.montos import read_monto
from bot.core.consulta.periodos import find_tramos
from bot.core.consulta.senales import (
    asks_what_it_is,
    asks_who_owes,
    book_named,
    find_clase,
    goes_on,
    names_iva,
    points_back,
    words_left,
)
from bot.core.consulta.tipos import find_tipos
from bot.core.consulta.todos import wants_all_types
from bot.core.contratos.ordenes import Accion, read_orden
from bot.core.documentos import Libro
from bot.core.errors import BotError

# A guess this good is taken as it is unless every word of the message says that it goes on with another.
SURE, _ALMOST_SURE, _CERTAIN = 0.6, 0.85, 0.9
_SHORT, _SHORTEST = 9, 3
_BOLETAS = frozenset({39, 41, 48})
_TRIBUTO = frozenset("iva_f29 vencimientos pregunta_tributaria compras_pendientes".split())
# What the tax service does to who is late, unless it is plainly of a contract.
_SANCION = re.compile(
    r"^(?!.*\b(?:contrat|arriend|clausul|duen)).*\b(?:multas?|intereses|recargos?|sancion\w*|giro)\b"
)
_ORDENES = {Accion.REEMPLAZAR: "contrato_subir", Accion.RECUPERAR: "contrato_eliminar"}
_CORTESIA = frozenset("saludo despedida gracias ayuda afirmar negar".split())
_LE = re.compile(r"\bles? (?:\w+ )?(?:vend|compr|factur|emit|pag)\w+")
_SEGURA = re.compile(r"\b(?:segur[oa]|confiable|peligros\w+|guarda\w*|quien la ve|la ven)\b")
_CUANTO = re.compile(r"\b(?:cuanto|cuanta|monto|total)\b")
_A_QUIEN = re.compile(
    r"^\W*(?:(?:y|ahora|solo|no|po|pero|ya|ok|tambien)\b\W*)*(?:l[oa]s? )?(?:a|al|de|del|con|para|por)\b "
    r"(?:(?:l[oa]s?|el|don|dona|de|del)\b )*[a-z&]{4,}(?: [a-z&]{3,}){0,4}?"
    r"(?: (?:cuanto|cuanta|po|porfa|nomas|solo))?\W*$"
)


@dataclass(frozen=True, slots=True)
class Oido:
    """The intent that the engine heard (none if unsure), how surely, and who it heard named, as typed.

    `nombra` is whether that, or another word, names a party that the taxpayer has.
    """

    intent: str = ""
    confianza: float = 0.0
    nombra: bool = False
    parte: str = ""


@dataclass(frozen=True, slots=True)
class _Mensaje:
    """What a message says, read once."""

    texto: str
    meses: bool
    tipos: bool
    clase: str
    libro: Libro | None
    iva: bool
    sobran: int
    largo: int
    extremo: bool

    @property
    def cambia(self) -> bool:
        return self.meses or self.tipos or bool(self.clase) or self.libro is not None


def follow(texto: str, oido: Oido, previo: Asunto, hoy: date) -> Asunto:
    """What a turn asks for and goes on with.

    Returns:
        With `sigue`, a turn that keeps all that its words do not change; else a new question of
        `oido.intent` (or of the one that its words name), that has only the months of before at hand.
    """
    if read_declarados(texto):
        return Asunto("iva_f29", previo.periodos if previo.intent == "iva_f29" else ())
    if orden := read_orden(texto, hoy, hablado=bool(previo.contrato)):
        return Asunto(_ORDENES.get(orden.accion, "contrato_listar"), contrato=previo.contrato)
    mensaje = _read(texto, hoy)
    for asunto in filter(None, (previo, previo.fondo)):
        intent = _next_intent(mensaje, oido, asunto) if asunto.intent else ""
        if intent:
            return _kept(replace(asunto, sigue=True), intent, mensaje)
    months = previo.periodos or (previo.fondo.periodos if previo.fondo else ())
    return _new(mensaje, oido, previo, Asunto(_rescued(mensaje, oido, previo), months, dias=previo.dias))


def names_followed_party(texto: str) -> str | None:
    """The somebody of `y a sodimac?`, when the message goes on with a question about somebody else."""
    named = _A_QUIEN.search(plainly(texto))
    left = words_left(texto)
    return " ".join(left) if named and left and len(left) <= _SHORTEST else None


def _read(texto: str, hoy: date) -> _Mensaje:
    return _Mensaje(
        texto,
        _names_months(texto, hoy),
        _names_types(texto),
        find_clase(texto),
        book_named(texto),
        names_iva(texto),
        len(words_left(texto)),
        len(texto.split()),
        bool(find_extremo(texto)),
    )


def _names_types(texto: str) -> bool:
    named = bool(find_tipos(texto)) or wants_all_types(texto)
    return named or bool(re.search(r"\b(?:afect|exent)[oa]s\b", plainly(texto)))


def _names_months(texto: str, hoy: date) -> bool:
    try:
        named = bool(find_tramos(texto, hoy))
    except BotError:  # a day, say: whoever answers tells it
        return True
    return named or bool(re.search(r"\b(?:anterior(?:es)?|siguientes?|previo|proximo)\b", plainly(texto)))


def _next_intent(mensaje: _Mensaje, oido: Oido, asunto: Asunto) -> str:
    """The intent if the message goes on with that; empty if it does not."""
    if asunto.libro:
        return _of_register(mensaje, oido, asunto)
    if asunto.intent.startswith("contrato_"):
        return _of_contract(mensaje, oido)
    if asunto.intent == "iva_f29":
        return _of_iva(mensaje, oido)
    if asunto.intent == "vencimientos":
        return _of_due_dates(mensaje, oido)
    return _of_anything(mensaje, oido, asunto)


def _of_register(mensaje: _Mensaje, oido: Oido, asunto: Asunto) -> str:
    texto = mensaje.texto
    other = mensaje.iva or oido.intent == "compras_pendientes" or asks_what_it_is(texto)
    if other or not _elliptic(mensaje, oido, asunto):
        return ""
    libro = mensaje.libro or (Libro.VENTAS if _only_boletas(find_tipos(texto)) else asunto.libro)
    clase = mensaje.clase
    if asunto.clase == "comparar" and mensaje.extremo:
        clase = "comparar"
    if asunto.clase == "pendientes" and libro is Libro.COMPRAS and not mensaje.meses:
        return asunto.intent if clase in {"", "detalle", "resumen"} else f"compras_{clase}"
    kept = "detalle" if asunto.clase == "pendientes" else asunto.clase
    return f"{libro}_{clase or kept}"


def _elliptic(mensaje: _Mensaje, oido: Oido, asunto: Asunto) -> bool:
    """Whether a message about the register leaves out what was said before."""
    marked = goes_on(mensaje.texto, clearly=True) or points_back(mensaje.texto)
    if not marked and _is_another_question(mensaje, oido, asunto):
        return False
    if oido.nombra and (marked or mensaje.largo <= _SHORT):
        return _may_be_of_somebody(oido, marked)
    extremo = asunto.clase == "comparar" and mensaje.extremo and oido.intent not in _CORTESIA
    if mensaje.cambia or extremo:
        if not mensaje.sobran:
            return True
        lost = oido.intent in _UNSURE and (oido.confianza < SURE or points_back(mensaje.texto))
        unsure = lost or not oido.intent or _is_register(oido) or (oido.intent in _CORTESIA and marked)
        return (
            unsure and mensaje.largo <= _SHORT and (marked or goes_on(mensaje.texto) or mensaje.sobran == 1)
        )
    return marked and names_followed_party(mensaje.texto) is not None and oido.intent in (_UNSURE | _CORTESIA)


def _may_be_of_somebody(oido: Oido, marked: bool) -> bool:
    """Whether the name in a short message is likely who is asked about, not one in small talk."""
    if oido.intent in _CORTESIA:
        return marked
    return oido.intent in _UNSURE or _is_register(oido) or oido.confianza < SURE


def _is_another_question(mensaje: _Mensaje, oido: Oido, asunto: Asunto) -> bool:
    """Whether a message that does not begin as one that goes on is whole by itself."""
    if mensaje.libro:  # but "cuánto le compré" is still about the same one
        same = mensaje.libro is asunto.libro and _LE.search(plainly(mensaje.texto)) is not None
        return not same or not asunto.contraparte or oido.nombra or mensaje.sobran > 0
    if _is_register(oido):
        # No word says which book: the one spoken of, and not the one that people mostly ask for, unless
        # somebody is named who is not in it.
        stranger = not oido.nombra and bool(oido.parte)
        return oido.confianza >= SURE and stranger and not oido.intent.startswith(f"{asunto.libro}")
    if oido.intent in _CORTESIA | {""}:
        return False
    if oido.intent == "fuera_de_alcance":
        of_somebody = oido.nombra and mensaje.largo <= _SHORTEST + 2
        return oido.confianza >= SURE and mensaje.sobran > 0 and not of_somebody
    return oido.confianza >= SURE or oido.intent.startswith("contrato_")


_UNSURE = frozenset({"", "fuera_de_alcance"})


def _is_register(oido: Oido) -> bool:
    return oido.intent.startswith(("ventas_", "compras_"))


def _of_contract(mensaje: _Mensaje, oido: Oido) -> str:
    asked = asked_of_contract(mensaje.texto)
    unsure = oido.intent in _UNSURE or oido.confianza < SURE
    if oido.intent.startswith("contrato_"):
        return oido.intent
    if oido.intent == "vencimientos" and not mensaje.iva and asked == "contrato_vigencia":
        return asked
    if mensaje.libro or mensaje.iva or not (unsure or goes_on(mensaje.texto, clearly=True)):
        return ""
    lost = oido.intent == "" or (oido.intent == "fuera_de_alcance" and oido.confianza < SURE)
    return asked or ("contrato_pregunta" if lost and goes_on(mensaje.texto) and mensaje.sobran else "")


def _of_iva(mensaje: _Mensaje, oido: Oido) -> str:
    if oido.intent == "vencimientos" and not (mensaje.meses or mensaje.libro):
        return "vencimientos"  # of the month whose tax was told
    if mensaje.libro:
        marked = goes_on(mensaje.texto, clearly=True)
        return f"{mensaje.libro}_{mensaje.clase or 'resumen'}" if marked and not mensaje.sobran else ""
    other = oido.intent not in _UNSURE | {"iva_f29", "negar"} and not _is_register(oido)
    if other and oido.confianza >= SURE and mensaje.sobran:
        return ""
    short = mensaje.largo <= _SHORT
    if short and (asks_why(mensaje.texto) or asks_for_lines(mensaje.texto)):
        return "iva_f29"
    about = mensaje.meses or mensaje.clase in {"comparar", "detalle", "resumen"}
    return "iva_f29" if about and not mensaje.sobran and not mensaje.tipos else ""


def _of_due_dates(mensaje: _Mensaje, oido: Oido) -> str:
    if mensaje.libro or mensaje.sobran or (mensaje.iva and oido.intent == "iva_f29"):
        return ""
    if _CUANTO.search(plainly(mensaje.texto)) and not mensaje.tipos:
        return "iva_f29"
    return "vencimientos" if mensaje.meses and not mensaje.clase else ""


def _of_anything(mensaje: _Mensaje, oido: Oido, asunto: Asunto) -> str:
    unsure = oido.intent in _UNSURE | {"afirmar"}
    if asunto.intent == "clave_sii" and unsure and _SEGURA.search(plainly(mensaje.texto)):
        return asunto.intent
    asks = goes_on(mensaje.texto, clearly=True) and not mensaje.cambia and mensaje.sobran > 0
    return asunto.intent if asunto.intent == "pregunta_tributaria" and not oido.intent and asks else ""


def _kept(asunto: Asunto, intent: str, mensaje: _Mensaje) -> Asunto:
    """The same with another intent: whoever is a client is no supplier, and boletas are none of purchases."""
    changed = replace(asunto, intent=intent)
    if changed.libro is asunto.libro:
        return changed
    tipos = () if changed.libro is not Libro.VENTAS and _only_boletas(asunto.tipos) else asunto.tipos
    return replace(changed, tipos=tipos if changed.libro else (), contraparte="", estado=None)


def _only_boletas(tipos: tuple[int, ...]) -> bool:
    """Whether it is of sales only: the register of purchases has no boletas."""
    return bool(tipos) and set(tipos) <= _BOLETAS


def _new(mensaje: _Mensaje, oido: Oido, previo: Asunto, asked: Asunto) -> Asunto:
    """A new question; one of a contract is of the contract spoken of."""
    if asked.intent.startswith("contrato_") and previo.intent.startswith("contrato_"):
        return replace(asked, contrato=previo.contrato)
    return asked


def _rescued(mensaje: _Mensaje, oido: Oido, previo: Asunto) -> str:
    """The intent heard; of a book and a month that were heard as small talk or nothing, what they ask for."""
    if (
        previo.intent in _TRIBUTO
        and oido.intent == "contrato_pregunta"
        and _SANCION.search(plainly(mensaje.texto))
    ):
        return "pregunta_tributaria"
    if mensaje.libro and _is_register(oido) and oido.confianza < _CERTAIN:
        return f"{mensaje.libro}_{oido.intent.partition('_')[2]}"
    asked = mensaje.libro and (mensaje.meses or mensaje.clase) and not mensaje.iva and mensaje.sobran <= 1
    owed = asks_who_owes(mensaje.texto)
    if owed and oido.intent in _UNSURE:
        return f"{owed}_detalle"
    if asked and oido.intent in _CORTESIA | {""}:
        return f"{mensaje.libro}_{mensaje.clase or 'resumen'}"
    unsure = oido.intent in _UNSURE and oido.confianza < _ALMOST_SURE
    if unsure and mensaje.tipos and not mensaje.iva and read_monto(mensaje.texto)[0]:
        return f"{mensaje.libro or Libro.VENTAS}_{mensaje.clase or 'detalle'}"
    return oido.intent
