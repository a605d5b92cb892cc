"""Contracts for tests: from a text, from a file of `textos`, and the facts of a few words."""

from datetime import date
from pathlib import Path

from bot.core.contratos.clausulas import Contrato, read_contrato
from bot.core.contratos.datos import Hechos
from bot.core.contratos.hechos import extraer

TEXTOS = Path(__file__).parent / "textos"


def contrato(texto: str, nombre: str = "Contrato") -> Contrato:
    """A contract from its pages, which a form feed separates."""
    return read_contrato(nombre, list(enumerate(texto.split("\f"), 1)))


def de_archivo(nombre: str) -> Contrato:
    """A contract of `textos`."""
    return contrato((TEXTOS / f"{nombre}.txt").read_text(encoding="utf-8"), nombre)


def hechos(texto: str, *, firma: str = "5 de enero de 2024") -> Hechos:
    """The facts of a contract with these clauses, signed on a day."""
    comparecencia = f"CONTRATO\n\nEn Santiago, a {firma}, entre las partes se acuerda:\n\n"
    return extraer(contrato(comparecencia + texto))


def dia(texto: str) -> date | None:
    """`2024-03-01`; None for `-`."""
    return None if texto == "-" else date.fromisoformat(texto)
