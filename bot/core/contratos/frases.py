"""The sentences of a contract with what is written in them, for those who look for facts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.contratos.clausulas import Clausula, Contrato, Parte
from bot.core.contratos.datos import Dato
from bot.core.contratos.duraciones import DuracionEscrita, find_duraciones
from bot.core.contratos.encabezados import is_indice
from bot.core.contratos.fechas import Fecha, find_fechas
from bot.core.contratos.montos import MontoEscrito, find_montos
from bot.core.contratos.oraciones import split_oraciones
from bot.core.contratos.plano import plegar

# A heading without number, alone on its line before the sentence.
_SUELTO = re.compile(r"(?P<titulo>[A-ZÁÉÍÓÚÑ¿][^\n.;:,|\d]{2,50})\n(?=[A-ZÁÉÍÓÚÑ\"“«$0-9])")
_CITA = 600
_FRASE = 4000
_CIFRAS = 40
# Where the day of a contract is told, if it is told at the beginning.
_APERTURA = 2_000


@dataclass(frozen=True, slots=True)
class Frase:
    """A sentence: `plano` is `texto` folded, letter by letter; `titulo` its clause's title, folded."""

    texto: str
    plano: str
    clausula: str
    titulo: str
    pagina: int
    fechas: tuple[Fecha, ...]
    duraciones: tuple[DuracionEscrita, ...]
    montos: tuple[MontoEscrito, ...]

    def dato[T](self, valor: T, confianza: float = 0.8) -> Dato[T]:
        """A fact that this sentence says."""
        cita = " ".join(self.texto.split())
        return Dato(valor, cita[:_CITA], self.clausula, self.pagina, round(confianza, 2))

    def antes(self, at: int, largo: int = 80) -> str:
        """The folded text before a place."""
        return self.plano[max(0, at - largo) : at]

    def despues(self, at: int, largo: int = 80) -> str:
        """The folded text from a place on."""
        return self.plano[at : at + largo]


def read_frases(contrato: Contrato, parte: Parte) -> tuple[Frase, ...]:
    """The sentences of the contract's body or of an annex, in order."""
    frases: list[Frase] = []
    opening = contrato.documento.texto[parte.todas[0].inicio :][:_APERTURA] if parte.todas else ""
    escrito = next((fecha.valor for fecha in find_fechas(opening) if fecha.dia), None)
    title = ""
    for clausula in parte.todas:
        if not clausula.nivel:
            title = plegar(clausula.titulo)
        for inicio, fin in split_oraciones(contrato.documento.texto, clausula.inicio, clausula.fin):
            words = contrato.documento.texto[inicio:fin]
            if is_indice(words) or (clausula.numero and _is_heading(words, clausula.titulo)):
                continue
            if heading := _SUELTO.match(words):
                title = plegar(heading["titulo"])
            frases += _pieces(contrato, clausula, title, inicio, fin, escrito)
    return tuple(frases)


def _is_heading(words: str, titulo: str) -> bool:
    """Whether a sentence is a clause's number and title alone: `TERCERO: Plazo.`"""
    short = 0 < len(titulo.split()) <= 5 and not any(char.isdigit() for char in titulo)
    return short and len(words) < len(titulo) + 25 and words.rstrip(" .:-").endswith(titulo)


def _pieces(
    contrato: Contrato, clausula: Clausula, titulo: str, inicio: int, fin: int, escrito: date | None
) -> Sequence[Frase]:
    starts = range(inicio, fin, _FRASE)
    return [_frase(contrato, clausula, titulo, at, min(fin, at + _FRASE), escrito) for at in starts]


def _frase(
    contrato: Contrato, clausula: Clausula, titulo: str, inicio: int, fin: int, escrito: date | None
) -> Frase:
    texto = contrato.documento.texto[inicio:fin]
    return Frase(
        texto,
        plegar(texto),
        clausula.numero,
        titulo,
        contrato.documento.pagina(inicio),
        tuple(find_fechas(texto, escrito)[:_CIFRAS]),
        tuple(find_duraciones(texto)[:_CIFRAS]),
        tuple(find_montos(texto)[:_CIFRAS]),
    )
