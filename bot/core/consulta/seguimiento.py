"""Whether a message goes on with what was spoken of, and what it then asks for."""

import re
from dataclasses import replace
from datetime import date

from bot.core.consulta.accion import asks_for_lines, asks_why
from bot.core.consulta.asunto import Asunto
from bot.core.consulta.de_contrato import asked_of_contract
from bot.core.consulta.declarado import read_declarados
from bot.core.consulta.letra import plainly
from bot.core.consulta.reaccion import without_reaction
from bot.core.consulta.rescate import rescued
from bot.core.consulta.senales import asks_what_it_is, goes_on, points_back, words_left
from bot.core.consulta.tipos import find_tipos
from bot.core.consulta.todos import wants_all_parties
from bot.core.consulta.turno import CORTESIA, SHORTEST, SURE, UNSURE, Mensaje, Oido, read_turno
from bot.core.contratos.ordenes import Accion, read_orden
from bot.core.documentos import Libro

_SHORT = 9
_BOLETAS = frozenset({39, 41, 48})
_ORDENES = {Accion.REEMPLAZAR: "contrato_subir", Accion.RECUPERAR: "contrato_eliminar"}
_LE = re.compile(r"\bles? (?:\w+ )?(?:vend|compr|factur|emit|pag)\w+")
_SEGURA = re.compile(r"\b(?:segur[oa]|confiable|peligros\w+|guarda\w*|quien la ve|la ven)\b")
_CUANTO = re.compile(r"\b(?:cuanto|cuanta|monto|total)\b")
_A_QUIEN = re.compile(
    r"^\W*(?:(?:y|ahora|solo|no|po|pero|ya|ok|tambien)\b\W*)*(?:l[oa]s? )?(?:a|al|de|del|con|para|por)\b "
    r"(?:(?:l[oa]s?|el|don|dona|de|del)\b )*[a-z&]{4,}(?: [a-z&]{3,}){0,4}?"
    r"(?: (?:cuanto|cuanta|po|porfa|nomas|solo))?\W*$"
)


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
    mensaje = read_turno(without_reaction(texto), hoy)
    for asunto in filter(None, (previo, previo.fondo)):
        intent = _next_intent(mensaje, oido, asunto) if asunto.intent else ""
        if intent:
            return _kept(replace(asunto, sigue=True), intent)
    months = previo.periodos or (previo.fondo.periodos if previo.fondo else ())
    return _new(previo, Asunto(rescued(mensaje, oido, previo), months, dias=previo.dias))


def names_followed_party(texto: str) -> str | None:
    """The somebody of `y a sodimac?`, when the message goes on with a question about somebody else."""
    texto = without_reaction(texto)
    named = _A_QUIEN.search(plainly(texto))
    left = words_left(texto)
    return " ".join(left) if named and left and len(left) <= SHORTEST else None


def _next_intent(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> str:
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


def _of_register(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> str:
    texto = mensaje.texto
    other = mensaje.iva or oido.intent == "compras_pendientes" or asks_what_it_is(texto)
    if other or not _elliptic(mensaje, oido, asunto):
        return ""
    libro = mensaje.libro or (Libro.VENTAS if _only_boletas(find_tipos(texto)) else asunto.libro)
    clase = mensaje.clase
    if asunto.clase == "comparar" and mensaje.extremo and clase in {"", "comparar", "resumen"}:
        clase = "comparar"
    if asunto.clase == "pendientes" and libro is Libro.COMPRAS and not mensaje.meses:
        return asunto.intent if clase in {"", "detalle", "resumen"} else f"compras_{clase}"
    kept = "detalle" if asunto.clase == "pendientes" else asunto.clase
    return f"{libro}_{clase or kept}"


def _elliptic(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> bool:
    """Whether a message about the register leaves out what was said before."""
    marked = goes_on(mensaje.texto, clearly=True) or points_back(mensaje.texto)
    if not marked and _is_another_question(mensaje, oido, asunto):
        return False
    if oido.nombra and (marked or mensaje.largo <= _SHORT):
        return _may_be_of_somebody(oido, marked)
    extremo = asunto.clase == "comparar" and mensaje.extremo and oido.intent not in CORTESIA
    if mensaje.cambia or extremo:
        if not mensaje.sobran:
            return True
        lost = oido.intent in UNSURE and (oido.confianza < SURE or points_back(mensaje.texto))
        unsure = lost or not oido.intent or oido.registro or (oido.intent in CORTESIA and marked)
        agreed = oido.registro and mensaje.clase == oido.intent.partition("_")[2]
        likely = marked or goes_on(mensaje.texto) or mensaje.sobran == 1 or (agreed and mensaje.sobran == 2)
        return unsure and mensaje.largo <= _SHORT and likely
    return marked and names_followed_party(mensaje.texto) is not None and oido.intent in (UNSURE | CORTESIA)


def _may_be_of_somebody(oido: Oido, marked: bool) -> bool:
    """Whether the name in a short message is likely who is asked about, not one in small talk."""
    if oido.intent in CORTESIA:
        return marked
    return oido.intent in UNSURE or oido.registro or oido.confianza < SURE


def _is_another_question(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> bool:
    """Whether a message that does not begin as one that goes on is whole by itself."""
    if mensaje.libro:
        return _is_another_of_a_book(mensaje, oido, asunto)
    if oido.registro:
        # No word says which book: the one spoken of, and not the one that people mostly ask for, unless
        # somebody is named who is not in it.
        stranger = not oido.nombra and bool(oido.parte)
        return oido.confianza >= SURE and stranger and not oido.intent.startswith(f"{asunto.libro}")
    if oido.intent in CORTESIA | {""}:
        return False
    if oido.intent == "fuera_de_alcance":
        of_somebody = oido.nombra and mensaje.largo <= SHORTEST + 2
        return oido.confianza >= SURE and mensaje.sobran > 0 and not of_somebody
    # Whatever it was taken for: if all of it is of the register, so is what it asks.
    read = mensaje.cambia and not mensaje.sobran
    return not read and (oido.confianza >= SURE or oido.intent.startswith("contrato_"))


def _is_another_of_a_book(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> bool:
    """Whether a message that names its book is whole; "cuánto le compré" is still about the same one."""
    same = mensaje.libro is asunto.libro
    everybody = same and not mensaje.sobran and wants_all_parties(mensaje.texto)
    if everybody or _is_only_a_book(mensaje) or _asks_for_documents_told(mensaje, asunto):
        return False
    theirs = same and _LE.search(plainly(mensaje.texto)) is not None
    return not theirs or not asunto.contraparte or oido.nombra or mensaje.sobran > 0


def _is_only_a_book(mensaje: Mensaje) -> bool:
    """`compras`, `ventas ídem`: the same of the other book."""
    named = mensaje.meses or mensaje.tipos or mensaje.clase
    return not named and not mensaje.sobran and mensaje.largo <= SHORTEST - 1


def _asks_for_documents_told(mensaje: Mensaje, asunto: Asunto) -> bool:
    """`el detalle de los documentos emitidos`, after their total: no new question names nothing else."""
    if mensaje.libro is not asunto.libro or mensaje.meses or mensaje.sobran:
        return False
    return mensaje.clase == "detalle" and asunto.clase == "resumen"


def _of_contract(mensaje: Mensaje, oido: Oido) -> str:
    asked = asked_of_contract(mensaje.texto)
    unsure = oido.intent in UNSURE or oido.confianza < SURE
    if oido.intent.startswith("contrato_"):
        return oido.intent
    if oido.intent == "vencimientos" and not mensaje.iva and asked == "contrato_vigencia":
        return asked
    if mensaje.libro or mensaje.iva or not (unsure or goes_on(mensaje.texto, clearly=True)):
        return ""
    lost = oido.intent == "" or (oido.intent == "fuera_de_alcance" and oido.confianza < SURE)
    return asked or ("contrato_pregunta" if lost and goes_on(mensaje.texto) and mensaje.sobran else "")


def _of_iva(mensaje: Mensaje, oido: Oido) -> str:
    until = oido.intent == "contrato_vigencia" and not mensaje.sobran  # no word of it is a contract's
    due = until or oido.intent == "vencimientos"
    if due and not (mensaje.meses or mensaje.libro):
        return "vencimientos"  # of the month whose tax was told
    if mensaje.libro:
        marked = goes_on(mensaje.texto, clearly=True)
        return f"{mensaje.libro}_{mensaje.clase or 'resumen'}" if marked and not mensaje.sobran else ""
    other = oido.intent not in UNSURE | {"iva_f29", "negar"} and not oido.registro
    if other and oido.confianza >= SURE and mensaje.sobran:
        return ""
    short = mensaje.largo <= _SHORT
    if short and (asks_why(mensaje.texto) or asks_for_lines(mensaje.texto)):
        return "iva_f29"
    about = mensaje.meses or mensaje.clase in {"comparar", "detalle", "resumen"}
    return "iva_f29" if about and not mensaje.sobran and not mensaje.tipos else ""


def _of_due_dates(mensaje: Mensaje, oido: Oido) -> str:
    if mensaje.libro or mensaje.sobran or (mensaje.iva and oido.intent == "iva_f29"):
        return ""
    if _CUANTO.search(plainly(mensaje.texto)) and not mensaje.tipos:
        return "iva_f29"
    return "vencimientos" if mensaje.meses and not mensaje.clase else ""


def _of_anything(mensaje: Mensaje, oido: Oido, asunto: Asunto) -> str:
    unsure = oido.intent in UNSURE | {"afirmar"}
    if asunto.intent == "clave_sii" and unsure and _SEGURA.search(plainly(mensaje.texto)):
        return asunto.intent
    asks = goes_on(mensaje.texto, clearly=True) and not mensaje.cambia and mensaje.sobran > 0
    return asunto.intent if asunto.intent == "pregunta_tributaria" and not oido.intent and asks else ""


def _kept(asunto: Asunto, intent: str) -> Asunto:
    """The same with another intent: whoever is a client is no supplier, and boletas are none of purchases."""
    changed = replace(asunto, intent=intent)
    if changed.clase == "ranking":  # who comes first is not asked among one
        changed = replace(changed, contraparte="")
    if changed.libro is asunto.libro:
        return changed
    tipos = () if changed.libro is not Libro.VENTAS and _only_boletas(asunto.tipos) else asunto.tipos
    return replace(changed, tipos=tipos if changed.libro else (), contraparte="", estado=None)


def _only_boletas(tipos: tuple[int, ...]) -> bool:
    """Whether it is of sales only: the register of purchases has no boletas."""
    return bool(tipos) and set(tipos) <= _BOLETAS


def _new(previo: Asunto, asked: Asunto) -> Asunto:
    """A new question; one of a contract is of the contract spoken of."""
    if asked.intent.startswith("contrato_") and previo.intent.startswith("contrato_"):
        return replace(asked, contrato=previo.contrato)
    return asked
