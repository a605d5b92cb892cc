"""When a contract was signed, begins and ends, as its text says."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.fechas import Fecha
from bot.core.contratos.frases import Frase

_TITULO = re.compile(r"plazo|vigencia|duracion|cuanto (?:dura|tiempo)|termino del|periodo|inicio|fecha")
_CONTRATO = re.compile(
    r"(?:presente|este|el|del) (?:contrato|acuerdo|convenio|instrumento)|(?:presente|este"
    r"|el) (?:arriendo|arrendamiento"
    r"|comodato|servicio)|los servicios|(?:el|la) trabajadora?\b|relacion laboral"
)
_PLAZO = re.compile(
    r"plazo|vigencia|vigente|duracion|\bdura(?:ra)?\b|\bregira?\b|\brige\b|por el termino de"
    r"|se extendera|arriendo"
    r"|contrato (?:es )?por|tendra efecto|se celebra por|contrato a|prestara"
)
_AJENO = re.compile(
    r"confidencial|reserva\b|secreto|garantia|devol|restitu|\bpag[aou]|factura|entreg|notific|subsan"
    r"|prescri|multa"
    r"|nacid|escritura|personeria|garantiz|repuesto|indemniz|competir|competencia|vacacion|feriado"
    r"|cuota|visita|mora\b"
)
_DESDE = re.compile(
    r"\bdesde|a contar|contad[oa]s?|a partir|comenz\w+|comienz\w+|inici\w+|entra(?:ra)? en vigencia"
    r"|entra(?:ra)? a regir"
    r"|\bregira?\b|\brige\b|\bpart(?:e|en|ira|imos|io)\b|empiez\w+|empez\w+|ingres\w+|\bentre\b|arranca\w*"
)
_HASTA = re.compile(
    r"\bhasta|termin\w+|\bvenc\w+|expir\w+|caduc\w+|finaliz\w+|conclu\w+|\by el(?: dia)?\b"
    r"|\bal(?: dia)?$|extingu\w+|acab\w+|la ultima\b|a mas tardar"
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
    r"(recepcion|entrega|apertura|instalacion|puesta en marcha|inauguracion)"
)
_INDEFINIDO = re.compile(
    r"indefinid[oa]|(?:sin|no tiene|no hay) (?:plazo|fecha) de termino|tiempo indeterminado"
    r"|duracion indeterminada|no le pusimos fecha|mientras (?:a los dos|ambas? partes)"
    r"|hasta que (?:una|alguna|cualquiera|alguno|uno) de (?:las partes|los dos|ambos)"
)
_OBRA = re.compile(
    r"obra o faena|por obra\b|por faena|(?:hasta|al) (?:el |la )?(?:termino|conclusion|terminacion"
    r"|finalizacion) de (?:la|las|el|los) (?:obra|faena|trabajos|proyecto)"
)
_CUOTAS = re.compile(r"cuotas?\b.{1,250}\bla ultima\b")
_PROPIO = re.compile(
    r"(?:plazo|duracion|vigencia) (?:de vigencia |de duracion )?(?:del?|de este"
    r"|del presente) (?:presente )?(?:contrato|acuerdo|arr)"
    r"|(?:contrato|acuerdo|arriendo|arrendamiento|comodato) (?:durara|regira"
    r"|tendra (?:una? )?(?:duracion|vigencia|plazo))"
)
_PROMETIDO = re.compile(
    r"(?:contrato|compraventa|escritura)[^.]{0,40} (?:prometid"
    r"|definitiv)[^.]{0,120}(?:mas tardar|vence|hasta|plazo)|plazo para (?:celebrar|otorgar|suscribir)"
)
_ETIQUETA = re.compile(r"(?:fecha de )?(?:inicio|termino|vencimiento)(?: del contrato)? ?:")
_NO_ES = re.compile(
    r"renov|confidencial|reserva|si el trabajador continua"
    r"|propiedad intelectual|licencia"
)
_SI_SIGUE = re.compile(
    r"(?:transform|convert|pasara)[^.]{0,80}indefinid[^.]*\b(?:si|en caso|cuando)\b"
    r"|\b(?:si|en caso|cuando|segunda|hecho de)\b[^.]*(?:transform|convert|pasara)[^.]{0,60}indefinid"
)
_AVISO = re.compile(
    r"anticipacion|antelacion|anterioridad|\bantes\b|de aviso|preaviso|previo|siguientes|de atraso"
    r"|de mora|de gracia|habiles|por semana|semanales"
)
_RENUEVA = re.compile(
    r"renov\w*|renuev\w*|prorrog\w*|sucesiv\w*|iguales|anticipacion|antelacion|anterioridad|avis(?:o|ando|e)\b"
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
        for frase, score in _scored(frases)
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
    for frase, score in _scored(frases):
        if score > 1 and _DESDE_FIRMA.search(frase.plano):
            return frase.dato(firma.valor, 0.75)
    return None


def _since_event(frases: Sequence[Frase]) -> Dato[date] | None:
    """`desde la recepción del equipo`: the day on which that happened, if the text tells it elsewhere."""
    event = next(
        (
            found[1]
            for frase, score in _scored(frases)
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
        for frase, score in _scored(frases)
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
    before = frase.plano[max(previous, fecha.inicio - 70) : fecha.inicio].rstrip()
    before = re.sub(r"(?: (?:el|dia|fecha|con|del|proximo|mes de))+$", lambda word: word[0][:4], before)
    if re.search(r"\bla primera\b[a-z ,]*$", before):
        return ""
    since = max((found.end() for found in _DESDE.finditer(before)), default=-1)
    until = max((found.end() for found in _HASTA.finditer(before)), default=-1)
    if since == until:
        return "inicio" if re.search(r"\bdel?(?: dia)?$", before) else ""
    return "inicio" if since > until else "termino"


def _scored(frases: Sequence[Frase]) -> Iterator[tuple[Frase, int]]:
    """Sentences that may tell the contract's own time, with how much speaks for it."""
    for frase in frases:
        titled = _TITULO.search(frase.titulo) is not None
        said = _PLAZO.search(frase.plano) is not None
        score = 3 * titled + 2 * (_CONTRATO.search(frase.plano) is not None) + 2 * said
        score += (
            re.search(r"\bdesde\b.{1,80}\bhasta\b|\b(?:comenz|inici|parte|ingres)", frase.plano) is not None
        )
        own = titled or _PROPIO.search(frase.plano) is not None
        score -= 4 * (not own and _AJENO.search(frase.plano) is not None)
        score += 5 * (_PROMETIDO.search(frase.plano) is not None)
        score += 3 * (_ETIQUETA.search(frase.plano) is not None)
        score += 6 * (_CUOTAS.search(frase.plano) is not None)
        if not frase.clausula and len(frase.plano) > 700:
            score -= 2
        yield frase, score


def find_duracion(frases: Sequence[Frase]) -> Dato[Duracion] | None:
    """How long the contract is for, apart from renewals and notices."""
    best: tuple[int, Frase, Duracion] | None = None
    for frase, score in _scored(frases):
        for escrita in frase.duraciones:
            before, after = frase.antes(escrita.inicio, 45), frase.despues(escrita.fin, 32)
            if _RENUEVA.search(before) or _AVISO.search(after.split(",")[0]):
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
    for frase, score in _scored(frases):
        if score > 1 and re.search(r"(?:es|rige|regira|arrienda|contrata) mes a mes", frase.plano):
            return frase.dato(Duracion(1), 0.75)
    return None


def find_modalidad(frases: Sequence[Frase]) -> Dato[str] | None:
    """`indefinido`, `obra`, or None where the text has an end or says nothing."""
    for frase, score in _scored(frases):
        for name, pattern in (("indefinido", _INDEFINIDO), ("obra", _OBRA)):
            found = pattern.search(frase.plano)
            if _SI_SIGUE.search(frase.plano):
                continue
            if found and score > 0 and not _NO_ES.search(frase.antes(found.start(), 90)):
                return frase.dato(name, min(0.95, 0.6 + score / 15))
    return None
