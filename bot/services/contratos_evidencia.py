"""The sentence of a contract that decides a question; what annexes say goes before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Dato, Hechos
from bot.core.contratos.evidencia import Oracion, Peso, Puntaje, cubre_foco, pesar, puntuar, read_oraciones
from bot.core.contratos.palabras import halla
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import Clase
from bot.services.contratos_eleccion import Familia
from bot.services.ports_indice import ContratoLeido, Fragmento

_ANEXO_GANA, _ANEXO_SIN_TEMA = 0.8, 0.97
_CLAVE = 40
# Annexes repeat these from the contract.
_OTRA = 0.85
_NO_CAMBIAN = frozenset({"inicio", "firma", "partes", "rut", "objeto", "metros"})
# What a sentence must reach; chosen on the development questions of bench/contratos.
UMBRAL_FOCO = 0.6
UMBRAL_TOTAL = 0.55
UMBRAL_SIN_VALOR = 0.75


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
    """A decisive sentence; `base` is the one of the contract that the annex `de` changed."""

    oracion: Oracion
    puntaje: Puntaje
    de: Documento
    peso: Peso
    base: Oracion | None = None
    otras: tuple[Oracion, ...] = field(default=())
    citada: bool = False

    @property
    def consta(self) -> bool:
        """Whether its document speaks of everything that the question is about, if elsewhere."""
        body = frozenset().union(*(oracion.raices for oracion in self.de.oraciones))
        return all(halla(stem, body) for stem in self.peso.foco)

    @property
    def foco(self) -> float:
        """The part (0–1) of the words that the question is about which the sentence or its clause has."""
        return cubre_foco(self.oracion, self.peso)


def documentos(familia: Familia, cerca: Mapping[tuple[int, int, str], float]) -> list[Documento]:
    """A contract's documents in the order of their dates; `cerca` tells how near a passage is (by its"
    " key)."""
    found = []
    for contrato in familia.documentos:
        found += _split(contrato, familia.pasajes[contrato.id], cerca)
    return sorted(found, key=lambda documento: documento.fecha)


def key(fragmento: Fragmento) -> tuple[int, int, str]:
    """By what a passage that was searched is known again among all."""
    return fragmento.contrato_id, fragmento.pagina, fragmento.texto[:_CLAVE]


def _split(
    contrato: ContratoLeido, pasajes: Sequence[Fragmento], cerca: Mapping[tuple[int, int, str], float]
) -> list[Documento]:
    """The body and the annexes of one file; an annex begins with the passage of its first fact."""
    starts: list[tuple[int, Anexo | None]] = [(0, contrato.anexo)]
    for anexo in contrato.anexos:
        at = _first(anexo, pasajes, starts[-1][0] + 1)
        starts += [(at, anexo)] if at is not None else []
    bounds = [*starts, (len(pasajes), None)]
    return [
        Documento(
            contrato,
            anexo,
            read_oraciones(
                contrato.id,
                contrato.archivo,
                [
                    (uno.pagina, uno.clausula or "", uno.texto, cerca.get(key(uno), 0.0))
                    for uno in pasajes[at:end]
                ],
            ),
        )
        for (at, anexo), (end, _) in pairwise(bounds)
    ]


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


def probar(pregunta: Pregunta, docs: Sequence[Documento], nombra: Mapping[str, float]) -> Prueba | None:
    """The sentence that decides, or nothing if there is no sentence at all.

    The last annex whose best sentence is about as good as the best of all wins, unless what was agreed at
    first is asked for.
    """
    everything = [oracion for documento in docs for oracion in documento.oraciones]
    if not everything:
        return None
    peso = pesar(pregunta, nombra, everything)
    bests = [best for documento in docs if (best := _best(pregunta, documento, peso))]
    top = max(bests, key=lambda prueba: prueba.puntaje.total)
    if pregunta.anexo and not pregunta.original and (annexed := [one for one in bests if one.de.anexo]):
        return max(annexed, key=lambda one: one.puntaje.total)
    if _asks_early(pregunta, docs):
        return max(
            (one for one in bests if one.de.anexo is None), key=lambda one: one.puntaje.total, default=top
        )
    for prueba in reversed(bests):
        if prueba.de.anexo and _changes(prueba, top):
            base = next((one.oracion for one in bests if one.de.anexo is None), None)
            return replace(prueba, base=base if top.de.anexo is None else None)
    return top


def _asks_early(pregunta: Pregunta, docs: Sequence[Documento]) -> bool:
    if pregunta.original or (pregunta.tema and pregunta.tema.nombre in _NO_CAMBIAN):
        return True
    if pregunta.mes is None or not any(documento.anexo for documento in docs):
        return False
    year, month = pregunta.mes
    signed = [documento.fecha for documento in docs if documento.anexo and documento.fecha < date.max]
    return bool(year and signed) and (year, month or 12) < (min(signed).year, min(signed).month)


def _changes(prueba: Prueba, top: Prueba) -> bool:
    """Whether an annex speaks of the same thing as the best sentence, and not less to the point."""
    share = _ANEXO_GANA if top.puntaje.tema == 1 else _ANEXO_SIN_TEMA
    near = prueba.puntaje.total >= share * top.puntaje.total
    return near and prueba.puntaje.tema >= top.puntaje.tema and prueba.puntaje.valor >= top.puntaje.valor


def _best(pregunta: Pregunta, documento: Documento, peso: Peso) -> Prueba | None:
    citas = _fact_quotes(pregunta, documento.hechos)
    scored = [
        (puntuar(oracion, pregunta, peso, _quoted(oracion, citas)), oracion)
        for oracion in documento.oraciones
    ]
    scored.sort(key=lambda one: -one[0].total)
    if not scored:
        return None
    puntaje, oracion = scored[0]
    cited = bool(pregunta.tema and pregunta.tema.hecho) and _quoted(oracion, citas)
    others = tuple(
        other
        for score, other in scored[1:3]
        if score.total > _OTRA * puntaje.total and (score.cubre > 0.3 or (score.tema, score.valor) == (1, 1))
    )
    return Prueba(oracion, puntaje, documento, peso, otras=others, citada=cited)


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


def basta(prueba: Prueba) -> bool:
    """Whether a sentence is evidence enough; one without the value that was asked for must be clearer."""
    needed = UMBRAL_SIN_VALOR if prueba.puntaje.valor < 0 else UMBRAL_FOCO
    spoken = bool(prueba.peso.foco) or prueba.puntaje.tema == 1 or prueba.puntaje.total >= UMBRAL_TOTAL
    return spoken and (prueba.foco >= needed or (prueba.citada and prueba.consta))
