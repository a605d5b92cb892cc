"""The register itself: what each taxpayer's books hold, now.

Both calls and the truth are read from the same month, so that they always agree.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, count
from typing import Literal, Protocol

from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, summarize, total
from bot.core.rut import Rut
from bot.services.reloj import RelojSantiago
from sandbox.demo_datos import DEMO, Contribuyente, mes_demo
from sandbox.sii.sinteticos import Sintetico, by_rut

type Fila = tuple[Libro, EstadoCompra | None, FilaResumen]
type FilaDelMes = tuple[Periodo, Libro, EstadoCompra | None, FilaResumen]
type Llave = tuple[Libro, int, Rut, int]
type Ingreso = Literal["DET_ELE", "DET_PAP", "RESUMEN"]
type Parte = tuple[Libro, Periodo, EstadoCompra | None]
ESTADOS: dict[Libro, tuple[EstadoCompra | None, ...]] = {
    Libro.VENTAS: (None,),
    Libro.COMPRAS: tuple(EstadoCompra),
}
_EN_PAPEL = {29, 30, 32, 40, 45, 55, 60, 101, 104, 106, 914}
_demo = lru_cache(128)(mes_demo)


@dataclass(frozen=True, slots=True)
class Contenido:
    """What one book, month and state hold: the documents with detail, and one row for every type."""

    documentos: tuple[Documento, ...]
    filas: tuple[FilaResumen, ...]

    def ingreso(self, tipo: int) -> Ingreso:
        """How documents of a type came, as a resumen tells it."""
        if all(one.tipo != tipo for one in self.documentos):
            return "RESUMEN"
        return "DET_PAP" if tipo in _EN_PAPEL else "DET_ELE"

    @property
    def electronicos(self) -> tuple[Documento, ...]:
        """The documents that a client gets: it asks for the detail of `DET_ELE` types only."""
        return tuple(one for one in self.documentos if one.tipo not in _EN_PAPEL)


class Fuente(Protocol):
    """Where the months of a taxpayer come from; `meses` is how many there are, the last being today's."""

    @property
    def meses(self) -> int: ...

    def mes(self, periodo: Periodo, hoy: date) -> tuple[Sequence[Documento], Sequence[Fila]]: ...


@dataclass(frozen=True, slots=True)
class _Demo:
    contribuyente: Contribuyente
    meses: int = 24

    def mes(self, periodo: Periodo, hoy: date) -> tuple[Sequence[Documento], Sequence[Fila]]:
        found = _demo(self.contribuyente, periodo, hoy)
        return found.documentos, found.filas


class _Nada:
    meses = 0

    def mes(self, periodo: Periodo, hoy: date) -> tuple[Sequence[Documento], Sequence[Fila]]:
        return (), ()


@dataclass(slots=True)
class _Cambios:
    """What was loaded or changed by hand; None hides what the source has."""

    documentos: dict[Llave, Documento | None] = field(default_factory=dict)
    filas: dict[tuple[Periodo, Libro, EstadoCompra | None, int], FilaResumen] = field(default_factory=dict)


class RegistroSimulado:
    """The books of the demo taxpayers, of the synthetic ones, and of those that a test loads.

    `hoy` is the day as of which everybody's books stand, by default Chile's; `avanzar` moves it on.
    """

    def __init__(self, hoy: Callable[[], date] | None = None, semilla: int = 0) -> None:
        self._hoy, self.semilla = hoy or RelojSantiago().hoy, semilla
        self._ahead = timedelta()
        self._demo = {one.rut: _Demo(one) for one in DEMO}
        self._cambios: defaultdict[Rut, _Cambios] = defaultdict(_Cambios)
        self._folios = count(90_000_001)

    @property
    def hoy(self) -> date:
        return self._hoy() + self._ahead

    def avanzar(self, dias: int = 1) -> date:
        """Days pass; the day that it is then."""
        self._ahead += timedelta(dias)
        return self.hoy

    def sinteticos(self, cuantos: int, desde: int = 0) -> list[Sintetico]:
        """Synthetic taxpayers by number; all of them exist already, this only names them."""
        return [Sintetico(numero, self.semilla) for numero in range(desde, desde + cuantos)]

    def clave(self, rut: Rut) -> str | None:
        """The clave of a synthetic taxpayer."""
        found = by_rut(rut, self.semilla)
        return found.clave if found else None

    def put(self, rut: Rut, documentos: Iterable[Documento] = (), filas: Iterable[FilaDelMes] = ()) -> None:
        """Add to a taxpayer's books. A document takes the place of the one with its book, type, counterparty
        and folio, in whatever state; `filas` are types that come as totals only."""
        cambios = self._cambios[rut]
        for documento in documentos:
            cambios.documentos[_llave(documento)] = documento
        for periodo, libro, estado, fila in filas:
            cambios.filas[(periodo, libro, estado, fila.tipo.codigo)] = fila

    def change(self, rut: Rut, documento: Documento) -> None:
        """The document is now this."""
        self.put(rut, [documento])

    def move(self, rut: Rut, documento: Documento, estado: EstadoCompra) -> Documento:
        """A purchase passes to another state; as it is now."""
        moved = replace(documento, estado=estado)
        self.change(rut, moved)
        return moved

    def remove(self, rut: Rut, documento: Documento) -> None:
        """The register no longer has it."""
        self._cambios[rut].documentos[_llave(documento)] = None

    def grow(self, rut: Rut, parte: Parte) -> Documento:
        """One more invoice is there."""
        libro, periodo, estado = parte
        dia = max(periodo.first_day, min(self.hoy, periodo.plus(1).first_day - timedelta(1)))
        new = Documento(
            libro, periodo, 33, next(self._folios), dia, Rut(76_400_001), "DOCUMENTO QUE LLEGÓ DESPUÉS SPA",
            0, 100_000, 19_000, 119_000, estado,
        )  # fmt: skip
        self.put(rut, [new])
        return new

    def read(self, rut: Rut, parte: Parte) -> Contenido:
        """What a part of the books holds today."""
        libro, periodo, estado = parte
        documentos, filas = self._mes(rut, periodo)
        own = [one for one in documentos if (one.libro, one.estado) == (libro, estado)]
        rows = [fila for book, state, fila in filas if (book, state) == (libro, estado)]
        own.sort(key=lambda one: (one.tipo, one.fecha, one.folio))
        return Contenido(tuple(own), total([*summarize(own).filas, *rows]).filas)

    def verdad(self, rut: Rut, periodos: Iterable[Periodo] | None = None) -> dict[Parte, Contenido]:
        """Everything that the SII has of a taxpayer today, by book, month and state, the empty ones too.

        Rows hold every type, with detail or not. Documents are as they were loaded: a client finds only the
        `electronicos`, of `otros_impuestos` it is told nothing but the sum, and of `otros_campos` what the
        register's JSON has a key for.

        Args:
            periodos: by default those of the taxpayer: 24 of a demo one, 2 of a synthetic one, and all that
                were loaded.
        """
        wanted = sorted(set(self.periodos(rut) if periodos is None else periodos))
        return {
            (libro, periodo, estado): self.read(rut, (libro, periodo, estado))
            for periodo in wanted
            for libro in Libro
            for estado in ESTADOS[libro]
        }

    def periodos(self, rut: Rut) -> Iterator[Periodo]:
        """The months that a taxpayer's books have."""
        current = Periodo.of(self.hoy)
        yield from current.plus(1 - self._fuente(rut).meses).until(current)
        cambios = self._cambios.get(rut, _Cambios())
        yield from (one.periodo for one in cambios.documentos.values() if one)
        yield from (periodo for periodo, *_ in cambios.filas)

    def _fuente(self, rut: Rut) -> Fuente:
        return self._demo.get(rut) or by_rut(rut, self.semilla) or _Nada()

    def _mes(self, rut: Rut, periodo: Periodo) -> tuple[Iterable[Documento], list[Fila]]:
        documentos, filas = self._fuente(rut).mes(periodo, self.hoy)
        cambios = self._cambios.get(rut)
        if cambios is None:
            return documentos, list(filas)
        own = (one for one in cambios.documentos.values() if one and one.periodo == periodo)
        kept = (one for one in documentos if _llave(one) not in cambios.documentos)
        rows = [row for row in filas if (periodo, row[0], row[1], row[2].tipo.codigo) not in cambios.filas]
        for (month, libro, estado, _), fila in cambios.filas.items():
            if month == periodo:
                rows.append((libro, estado, fila))
        return chain(kept, own), rows


def _llave(documento: Documento) -> Llave:
    return documento.libro, documento.tipo, documento.contraparte_rut, documento.folio
