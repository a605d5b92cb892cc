"""Documents of the Registro de Compras y Ventas and their types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.core.dinero import format_number
from bot.core.periodo import Periodo
from bot.core.rut import Rut


class Libro(StrEnum):
    """The two books of the register."""

    VENTAS = "ventas"
    COMPRAS = "compras"


class EstadoCompra(StrEnum):
    """Where a purchase stands in the register; only REGISTRO counts for the IVA credit."""

    REGISTRO = "REGISTRO"
    PENDIENTE = "PENDIENTE"
    NO_INCLUIR = "NO_INCLUIR"
    RECLAMADO = "RECLAMADO"


@dataclass(frozen=True, slots=True)
class TipoDocumento:
    """A document type of the SII.

    `signo` is +1, -1 (credit notes) or 0 (counted beside the total, never inside it).
    """

    codigo: int
    nombre: str
    singular: str
    plural: str
    signo: int = 1
    solo_resumen: bool = False
    conocido: bool = True

    def contado(self, cantidad: int) -> str:
        """`1 factura electrónica`, `12 facturas electrónicas`."""
        return f"{format_number(cantidad)} {self.singular if cantidad == 1 else self.plural}"


# Source: SII, "Formato DTE" and the register's own list of types (dcvCodigoDoc, dcvNombreDoc).
_TIPOS = (
    TipoDocumento(29, "Factura de Inicio", "factura de inicio", "facturas de inicio"),
    TipoDocumento(30, "Factura", "factura en papel", "facturas en papel"),
    TipoDocumento(32, "Factura no Afecta o Exenta", "factura exenta en papel", "facturas exentas en papel"),
    TipoDocumento(33, "Factura Electrónica", "factura electrónica", "facturas electrónicas"),
    TipoDocumento(34, "Factura no Afecta o Exenta Electrónica", "factura exenta", "facturas exentas"),
    TipoDocumento(35, "Boleta", "boleta en papel", "boletas en papel", solo_resumen=True),
    TipoDocumento(
        38, "Boleta Exenta", "boleta exenta en papel", "boletas exentas en papel", solo_resumen=True
    ),
    TipoDocumento(39, "Boleta Electrónica", "boleta electrónica", "boletas electrónicas", solo_resumen=True),
    TipoDocumento(
        40, "Liquidación-Factura", "liquidación-factura en papel", "liquidaciones-factura en papel"
    ),
    TipoDocumento(
        41, "Boleta no Afecta o Exenta Electrónica", "boleta exenta", "boletas exentas", solo_resumen=True
    ),
    TipoDocumento(43, "Liquidación-Factura Electrónica", "liquidación-factura", "liquidaciones-factura"),
    TipoDocumento(45, "Factura de Compra", "factura de compra en papel", "facturas de compra en papel"),
    TipoDocumento(46, "Factura de Compra Electrónica", "factura de compra", "facturas de compra"),
    TipoDocumento(
        48,
        "Comprobante de Pago Electrónico",
        "comprobante de pago",
        "comprobantes de pago",
        solo_resumen=True,
    ),
    TipoDocumento(52, "Guía de Despacho Electrónica", "guía de despacho", "guías de despacho", signo=0),
    TipoDocumento(55, "Nota de Débito", "nota de débito en papel", "notas de débito en papel"),
    TipoDocumento(56, "Nota de Débito Electrónica", "nota de débito", "notas de débito"),
    TipoDocumento(60, "Nota de Crédito", "nota de crédito en papel", "notas de crédito en papel", signo=-1),
    TipoDocumento(61, "Nota de Crédito Electrónica", "nota de crédito", "notas de crédito", signo=-1),
    TipoDocumento(
        101, "Factura de Exportación", "factura de exportación en papel", "facturas de exportación en papel"
    ),
    TipoDocumento(
        104,
        "Nota de Débito de Exportación",
        "nota de débito de exportación en papel",
        "notas de débito de exportación en papel",
    ),
    TipoDocumento(
        106,
        "Nota de Crédito de Exportación",
        "nota de crédito de exportación en papel",
        "notas de crédito de exportación en papel",
        signo=-1,
    ),
    TipoDocumento(
        110, "Factura de Exportación Electrónica", "factura de exportación", "facturas de exportación"
    ),
    TipoDocumento(
        111,
        "Nota de Débito de Exportación Electrónica",
        "nota de débito de exportación",
        "notas de débito de exportación",
    ),
    TipoDocumento(
        112,
        "Nota de Crédito de Exportación Electrónica",
        "nota de crédito de exportación",
        "notas de crédito de exportación",
        signo=-1,
    ),
    TipoDocumento(914, "Declaración de Ingreso (DIN)", "declaración de ingreso", "declaraciones de ingreso"),
)
TIPOS: Mapping[int, TipoDocumento] = {tipo.codigo: tipo for tipo in _TIPOS}


def tipo_documento(codigo: int) -> TipoDocumento:
    """The type of a code; an unknown one is kept, named by its code, and adds to no total."""
    return TIPOS.get(codigo) or TipoDocumento(
        codigo,
        f"Documento tipo {codigo}",
        f"documento tipo {codigo}",
        f"documentos tipo {codigo}",
        signo=0,
        conocido=False,
    )


@dataclass(frozen=True, slots=True)
class OtroImpuesto:
    """A further tax of one document, in whole CLP; `tasa` in percent, as the SII writes it."""

    codigo: int
    valor: int
    tasa: str | None = None


@dataclass(frozen=True, slots=True)
class Documento:
    """One row of the register's detail. Amounts are whole CLP and positive, also in credit notes.

    `monto_total` is the register's own and is never recomputed: further taxes are in it.
    """

    libro: Libro
    periodo: Periodo
    tipo: int
    folio: int
    fecha: date
    contraparte_rut: Rut
    contraparte: str
    monto_exento: int
    monto_neto: int
    monto_iva: int
    monto_total: int
    estado: EstadoCompra | None = None
    fecha_recepcion: datetime | None = None
    fecha_acuse: datetime | None = None
    fecha_reclamo: datetime | None = None
    iva_no_recuperable: int = 0
    iva_uso_comun: int = 0
    otros_impuestos: tuple[OtroImpuesto, ...] = ()
    otros_campos: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rechazo:
    """A line of an import that could not be used: its number in the file (the header is 1) and why."""

    linea: int
    motivo: str
