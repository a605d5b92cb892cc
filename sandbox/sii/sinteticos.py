"""Invented taxpayers by number, as many as wanted: nothing is kept of them but their number.

A month depends on the number, the seed and the month alone; `hoy` says how much of it has happened: documents
arrive day by day, purchases wait in PENDIENTE and then are in REGISTRO, RECLAMADO or NO_INCLUIR, dates of
acknowledgement come or are corrected, and a few documents disappear again.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from random import Random

from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.periodo import FIRST_PERIODO, Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import Rut
from bot.services.reloj import SANTIAGO

FIRST_RUT = 61_000_000
MOST = 10_000_000
_COUNTERPARTIES = 400_000
_TIPOS_VENTAS = (33, 33, 33, 34)
_TIPOS_COMPRAS = (33, 33, 33, 33, 34)
_DIAS = 8  # then a purchase is accepted irrevocably


type Mes = tuple[tuple[Documento, ...], tuple[tuple[Libro, EstadoCompra | None, FilaResumen], ...]]


@dataclass(frozen=True, slots=True)
class Sintetico:
    """The invented taxpayer of that number."""

    numero: int
    semilla: int = 0
    meses = 2

    @property
    def rut(self) -> Rut:
        return Rut(FIRST_RUT + self.numero)

    @property
    def nombre(self) -> str:
        return f"CONTRIBUYENTE SIMULADO {self.numero} SPA"

    @property
    def clave(self) -> str:
        return blake2b(f"{self.semilla}:{self.numero}".encode(), digest_size=5).hexdigest()

    def mes(self, periodo: Periodo, hoy: date) -> Mes:
        """The month as the register shows it on `hoy`; empty if it has not begun."""
        return _mes(self.numero, self.semilla, periodo, hoy)


def by_rut(rut: Rut, semilla: int) -> Sintetico | None:
    """The invented taxpayer with that RUT."""
    numero = rut.number - FIRST_RUT
    return Sintetico(numero, semilla) if 0 <= numero < MOST else None


@lru_cache(1024)
def _mes(numero: int, semilla: int, periodo: Periodo, hoy: date) -> Mes:
    if periodo.first_day > hoy:
        return (), ()
    azar = Random(f"{semilla}:{numero}:{periodo}")
    documentos = (
        *_ventas(azar, periodo, hoy, azar.randint(1, 4)),
        *_compras(azar, periodo, hoy, azar.randint(2, 4)),
    )
    return documentos, tuple((Libro.VENTAS, None, fila) for fila in _boletas(numero, periodo, hoy))


def _boletas(numero: int, periodo: Periodo, hoy: date) -> Iterator[FilaResumen]:
    """Every third one sells with boletas too, so many a day."""
    if numero % 3 == 0:
        cantidad = min((hoy - periodo.first_day).days + 1, _last_day(periodo)) * (5 + numero % 30)
        neto = cantidad * 4_000
        iva = neto * 19 // 100
        yield FilaResumen(tipo_documento(39), Montos(cantidad, 0, neto, iva, neto + iva))


def _last_day(periodo: Periodo) -> int:
    return calendar.monthrange(periodo.year, periodo.month)[1]


def _documento(azar: Random, libro: Libro, periodo: Periodo, numero: int) -> Documento:
    """A document, the `numero`-th of its book and month, as it is received."""
    dia = date(periodo.year, periodo.month, azar.randint(1, _last_day(periodo)))
    contraparte = azar.randrange(_COUNTERPARTIES)
    tipo = azar.choice(_TIPOS_VENTAS if libro is Libro.VENTAS else _TIPOS_COMPRAS)
    monto = azar.randrange(10_000, 3_000_000)
    exento, neto = (monto, 0) if tipo == 34 else (0, monto)
    iva = neto * 19 // 100
    mes = (periodo.year - FIRST_PERIODO.year) * 12 + periodo.month
    return Documento(
        libro,
        periodo,
        tipo,
        mes * 10 + numero,
        dia,
        Rut(76_000_000 + contraparte),
        f"{'CLIENTE' if libro is Libro.VENTAS else 'PROVEEDOR'} SIMULADO {contraparte} LTDA",
        exento,
        neto,
        iva,
        exento + neto + iva,
        fecha_recepcion=datetime.combine(
            dia, time(9 + azar.randrange(9), azar.randrange(60), azar.randrange(60)), SANTIAGO
        ),
    )


def _received(documento: Documento) -> datetime:
    return documento.fecha_recepcion or datetime.combine(documento.fecha, time(12), SANTIAGO)


def _there(documento: Documento, azar: Random, hoy: date) -> bool:
    """Whether it has come, and was not taken back some days later (one in 25 is)."""
    came = _received(documento).date()
    stays, days = azar.random() >= 0.04, azar.randint(2, 12)
    return came <= hoy and (stays or hoy < came + timedelta(days))


def _ventas(azar: Random, periodo: Periodo, hoy: date, cuantas: int) -> Iterator[Documento]:
    """Sales and, of one month in four, a credit note to the first of them."""
    primera = None
    for numero in range(cuantas):
        documento = _documento(azar, Libro.VENTAS, periodo, numero)
        acuse = _received(documento) + timedelta(azar.randint(1, 7))
        if azar.random() < 0.5 and acuse.date() <= hoy:
            documento = replace(documento, fecha_acuse=acuse)
        primera = primera or documento
        if _there(documento, azar, hoy):
            yield documento
    nota = _documento(azar, Libro.VENTAS, periodo, cuantas)
    if azar.random() < 0.25 and primera and _received(nota).date() <= hoy:
        referencia = {"detTipoDocRef": str(primera.tipo), "detFolioDocRef": str(primera.folio)}
        yield replace(nota, tipo=61, otros_campos=referencia)


def _compras(azar: Random, periodo: Periodo, hoy: date, cuantas: int) -> Iterator[Documento]:
    for numero in range(cuantas):
        documento = _documento(azar, Libro.COMPRAS, periodo, numero)
        there = _there(documento, azar, hoy)
        dias, suerte, corregida = azar.randint(1, 7), azar.random(), azar.random()
        if there:
            yield _on(documento, hoy, dias, suerte, corregida)


def _on(documento: Documento, hoy: date, dias: int, suerte: float, corregida: float) -> Documento:
    """A purchase as it stands on `hoy`; it is answered after `dias`, or never, and `suerte` says how."""
    age = (hoy - _received(documento).date()).days
    respuesta = _received(documento) + timedelta(dias)
    if suerte < 0.05 and age >= dias:
        return replace(documento, estado=EstadoCompra.RECLAMADO, fecha_reclamo=respuesta)
    if suerte > 0.5 and age >= dias:
        acuse = respuesta + timedelta(2) if corregida < 0.15 and age >= _DIAS + 4 else respuesta
        return replace(documento, estado=EstadoCompra.REGISTRO, fecha_acuse=acuse)
    if age < _DIAS:
        return replace(documento, estado=EstadoCompra.PENDIENTE)
    if suerte < 0.1 and age >= _DIAS + 2:
        return replace(documento, estado=EstadoCompra.NO_INCLUIR)
    tarde = _received(documento) + timedelta(_DIAS + 3)
    return replace(
        documento,
        estado=EstadoCompra.REGISTRO,
        fecha_acuse=tarde if corregida < 0.2 and age >= _DIAS + 3 else None,
    )
