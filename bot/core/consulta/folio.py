"""The number of one document in a message."""

import re

from bot.core.texto import normalize

_DOCUMENTO = (
    r"(?:factura|fact|fac|boleta|bol|guia|documento|doc|dte|comprobante|voucher|nc|nd"
    r"|nota(?: de)? (?:credito|debito)|liquidacion[- ]factura)"
)
_CALIFICATIVO = (
    r"(?: (?:electronica|exenta|afecta|de (?:compra|venta|exportacion|despacho|pago|credito|debito))){0,3}"
)
_CORTE = r"[ .,:°]{0,4}"
# Bounded, and no part may match what the next one does: a message cannot make it slow.
_NUMERAL = rf"(?:(?:nro|numero|num|nr|no|n|folio|#){_CORTE})"
_FOLIO = re.compile(
    rf"(?:(?<![a-z0-9]){_DOCUMENTO}\b{_CALIFICATIVO}{_CORTE}{_NUMERAL}{{0,2}}"
    rf"|(?<![a-z0-9])(?:nro|nr|numero|num|n|folio){_CORTE}{_NUMERAL}{{0,2}}|#{_CORTE})"
    r"(?P<folio>\d{1,3}(?:\.\d{3}){1,3}|\d{1,10})(?![\d%°a-z]|[./-]\d|-[\dk]|,\d)"
    r"(?! (?:pesos|lucas|clp|mil|millones|palos|dias|meses|facturas|boletas|documentos|notas)\b)"
    r"(?! de (?:uf|pesos)\b)",
    re.ASCII,
)
_MES = r"(?:ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic)[a-z]*"
_DIA = re.compile(rf" ?(?:de |del )?{_MES}\b", re.ASCII)
_UNIDAD_ANTES = re.compile(
    r"\b(?:mes|trimestre|semestre|bimestre|cuatrimestre|semana|dia|rut|tipo|dte)[ :.,]*$"
)


_FACTURA_Y_ANIO = re.compile(r"factura 20\d\d", re.ASCII)
_PLURAL = re.compile(r"\bliquidaciones[- ]$")


def _found(texto: str) -> list[re.Match[str]]:
    return [found for found in _FOLIO.finditer(texto) if _is_folio(texto, found)]


def _is_folio(texto: str, found: re.Match[str]) -> bool:
    if _UNIDAD_ANTES.search(texto[max(0, found.start() - 20) : found.start()]):
        return False
    # "liquidaciones factura 2026" is a year of them.
    if _FACTURA_Y_ANIO.fullmatch(found[0]) and _PLURAL.search(
        texto[max(0, found.start() - 20) : found.start()]
    ):
        return False
    dia = len(found["folio"]) <= 2 and int(found["folio"]) <= 31
    return not (dia and _DIA.match(texto, found.end()))


def _readable(texto: str) -> str:
    # NFKC makes "Nº" a "No", which is a word of its own.
    return normalize(texto.replace("º", "°").replace("№", "n°"))


def find_folio(texto: str) -> int | None:
    """The number of the one document that a message names: `factura 1.234`, `N° 55`, `#12`.

    Years and months are no folios ("facturas 2025"), but "factura 2025" is.
    """
    found = _found(_readable(texto))
    return int(found[0]["folio"].replace(".", "")) if found else None


def hide_folios(texto: str) -> str:
    """The normalized text with `§` for every folio, so that no number of a document is read as a date."""
    normal = _readable(texto)
    for found in reversed(_found(normal)):
        normal = f"{normal[: found.start('folio')]}§{normal[found.end('folio') :]}"
    return normal
