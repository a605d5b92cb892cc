"""Writes the CSV that SII's register would export, for the demo, the bench and round-trip tests."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto

_ZONE = ZoneInfo("America/Santiago")
# Headers and blank values as in the samples of tests/sii/data.
_VENTAS = (
    "Nro;Tipo Doc;Tipo Venta;Rut cliente;Razon Social;Folio;Fecha Docto;Fecha Recepcion;Fecha Acuse Recibo;"
    "Fecha Reclamo;Monto Exento;Monto Neto;Monto IVA;Monto total;IVA Retenido Total;IVA Retenido Parcial;"
    "IVA no retenido;IVA propio;IVA Terceros;RUT Emisor Liquid. Factura;Neto Comision Liquid. Factura;"
    "Exento Comision Liquid. Factura;IVA Comision Liquid. Factura;IVA fuera de plazo;Tipo Docto. Referencia;"
    "Folio Docto. Referencia;Num. Ident. Receptor Extranjero;Nacionalidad Receptor Extranjero;"
    "Credito empresa constructora;Impto. Zona Franca (Ley 18211);Garantia Dep. Envases;"
    "Indicador Venta sin Costo;Indicador Servicio Periodico;Monto No facturable;Total Monto Periodo;"
    "Venta Pasajes Transporte Nacional;Venta Pasajes Transporte Internacional;Numero Interno;"
    "Codigo Sucursal;NCE o NDE sobre Fact. de Compra;Codigo Otro Imp.;Valor Otro Imp.;Tasa Otro Imp."
)
_COMPRAS = (
    "Nro;Tipo Doc;Tipo Compra;RUT Proveedor;Razon Social;Folio;Fecha Docto;Fecha Recepcion;{fecha}"
    "Monto Exento;Monto Neto;Monto IVA Recuperable;Monto Iva No Recuperable;Codigo IVA No Rec.;Monto Total;"
    "Monto Neto Activo Fijo;IVA Activo Fijo;IVA uso Comun;Impto. Sin Derecho a Credito;IVA No Retenido;"
    "{tabacos}NCE o NDE sobre Fact. de Compra;Codigo Otro Impuesto;Valor Otro Impuesto;Tasa Otro Impuesto"
)
_TABACOS = "Tabacos Puros;Tabacos Cigarrillos;Tabacos Elaborados;"
_POR_ESTADO = {
    EstadoCompra.REGISTRO: {"fecha": "Fecha Acuse;", "tabacos": _TABACOS},
    EstadoCompra.NO_INCLUIR: {"fecha": "Fecha Acuse;", "tabacos": ""},
    EstadoCompra.RECLAMADO: {"fecha": "Fecha Reclamo;", "tabacos": ""},
    EstadoCompra.PENDIENTE: {"fecha": "", "tabacos": ""},
}
_CERO_VENTAS = {
    *("IVA Retenido Total", "IVA Retenido Parcial", "IVA no retenido", "IVA propio", "IVA Terceros"),
    *("Neto Comision Liquid. Factura", "Exento Comision Liquid. Factura", "IVA Comision Liquid. Factura"),
    *("IVA fuera de plazo", "Credito empresa constructora", "Garantia Dep. Envases"),
    *("Indicador Venta sin Costo", "Indicador Servicio Periodico", "Monto No facturable"),
    *("Total Monto Periodo", "Codigo Sucursal"),
}
_VACIOS_VENTAS = dict.fromkeys(_CERO_VENTAS, "0") | {"RUT Emisor Liquid. Factura": "-"}
_VACIOS_COMPRAS = {"IVA No Retenido": "0", "NCE o NDE sobre Fact. de Compra": "0"}
_EN_CONTINUACION = (
    *("Tipo Doc", "Tipo Venta", "Tipo Compra", "Rut cliente", "RUT Proveedor"),
    *("Razon Social", "Folio", "Fecha Docto"),
)


def headers_of(libro: Libro, estado: EstadoCompra | None) -> list[str]:
    """The headers of one book; of compras without a state, those of REGISTRO."""
    if libro is Libro.VENTAS:
        return _VENTAS.split(";")
    return _COMPRAS.format(**_POR_ESTADO[estado or EstadoCompra.REGISTRO]).split(";")


def export_rcv(documentos: Iterable[Documento], libro: Libro, estado: EstadoCompra | None) -> Iterator[str]:
    r"""Write documents as the register exports them.

    Further columns come from `otros_campos` by header (`{"Tipo Venta": "Del Giro"}`, which the SII always
    fills); what has no column in that book and state is left out.

    Args:
        documentos: of that book and state.
        libro: the book to export.
        estado: of purchases; ignored in ventas.

    Returns:
        Lines that end in `\n`, the headers first; each further tax of a document is a line of its own.
    """
    headers = headers_of(libro, estado)
    yield ";".join(headers) + "\n"
    for number, documento in enumerate(documentos, start=1):
        values = _values(documento, libro)
        first, *others = documento.otros_impuestos or (None,)
        # Without a trailing `;` in the headers, rows have one field more; continuations of ventas, six.
        yield _line(headers, {"Nro": str(number)} | values | _impuesto(first), extra=1)
        repeated = {header: values[header] for header in _EN_CONTINUACION if header in values}
        for impuesto in others:
            yield _line(headers, repeated | _impuesto(impuesto), extra=6 if libro is Libro.VENTAS else 1)


def _values(documento: Documento, libro: Libro) -> dict[str, str]:
    recepcion, acuse = _momento(documento.fecha_recepcion), _momento(documento.fecha_acuse)
    comunes = {
        "Tipo Doc": str(documento.tipo),
        "Razon Social": documento.contraparte,
        "Folio": str(documento.folio),
        "Fecha Docto": f"{documento.fecha:%d/%m/%Y}",
        "Fecha Recepcion": recepcion,
        "Fecha Reclamo": _momento(documento.fecha_reclamo),
        "Monto Exento": str(documento.monto_exento),
        "Monto Neto": str(documento.monto_neto),
    }
    if libro is Libro.VENTAS:
        propios = {
            "Rut cliente": str(documento.contraparte_rut),
            "Fecha Acuse Recibo": acuse,
            "Monto IVA": str(documento.monto_iva),
            "Monto total": str(documento.monto_total),
        }
        return _VACIOS_VENTAS | dict(documento.otros_campos) | comunes | propios
    propios = {
        "RUT Proveedor": str(documento.contraparte_rut),
        "Fecha Acuse": acuse,
        "Monto IVA Recuperable": str(documento.monto_iva),
        "Monto Iva No Recuperable": str(documento.iva_no_recuperable or ""),
        "IVA uso Comun": str(documento.iva_uso_comun or ""),
        "Monto Total": str(documento.monto_total),
    }
    return _VACIOS_COMPRAS | dict(documento.otros_campos) | comunes | propios


def _impuesto(impuesto: OtroImpuesto | None) -> dict[str, str]:
    if impuesto is None:
        return {}
    codigo, valor, tasa = str(impuesto.codigo), str(impuesto.valor), impuesto.tasa or ""
    return {
        **{"Codigo Otro Imp.": codigo, "Valor Otro Imp.": valor, "Tasa Otro Imp.": tasa},
        **{"Codigo Otro Impuesto": codigo, "Valor Otro Impuesto": valor, "Tasa Otro Impuesto": tasa},
    }


def _momento(moment: datetime | None) -> str:
    return f"{moment.astimezone(_ZONE):%d/%m/%Y %H:%M:%S}" if moment else ""


def _line(headers: list[str], values: dict[str, str], extra: int) -> str:
    return ";".join(_field(values.get(header, "")) for header in headers) + ";" * extra + "\n"


def _field(value: str) -> str:
    """Quoted only where it could not be read otherwise."""
    value = " ".join(value.splitlines())
    if ";" in value or value.startswith('"'):
        return '"' + value.replace('"', '""') + '"'
    return value
