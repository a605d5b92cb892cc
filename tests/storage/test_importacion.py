"""Importing: nothing half-written, nothing twice, totals right."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Services
from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo, tipo_documento
from bot.core.errors import CsvOtherPeriodoError, CsvTooManyErrorsError
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos, summarize
from bot.core.rut import Rut
from bot.services.ports import Destino, FiltroDocumentos, Importacion, Quien
from bot.storage.importacion import MAXIMUM_REJECTS
from tests.conftest import HOY, A, B

SEPT = Periodo(2026, 9)
CLIENTE = Rut.parse("12345678-5")
OTRO = Rut.parse("76354771-K")
DATA = Path(__file__).parent.parent / "sii" / "data"


def documento(folio: int = 1, **values: object) -> Documento:
    """A sale of $119 to a client."""
    base = Documento(Libro.VENTAS, SEPT, 33, folio, date(2026, 9, 3), CLIENTE, "Cliente SpA", 0, 100, 19, 119)
    return replace(base, **values)  # type: ignore[arg-type]


def compra(folio: int = 1, **values: object) -> Documento:
    """The same as a purchase in REGISTRO."""
    return documento(folio, **{"libro": Libro.COMPRAS, "estado": EstadoCompra.REGISTRO, **values})


def destino(
    libro: Libro = Libro.VENTAS, periodo: Periodo = SEPT, estado: EstadoCompra | None = None
) -> Destino:
    """Where the documents go."""
    if libro is Libro.COMPRAS and estado is None:
        estado = EstadoCompra.REGISTRO
    return Destino(libro, periodo, estado, "csv", HOY)


async def store(
    services: Services, *documentos: Documento | Rechazo, libro: Libro = Libro.VENTAS, **where: Any
) -> Importacion:
    """Import as taxpayer A."""
    return await services.registro.importar(A, destino(libro, **where), documentos)


async def total(services: Services, libro: Libro = Libro.VENTAS, **filtro: object) -> Montos:
    """The signed total of September."""
    asked = FiltroDocumentos(**{"periodos": (SEPT,), **filtro})  # type: ignore[arg-type]
    return (await services.libro(libro).resumen(Quien(A), asked)).resumen.totales


async def test_the_summary_is_that_of_the_documents(services: Services) -> None:
    """Golden figures of the domain, through the database."""
    golden = [
        documento(1, monto_neto=10_840_000, monto_iva=2_059_600, monto_total=12_899_600),
        documento(2, tipo=61, monto_neto=4_820_000, monto_iva=915_800, monto_total=5_735_800),
    ]
    await store(services, *golden)
    assert await total(services) == Montos(2, 0, 6_020_000, 1_143_800, 7_163_800)
    assert await total(services) == summarize(golden).totales


async def test_twice_changes_nothing(services: Services) -> None:
    """The second import of the same documents stores none of them."""
    first = await store(services, documento(1), documento(2))
    again = await store(services, documento(1), documento(2))
    assert (first.importados, first.sin_cambios) == (2, 0)
    assert (again.importados, again.sin_cambios) == (2, 2)
    assert (await total(services)).cantidad == 2


async def test_a_correction_replaces(services: Services) -> None:
    """A document that changed at the SII replaces its old row."""
    await store(services, documento(1))
    await store(services, documento(1, monto_total=200))
    assert (await total(services)).monto_total == 200


async def test_a_document_that_moves_leaves_its_old_month_and_state(services: Services) -> None:
    """Both summaries follow when a purchase goes from PENDIENTE to REGISTRO, or to another month."""
    pendiente = EstadoCompra.PENDIENTE
    await store(services, compra(1, estado=pendiente), compra(2, estado=pendiente), libro=Libro.COMPRAS)
    assert (await total(services, Libro.COMPRAS, estado=pendiente)).cantidad == 2
    await store(services, compra(1), libro=Libro.COMPRAS)
    assert (await total(services, Libro.COMPRAS, estado=pendiente)).cantidad == 1
    assert (await total(services, Libro.COMPRAS)).cantidad == 1
    await store(services, compra(1, periodo=Periodo(2026, 10)), libro=Libro.COMPRAS)
    assert (await total(services, Libro.COMPRAS)).cantidad == 0


async def test_what_moved_is_told(services: Services) -> None:
    """An import that takes documents out of another month or state says how many."""
    await store(services, documento(1), documento(2))
    moved = documento(1, periodo=Periodo(2026, 10), fecha=date(2026, 10, 2))
    october = Destino(Libro.VENTAS, Periodo(2026, 10), None, "csv", HOY)
    done = await services.registro.importar(A, october, [moved])
    assert (done.importados, done.movidos, done.sin_cambios) == (1, 1, 0)
    assert (await total(services)).cantidad == 1


async def test_a_file_of_another_month_is_refused(services: Services) -> None:
    """If nothing in it is dated or received in the month asked for, nothing of it is stored."""
    may = Destino(Libro.VENTAS, Periodo(2026, 10), None, "csv", HOY)
    rows = [documento(folio, periodo=Periodo(2026, 10)) for folio in (1, 2)]
    with pytest.raises(CsvOtherPeriodoError) as refused:
        await services.registro.importar(A, may, rows)
    assert refused.value.params == {"dice": "septiembre de 2026", "pedido": "octubre de 2026"}
    assert await services.ventas.ultimo_periodo(Quien(A)) is None


async def test_a_file_of_nothing_but_errors_is_given_up(services: Services) -> None:
    """Reading ends early when nearly everything is bad."""
    read = []

    def rows() -> Iterator[Rechazo]:
        for number in range(100_000):
            read.append(number)
            yield Rechazo(number, "malo")

    with pytest.raises(CsvTooManyErrorsError):
        await services.registro.importar(A, destino(), rows())
    assert len(read) < 2 * MAXIMUM_REJECTS


async def test_boletas_stay_when_documents_are_imported(services: Services) -> None:
    """Summary rows without documents survive an import of the same month, and count."""
    boletas = FilaResumen(tipo_documento(39), Montos(50, 0, 1_000, 190, 1_190))
    await services.registro.guardar_resumen(A, destino(), [boletas])
    await store(services, documento(1))
    await store(services, documento(1))
    assert await total(services) == Montos(51, 0, 1_100, 209, 1_309)


async def test_a_folio_of_another_client_is_refused(services: Services) -> None:
    """A sales file that gives a stored folio to another client is somebody else's."""
    await store(services, documento(1))
    done = await store(services, documento(1, contraparte_rut=OTRO, contraparte="Otra"), documento(2))
    assert (done.importados, done.total_rechazados) == (1, 1)
    assert "otro cliente" in done.rechazados[0].motivo
    assert (await total(services)).cantidad == 2


async def test_suppliers_may_share_a_folio(services: Services) -> None:
    """Two suppliers number their invoices on their own."""
    await store(services, compra(1), compra(1, contraparte_rut=OTRO), libro=Libro.COMPRAS)
    assert (await total(services, Libro.COMPRAS)).cantidad == 2


async def test_bad_lines_are_told_and_do_not_stop_the_rest(services: Services) -> None:
    """Rejected lines come back with their number and reason."""
    done = await store(services, documento(1), Rechazo(3, "malo"), documento(2))
    assert done.importados == 2
    assert done.rechazados == (Rechazo(3, "malo"),)


async def test_a_failure_in_the_middle_leaves_nothing(services: Services) -> None:
    """If reading fails after some rows, none of them is stored."""

    def rows() -> object:
        yield documento(1)
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        await services.registro.importar(A, destino(), rows())  # type: ignore[arg-type]
    assert (await total(services)).cantidad == 0
    assert await services.ventas.ultimo_periodo(Quien(A)) is None


async def test_b_never_sees_what_a_imported(services: Services) -> None:
    """Not the totals, not the documents, not the counterparties, not the months."""
    await store(services, documento(1))
    filtro = FiltroDocumentos((SEPT,))
    assert (await services.ventas.resumen(Quien(B), filtro)).resumen.filas == ()
    assert (await services.ventas.detalle(Quien(B), filtro)).total_documentos == 0
    assert await services.ventas.contrapartes(Quien(B)) == {}
    assert await services.ventas.ultimo_periodo(Quien(B)) is None


async def test_everything_of_a_document_comes_back(services: Services) -> None:
    """What was stored is what is read, further taxes and raw columns included."""
    stored = documento(
        7,
        fecha_recepcion=HOY,
        fecha_acuse=HOY,
        iva_no_recuperable=3,
        iva_uso_comun=4,
        otros_impuestos=(OtroImpuesto(24, 6_049_210, "31.5"), OtroImpuesto(271, 701_395)),
        otros_campos={"Folio Docto. Referencia": "200-300-400"},
    )
    await store(services, stored)
    found, count = await services.registro.documentos(A, Libro.VENTAS, FiltroDocumentos((SEPT,)), 1, 10)
    assert (found, count) == ([stored], 1)


async def test_filters_and_pages(services: Services) -> None:
    """Type, counterparty by RUT or part of the name, folio and page narrow the documents."""
    await store(
        services,
        *(documento(folio, fecha=date(2026, 9, folio)) for folio in range(1, 8)),
        documento(8, tipo=61, contraparte_rut=OTRO, contraparte="Ferretería 100% Ñuble"),
    )

    async def folios(pagina: int = 1, limite: int = 50, **filtro: object) -> list[int]:
        asked = FiltroDocumentos((SEPT,), **filtro)  # type: ignore[arg-type]
        found = await services.ventas.detalle(Quien(A), asked, pagina, limite)
        return [documento.folio for documento in found.documentos]

    assert await folios(tipos=(61,)) == [8]
    assert await folios(contraparte=str(OTRO)) == [8]
    assert await folios(contraparte="100% ñ") == [8]
    assert await folios(contraparte="%") == [8]
    assert await folios(folio=3) == [3]
    assert await folios(pagina=2, limite=3) == [4, 3, 8]
    by_party = await total(services, contraparte=str(OTRO))
    assert by_party == Montos(1, 0, -100, -19, -119)


@pytest.mark.parametrize(
    ("name", "libro", "periodo", "estado"),
    [
        ("RCV-venta-multiple-dte-referencias.csv", Libro.VENTAS, Periodo(2025, 12), None),
        ("RCV-compra-reclamado.csv", Libro.COMPRAS, Periodo(2019, 6), EstadoCompra.RECLAMADO),
    ],
)
async def test_a_real_export_end_to_end(
    services: Services, name: str, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
) -> None:
    """The SII's own file goes through the service, twice, and its totals are those of its rows."""
    raw = (DATA / name).read_bytes()
    registro = services.libro(libro)
    done = await registro.importar(Quien(A), io.BytesIO(raw), name, periodo, estado)
    again = await registro.importar(Quien(A), io.BytesIO(raw), name, periodo, estado)
    assert done.importados == again.sin_cambios == 3
    found = await registro.resumen(Quien(A), FiltroDocumentos((periodo,), estado))
    expected = {
        Libro.VENTAS: 2_082_715 + 658_284 + 30_471_437,
        Libro.COMPRAS: 1_155_364 + 1_155_364 - 1_966_880,
    }
    assert found.resumen.totales.monto_total == expected[libro]
    assert found.actualizado == HOY
