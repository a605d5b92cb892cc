"""Answers about contracts: from what they say, with the sentence, the file and the page; without a model."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.core.contratos.palabras import VACIAS, comun, halla, raices, raiz
from bot.core.contratos.pregunta import Pregunta, read_pregunta
from bot.core.contratos.temas import TEMAS, Clase, Valor
from bot.core.contratos.vigencia import Estado
from bot.services.contratos_eleccion import Eleccion, Familia, dos, elegir
from bot.services.contratos_evidencia import Prueba, basta, documentos, key, probar
from bot.services.contratos_lista import Lista
from bot.services.contratos_redaccion import Redaccion, RespuestaContratos
from bot.services.contratos_vigencia import calcular
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_indice import ContratoLeido, ContratosLeidos, Fragmento, IndiceContratos

_CERCANOS = 40
_CERCA, _CANDIDATOS, _SOLO, _PAREJO = 0.7, 3, 0.8, 0.05
_SIN_FOCO = frozenset({Clase.VIGENCIA, Clase.RESUMEN, Clase.LISTA})
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
        leida = read_pregunta(pregunta)
        familias = await self._familias(quien)
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
        near = await self._near(quien, pregunta)
        if pair := dos(eleccion, leida):
            return self._compare(leida, pair, eleccion, near)
        return self._one(leida, eleccion, near, familias)

    async def _familias(self, quien: Quien) -> list[Familia]:
        leidos = await self._contratos.leidos(quien.rut)
        pasajes = {one.id: await self._indice.pasajes(quien.rut, one.id) for one in leidos}
        known = {one.id for one in leidos}
        own = [one for one in leidos if one.de not in known]
        made = [(one, tuple(_annexes(one, leidos))) for one in own]
        return [
            Familia(one, annexes, {each.id: pasajes[each.id] for each in (one, *annexes)})
            for one, annexes in made
        ]

    async def _near(self, quien: Quien, pregunta: str) -> Mapping[tuple[int, int, str], float]:
        found: Sequence[Fragmento] = await self._indice.buscar(quien.rut, pregunta, _CERCANOS)
        return {key(uno): uno.puntaje for uno in found}

    def _one(
        self,
        pregunta: Pregunta,
        eleccion: Eleccion,
        near: Mapping[tuple[int, int, str], float],
        familias: Sequence[Familia],
    ) -> RespuestaContratos:
        best = eleccion.familias[0][1] or 1.0
        close = [one for one, score in eleccion.familias if score >= _CERCA * best]
        if not any(eleccion.nombra[one.contrato.id] for one in close):
            return self._unnamed(pregunta, eleccion, near, familias)
        scores = {one.contrato.id: score / best for one, score in eleccion.familias}
        tried = [(one, *self._try(pregunta, one, eleccion, near)) for one in close[:_CANDIDATOS]]
        ranked = sorted(
            ((scores[one.contrato.id] + more, one, prueba) for one, more, prueba in tried), key=_first
        )
        total, familia, prueba = ranked[-1]
        if _foreign(pregunta, eleccion, familia):
            return self._redaccion.no_esta(pregunta, familias, _searched(pregunta))
        rivals = [
            one for score, one, _ in ranked if score > total - _PAREJO and _same_names(eleccion, one, familia)
        ]
        if len(rivals) > 1 and (pregunta.clase in _SIN_FOCO or (prueba and basta(prueba))):
            return self._redaccion.cual(pregunta, rivals)
        return self._answer(pregunta, eleccion, familia, prueba, near)

    def _answer(
        self,
        pregunta: Pregunta,
        eleccion: Eleccion,
        familia: Familia,
        prueba: Prueba | None,
        near: Mapping[tuple[int, int, str], float],
    ) -> RespuestaContratos:
        names = eleccion.nombra[familia.contrato.id]
        if pregunta.clase is Clase.VIGENCIA and not _other_focus(pregunta, eleccion, familia):
            return self._term(pregunta, familia, near, names)
        if pregunta.clase is Clase.RESUMEN:
            return self._lista.resumir(pregunta, familia, self._reloj.hoy(), near)
        if prueba is None or not basta(prueba):
            return self._redaccion.no_esta(pregunta, [familia], _searched(pregunta))
        return self._redaccion.prueba(pregunta, familia, prueba)

    def _unnamed(
        self,
        pregunta: Pregunta,
        eleccion: Eleccion,
        near: Mapping[tuple[int, int, str], float],
        familias: Sequence[Familia],
    ) -> RespuestaContratos:
        """No word names a contract: the one talked about, else the only one that clearly speaks of it."""
        for one in familias:
            if eleccion.contexto in {each.id for each in one.documentos}:
                _, prueba = self._try(pregunta, one, eleccion, near)
                return self._answer(pregunta, eleccion, one, prueba, near)
        tried = [(one, *self._try(pregunta, one, eleccion, near)) for one in familias]
        ranked = sorted(((score, one, prueba) for one, score, prueba in tried if prueba), key=_first)
        if ranked:
            score, familia, prueba = ranked[-1]
            alone = len(ranked) == 1 or ranked[-2][0] < _SOLO * score
            if alone and prueba.peso.foco and basta(prueba) and not _foreign(pregunta, eleccion, familia):
                return self._redaccion.prueba(pregunta, familia, prueba)
        return self._redaccion.no_esta(pregunta, familias, _searched(pregunta))

    def _try(
        self,
        pregunta: Pregunta,
        familia: Familia,
        eleccion: Eleccion,
        near: Mapping[tuple[int, int, str], float],
    ) -> tuple[float, Prueba | None]:
        """How well a contract answers, beside how well it is named."""
        prueba = probar(pregunta, documentos(familia, near), eleccion.nombra[familia.contrato.id])
        if prueba is None or pregunta.clase in _SIN_FOCO:
            return 0.0, prueba
        return 0.35 * prueba.puntaje.total * prueba.foco, prueba

    def _term(
        self,
        pregunta: Pregunta,
        familia: Familia,
        near: Mapping[tuple[int, int, str], float],
        named: Mapping[str, float],
    ) -> RespuestaContratos:
        begins = pregunta.tema is not None and pregunta.tema.nombre == "inicio"
        plazo = calcular(familia, self._reloj.hoy(), begins)
        if plazo.estado is Estado.NO_SE_SABE:
            wanted = replace(pregunta, tema=_TEMAS["inicio"] if begins else None, valor=Valor.FECHA)
            prueba = probar(wanted, documentos(familia, near), named)
            if prueba and basta(prueba):
                return self._redaccion.prueba(wanted, familia, prueba)
        return self._redaccion.plazo(pregunta, familia, plazo)

    def _proof(
        self,
        pregunta: Pregunta,
        familia: Familia,
        near: Mapping[tuple[int, int, str], float],
        named: Mapping[str, float],
    ) -> RespuestaContratos:
        prueba = probar(pregunta, documentos(familia, near), named)
        if prueba is None or not basta(prueba):
            return self._redaccion.no_esta(pregunta, [familia], _searched(pregunta))
        return self._redaccion.prueba(pregunta, familia, prueba)

    def _compare(
        self,
        pregunta: Pregunta,
        pair: tuple[Familia, Familia],
        eleccion: Eleccion,
        near: Mapping[tuple[int, int, str], float],
    ) -> RespuestaContratos:
        """The same question to both; the words that name either say nothing about what is asked."""
        named = {
            stem: level
            for one in pair
            for stem, level in eleccion.nombra[one.contrato.id].items()
            if level > 0.5
        }
        if pregunta.tema and pregunta.tema.clase is Clase.MONTO:
            pregunta = replace(pregunta, valor=Valor.MONTO)
        answers = []
        for familia in pair:
            if pregunta.clase is Clase.VIGENCIA:
                answers.append(self._term(pregunta, familia, near, named))
            else:
                answers.append(self._proof(pregunta, familia, near, named))
        if all(answer.rechazo for answer in answers):
            return self._redaccion.no_esta(pregunta, pair, _searched(pregunta))
        return self._redaccion.juntas(Clase.COMPARACION, "utter_contrato_comparacion", answers)


def _annexes(contrato: ContratoLeido, leidos: Sequence[ContratoLeido]) -> list[ContratoLeido]:
    return [one for one in leidos if one.de == contrato.id]


def _first(ranked: tuple[float, Familia, Prueba | None]) -> float:
    return ranked[0]


def _same_names(eleccion: Eleccion, one: Familia, other: Familia) -> bool:
    """Whether a question names both by the same words, and as clearly."""
    return eleccion.nombra[one.contrato.id] == eleccion.nombra[other.contrato.id]


def _foreign(pregunta: Pregunta, eleccion: Eleccion, familia: Familia) -> bool:
    """Whether it names somebody or something of which the contract does not speak, more than it names"
    " the contract."""
    body = frozenset().union(*(raices(uno.texto) for many in familia.pasajes.values() for uno in many))
    names = eleccion.nombra[familia.contrato.id]
    strange = [
        pregunta.peso.get(stem, 0)
        for stem in eleccion.pregunta.palabras
        if stem not in names and not halla(stem, body)
    ]
    known = [pregunta.peso.get(stem, 0) for stem in names]
    if pregunta.clase in _SIN_FOCO:
        return sum(weight for weight in strange if weight > 0.5) >= max(0.6, sum(known) / 2)
    unknown = {stem for stem in eleccion.pregunta.palabras if stem not in names and not halla(stem, body)}
    if _two_in_a_row(pregunta, {stem for stem in unknown if pregunta.peso.get(stem, 0) > 0.3}):
        return True
    if any(weight == 1 for weight in strange):
        return sum(strange) >= sum(known)
    return sum(strange) > sum(known) + 0.5


def _two_in_a_row(pregunta: Pregunta, unknown: Collection[str]) -> bool:
    """Two unknown words side by side are a name."""
    row = [raiz(word) in unknown for word in pregunta.texto.split()]
    return any(one and other for one, other in pairwise(row))


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
    body = frozenset().union(*(raices(uno.texto) for many in familia.pasajes.values() for uno in many))
    names = eleccion.nombra[familia.contrato.id]
    rest = [
        stem for stem in eleccion.pregunta.palabras if stem not in names and pregunta.peso.get(stem, 0) > 0.9
    ]
    return any(halla(stem, body) for stem in rest)


def _searched(pregunta: Pregunta) -> str:
    """The words of the question that say what it is about."""
    words = [word for word in dict.fromkeys(pregunta.texto.split()) if word not in VACIAS and not comun(word)]
    shown = words or [word for word in pregunta.texto.split() if word not in VACIAS]
    return ", ".join(f"«{re.sub(r'[{}]', '', word)}»" for word in shown[:6]) or "tu pregunta"
