"""Answers about contracts in the trainers' words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.core.contratos.datos import Hechos
from bot.core.contratos.duraciones import find_duraciones
from bot.core.contratos.estado import Estado
from bot.core.contratos.evidencia import Oracion, fechas_de, recortar
from bot.core.contratos.montos import find_montos
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import Clase, Valor
from bot.services.contratos_dichos import en_palabras
from bot.services.contratos_eleccion import Familia
from bot.services.contratos_evidencia import Prueba
from bot.services.contratos_vigencia import Plazo
from bot.services.ports import Textos

_ORDINALES = (
    "primera segunda tercera cuarta quinta sexta séptima octava novena décima undécima duodécima"
    " decimotercera"
    " decimocuarta decimoquinta decimosexta decimoséptima decimoctava decimonovena vigésima"
).split()
_AL_VENCER = re.compile(r"renov|renuev|prorrog|vencimiento|no (?:continuar|perseverar|seguir)|quiera seguir")
# The facts that decide topics of which no single one does.
_DE_TEMA = {"aviso de termino": ("aviso_termino", "renovacion")}
_OPCIONES = 3
_CLAVE = 40


@dataclass(frozen=True, slots=True)
class Fuente:
    """A passage that an answer rests on; pages count from 1."""

    contrato_id: int
    archivo: str
    pagina: int
    fragmento: str


@dataclass(frozen=True, slots=True)
class Opcion:
    """A contract to choose; `titulo` has at most 20 characters."""

    contrato_id: int
    titulo: str


@dataclass(frozen=True, slots=True)
class RespuestaContratos:
    """An answer; the source that decides comes first. `opciones` are offered when two contracts fit."""

    texto: str
    clase: Clase
    fuentes: tuple[Fuente, ...] = ()
    contrato_id: int | None = None
    rechazo: bool = False
    opciones: tuple[Opcion, ...] = field(default=())


class Redaccion:
    """Puts what was found into words."""

    def __init__(self, textos: Textos) -> None:
        self._textos, self._texto = textos, textos.texto

    def ninguno(self, clase: Clase) -> RespuestaContratos:
        return RespuestaContratos(self._texto("utter_contrato_ninguno"), clase, rechazo=True)

    def no_esta(self, pregunta: Pregunta, familias: Sequence[Familia], palabras: str) -> RespuestaContratos:
        """What was searched, and where."""
        donde = (
            f"«{familias[0].nombre}»"
            if len(familias) == 1
            else f"los {len(familias)} contratos que tengo tuyos"
        )
        texto = self._texto("utter_contrato_no_esta", palabras=palabras, donde=donde)
        return RespuestaContratos(texto, pregunta.clase, rechazo=True)

    def cual(self, pregunta: Pregunta, familias: Sequence[Familia]) -> RespuestaContratos:
        opciones = [Opcion(one.contrato.id, one.nombre[:20].strip()) for one in familias[:_OPCIONES]]
        return RespuestaContratos(
            self._texto("utter_contrato_cual"), pregunta.clase, opciones=tuple(opciones)
        )

    def prueba(
        self, pregunta: Pregunta, familia: Familia, prueba: Prueba, ultimo_aviso: date | None = None
    ) -> RespuestaContratos:
        """A decisive sentence, quoted, with the annex that it comes from and what contradicts it.

        Args:
            ultimo_aviso: the last day on which a notice stops the renewal, told if the sentence is about it.
        """
        oracion = prueba.oracion
        valor = _value(pregunta, prueba)
        conclusion = self._dicho(pregunta, familia) or (
            self._texto("utter_contrato_valor", valor=valor, nombre=familia.nombre)
            if valor
            else self._texto("utter_contrato_dice", nombre=familia.nombre)
        )
        notas = self._notes(prueba)
        if ultimo_aviso and _AL_VENCER.search(oracion.plano):
            notas.append(self._texto("utter_contrato_ultimo_aviso", dia=f"{ultimo_aviso:%d-%m-%Y}"))
        for other in prueba.otras:
            cited = recortar(other.texto, pregunta.palabras)
            notas.append(self._texto("utter_contrato_tambien", cita=cited, fuente=fuente_de(other)))
        cita = recortar(oracion.texto, pregunta.palabras)
        texto = self._texto(
            "utter_contrato_respuesta", conclusion=conclusion, cita=cita, fuente=fuente_de(oracion),
            notas="".join(f"\n{nota}" for nota in notas),
        )  # fmt: skip
        return RespuestaContratos(texto, pregunta.clase, _sources(prueba), familia.contrato.id)

    def _notes(self, prueba: Prueba) -> list[str]:
        oracion, documento = prueba.oracion, prueba.de
        notas = [
            self._texto("utter_contrato_contradice", contradiccion=one) for one in contradicciones(prueba)
        ]
        if documento.anexo:
            name = f"{oracion.archivo}, {documento.anexo.clase}" + (
                f" del {documento.fecha:%d-%m-%Y}" if documento.fecha < date.max else ""
            )
            antes = recortar(prueba.base.texto, prueba.peso.palabras, 240) if prueba.base else ""
            if antes:
                notas.append(self._texto("utter_contrato_cambiado", anexo=name, antes=antes))
        return notas

    def plazo(self, pregunta: Pregunta, familia: Familia, plazo: Plazo) -> RespuestaContratos:
        """In force or not, until when, and why."""
        dato, v = plazo.dato, plazo.vigencia
        notas = [f"• {razon.texto}" for razon in v.por_que]
        if v.proxima_renovacion:
            notas.append(self._texto("utter_contrato_renueva", dia=f"{v.proxima_renovacion:%d-%m-%Y}"))
        if v.ultimo_dia_de_aviso:
            notas.append(self._texto("utter_contrato_ultimo_aviso", dia=f"{v.ultimo_dia_de_aviso:%d-%m-%Y}"))
        if not v.seguro and not plazo.obra:
            notas.append(self._texto("utter_contrato_revisar"))
        if dato and dato.dicho:
            name = "utter_contrato_dicho" if plazo.leido else "utter_contrato_dicho_solo"
            notas.append(self._texto(name, dia=f"{dato.dicho:%d-%m-%Y}"))
        dato, conclusion, said = (
            plazo.citado,
            self.estado(familia, plazo),
            "".join(f"\n{nota}" for nota in notas),
        )
        if dato is None:
            texto = self._texto("utter_contrato_sin_cita", conclusion=conclusion, notas=said)
            return RespuestaContratos(texto, pregunta.clase, (), familia.contrato.id)
        archivo = plazo.archivo
        texto = self._texto(
            "utter_contrato_respuesta", conclusion=conclusion, notas=said,
            cita=recortar(dato.cita, pregunta.palabras),
            fuente=_where(archivo.archivo, dato.pagina, dato.clausula),
        )  # fmt: skip
        source = Fuente(archivo.id, archivo.archivo, dato.pagina, dato.cita)
        return RespuestaContratos(texto, pregunta.clase, (source,), familia.contrato.id)

    def _dicho(self, pregunta: Pregunta, familia: Familia) -> str:
        """What the taxpayer has told about what is asked for; empty if nothing."""
        hechos, tema = familia.contrato.hechos, pregunta.tema
        names = _DE_TEMA.get(tema.nombre, (tema.hecho,)) if tema else ()
        told = [(name, dato) for name in names if name and (dato := getattr(hechos, name)) and dato.dicho]
        if not told:
            return ""
        name, dato = told[0]
        return self._texto(
            "utter_contrato_valor_dicho",
            valor=en_palabras({name: dato.valor}, self._textos),
            dia=f"{dato.dicho:%d-%m-%Y}",
            nombre=familia.nombre,
        )

    def estado(self, familia: Familia, plazo: Plazo) -> str:
        """The first sentence about a contract's term."""
        hasta = f"{plazo.hasta:%d-%m-%Y}" if plazo.hasta else ""
        params = {
            "nombre": familia.nombre,
            "desde": f"{plazo.desde:%d-%m-%Y}" if plazo.desde else "más adelante",
        }
        match plazo.estado:
            case _ if plazo.obra:
                said = f", prevista hasta el {hasta}" if hasta else ""
                return self._texto("utter_contrato_obra", hasta=said, **params)
            case Estado.VIGENTE:
                said = f" hasta el {hasta}" if hasta else ""
                return self._texto("utter_contrato_vigente", hasta=said, **params)
            case Estado.INDEFINIDO:
                return self._texto("utter_contrato_indefinido", **params)
            case Estado.NO_INICIADO:
                said = f" y dura hasta el {hasta}" if hasta else ""
                return self._texto("utter_contrato_futuro", hasta=said, **params)
            case Estado.VENCIDO | Estado.TERMINADO:
                said = f" el {hasta}" if hasta else ""
                return self._texto("utter_contrato_terminado", hasta=said, **params)
        return self._texto("utter_contrato_vigencia_dudosa", **params)

    def juntas(
        self, clase: Clase, utter: str, partes: Sequence[RespuestaContratos], **params: object
    ) -> RespuestaContratos:
        """Several answers as one; the first source of each comes before all others."""
        first = [parte.fuentes[0] for parte in partes if parte.fuentes]
        rest = [fuente for parte in partes for fuente in parte.fuentes[1:]]
        texto = self._texto(utter, lineas="\n".join(parte.texto for parte in partes), **params)
        return RespuestaContratos(texto, clase, tuple(dict.fromkeys([*first, *rest])))


def contradicciones(prueba: Prueba) -> list[str]:
    """Amounts whose words and figures differ, and what else contradicts itself in the same sentence."""
    oracion, hechos = prueba.oracion, prueba.de.hechos
    told = [one.valor for one in hechos.contradicciones if one.cita[:60] == oracion.texto[:60]]
    return list(dict.fromkeys(told))


def parte_de(hechos: Hechos) -> str:
    """The parties as a line."""
    return " y ".join(
        parte.valor.nombre + (f" ({parte.valor.rol})" if parte.valor.rol else "")
        for parte in hechos.partes[:3]
    )


def fuente_de(oracion: Oracion) -> str:
    """`Arriendo.pdf, página 3 (cláusula quinta)`."""
    return _where(oracion.archivo, oracion.pagina, oracion.clausula)


def _where(archivo: str, pagina: int, clausula: str) -> str:
    whole = clausula.isdigit() and 0 < int(clausula) <= len(_ORDINALES)
    name = _ORDINALES[int(clausula) - 1] if whole else clausula
    return f"{archivo}, página {pagina}" + (f" (cláusula {name})" if name else "")


def _sources(prueba: Prueba) -> tuple[Fuente, ...]:
    told = [prueba.oracion, *([prueba.base] if prueba.base else []), *prueba.otras]
    return tuple(
        dict.fromkeys(Fuente(one.contrato_id, one.archivo, one.pagina, one.texto[:600]) for one in told)
    )


def _value(pregunta: Pregunta, prueba: Prueba) -> str:
    """The value asked for, if the sentence names exactly one that it can be."""
    oracion = prueba.oracion
    if " | " in oracion.texto:
        return ""
    if pregunta.tema and pregunta.tema.nombre in {"inicio", "firma"}:
        dato = getattr(prueba.de.hechos, pregunta.tema.hecho)
        if dato and dato.cita[:_CLAVE] in oracion.texto:
            return f"{dato.valor:%d-%m-%Y}"
    match pregunta.valor:
        case Valor.MONTO:
            found = {str(one.valor) for one in find_montos(oracion.texto)}
            if re.search(r"\d ?%|por ciento|rentas|mes(?:es)? y medio", oracion.plano):
                return ""
        case Valor.FECHA:
            found = {f"{day:%d-%m-%Y}" for day in fechas_de(oracion.texto)}
        case Valor.DURACION:
            found = {str(one.valor) for one in find_duraciones(oracion.texto)}
        case _:
            return ""
    return next(iter(found)) if len(found) == 1 else ""
