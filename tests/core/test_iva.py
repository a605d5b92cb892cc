"""The estimate of form 29."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.core.documentos import TIPOS, tipo_documento
from bot.core.iva import Supuestos, estimate_f29
from bot.core.resumen import FilaResumen, Montos, Resumen, total

amount = st.integers(0, 10**9)
rows = st.dictionaries(
    st.sampled_from([*TIPOS, 999]), st.builds(Montos, st.integers(1, 99), amount, amount, amount, amount)
).map(lambda found: total(FilaResumen(tipo_documento(tipo), montos) for tipo, montos in found.items()))


def resumen(*filas: tuple[int, Montos]) -> Resumen:
    """A month."""
    return total(FilaResumen(tipo_documento(tipo), montos) for tipo, montos in filas)


# The golden figures of the domain notes.
VENTAS = resumen(
    (33, Montos(1, 0, 10_840_000, 2_059_600, 12_899_600)), (61, Montos(1, 0, 4_820_000, 915_800, 5_735_800))
)
COMPRAS = resumen(
    (33, Montos(2, 0, 1_000_000, 190_000, 1_190_000)), (61, Montos(1, 0, 100_000, 19_000, 119_000))
)


def test_golden_figures() -> None:
    """Débito 1.143.800, crédito 171.000, to pay 972.800; PPM on 6.020.000; 10.000 were withheld."""
    f29 = estimate_f29(VENTAS, COMPRAS, Supuestos(0, Decimal("0.25"), 10_000))
    expected = {503: 1, 502: 2_059_600, 509: 1, 510: 915_800, 538: 1_143_800}
    expected |= {520: 190_000, 528: 19_000, 511: 171_000, 504: 0, 537: 171_000}
    expected |= {89: 972_800, 77: 0, 563: 6_020_000, 115: Decimal("0.25")}
    expected |= {62: 15_050, 151: 10_000, 91: 997_850}
    assert {code: f29.valor(code) for code in expected} == expected


def test_what_is_left_over_is_carried() -> None:
    """More credit than debit is remanente, and nothing is to be paid."""
    f29 = estimate_f29(VENTAS, COMPRAS, Supuestos(1_500_000))
    assert (f29.valor(89), f29.valor(77), f29.valor(91)) == (0, 527_200, 0)


def test_what_is_not_known_is_said() -> None:
    """No remanente, rate or withholding, common use, IVA kept by the buyer, unknown types: each is noted."""
    odd = resumen((46, Montos(1, 0, 1000, 190, 1190)), (999, Montos(2, 0, 1, 1, 2)))
    f29 = estimate_f29(odd, odd, Supuestos(uso_comun=5_000))
    told = " ".join(f29.notas)
    for word in ("504", "115", "151", "otros impuestos", "$5.000", "factura de compra", "999"):
        assert word in told
    assert f29.valor(538) == f29.valor(537) == f29.valor(563) == 0
    assert not {115, 62, 151} & {linea.codigo for linea in f29.lineas}
    assert "151" not in " ".join(estimate_f29(odd, odd, Supuestos(retenciones=0)).notas)


@given(rows, rows, st.none() | amount)
def test_the_form_adds_up(ventas: Resumen, compras: Resumen, remanente: int | None) -> None:
    """538 − 537 = 89 − 77, one of them zero, every code once."""
    f29 = estimate_f29(ventas, compras, Supuestos(remanente))
    assert f29.valor(538) - f29.valor(537) == f29.valor(89) - f29.valor(77)
    assert 0 in (f29.valor(89), f29.valor(77))
    codes = [linea.codigo for linea in f29.lineas]
    assert len(codes) == len(set(codes))
