"""Which contracts there are, and what one says in short."""

import re
from dataclasses import replace
from datetime import date

from bot.core.contratos.duraciones import add_months
from bot.core.contratos.estado import Estado
from bot.core.contratos.evidencia import recortar
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import TEMAS, Clase
from bot.services.contratos_eleccion import Eleccion, Familia
from bot.services.contratos_evidencia import documentos, probar
from bot.services.contratos_redaccion import Fuente, Redaccion, RespuestaContratos, fuente_de, parte_de
from bot.services.contratos_vigencia import EN_VIGOR, YA_NO, Plazo, calcular
from bot.services.ports import Textos

_MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_MES = "|".join(_MESES)
_ENTRE = re.compile(
    rf"(?:entre|de|desde) ({_MES})(?: (?:de |del )?(20\d\d))? (?:y|a|hasta) ({_MES})(?: (?:de "
    rf"|del )?(20\d\d))?"
)
_UN_MES = re.compile(rf"\b({_MES})(?: (?:de |del )?(20\d\d))?|\b(20\d\d)\b")
_YA = re.compile(
    r"\b(?:ya |se )?(?:venci\w+|termin(?:ado|ada|ados|aron|o)\b|acab\w+|no (?:estan|siguen) vigentes"
    r"|caduc\w+)"
)
_NO_EMPIEZA = re.compile(r"no (?:empiez\w+|comienz\w+|part\w+|rige\w*)|por (?:empezar|comenzar)|futuro\w*")
_VIGENTES = re.compile(r"vigent\w+|activ\w+|siguen")
_VENCEN = re.compile(r"\bvenc\w+|termin\w+|acab\w+")
_PUNTOS = ("objeto", "precio", "multa", "aviso de termino")


class Lista:
    """Lists and summaries."""

    def __init__(self, redaccion: Redaccion, textos: Textos) -> None:
        self._redaccion = redaccion
        self._texto = textos.texto

    def responder(self, pregunta: Pregunta, eleccion: Eleccion, hoy: date) -> RespuestaContratos:
        """The contracts that a question asks for, each with its state."""
        everything = [(familia, calcular(familia, hoy)) for familia, _ in eleccion.familias]
        chosen = [one for one in everything if _fits(pregunta.texto, one[1], hoy)]
        chosen = [one for one in chosen if self._named(eleccion, one[0])]
        if not chosen:
            texto = self._texto("utter_contrato_cuales_ninguno", cuantos=len(everything))
            return RespuestaContratos(texto, Clase.LISTA, rechazo=False)
        answers = [self._line(familia, plazo) for familia, plazo in chosen]
        return self._redaccion.juntas(
            Clase.LISTA, "utter_contrato_cuales", answers, titulo=f"Tus contratos ({len(answers)}):"
        )

    def _named(self, eleccion: Eleccion, familia: Familia) -> bool:
        """With a counterparty in the question, only those that have it."""
        ranked = {one.contrato.id: _strong(eleccion, one) for one, _ in eleccion.familias}
        top = max(ranked.values())
        return top == 0 or ranked[familia.contrato.id] >= 0.6 * top

    def _line(self, familia: Familia, plazo: Plazo) -> RespuestaContratos:
        texto = f"• {familia.nombre}: {_state(plazo)}"
        dato = plazo.citado
        fuentes = (
            (Fuente(plazo.archivo.id, plazo.archivo.archivo, dato.pagina, dato.cita[:600]),) if dato else ()
        )
        if not fuentes and (first := next(iter(familia.pasajes[familia.contrato.id]), None)):
            fuentes = (Fuente(first.contrato_id, first.archivo, first.pagina, first.texto[:600]),)
        return RespuestaContratos(texto, Clase.LISTA, fuentes, familia.contrato.id)

    def resumir(self, pregunta: Pregunta, familia: Familia, hoy: date) -> RespuestaContratos:
        """Who, what, until when, how much: each with its page."""
        docs = documentos(familia)
        answers = [self._line(familia, calcular(familia, hoy))]
        partes = parte_de(familia.contrato.hechos)
        if partes:
            dato = familia.contrato.hechos.partes[0]
            source = Fuente(familia.contrato.id, familia.contrato.archivo, dato.pagina, dato.cita)
            answers.append(RespuestaContratos(f"• Partes: {partes}", Clase.RESUMEN, (source,)))
        for name in _PUNTOS:
            tema = next(tema for tema in TEMAS if tema.nombre == name)
            wanted = replace(pregunta, clase=tema.clase, tema=tema, valor=tema.valor, palabras=())
            prueba = probar(wanted, familia, docs, {})
            if prueba and prueba.rasgos["tema"] and not prueba.rasgos["sin_valor"]:
                cita = recortar(prueba.oracion.texto, (), 260)
                oracion = prueba.oracion
                answers.append(
                    RespuestaContratos(
                        f"• {name.capitalize()}: «{cita}» ({fuente_de(oracion)})",
                        Clase.RESUMEN,
                        (Fuente(oracion.contrato_id, oracion.archivo, oracion.pagina, oracion.texto[:600]),),
                    )
                )
        made = self._redaccion.juntas(Clase.RESUMEN, "utter_contrato_resumen", answers, nombre=familia.nombre)
        return replace(made, contrato_id=familia.contrato.id)


def _strong(eleccion: Eleccion, familia: Familia) -> float:
    return sum(level for level in eleccion.nombra[familia.contrato.id].values() if level >= 0.9)


def _fits(texto: str, plazo: Plazo, hoy: date) -> bool:
    if _NO_EMPIEZA.search(texto):
        return plazo.estado is Estado.NO_INICIADO
    span = _span(texto, hoy)
    if span and _VENCEN.search(texto):
        return plazo.hasta is not None and span[0] <= plazo.hasta < span[1]
    if _YA.search(texto):
        return plazo.estado in YA_NO
    if _VIGENTES.search(texto):
        return plazo.estado in EN_VIGOR
    return True


def _span(texto: str, hoy: date) -> tuple[date, date] | None:
    """The first day, and the day after the last."""
    if both := _ENTRE.search(texto):
        last = int(both[4] or both[2] or hoy.year)
        first = int(both[2] or last)
        return _first(first, both[1]), add_months(_first(last, both[3]), 1)
    one = _UN_MES.search(texto)
    if one is None:
        return None
    if one[3]:
        return date(int(one[3]), 1, 1), date(int(one[3]) + 1, 1, 1)
    start = _first(int(one[2] or hoy.year), one[1])
    return start, add_months(start, 1)


def _first(year: int, month: str) -> date:
    return date(year, _MESES.index(month) + 1, 1)


def _state(plazo: Plazo) -> str:
    day = f"{plazo.hasta:%d-%m-%Y}" if plazo.hasta else ""
    names = {
        Estado.VIGENTE: f"vigente hasta el {day}" if day else "vigente",
        Estado.INDEFINIDO: "vigente, indefinido",
        Estado.VENCIDO: f"terminó el {day}",
        Estado.TERMINADO: f"terminó el {day}",
        Estado.NO_INICIADO: f"todavía no empieza: parte el {plazo.desde:%d-%m-%Y}"
        if plazo.desde
        else "no empieza",
        Estado.NO_SE_SABE: "no sé hasta cuándo rige",
    }
    return names[plazo.estado]
