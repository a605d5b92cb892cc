"""What the names of exported files say."""

import pytest

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import BotError, CsvOtherPeriodoError, CsvOtherTaxpayerError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.sii.rcv_csv import check_file_name, guess_from_name

DUENO = Rut(76192083)
OTRO = Rut.parse("76354771-K")
SEPTIEMBRE = Periodo(2023, 9)
V, C = Libro.VENTAS, Libro.COMPRAS
REGISTRO, PENDIENTE = EstadoCompra.REGISTRO, EstadoCompra.PENDIENTE
NO_INCLUIR, RECLAMADO = EstadoCompra.NO_INCLUIR, EstadoCompra.RECLAMADO


@pytest.mark.parametrize(
    ("nombre", "dice"),
    [
        ("RCV_VENTA_76192083-9_202309.csv", (DUENO, V, None, SEPTIEMBRE)),
        ("RCV_VENTA_76192083-9_202309 (1).csv", (DUENO, V, None, SEPTIEMBRE)),
        ("RCV_VENTA_76192083-9_202309-2.csv", (DUENO, V, None, SEPTIEMBRE)),
        ("C:\\Descargas\\rcv_venta_76192083-9_202309.CSV", (DUENO, V, None, SEPTIEMBRE)),
        ("RCV_COMPRA_REGISTRO_76354771-K_201906.csv", (OTRO, C, REGISTRO, Periodo(2019, 6))),
        ("RCV_COMPRA_PENDIENTE_76354771-k_201906.csv", (OTRO, C, PENDIENTE, Periodo(2019, 6))),
        ("RCV_COMPRA_NO_INCLUIR_76354771-K_201906.csv", (OTRO, C, NO_INCLUIR, Periodo(2019, 6))),
        ("RCV_COMPRA_RECLAMADO_76354771-K_201906.csv", (OTRO, C, RECLAMADO, Periodo(2019, 6))),
        ("compras pendientes 76.354.771-K sept.csv", (OTRO, C, PENDIENTE, None)),
        ("Ventas Septiembre de 2023.csv", (None, V, None, SEPTIEMBRE)),
        ("ventas 2023-09.csv", (None, V, None, SEPTIEMBRE)),
        ("Registro de compras.csv", (None, C, None, None)),
        ("ventas pendientes de pago.csv", (None, V, None, None)),
        ("compras y ventas 202309.csv", (None, None, None, SEPTIEMBRE)),
        ("compraventa.csv", (None, None, None, None)),
        ("202309 y 202310.csv", (None, None, None, None)),
        ("descarga 2023-09-15.csv", (None, None, None, None)),
        ("20230915123000.csv", (None, None, None, None)),
        ("202313.csv", (None, None, None, None)),
        ("76192083-0.csv", (None, None, None, None)),
        ("datos.csv", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_guess(
    nombre: str, dice: tuple[Rut | None, Libro | None, EstadoCompra | None, Periodo | None]
) -> None:
    """A name says what it says once and clearly; anything else it does not say."""
    assert guess_from_name(nombre) == dice


@pytest.mark.parametrize(
    "nombre", ["RCV_VENTA_76192083-9_202309 (1).csv", "datos.csv", "ventas.csv", "202309.csv", "76192083-9"]
)
def test_right_name(nombre: str) -> None:
    """A name that says the same, or nothing, passes."""
    check_file_name(nombre, DUENO, V, SEPTIEMBRE, None)


@pytest.mark.parametrize(
    ("nombre", "error", "params"),
    [
        ("RCV_VENTA_76354771-K_202309.csv", CsvOtherTaxpayerError, {"rut": "76.354.771-K"}),
        (
            "RCV_COMPRA_REGISTRO_76192083-9_201906.csv",
            CsvOtherPeriodoError,
            {"dice": "compras en registro de junio de 2019", "pedido": "ventas de septiembre de 2023"},
        ),
        (
            "RCV_VENTA_202308.csv",
            CsvOtherPeriodoError,
            {"dice": "ventas de agosto de 2023", "pedido": "ventas de septiembre de 2023"},
        ),
        (
            "202308.csv",
            CsvOtherPeriodoError,
            {"dice": "agosto de 2023", "pedido": "ventas de septiembre de 2023"},
        ),
        ("compras.csv", CsvOtherPeriodoError, {"dice": "compras", "pedido": "ventas de septiembre de 2023"}),
    ],
)
def test_other_name(nombre: str, error: type[BotError], params: dict[str, str]) -> None:
    """A name that clearly says another taxpayer, book or month is refused in words."""
    with pytest.raises(error) as raised:
        check_file_name(nombre, DUENO, V, SEPTIEMBRE, None)
    assert raised.value.params == params


def test_other_state() -> None:
    """Of purchases the state counts too, where one was asked for."""
    nombre = "RCV_COMPRA_NO_INCLUIR_76192083-9_202309.csv"
    check_file_name(nombre, DUENO, C, SEPTIEMBRE, None)
    with pytest.raises(CsvOtherPeriodoError) as raised:
        check_file_name(nombre, DUENO, C, SEPTIEMBRE, PENDIENTE)
    assert raised.value.params == {
        "dice": "compras marcadas como no incluir de septiembre de 2023",
        "pedido": "compras pendientes de septiembre de 2023",
    }
