"""How a contract renews itself and how it may be ended early."""

import re
from collections.abc import Sequence

from bot.core.contratos.datos import Dato, Renovacion
from bot.core.contratos.duraciones import Duracion, DuracionEscrita
from bot.core.contratos.frases import Frase
from bot.core.contratos.numeros import read_numero

_SIGUE = (
    r"de ano en ano|mes a mes"
    r"|(?:sigue|seguira|continua|continuara)\w* (?:\w+,? ){0,6}(?:por (?:otro|un nuevo|periodos|igual)"
    r"|periodos|(?:un )?ano mas|otro ano)"
)
_RENUEVA = re.compile(rf"no sigue sol[oa]|prolong\w+|renov\w+|renueva\w*|prorrog\w+|prorrogue\w*|{_SIGUE}")
_NO = re.compile(
    r"no se (?:renov|prorrog|renueva|entendera (?:renov|prorrog)|podra (?:renov|prorrog))|no (?:sera"
    r"|es|podra ser) (?:renov|prorrog)"
    r"|no (?:hay|habra|procedera|existira|opera|operara|se contempla)[^.]{0,40}(?:renov|prorrog)"
    r"|no sigue sol[oa]"
    r"|sin (?:derecho a )?(?:renovacion|prorroga)"
    r"|(?:en ningun caso|bajo ninguna)[^.]{0,60}(?:renov|prorrog)|no admit\w+ (?:renov|prorrog)"
    r"|sin que (?:opere|haya|proceda)[^.]{0,40}(?:renov|prorrog)"
)
_SOLA = re.compile(
    rf"automatic|tacit|sucesiv|{_SIGUE}|se (?:entendera[^.]{{0,30}})?(?:renovara|prorrogara|renueva|renovado"
    r"|prorroga\b"
    r"|prorrogado|renovada|prorrogada)"
    r"|entendera (?:\w+ )?(?:renovad|prorrogad)|renovandose|prorrogandose|(?:queda(?:ra)?"
    r"|sera) (?:renovad|prorrogad)|renovacion sera|por el solo"
)
_ACUERDO = re.compile(
    r"podran?,? (?:\w+ )?(?:ser )?(?:renov|prorrog)|(?:renov"
    r"|prorrog)\w+[^.]{0,60}(?:de comun acuerdo|mutuo acuerdo|previo acuerdo|acuerdo escrito)"
    r"|comun acuerdo[^.]{0,40}(?:renov|prorrog)|(?:renovable|prorrogable)(?! (?:tacit|autom|por))"
)
_DE_JURISDICCION = re.compile(r"prorrog\w+ (?:la |de |expresamente )?(?:la )?(?:competencia|jurisdiccion)")
_COMUNICA = re.compile(
    r"aviso|avis[ae]|comunic|manifest|notific|no perseverar|no renovar|voluntad|desahuci|dijere"
    r"|diga\b|carta|correo|expres"
)
_DESPUES = re.compile(
    r"[^.,;]{0,12}?(?:de |con )?(?:anticipacion|antelacion|anterioridad|antes|previo|de aviso"
    r"|de preaviso|con que|"
    r"(?:corridos|habiles|calendario)? ?(?:previos|de antelacion))"
)
_ANTES = re.compile(
    r"(?:anticipacion|antelacion|anterioridad|preaviso|aviso(?: previo)?(?: escrito)?)(?: (?:minima"
    r"|no (?:inferior|menor)|de|a|al|lo|menos|con|por"
    r"|igual o superior|superior|un|plazo|minimo|previa|escrit[oa]|o|mas))*[ :]*$|(?:con|a lo menos"
    r"|al menos|minimo)(?: con)? $"
)
_FORMAS = (
    ("carta certificada", r"carta certificada"),
    ("carta notarial", r"(?:carta|aviso|notificacion) notarial|ante notario|por (?:medio de )?notario"),
    ("correo electrónico", r"correo electronico|e-?mail"),
    ("carta", r"\bcarta\b"),
    ("WhatsApp", r"whats?app|\bwasap\b"),
    ("por escrito", r"por escrito|aviso escrito|comunicacion escrita"),
)
_CADA = (
    (12, r"anual|ano a ano|de ano en ano|cada ano|otro ano|ano mas"),
    (6, r"semestral"),
    (3, r"trimestral"),
    (1, r"mensual|mes a mes|cada mes"),
)
_OTRO = re.compile(r"por (?:otro|un nuevo|igual|el mismo) (?P<unidad>ano|mes)\b")
_VECES = re.compile(
    r"(?:por|hasta(?: por)?|(?:maximo|limite)(?: de)?|tope de) (?P<n>un[ao]?|\d{1,2}"
    r"|[a-z]{3,6})(?: \(\d{1,2}\))? (?:sola |unica )?"
    r"(?:vez|veces|renovacion|renovaciones|prorroga|prorrogas|oportunidad"
    r"|periodos? (?:\w+ )?(?:mas|adicional(?:es)?))"
)
_ANTICIPADO = re.compile(
    r"termin\w* anticipad|poner(?:le)? termino|pon(?:ga|er) fin|dar(?:lo)? por terminad"
    r"|terminar (?:\w+ ){0,3}(?:el |este )?(?:presente )?contrato"
    r"|terminarlo|desahuci|dejar sin efecto|podran? (?:ser )?termina|dejar (?:el arriendo|el local"
    r"|la bodega)|salir(?:se)? antes|retirarse antes"
    r"|renunciar al contrato|desistirse|me quiero ir|se quiere ir"
)
_AL_VENCER = re.compile(
    r"al vencimiento|vencimiento del|expiracion del|antes del (?:vencimiento|termino del plazo)"
    r"|renov|renuev|prorrog"
)


def find_renovacion(frases: Sequence[Frase]) -> Dato[Renovacion] | None:
    """The rule at the end of the term, with the notice that stops it; None if the text says nothing."""
    for at, frase in enumerate(frases):
        plano = _DE_JURISDICCION.sub(lambda found: " " * len(found[0]), frase.plano)
        if not _RENUEVA.search(plano):
            continue
        if _NO.search(plano):
            return frase.dato(Renovacion(automatica=False), 0.85)
        automatic = _SOLA.search(plano)
        if automatic and not (_ACUERDO.search(plano) and "automatic" not in plano and "tacit" not in plano):
            around = _around(frases, at)
            avisos = [found for one in around if (found := _notice(one))]
            forma = next((name for one in around if (name := _form(one.plano))), "")
            periodo = _period(frase)
            aviso = avisos[0] if avisos else None
            return frase.dato(Renovacion(True, periodo, _times(plano), aviso, forma), 0.9 if aviso else 0.75)
        if _ACUERDO.search(plano):
            return frase.dato(Renovacion(automatica=False), 0.8)
    return None


def _around(frases: Sequence[Frase], at: int) -> list[Frase]:
    """The sentence, then what its clause says after and before it of notices."""
    near = [frases[at], *frases[at + 1 : at + 4], *frases[max(0, at - 2) : at]]
    top = frases[at].clausula.split(".")[0]
    return [
        one for one in near
        if one is frases[at] or (one.clausula.split(".")[0] == top and _COMUNICA.search(one.plano)
        and not (_ANTICIPADO.search(one.plano) and not _AL_VENCER.search(one.plano)))
    ]  # fmt: skip


def _notice(frase: Frase) -> Duracion | None:
    for escrita in frase.duraciones:
        if _is_notice(frase, escrita):
            return escrita.valor
    return None


def _is_notice(frase: Frase, escrita: DuracionEscrita) -> bool:
    after = _DESPUES.match(frase.despues(escrita.fin, 40)) is not None
    before = _ANTES.search(frase.antes(escrita.inicio)) is not None
    return after or before


def _form(plano: str) -> str:
    return next((name for name, words in _FORMAS if re.search(words, plano)), "")


def _period(frase: Frase) -> Duracion | None:
    """The length of each renewal; None if it is as long as the first term."""
    first = _RENUEVA.search(frase.plano)
    start = first.start() if first else 0
    for escrita in frase.duraciones:
        if escrita.inicio > start and not _is_notice(frase, escrita):
            return escrita.valor
    tail = frase.plano[start:]
    other = _OTRO.search(tail)
    if other:
        return Duracion(meses=12 if other["unidad"] == "ano" else 1)
    named = next(
        (
            meses
            for meses, words in _CADA
            if re.search(
                rf"period\w+ [a-z ]{{0,20}}(?:{words})|(?:{words})mente|renov\w+ (?:{words})"
                rf"|(?:{words})es\b|mes a mes|ano a ano|ano en ano|cada (?:mes|ano)|otro ano|ano mas",
                tail,
            )
            and re.search(words, tail)
        ),
        0,
    )
    return Duracion(meses=named) if named else None


def _times(plano: str) -> int | None:
    found = _VECES.search(plano)
    if found is None:
        return None
    if found["n"].isdigit():
        return int(found["n"])
    number = read_numero(found["n"])
    return number.valor if number else None


def find_aviso_termino(frases: Sequence[Frase]) -> Dato[Duracion] | None:
    """The notice with which either party may end the contract before its end."""
    for frase in frases:
        if _ANTICIPADO.search(frase.plano) and not _AL_VENCER.search(frase.plano):
            for escrita in frase.duraciones:
                after = re.match(r"[^.,;]{0,10} de (?:aviso|preaviso)", frase.despues(escrita.fin, 30))
                if after or _is_notice(frase, escrita):
                    return frase.dato(escrita.valor, 0.85)
    return None
