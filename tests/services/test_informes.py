"""Spreadsheets and charts of the real register: the same figures as everywhere, and nothing that runs."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.core.errors import DetailTooLongError, OnlySummaryError, PeriodoFutureError
from bot.core.periodo import Periodo
from bot.core.resumen import MONTOS
from bot.services import informes
from bot.services.informes import PNG, XLSX
from bot.services.ports import FiltroDocumentos, Quien
from bot.services.ports_archivos import Contenido
from tests.conftest import A, B
from tests.storage.test_importacion import SEPT, compra, documento, store

OCT = Periodo(2026, 10)
ALL = FiltroDocumentos((SEPT,))


def opened(file: Contenido, *, formulas: bool = False) -> Any:
    """The workbook as a spreadsheet program reads it."""
    assert file.mime == XLSX
    return load_workbook(BytesIO(file.datos), data_only=not formulas)


def table(sheet: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Head and rows of a sheet, down to the first empty one."""
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] in ("Periodo", "Tipo de documento"))
    body = rows[head + 1 :]
    end = next((number for number, row in enumerate(body) if row[0] is None), len(body))
    return [str(one) for one in rows[head]], body[:end]


async def test_the_sums_are_the_registers(services: Services) -> None:
    """Credit notes subtract, types of unknown sign stand apart, and the totals are those of the summary."""
    await store(services, documento(1), documento(2), documento(3, tipo=61), documento(4, tipo=52))
    found = await services.ventas.resumen(Quien(A), ALL)
    book = opened(await services.informes.planilla(Quien(A), Libro.VENTAS, ALL))
    head, rows = table(book["Detalle"])
    for title, name in zip(("Exento", "Neto", "IVA", "Total"), MONTOS, strict=True):
        column = head.index(title)
        assert sum(row[column] for row in rows) == getattr(found.resumen.totales, name)
    assert [row[head.index("Tipo")] for row in rows] == [33, 33, 61]
    _, apart = table(book["Aparte (no suman)"])
    assert [row[head.index("Tipo")] for row in apart] == [52]
    _, lines = table(book["Resumen"])
    assert lines[-1][:2] == ("Total", found.resumen.totales.cantidad)
    assert {str(line[0]): line[7] or "" for line in lines} == {
        "Factura Electrónica": "Suma",
        "Guía de Despacho Electrónica": "No suma",
        "Nota de Crédito Electrónica": "Resta",
        "Total": "",
    }


async def test_cells_have_types(services: Services) -> None:
    """Dates are dates, amounts whole numbers shown as pesos, RUTs text; the head stays in sight."""
    await store(services, documento(1))
    sheet = opened(await services.informes.planilla(Quien(A), Libro.VENTAS, ALL))["Detalle"]
    head, [row] = table(sheet)
    cells = dict(zip(head, row, strict=True))
    assert isinstance(cells["Fecha"], datetime | date)
    assert isinstance(cells["Total"], int)
    assert isinstance(cells["Folio"], int)
    assert isinstance(cells["RUT"], str)
    assert "-" in cells["RUT"]
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref
    [total] = [cell for line in sheet.iter_rows() for cell in line if cell.value == cells["Total"]][:1]
    assert total.number_format.startswith("$#,##0")
    said = " ".join(str(sheet.cell(number, 1).value) for number in range(1, 5))
    assert "Ventas de septiembre de 2026" in said
    assert "Comercial Alerce SpA · RUT 76.192.083-9" in said
    assert "SII, Registro de Compras y Ventas, actualizado hoy a las 12:00" in said


@pytest.mark.parametrize(
    "name", ["=1+1", "+56 9", "-2", "@SUM(A1)", "{=1}", "http://x.cl", "\x01\t=x", "=cmd|' /C x'!A0"]
)
async def test_nobodys_name_is_a_formula(services: Services, name: str) -> None:
    """Whatever a client is called is a text and stays one."""
    await store(services, documento(1, contraparte=name))
    file = await services.informes.planilla(Quien(A), Libro.VENTAS, ALL)
    sheet = opened(file, formulas=True)["Detalle"]
    cells = [cell for row in sheet.iter_rows(min_row=6) for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert all(str(one).startswith("=SUBTOTAL(109,") for one in formulas)
    assert [cell for cell in cells if cell.hyperlink] == []
    assert any(cell.data_type == "s" and name.strip("\x01\t") in str(cell.value) for cell in cells)


async def test_purchases_and_several_months(services: Services) -> None:
    """Purchases have their state; the summary has the months one by one."""
    await store(services, compra(1), libro=Libro.COMPRAS)
    filtro = FiltroDocumentos((SEPT, OCT))
    file = await services.informes.planilla(Quien(A), Libro.COMPRAS, filtro)
    book = opened(file)
    head, [row] = table(book["Detalle"])
    assert row[head.index("Estado")] == "REGISTRO"
    assert file.nombre == "compras-2026-09-a-2026-10.xlsx"
    said = [str(row[0].value) for row in book["Resumen"].iter_rows()]
    assert "septiembre de 2026" in said
    assert "Sin datos de compras de octubre de 2026." in said
    _, lines = table(book["Resumen"])
    assert all(sum(line[2:6]) == line[6] for line in lines)


async def test_more_than_a_batch(services: Services) -> None:
    """Batches come one after another, without a gap or a repetition."""
    await store(services, *(documento(folio) for folio in range(1, 1202)))
    book = opened(await services.informes.planilla(Quien(A), Libro.VENTAS, ALL))
    head, rows = table(book["Detalle"])
    assert sorted(row[head.index("Folio")] for row in rows) == list(range(1, 1202))


async def test_too_many_documents(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how many there are and how many fit."""
    monkeypatch.setattr(informes, "MAXIMUM_DOCUMENTS", 1)
    await store(services, documento(1), documento(2))
    with pytest.raises(DetailTooLongError) as refused:
        await services.informes.planilla(Quien(A), Libro.VENTAS, ALL)
    assert refused.value.params == {"cuantos": "2", "maximo": "1"}


async def test_what_cannot_be_made(services: Services) -> None:
    """Boletas have no documents, and months to come have nothing."""
    with pytest.raises(OnlySummaryError):
        await services.informes.planilla(Quien(A), Libro.VENTAS, FiltroDocumentos((SEPT,), tipos=(39,)))
    with pytest.raises(PeriodoFutureError):
        await services.informes.grafico(Quien(A), [Libro.VENTAS], FiltroDocumentos((Periodo(2027, 1),)))


async def test_only_the_own(services: Services) -> None:
    """B's files hold nothing of A's."""
    await store(services, documento(1, contraparte="CANARIO LTDA"))
    book = opened(await services.informes.planilla(Quien(B), Libro.VENTAS, ALL))
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any("CANARIO" in one or "Alerce" in one for one in said)
    assert "Sin documentos." in said


async def test_what_a_chart_shows(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each month's total; None where nobody imported it, which is not the same as zero."""
    await store(services, documento(1))
    seen: list[Any] = []

    async def mensual(caratula: Any, series: Any) -> bytes:
        seen.append((caratula, series))
        return b"png"

    monkeypatch.setattr(services.informes._graficos, "mensual", mensual)
    file = await services.informes.grafico(Quien(A), list(Libro), FiltroDocumentos((SEPT, OCT)))
    [(caratula, [ventas, compras])] = seen
    assert ventas.montos == {SEPT: 119, OCT: None}
    assert compras.montos == {SEPT: None, OCT: None}
    assert caratula.que == "Ventas y compras de septiembre a octubre de 2026"
    assert (file.nombre, file.mime) == ("ventas-compras-2026-09-a-2026-10.png", PNG)
