"""Totals of the register."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.documentos import Documento, Libro, tipo_documento
from bot.core.errors import PeriodoMixedError
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos, Resumen, summarize, total
from bot.core.rut import Rut

SEPTIEMBRE = Periodo(2026, 9)
amounts = st.integers(0, 10**12)
montos = st.builds(Montos, st.integers(0, 10_000), amounts, amounts, amounts, amounts)
filas = st.builds(
    FilaResumen, st.sampled_from([33, 34, 39, 52, 56, 60, 61, 112, 999]).map(tipo_documento), montos
)


def documento(tipo: int = 33, neto: int = 0, iva: int = 0, total: int = 0, exento: int = 0) -> Documento:
    """A sale of September 2026."""
    dia, los_aromos = date(2026, 9, 1), Rut(76192083)
    return Documento(
        Libro.VENTAS, SEPTIEMBRE, tipo, 1, dia, los_aromos, "Los Aromos", exento, neto, iva, total
    )


documentos = st.builds(documento, st.sampled_from([33, 34, 61, 999]), amounts, amounts, amounts, amounts)


def test_the_golden_figures_of_sales() -> None:
    """Credit notes subtract from the invoices of the month."""
    resumen = summarize(
        [documento(33, 10_840_000, 2_059_600, 12_899_600), documento(61, 4_820_000, 915_800, 5_735_800)]
    )
    assert resumen.totales == Montos(2, 0, 6_020_000, 1_143_800, 7_163_800)
    assert [fila.tipo.codigo for fila in resumen.filas] == [33, 61]
    assert resumen.filas[1].montos.monto_neto == 4_820_000


def test_a_total_with_other_taxes_is_kept_as_it_is() -> None:
    """The register's total is never recomputed from its parts."""
    resumen = summarize([documento(33, 887_224, 168_571, 1_225_687)])
    assert resumen.totales == Montos(1, 0, 887_224, 168_571, 1_225_687)


def test_unknown_types_stand_beside_the_total() -> None:
    """They are shown with their amounts and add to none, and neither do guías."""
    resumen = summarize([documento(999, 100, 19, 119), documento(52, 10, 0, 10), documento(33, 1, 2, 3)])
    assert resumen.totales == Montos(1, 0, 1, 2, 3)
    assert [fila.tipo.codigo for fila in resumen.aparte] == [52, 999]
    assert resumen.aparte[1].montos.monto_total == 119


def test_nothing_totals_to_nothing() -> None:
    """An empty month is zero, not an error."""
    assert summarize([]) == total([]) == Resumen((), Montos())


def test_months_or_books_are_not_mixed_silently() -> None:
    """Documents of another month or book are refused."""
    one = documento()
    for other in (replace(one, periodo=Periodo(2026, 8)), replace(one, libro=Libro.COMPRAS)):
        with pytest.raises(PeriodoMixedError):
            summarize([one, other])


@given(st.lists(filas, max_size=8), st.randoms())
def test_order_does_not_matter(rows: list[FilaResumen], random) -> None:
    """The same rows in any order give the same rows and total."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert total(shuffled) == total(rows)


@given(st.lists(documentos, max_size=10))
def test_the_total_of_rows_is_the_summary_of_documents(docs: list[Documento]) -> None:
    """Detail and summary agree."""
    rows = [
        FilaResumen(
            tipo_documento(one.tipo),
            Montos(1, one.monto_exento, one.monto_neto, one.monto_iva, one.monto_total),
        )
        for one in docs
    ]
    assert total(rows) == summarize(docs)


@given(amounts, amounts, amounts, amounts)
def test_a_credit_note_cancels_its_invoice(exento: int, neto: int, iva: int, suma: int) -> None:
    """An invoice and a credit note of the same amounts leave zero pesos and two documents."""
    resumen = summarize([documento(33, neto, iva, suma, exento), documento(61, neto, iva, suma, exento)])
    assert resumen.totales == Montos(cantidad=2)


@given(st.lists(st.lists(filas, max_size=5), max_size=4))
def test_months_join_into_one(months: list[list[FilaResumen]]) -> None:
    """The total of a range is the sum of its months, with one row for each type."""
    joined = total(row for rows in months for row in rows)
    summed = Montos()
    for rows in months:
        summed = summed.plus(total(rows).totales)
    codes = [fila.tipo.codigo for fila in joined.filas]
    assert joined.totales == summed
    assert codes == sorted(set(codes))
    assert joined == total(fila for rows in months for fila in total(rows).filas)
