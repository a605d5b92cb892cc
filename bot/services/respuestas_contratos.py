"""Answers about contracts: from what they say, with the sentence, the file and the page; without a model."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.core.contratos import modelo
from bot.core.contratos.clase import clasificar
from bot.core.contratos.estado import Estado
from bot.core.contratos.modelo import partes
from bot.core.contratos.palabras import VACIAS, comun, halla, raices, raiz
from bot.core.contratos.pregunta import Pregunta, read_pregunta
from bot.core.contratos.temas import TEMAS, Clase, Valor
from bot.services.contratos_eleccion import Eleccion, Familia, dos, elegir
from bot.services.contratos_evidencia import probado
from bot.services.contratos_lista import Lista
from bot.services.contratos_rasgos import SIN_FOCO, Candidato, ajenas, candidatos, ni_una, suficiencia
from bot.services.contratos_redaccion import Redaccion, RespuestaContratos
from bot.services.contratos_vigencia import calcular
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_indice import ContratoLeido, ContratosLeidos, Fragmento, IndiceContratos

_PAREJO = 0.8
# Topics that are about a part of a contract, whose end is not the contract's.
_DENTRO = frozenset({"garantia", "devolucion de garantia", "multa", "multa de atraso"})
_CONTRATO = re.compile(
    r"\b(?:contrato|arriendo|arrendamiento|subarriendo|alquiler|leasing|convenio|acuerdo|trato|comodato|mutuo"
    r"|prestamo|seguro|poliza|suscripcion|franquicia|medieria|consignacion|licencia|nda|confidencialidad)\b"
)
_TENEMOS = re.compile(r"\b(?:tenemos|tengo|sigo|seguimos|estamos|sigue|siguen) (?:todavia |aun )?(?:a|con)\b")
_TEMAS = {tema.nombre: tema for tema in TEMAS}


class RespuestasContratosService:
    """Questions about the taxpayer's own contracts."""

    def __init__(
        self, contratos: ContratosLeidos, indice: IndiceContratos, textos: Textos, reloj: Reloj
    ) -> None:
        self._contratos = contratos
        self._indice = indice
        self._redaccion = Redaccion(textos)
        self._lista = Lista(self._redaccion, textos)
        self._reloj = reloj

    async def responder(self, quien: Quien, pregunta: str, contexto: int | None = None) -> RespuestaContratos:
        """Answer a question; `contexto` is the contract talked about before, if it is theirs."""
        familias, vector = await self.familias(quien, pregunta)
        leida = clasificar(read_pregunta(pregunta), vector)
        if not familias:
            return self._redaccion.ninguno(leida.clase)
        eleccion = elegir(leida, familias, quien.rut, contexto)
        leida = eleccion.pregunta
        hoy = self._reloj.hoy()
        leida = replace(leida, hoy=(hoy.year, hoy.month))
        if leida.clase is Clase.LISTA and _foreign_list(leida, familias):
            return self._redaccion.no_esta(leida, familias, _searched(leida))
        if leida.clase is Clase.LISTA:
            return self._lista.responder(leida, eleccion, hoy)
        if pair := dos(eleccion, leida):
            return self._compare(leida, pair, eleccion)
        return self._one(leida, eleccion, familias)

    async def familias(self, quien: Quien, pregunta: str) -> tuple[list[Familia], Sequence[float]]:
        """The contracts with their annexes as compared with a question, and the question's vector."""
        leidos = await self._contratos.leidos(quien.rut)
        pasajes: defaultdict[int, list[Fragmento]] = defaultdict(list)
        compared = await self._indice.comparar(quien.rut, pregunta)
        for uno in compared.fragmentos:
            pasajes[uno.contrato_id].append(uno)
        known = {one.id for one in leidos}
        own = [one for one in leidos if one.de not in known]
        made = [(one, tuple(_annexes(one, leidos))) for one in own]
        return [
            Familia(one, annexes, {each.id: pasajes[each.id] for each in (one, *annexes)})
            for one, annexes in made
        ], compared.vector

    def _one(self, pregunta: Pregunta, eleccion: Eleccion, familias: Sequence[Familia]) -> RespuestaContratos:
        ranked = candidatos(pregunta, eleccion)
        shares = partes([score for score, _ in ranked])
        best = _meant(pregunta, eleccion, [one for _, one in ranked])
        whole = pregunta.clase in SIN_FOCO and not _other_focus(pregunta, eleccion, best.familia)
        fila = suficiencia(pregunta, eleccion, best, shares[0], familias)
        sure = (modelo.BASTA_ENTERO if whole else modelo.BASTA).probabilidad(fila)
        needed = modelo.UMBRAL_ENTERO if whole else modelo.UMBRAL
        plain = whole and _plainly(pregunta, eleccion, best.familia)
        if (sure < needed and not plain) or (not whole and ni_una(pregunta, best)):
            searched = [best.familia] if eleccion.nombra[best.familia.contrato.id] else familias
            return self._redaccion.no_esta(pregunta, searched, _searched(pregunta))
        rivals = [
            one.familia
            for share, (_, one) in zip(shares, ranked, strict=True)
            if share > _PAREJO * shares[0] and _same_names(eleccion, one.familia, best.familia)
        ]
        if len(rivals) > 1:
            return self._redaccion.cual(pregunta, rivals)
        if whole and pregunta.clase is Clase.RESUMEN:
            return self._lista.resumir(pregunta, best.familia, self._reloj.hoy())
        if whole:
            return self._term(pregunta, best.familia, eleccion)
        if best.prueba is None:
            return self._redaccion.no_esta(pregunta, [best.familia], _searched(pregunta))
        ends = pregunta.clase in (Clase.AVISO, Clase.RENOVACION)
        plazo = calcular(best.familia, self._reloj.hoy()) if ends else None
        last = plazo.vigencia.ultimo_dia_de_aviso if plazo else None
        return self._redaccion.prueba(pregunta, best.familia, best.prueba, last)

    def _term(self, pregunta: Pregunta, familia: Familia, eleccion: Eleccion) -> RespuestaContratos:
        begins = pregunta.tema is not None and pregunta.tema.nombre == "inicio"
        plazo = calcular(familia, self._reloj.hoy(), begins)
        if plazo.estado is Estado.NO_SE_SABE:
            wanted = replace(pregunta, tema=_TEMAS["inicio"] if begins else None, valor=Valor.FECHA)
            if prueba := probado(wanted, familia, eleccion):
                return self._redaccion.prueba(wanted, familia, prueba)
        return self._redaccion.plazo(pregunta, familia, plazo)

    def _compare(
        self, pregunta: Pregunta, pair: tuple[Familia, Familia], eleccion: Eleccion
    ) -> RespuestaContratos:
        """The same question to both; the words that name either say nothing about what is asked."""
        named = {
            stem: level
            for one in pair
            for stem, level in eleccion.nombra[one.contrato.id].items()
            if level > 0.5
        }
        eleccion = replace(eleccion, nombra={one.contrato.id: named for one in pair})
        if pregunta.tema and pregunta.tema.clase is Clase.MONTO:
            pregunta = replace(pregunta, valor=Valor.MONTO)
        answers = []
        for familia in pair:
            if pregunta.clase is Clase.VIGENCIA:
                answers.append(self._term(pregunta, familia, eleccion))
            elif prueba := probado(pregunta, familia, eleccion):
                answers.append(self._redaccion.prueba(pregunta, familia, prueba))
        if not answers:
            return self._redaccion.no_esta(pregunta, pair, _searched(pregunta))
        return self._redaccion.juntas(Clase.COMPARACION, "utter_contrato_comparacion", answers)


def _annexes(contrato: ContratoLeido, leidos: Sequence[ContratoLeido]) -> list[ContratoLeido]:
    return [one for one in leidos if one.de == contrato.id]


def _same_names(eleccion: Eleccion, one: Familia, other: Familia) -> bool:
    """Whether a question names both by the same words, and as clearly."""
    return eleccion.nombra[one.contrato.id] == eleccion.nombra[other.contrato.id]


def _foreign_list(pregunta: Pregunta, familias: Sequence[Familia]) -> bool:
    """Whether contracts with somebody are asked for whom no contract names."""
    bodies = frozenset().union(
        *(raices(uno.texto) for one in familias for many in one.pasajes.values() for uno in many)
    )
    nouns = [
        stem for stem in pregunta.palabras if pregunta.peso.get(stem, 0) == 1 and not halla(stem, bodies)
    ]
    return bool(nouns)


def _other_focus(pregunta: Pregunta, eleccion: Eleccion, familia: Familia) -> bool:
    """Whether "how long" is asked about something in the contract and not about the contract."""
    if pregunta.tema and pregunta.tema.nombre in _DENTRO:
        return True
    if _about_itself(pregunta) and eleccion.nombra[familia.contrato.id]:
        return False
    body = frozenset().union(*(raices(uno.texto) for many in familia.pasajes.values() for uno in many))
    names = eleccion.nombra[familia.contrato.id]
    rest = [
        stem for stem in eleccion.pregunta.palabras if stem not in names and pregunta.peso.get(stem, 0) > 0.9
    ]
    return any(halla(stem, body) for stem in rest)


def _meant(pregunta: Pregunta, eleccion: Eleccion, ranked: Sequence[Candidato]) -> Candidato:
    """The likeliest contract; asked about it as a whole, one that is plainly named goes before."""
    plain = [
        one for one in ranked if pregunta.clase in SIN_FOCO and _plainly(pregunta, eleccion, one.familia)
    ]
    return next(iter(plain), ranked[0])


def _about_itself(pregunta: Pregunta) -> bool:
    """Whether what runs or ends is called a contract (`el convenio con los de…`), or is what one has."""
    if _TENEMOS.search(pregunta.texto):
        return True
    found = _CONTRATO.search(pregunta.texto)
    before = pregunta.texto[: found.start()].split() if found else ()
    return found is not None and not any(pregunta.peso.get(raiz(word), 0) == 1 for word in before)


def _plainly(pregunta: Pregunta, eleccion: Eleccion, familia: Familia) -> bool:
    """Whether a contract is named by its kind, party or file, and nothing is named that it has not."""
    names = eleccion.nombra[familia.contrato.id]
    named = any(level >= 1 and pregunta.peso.get(stem, 0) == 1 for stem, level in names.items())
    strange = ajenas(pregunta, eleccion, familia).values()
    return named and not any(weight == 1 for weight in strange)


def _searched(pregunta: Pregunta) -> str:
    """The words of the question that say what it is about."""
    words = [word for word in dict.fromkeys(pregunta.texto.split()) if word not in VACIAS and not comun(word)]
    shown = words or [word for word in pregunta.texto.split() if word not in VACIAS]
    return ", ".join(f"«{re.sub(r'[{}]', '', word)}»" for word in shown[:6]) or "tu pregunta"
