"""When a contract was signed, begins and ends, as its text says."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.fechas import Fecha
from bot.core.contratos.frases import Frase

_TITULO = re.compile(
    r"plazo|vigencia|duracion|cuanto dura|\btiempo\b|(?:desde|hasta) cuando|termino del|periodo|inicio|fecha"
)
_CONTRATO = re.compile(
    r"(?:presente|este|el|del) (?:contrato|acuerdo|convenio|instrumento)|(?:presente|este"
    r"|el) (?:arriendo|arrendamiento"
    r"|comodato|servicio|mandato)|la (?:suscripcion|licencia|poliza|concesion|franquicia"
    r"|representacion)|los servicios|(?:el|la) trabajadora?\b|relacion laboral"
)
_PLAZO = re.compile(
    r"plazo|vigencia|vigente|duracion|\bdura(?:ra)?\b|\bregira?\b|\brige\b|por el termino de"
    r"|se extendera|arriendo"
    r"|primer periodo|periodo inicial|ejecut\w+ (?:los trabajos|las? obras?)|obras? se (?:ejecut|har"
    r"|realiz)\w+"
    r"|(?:dias|meses|anos|periodo) (?:se )?(?:venc|cumpl|termin|expir)\w+"
    r"|contrato (?:es )?por|tendra efecto|se celebra por|contrato a|prestara"
)
_AJENO = re.compile(
    r"confidencial|reserva\b|secreto|garantia|devol|restitu|\bpag[aou]|factura"
    r"|entreg(?!\w* del? terreno)|notific|subsan"
    r"|prescri|multa"
    r"|nacid|escritura|personeria|garantiz|repuesto|indemniz|competir|competencia|vacacion|feriado"
    r"|cuota|visita|mora\b"
)
_DESDE = re.compile(
    r"\bdesde|a contar|contad[oa]s?|a partir|comenz\w+|comienz\w+|inici\w+|entra(?:ra)? en vig(?:encia|or)"
    r"|entra(?:ra)? a regir"
    r"|\bregira?\b|\brige\b|\bpart(?:e|en|ira|imos|io)\b|empiez\w+|empez\w+|ingres\w+|\bentre\b|arranca\w*"
    r"|princip\w+"
)
_HASTA = re.compile(
    r"\bhasta|termin\w+|\bvenc\w+|expir\w+|caduc\w+|finaliz\w+|conclu\w+|\by el(?: dia)?\b"
    r"|\bal(?: dia| mes)?(?: de)?$|extingu\w+|acab\w+|la ultima\b|a mas tardar|fenec\w+|cesa\w*\b"
    r"|ultim[oa] (?:vencimiento|renta)"
)
_DESDE_FIRMA = re.compile(
    r"(?:desde|a contar de|a partir de|contad[oa]s? desde|contad[oa]s? de|en|con) (?:(?:la|esta"
    r"|misma|su|presente) ){0,3}"
    r"(?:(?:fecha de )?(?:(?:la|su|el) )?(?:firma|suscripcion|otorgamiento|celebracion)"
    r"|fecha del? (?:la |el )?(?:presente|este|firma|su)"
    r"|(?:esta|la presente|misma) fecha|hoy|fecha\b)|desde hoy|(?:desde|a contar de"
    r"|a partir de) (?:la |esta )?(?:fecha de este|fecha del presente)"
)
_DESDE_HECHO = re.compile(
    r"(?:desde|a contar de|a partir de|contad[oa]s? de) (?:la |el )?(?:fecha de(?:l| la)? )?(?:acta de )?"
    r"(activacion|habilitacion|recepcion|entrega|apertura|instalacion|puesta en marcha|inauguracion)"
)
_CUOTAS = re.compile(r"cuotas?\b.{1,250}\b(?:la ultima|hasta (?:su|el) (?:total|completo|integro) pago)\b")
_PROPIO = re.compile(
    r"(?:plazo|duracion|vigencia) (?:de vigencia |de duracion )?(?:del?|de este|de esta|de la"
    r"|del presente) (?:presente )?(?:contrato|acuerdo|arr|convenio|promesa|concesion|licencia"
    r"|suscripcion|poliza|mutuo"
    r"|prestamo|comodato|subarr)"
    r"|(?:contrato|acuerdo|convenio|arriendo|arrendamiento|comodato|leasing|subarriendo)(?: a plazo fijo)?"
    r" (?:durara|dura\b|regira|rige\b|vence\b|vencera|expira|termina(?:ra)?\b|comenzara|comienza"
    r"|comenzo|empieza"
    r"|empezara|empezo|inicia|se inicia|parte\b|partira|principia|se extiende|se extendera"
    r"|(?:tendra|tiene) (?:una? )?(?:duracion|vigencia|plazo))"
    r"|(?:da|dan|entrega|entregan|recibe)\b[^.;]{0,80}\ben (?:comodato|arriendo|arrendamiento|leasing"
    r"|subarriendo|consignacion"
    r"|medieria)\b[^.;]{0,120}\bplazo|obligacion\w* de(?:l| este"
    r"| presente)*(?: presente)? acuerdo de confidencialidad"
)
_PROMETIDO = re.compile(
    r"(?:contrato|compraventa|escritura)[^.]{0,40} (?:prometid"
    r"|definitiv)[^.]{0,120}(?:mas tardar|vence|hasta|plazo)|plazo para (?:celebrar|otorgar|suscribir)"
)
_PLAZO_SIN_MAS = re.compile(r"\bel plazo (?:fijo )?(?:sera|es) (?:de|por)\b")
# Something has to be done by then.
_TAREA = re.compile(
    r"(?:estimad|previst|aproximad|tentativ)\w*(?: \w+){0,2}$|(?:pedi|solicit|present|avis|comunic"
    r"|pag|retir|inform|rendi|respond)\w*(?: \w+){0,3} a mas tardar[a-z ]*$"
)
_EN_QUE_TERMINA = re.compile(
    r",? (?:dia|fecha|momento|oportunidad)(?: en)? (?:que|la que|la cual|el cual|el que"
    r"|cuando) (?:el |este |la |dicho )?"
    r"(?:presente )?(?:contrato|acuerdo|convenio|arriendo|arrendamiento|comodato|relacion)(?: \w+){0,2}"
    r" (?:termin|conclu|expir|venc|ces|fin|acab|extin)"
)
_ETIQUETA = re.compile(
    r"(?:fecha de )?(?:inicio|termino|(?<!primer )vencimiento)(?: del contrato)? ?:"
    r"|ultim[oa] (?:vencimiento|renta|cuota) ?[:|]"
)
# Between the first and the last day.
_A = re.compile(r",? {0,2}(?:a|al|-|hasta)(?: el)?(?: dia)? {0,2}")
_PRIMERA = re.compile(r"\b(?:la primera|primer (?:vencimiento|pago)|primera (?:renta|cuota))\b[a-z ,|]*$")
_AVISO = re.compile(
    r"anticipacion|antelacion|anterioridad|\bantes\b|de aviso|preaviso|previo|siguientes|de atraso"
    r"|de mora|de gracia|habiles|por semana|semanales"
)
_RENUEVA = re.compile(
    r"renov\w*|renuev\w*|prorrog\w*|sucesiv\w*|iguales|anticipacion|antelacion|anterioridad|avis(?:o"
    r"|ando|e)\b"
    r"|dentro de|primer[oa]s|a lo menos|al menos|nuevo (?:arriendo|contrato)|respuesta|se mantiene"
)
_POR = re.compile(r"\bpor (?:(?:el|un) (?:plazo|periodo|termino|lapso) (?:fijo )?(?:de )?)?$")
_CITA_OTRO = re.compile(
    r"nacid|escritura|personeria|constitui|inscri|notari|repertorio|modificad|decreto|ley|reducida"
    r"|dominio|resolucion"
)
_FIRMADO = re.compile(
    r"firm(?:ad|an|o|a)|suscri(?:t|b)|otorgad|celebrad"
    r"|(?:^|\n)[a-z ]{3,30},? (?:(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo),? )?$"
    r"|en [a-z ]{3,40},? (?:chile,? )?a[: ]|con fecha|fecha:|santiago"
)


def find_firma(frases: Sequence[Frase]) -> Dato[date] | None:
    """The day of signature: of the first lines, else of a sentence that says who signed when."""
    for frase in frases:
        if frase.clausula:
            break
        for fecha in frase.fechas:
            if fecha.dia and not _CITA_OTRO.search(frase.antes(fecha.inicio, 60)) and _opens(frase, fecha):
                return frase.dato(fecha.valor, 0.9)
    for frase in reversed(frases):
        for fecha in frase.fechas:
            near = frase.antes(fecha.inicio, 60)
            if fecha.dia and re.search(r"firm(?:ad|an|a\b|o\b)|suscri", near) and not _CITA_OTRO.search(near):
                return frase.dato(fecha.valor, 0.75)
    return None


def _opens(frase: Frase, fecha: Fecha) -> bool:
    near = frase.antes(fecha.inicio, 70)
    other = re.search(r"desde|hasta|a contar|a partir|parte el|vence|comienza|empieza|termina", near[-30:])
    return not other and (len(near) < 40 or _FIRMADO.search(near) is not None)


def find_inicio(frases: Sequence[Frase], firma: Dato[date] | None) -> Dato[date] | None:
    """The first day: a date after "desde", "a contar del"…, or the day of signature if the text says so."""
    dated = [
        (score + (0 if fecha.dia else -1), frase, fecha.valor)
        for frase, score in scored(frases)
        for fecha in frase.fechas
        if _side(frase, fecha) == "inicio"
    ]
    best = max(dated, key=lambda one: one[0], default=None)
    if best and best[0] > 0:
        return best[1].dato(best[2], min(0.95, 0.6 + best[0] / 10))
    if delivered := _since_event(frases):
        return delivered
    if firma is None:
        return None
    for frase, score in scored(frases):
        if score > 1 and _DESDE_FIRMA.search(frase.plano):
            return frase.dato(firma.valor, 0.75)
    return None


def _since_event(frases: Sequence[Frase]) -> Dato[date] | None:
    """`desde la recepción del equipo`: the day on which that happened, if the text tells it elsewhere."""
    event = next(
        (
            found[1]
            for frase, score in scored(frases)
            if score > 1 and (found := _DESDE_HECHO.search(frase.plano))
        ),
        None,
    )
    if event is None:
        return None
    told = [
        frase.dato(fecha.valor, 0.7)
        for frase in frases
        for fecha in frase.fechas
        if fecha.dia and re.search(rf"\b{event[:6]}\w*[^.;]{{0,40}}$", frase.antes(fecha.inicio, 60))
    ]
    return told[-1] if told else None


def find_termino(frases: Sequence[Frase]) -> tuple[Dato[date], ...]:
    """The last days that the text names for the whole contract, the likeliest first, each once."""
    dated = [
        (score, frase, _last_day(fecha))
        for frase, score in scored(frases)
        for fecha in frase.fechas
        if _side(frase, fecha) == "termino" and score > 0
    ]
    result: dict[date, Dato[date]] = {}
    for score, frase, valor in sorted(dated, key=lambda one: -one[0]):
        result.setdefault(valor, frase.dato(valor, min(0.95, 0.6 + score / 10)))
    return tuple(result.values())


def _last_day(fecha: Fecha) -> date:
    """`hasta marzo de 2025` includes the month."""
    return fecha.valor if fecha.dia else Duracion(1).despues_de(fecha.valor) - date.resolution


def _side(frase: Frase, fecha: Fecha) -> str:
    previous = max((other.fin for other in frase.fechas if other.fin <= fecha.inicio), default=0)
    if _EN_QUE_TERMINA.match(frase.despues(fecha.fin)):
        return "termino"
    if any(
        other.fin <= fecha.inicio and _A.fullmatch(frase.plano[other.fin : fecha.inicio])
        for other in frase.fechas
    ):
        return "termino"
    if any(
        fecha.fin <= other.inicio and _A.fullmatch(frase.plano[fecha.fin : other.inicio])
        for other in frase.fechas
    ):
        return "inicio"
    before = frase.plano[max(previous, fecha.inicio - 95) : fecha.inicio].rstrip()
    before = re.sub(r"(?: (?:el|dia|fecha|con|del|proximo|mes de))+$", lambda word: word[0][:4], before)
    if _PRIMERA.search(before) or _TAREA.search(before):
        return ""
    since = max((found.end() for found in _DESDE.finditer(before)), default=-1)
    until = max((found.end() for found in _HASTA.finditer(before)), default=-1)
    if since == until:
        return "inicio" if re.search(r"\bdel?(?: dia)?$", before) else ""
    return "inicio" if since > until else "termino"


def scored(frases: Sequence[Frase]) -> Iterator[tuple[Frase, int]]:
    """Sentences that may tell the contract's own time, with how much speaks for it."""
    for frase in frases:
        titled = _TITULO.search(frase.titulo) is not None
        said = _PLAZO.search(frase.plano) is not None
        score = 3 * titled + 2 * (_CONTRATO.search(frase.plano) is not None) + 2 * said
        score += (
            re.search(r"\bdesde\b.{1,80}\bhasta\b|\b(?:comenz|empez|princip|inici|parte|ingres)", frase.plano)
            is not None
        )
        labelled = _ETIQUETA.search(frase.plano) is not None
        own = titled or labelled or _PROPIO.search(frase.plano) is not None
        own = own or (not frase.titulo and _PLAZO_SIN_MAS.search(frase.plano) is not None)
        score -= 4 * (not own and _AJENO.search(frase.plano) is not None)
        score += 5 * (_PROMETIDO.search(frase.plano) is not None)
        score += 3 * labelled
        score += 6 * (_CUOTAS.search(frase.plano) is not None)
        score += 5 * any(_EN_QUE_TERMINA.match(frase.despues(fecha.fin)) for fecha in frase.fechas)
        if not frase.clausula and len(frase.plano) > 700:
            score -= 2
        yield frase, score


def likely(frases: Sequence[Frase]) -> list[Frase]:
    """Sentences that likely tell the contract's own time, the likeliest first."""
    found = [(score, frase) for frase, score in scored(frases) if score > 1]
    return [frase for _, frase in sorted(found, key=lambda one: -one[0])]


def find_duracion(frases: Sequence[Frase]) -> Dato[Duracion] | None:
    """How long the contract is for, apart from renewals and notices."""
    best: tuple[int, Frase, Duracion] | None = None
    for frase, score in scored(frases):
        for escrita in frase.duraciones:
            before, after = frase.antes(escrita.inicio, 45), frase.despues(escrita.fin, 32)
            if _RENUEVA.search(before.replace("improrrogable", "")) or _AVISO.search(after.split(",")[0]):
                continue
            bonus = (
                bool(_POR.search(before))
                + 2 * bool(re.search(r"\bson $", before))
                + any(_side(frase, fecha) for fecha in frase.fechas)
            )
            bonus += 2 * bool(
                re.search(r"(?:plazo|duracion|vigencia|vigente|dura|durara|termino)[^.;]{0,40}$", before)
            )
            if score > 0 and score + bonus > 2 and (best is None or score + bonus > best[0]):
                best = score + bonus, frase, escrita.valor
    if best is None:
        return _month_by_month(frases)
    return best[1].dato(best[2], min(0.95, 0.55 + best[0] / 15))


def _month_by_month(frases: Sequence[Frase]) -> Dato[Duracion] | None:
    """`el arriendo es mes a mes` lasts a month, again and again."""
    for frase, score in scored(frases):
        if score > 1 and re.search(r"(?:es|rige|regira|arrienda|contrata) mes a mes", frase.plano):
            return frase.dato(Duracion(1), 0.75)
    return None
