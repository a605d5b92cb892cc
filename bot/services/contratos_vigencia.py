"""Whether a contract with its annexes is in force today, and the sentence that decides it."""

from dataclasses import dataclass
from datetime import date

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Dato, Hechos
from bot.core.contratos.estado import Estado, Vigencia
from bot.core.contratos.evidencia import fechas_de
from bot.core.contratos.vigencia import conocido, dicho_de, vigencia
from bot.services.contratos_eleccion import Familia
from bot.services.ports_indice import ContratoLeido

EN_VIGOR = frozenset({Estado.VIGENTE, Estado.INDEFINIDO})
YA_NO = frozenset({Estado.VENCIDO, Estado.TERMINADO})


@dataclass(frozen=True, slots=True)
class Plazo:
    """How long a contract runs, and the fact that says so with the file that it stands in.

    `obra`: it lasts as long as the work; `hasta` is then the day that is planned, if one is. `leido` is what
    the PDF says where `dato` is the taxpayer's own word.
    """

    vigencia: Vigencia
    desde: date | None
    hasta: date | None
    dato: Dato[object] | None
    archivo: ContratoLeido
    obra: bool = False
    leido: Dato[object] | None = None

    @property
    def estado(self) -> Estado:
        """What to tell; a work that began and is not over is in force."""
        return Estado.VIGENTE if self.obra else self.vigencia.estado

    @property
    def citado(self) -> Dato[object] | None:
        """What can be quoted."""
        return self.leido if self.dato and self.dato.dicho else self.dato


def anexos_de(familia: Familia) -> list[tuple[ContratoLeido, Anexo]]:
    """The annexes of a contract with the file of each, by date."""
    found = [(familia.contrato, anexo) for anexo in familia.contrato.anexos]
    found += [(one, anexo) for one in familia.anexos for anexo in (one.anexo, *one.anexos) if anexo]
    return sorted(found, key=lambda one: one[1].fecha.valor if one[1].fecha else date.max)


def calcular(familia: Familia, hoy: date, inicio: bool = False) -> Plazo:
    """Reckon it for today; with `inicio` the sentence is the one that says when it begins."""
    hechos = familia.contrato.hechos
    anexos = anexos_de(familia)
    found = vigencia(hechos, [anexo for _, anexo in anexos], hoy)
    desde = hechos.inicio.valor if hechos.inicio else None
    obra = hechos.modalidad is not None and hechos.modalidad.valor == "obra"
    if obra and found.estado is Estado.NO_SE_SABE and (desde is None or desde <= hoy):
        return _work(familia, found, desde)
    changed = None if inicio else _changed(anexos, hoy, dicho_de(hechos))
    archivo, dato = changed or (familia.contrato, _own(hechos, found, hoy, inicio))
    leido = None
    if dato and dato.dicho and (leidos := familia.contrato.leidos):
        leido = leidos.inicio if dato is hechos.inicio else _own(leidos, found, hoy, inicio=False)
    return Plazo(found, desde, found.hasta, dato, archivo, leido=leido)


def _work(familia: Familia, found: Vigencia, desde: date | None) -> Plazo:
    dato = familia.contrato.hechos.modalidad
    planned = [
        day
        for uno in familia.pasajes[familia.contrato.id]
        if "obra" in uno.texto.lower() or "programad" in uno.texto
        for day in fechas_de(uno.texto)
        if desde and day > desde
    ]
    return Plazo(found, desde, min(planned, default=None), dato, familia.contrato, obra=True)


def _changed(
    anexos: list[tuple[ContratoLeido, Anexo]], hoy: date, dicho: date | None
) -> tuple[ContratoLeido, Dato[object]] | None:
    """What the last annex that changed the term says."""
    for archivo, anexo in reversed(anexos):
        if (anexo.fecha is None or anexo.fecha.valor <= hoy) and not conocido(anexo, dicho):
            dato: Dato[object] | None = anexo.termino or anexo.prorroga
            dato = dato or (anexo.hechos.termino if anexo.cambios else None)
            if dato is None and anexo.hechos.modalidad and anexo.hechos.modalidad.valor == "indefinido":
                dato = anexo.hechos.modalidad
            if dato:
                return archivo, dato
    return None


def _own(hechos: Hechos, found: Vigencia, hoy: date, inicio: bool) -> Dato[object] | None:
    end = hechos.termino or hechos.duracion or hechos.modalidad
    if inicio or found.estado is Estado.NO_INICIADO:
        return hechos.inicio or end
    renewed = found.proxima_renovacion and not (hechos.termino and hechos.termino.valor >= hoy)
    return (hechos.renovacion if renewed and not _first_term(hechos, found) else None) or end or hechos.inicio


def _first_term(hechos: Hechos, found: Vigencia) -> bool:
    """Whether the end that was reckoned is the first that the contract names."""
    return bool(hechos.termino and found.hasta == hechos.termino.valor)
