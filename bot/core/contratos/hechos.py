"""The facts of a contract, each with its clause and page."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.contratos.calendario import find_anual, find_temporada
from bot.core.contratos.clausulas import Contrato, Parte
from bot.core.contratos.cuotas import find_ultima_cuota
from bot.core.contratos.datos import Dato, Hechos
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.frases import Frase, read_frases
from bot.core.contratos.modalidad import find_modalidad
from bot.core.contratos.pactos import find_arbitraje, find_jurisdiccion, find_objeto
from bot.core.contratos.partes import find_partes
from bot.core.contratos.plazos import find_duracion, find_firma, find_inicio, find_termino, likely
from bot.core.contratos.renovaciones import find_aviso_termino, find_renovacion
from bot.core.contratos.tipos import find_tipo
from bot.core.contratos.valores import find_desacuerdos, find_interes, find_multas, find_pagos, find_reajuste

_HOLGURA = 2


def extraer(contrato: Contrato, parte: Parte | None = None) -> Hechos:
    """Read the facts of a contract's body, or of one of its parts."""
    return read_hechos(read_frases(contrato, parte or contrato.cuerpo))


def read_hechos(frases: Sequence[Frase]) -> Hechos:
    """The facts that sentences of one document say."""
    firma = find_firma(frases)
    inicio, duracion = find_inicio(frases, firma), find_duracion(frases)
    terminos = _after(find_termino(frases), inicio)
    if duracion and terminos and _clause(duracion) != _clause(terminos[0]):
        duracion = None  # how long something else takes
    tipo, modalidad = find_tipo(frases), find_modalidad(frases)
    renovacion = find_renovacion(frases)
    if not terminos and not duracion and modalidad is None:
        if (again := renovacion) and again.valor.automatica and again.valor.periodo:
            duracion = Dato(again.valor.periodo, again.cita, again.clausula, again.pagina, 0.6)
        elif tipo and tipo.valor == "mutuo":
            inicio = inicio or firma
            terminos = find_ultima_cuota(frases, inicio.valor if inicio else None)
        elif temporada := find_temporada(likely(frases)):
            known = [one for one in (inicio, temporada[0]) if one]
            inicio, terminos = min(known, key=lambda one: one.valor), [temporada[1]]
        else:
            duracion = find_anual(likely(frases))
    if modalidad is None and (terminos or duracion):
        first = terminos[0] if terminos else duracion
        modalidad = Dato("fijo", first.cita, first.clausula, first.pagina, first.confianza) if first else None
    if inicio is None and duracion and firma and not terminos:
        inicio = Dato(firma.valor, firma.cita, firma.clausula, firma.pagina, 0.5)
    pagos = find_pagos(frases)
    return Hechos(
        tipo=tipo,
        partes=find_partes(frases),
        firma=firma,
        inicio=inicio,
        termino=terminos[0] if terminos else None,
        duracion=duracion,
        modalidad=modalidad,
        renovacion=renovacion,
        aviso_termino=find_aviso_termino(frases),
        pagos=pagos,
        reajuste=find_reajuste(frases, pagos),
        multas=find_multas(frases),
        interes=find_interes(frases),
        jurisdiccion=find_jurisdiccion(frases),
        arbitraje=find_arbitraje(frases),
        objeto=find_objeto(frases),
        contradicciones=(*find_desacuerdos(frases), *_contradictions(inicio, duracion, terminos)),
    )


def _clause[T](dato: Dato[T]) -> str:
    return dato.clausula.split(".")[0]


def _after(terminos: Sequence[Dato[date]], inicio: Dato[date] | None) -> list[Dato[date]]:
    return [one for one in terminos if inicio is None or one.valor > inicio.valor]


def last_day(inicio: date, duracion: Duracion) -> date:
    """`un año a contar del 1 de marzo de 2024` lasts until 28 February 2025, that day included."""
    return duracion.despues_de(inicio) - date.resolution


def _contradictions(
    inicio: Dato[date] | None, duracion: Dato[Duracion] | None, terminos: Sequence[Dato[date]]
) -> Iterator[Dato[str]]:
    for other in terminos[1:]:
        if other.confianza > terminos[0].confianza - 0.15:
            text = f"Nombra dos fechas de término: {terminos[0].valor:%d-%m-%Y} y {other.valor:%d-%m-%Y}."
            yield Dato(text, other.cita, other.clausula, other.pagina, 0.7)
    if inicio and duracion and terminos:
        reckoned = last_day(inicio.valor, duracion.valor)
        if abs((reckoned - terminos[0].valor).days) >= _HOLGURA:
            text = (
                f"Dice que dura {duracion.valor} desde el {inicio.valor:%d-%m-%Y} (hasta el"
                f" {reckoned:%d-%m-%Y}),"
                f" pero que termina el {terminos[0].valor:%d-%m-%Y}."
            )
            yield Dato(text, duracion.cita, duracion.clausula, duracion.pagina, 0.8)
