"""Hand-written stand-ins of the SII's service and of what tells people things."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

from bot.core.documentos import Documento, EstadoCompra, Libro, Rechazo, tipo_documento
from bot.core.errors_sii import SiiRefusedError
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos, summarize
from bot.core.rut import Rut
from bot.services.ports_sii import AccesoSii, FilaSii, Llamada, Noticia, Pausa


class FakeSii:
    """A register that can be written to, counts what it is asked, and fails as it is told to.

    `solo_resumen` are rows without documents; `changes` come between a month's totals and its documents;
    of `meanwhile` one act is done during each call.
    """

    def __init__(self) -> None:
        self.documentos: list[Documento] = []
        self.solo_resumen: dict[tuple[Libro, Periodo, EstadoCompra | None], FilaResumen] = {}
        self.rechazos: dict[int, Rechazo] = {}
        self.errors: list[Exception] = []
        self.refused: set[Periodo] = set()
        self.asked: Counter[str] = Counter()
        self.claves: list[str] = []
        self.changes: list[Documento] = []
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def resumen(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
    ) -> tuple[FilaSii, ...]:
        await self._call(acceso, f"resumen {libro} {periodo} {estado or ''}".strip(), periodo)
        filas = [
            FilaSii(
                fila, con_detalle=True, cruda={"total": fila.montos.monto_total, "n": fila.montos.cantidad}
            )
            for fila in summarize(self._of(libro, periodo, estado)).filas
        ]
        boletas = self.solo_resumen.get((libro, periodo, estado))
        if boletas:
            filas.append(FilaSii(boletas, con_detalle=False, cruda={"total": boletas.montos.monto_total}))
        self.documentos += self.changes
        self.changes = []
        return tuple(filas)

    async def detalle(
        self, acceso: AccesoSii, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, tipo: int
    ) -> tuple[Documento | Rechazo, ...]:
        await self._call(acceso, f"detalle {libro} {periodo} {estado or ''} {tipo}", periodo)
        found = tuple(one for one in self._of(libro, periodo, estado) if one.tipo == tipo)
        return (*found[1:], self.rechazos[tipo]) if tipo in self.rechazos else found

    def move(self, folio: int, **values: object) -> None:
        """Change a document at the SII."""
        self.documentos = [
            replace(one, **values) if one.folio == folio else one  # type: ignore[arg-type]
            for one in self.documentos
        ]

    def _of(self, libro: Libro, periodo: Periodo, estado: EstadoCompra | None) -> list[Documento]:
        wanted = (libro, periodo, estado)
        return [one for one in self.documentos if (one.libro, one.periodo, one.estado) == wanted]

    async def _call(self, acceso: AccesoSii, que: str, periodo: Periodo) -> None:
        await acceso.antes()
        self.asked[que] += 1
        self.claves.append(acceso.clave)
        acceso.llamadas.append(Llamada(que, 500 if self.errors else 200, 5))
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        if self.errors:
            raise self.errors.pop(0)
        if periodo in self.refused:
            raise SiiRefusedError(dice="no se puede")


def boletas(cantidad: int, total: int) -> FilaResumen:
    """A row of boletas, which have no documents."""
    return FilaResumen(tipo_documento(39), Montos(cantidad, 0, total, 0, total))


class FakeRitmo:
    """No limits; a pause is remembered."""

    def __init__(self) -> None:
        self.until: Pausa | None = None
        self.hurried = 0

    @asynccontextmanager
    async def turno(self) -> AsyncIterator[None]:
        yield

    @contextmanager
    def primero(self) -> Iterator[None]:
        self.hurried += 1
        yield

    async def pausar(self, pausa: Pausa) -> None:
        self.until = pausa

    async def pausa(self) -> Pausa | None:
        return self.until


class FakeNotificador:
    """Remembers what it told, each thing once."""

    def __init__(self) -> None:
        self.told: dict[tuple[Rut, str], Noticia] = {}

    def kinds(self) -> list[str]:
        """What was told, in order: `pedido`, `clave_mala`…"""
        return [clave.removeprefix("sii.").partition(":")[0] for _, clave in self.told]

    def texts(self) -> list[str]:
        """The words."""
        return [noticia.salida.texto for noticia in self.told.values()]

    async def notificar(self, rut: Rut, noticia: Noticia) -> bool:
        if (rut, noticia.clave) in self.told:
            return False
        self.told[rut, noticia.clave] = noticia
        return True
