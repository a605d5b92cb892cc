"""The sentence of a contract that decides a question; what annexes say goes before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.core.contratos import modelo
from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Dato, Hechos
from bot.core.contratos.evidencia import Oracion, read_oraciones
from bot.core.contratos.modelo import partes
from bot.core.contratos.palabras import Vocabulario
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.rasgos import NOMBRES, Peso, Vista, mirar, pesar
from bot.core.contratos.temas import Clase
from bot.services.contratos_eleccion import Eleccion, Familia
from bot.services.ports_indice import ContratoLeido, Fragmento

_CLAVE = 40
# Another sentence is shown too if as much as this part of what speaks for the best one speaks for it.
_OTRA, _OTRAS = 0.4, 2
# Annexes repeat these from the contract.
_NO_CAMBIAN = frozenset({"inicio", "firma", "partes", "rut", "objeto", "metros"})


@dataclass(frozen=True, slots=True)
class Documento:
    """A contract's own text, or an annex of it (in the same file or in another), as sentences."""

    contrato: ContratoLeido
    anexo: Anexo | None
    oraciones: Sequence[Oracion]

    @property
    def hechos(self) -> Hechos:
        return self.anexo.hechos if self.anexo else self.contrato.hechos

    @property
    def fecha(self) -> date:
        """When it was signed; what has no date comes last."""
        if self.anexo is None:
            return date.min
        return self.anexo.fecha.valor if self.anexo.fecha else date.max


@dataclass(frozen=True, slots=True)
class Prueba:
    """A decisive sentence with what speaks for it; `base` is the one of the contract that the annex `de`
    changed, `otras` may be what is asked for as well.

    `puntaje` is the ranker's, `parte` (0–1) how much of all that speaks for any sentence speaks for this one.
    """

    oracion: Oracion
    puntaje: float
    parte: float
    rasgos: Mapping[str, float]
    de: Documento
    peso: Peso
    base: Oracion | None = None
    otras: tuple[Oracion, ...] = field(default=())


def documentos(familia: Familia) -> list[Documento]:
    """A contract's documents in the order of their dates."""
    found = []
    for contrato in familia.documentos:
        found += _split(contrato, familia.pasajes[contrato.id])
    return sorted(found, key=lambda documento: documento.fecha)


def _split(contrato: ContratoLeido, pasajes: Sequence[Fragmento]) -> list[Documento]:
    """The body and the annexes of one file; an annex begins with the passage of its first fact."""
    starts: list[tuple[int, Anexo | None]] = [(0, contrato.anexo)]
    for anexo in contrato.anexos:
        at = _first(anexo, pasajes, starts[-1][0] + 1)
        starts += [(at, anexo)] if at is not None else []
    bounds = [*starts, (len(pasajes), None)]
    rows = [(at, uno.pagina, uno.clausula or "", uno.texto) for at, uno in enumerate(pasajes)]
    return [
        Documento(contrato, anexo, _read(contrato.id, contrato.archivo, tuple(rows[at:end])))
        for (at, anexo), (end, _) in pairwise(bounds)
    ]


@lru_cache(maxsize=256)
def _read(contrato: int, archivo: str, rows: tuple[tuple[int, int, str, str], ...]) -> tuple[Oracion, ...]:
    return tuple(read_oraciones(contrato, archivo, rows))


def _first(anexo: Anexo, pasajes: Sequence[Fragmento], after: int) -> int | None:
    citas = [dato.cita for dato in datos(anexo.hechos)] + [dato.cita for dato in anexo.cambios]
    citas += [dato.cita for dato in (anexo.fecha, anexo.termino) if dato]
    wanted = {cita[:_CLAVE] for cita in citas if cita}
    for at in range(after, len(pasajes)):
        flat = " ".join(pasajes[at].texto.split())
        if any(start in flat for start in wanted):
            return at
    return None


def datos(hechos: Hechos) -> list[Dato[object]]:
    """All facts that a contract has."""
    found: list[Dato[object]] = []
    for name in Hechos.__slots__:
        value = getattr(hechos, name)
        found += value if isinstance(value, tuple) else [value] if value else []
    return found


def probado(pregunta: Pregunta, familia: Familia, eleccion: Eleccion) -> Prueba | None:
    """The sentence of a contract that decides, its annexes counted."""
    return probar(pregunta, familia, documentos(familia), eleccion.nombra[familia.contrato.id])


def probar(
    pregunta: Pregunta, familia: Familia, docs: Sequence[Documento], nombra: Mapping[str, float]
) -> Prueba | None:
    """The sentence that decides, or nothing if there is no sentence at all."""
    vistas, peso = mirada(pregunta, familia, docs, nombra)
    if not vistas:
        return None
    rows = mirar(vistas, pregunta, peso)
    scores = [modelo.ORACION.puntaje(row) for row in rows]
    order = sorted(range(len(rows)), key=lambda at: -scores[at])
    best = order[0]
    shares = partes(scores)
    owner = [documento for documento in docs for _ in documento.oraciones]
    base = next((at for at in order if owner[at].anexo is None), None)
    others = tuple(vistas[at].oracion for at in order[1 : 1 + _OTRAS] if shares[at] > _OTRA * shares[best])
    return Prueba(
        vistas[best].oracion, scores[best], shares[best], dict(zip(NOMBRES, rows[best], strict=True)),
        owner[best], peso,
        vistas[base].oracion if base is not None and owner[best].anexo else None, others,
    )  # fmt: skip


def mirada(
    pregunta: Pregunta, familia: Familia, docs: Sequence[Documento], nombra: Mapping[str, float]
) -> tuple[list[Vista], Peso]:
    """All sentences of a contract as seen from a question, and what the question's words weigh in it."""
    everything = [oracion for documento in docs for oracion in documento.oraciones]
    peso = pesar(pregunta, nombra, _vocabulario(tuple(everything)), len(everything))
    early = _asks_early(pregunta, docs)
    vistas = []
    for documento in docs:
        citas = _fact_quotes(pregunta, documento.hechos)
        pasajes = familia.pasajes[documento.contrato.id]
        for oracion in documento.oraciones:
            cercanas = pasajes[oracion.pasaje].cercanas
            cerca = cercanas[oracion.trozo] if oracion.trozo < len(cercanas) else 0.0
            vistas.append(
                Vista(
                    oracion, cerca, pasajes[oracion.pasaje].puntaje, _quoted(oracion, citas),
                    documento.anexo is not None, early,
                )
            )  # fmt: skip
    return vistas, peso


@lru_cache(maxsize=256)
def _vocabulario(oraciones: tuple[Oracion, ...]) -> Vocabulario:
    titles = {stem: 0 for oracion in oraciones for stem in oracion.contexto}
    return Vocabulario(titles | Counter(stem for oracion in oraciones for stem in oracion.raices))


def _asks_early(pregunta: Pregunta, docs: Sequence[Documento]) -> bool:
    if pregunta.original or (pregunta.tema and pregunta.tema.nombre in _NO_CAMBIAN):
        return True
    if pregunta.mes is None or not any(documento.anexo for documento in docs):
        return False
    year, month = pregunta.mes
    signed = [documento.fecha for documento in docs if documento.anexo and documento.fecha < date.max]
    return bool(year and signed) and (year, month or 12) < (min(signed).year, min(signed).month)


def _quoted(oracion: Oracion, citas: Sequence[str]) -> bool:
    """Whether a fact was read from this sentence; a quote may begin with its heading."""
    start = oracion.texto[:_CLAVE]
    return any(start in cita or cita[:_CLAVE] in oracion.texto for cita in citas)


def _fact_quotes(pregunta: Pregunta, hechos: Hechos) -> list[str]:
    """The quotes of the facts asked for."""
    tema = pregunta.tema
    found: list[Dato[object]] = []
    if tema and tema.nombre == "jurisdiccion" and hechos.arbitraje:
        found.append(hechos.arbitraje)
    elif tema and tema.hecho and (dato := getattr(hechos, tema.hecho)):
        found.append(dato)
    if tema and tema.nombre in {"precio", "sueldo", "garantia"}:
        names = (
            {"garantia"}
            if tema.nombre == "garantia"
            else {"renta", "sueldo", "precio", "honorarios", "prima"}
        )
        found += [pago for pago in hechos.pagos if pago.valor.concepto in names][:2]
    if pregunta.clase is Clase.MULTA:
        found += hechos.multas
    if pregunta.clase is Clase.PARTES:
        found += hechos.partes
    return [dato.cita for dato in found if dato.confianza >= 0.6]
