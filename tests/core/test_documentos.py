"""Document types."""

import pytest

from bot.core.documentos import TIPOS, tipo_documento


@pytest.mark.parametrize("codigo", [60, 61, 106, 112])
def test_credit_notes_subtract(codigo: int) -> None:
    """These four and no others have a negative sign."""
    assert tipo_documento(codigo).signo == -1
    assert [tipo.codigo for tipo in TIPOS.values() if tipo.signo < 0] == [60, 61, 106, 112]


@pytest.mark.parametrize("codigo", [35, 38, 39, 41, 48])
def test_boletas_come_as_totals_only(codigo: int) -> None:
    """There is no detail per document for them."""
    assert tipo_documento(codigo).solo_resumen


def test_an_unknown_type_is_kept_by_its_code() -> None:
    """It has a name to show and adds to no total."""
    tipo = tipo_documento(999)
    assert (tipo.nombre, tipo.signo, tipo.conocido) == ("Documento tipo 999", 0, False)


def test_counts_agree_with_their_noun() -> None:
    """One is singular, others are plural with dots."""
    factura = tipo_documento(33)
    assert factura.contado(1) == "1 factura electrónica"
    assert factura.contado(0) == "0 facturas electrónicas"
    assert factura.contado(1234) == "1.234 facturas electrónicas"
