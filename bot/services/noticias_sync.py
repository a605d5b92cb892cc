"""What taxpayers are told about their syncs, and how changes are put in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from bot.core.dinero import format_clp, format_number
from bot.core.documentos import tipo_documento
from bot.core.errors_sii import SiiError
from bot.core.mensajes import Boton, Outgoing
from bot.core.rut import Rut
from bot.services.ports import Textos
from bot.services.ports_sii import Noticia, Notificador
from bot.services.ports_sincronizacion import Cambio
from bot.services.textos import error_text

_MONTHS_SHOWN = 4
_DOCUMENTS_SHOWN = 3
# How it is said on WhatsApp to who has not written for a day.
_PLANTILLAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "utter_error_sii_clave_mala": ("tributa_clave_rechazada", ()),
    "utter_sii_completa": ("tributa_actualizado", ("tus ventas y compras",)),
    "utter_sii_listo": ("tributa_actualizado", ("tus ventas y compras",)),
    "utter_sii_listo_igual": ("tributa_actualizado", ("tus ventas y compras",)),
}
_KINDS = {"nuevo": "nuevo", "cambiado": "cambió", "ido": "ya no está"}


class NoticiasSii:
    """Tells how a sync goes, each thing once."""

    def __init__(self, notificador: Notificador, textos: Textos) -> None:
        self._notificador = notificador
        self._textos = textos

    async def alta(self, rut: Rut, momento: datetime, desde: str, *, primera: bool) -> None:
        """The clave has come and is being used."""
        name = "utter_sii_alta" if primera else "utter_sii_alta_otra_vez"
        await self._tell(rut, "alta", momento, name, desde=desde)

    async def clave_mala(self, rut: Rut, creada: datetime, error: str) -> None:
        """The SII refused the clave that was given at `creada`, or nobody knows whether it did."""
        button = Boton("clave_sii", self._textos.texto("utter_boton_clave"))
        await self._tell(rut, "clave_mala", creada, f"utter_error_{error}", button)

    async def primeros_meses(self, rut: Rut, momento: datetime) -> None:
        """The newest months are there."""
        await self._tell(rut, "primeros", momento, "utter_sii_primeros", *self._registro())

    async def completa(self, rut: Rut, momento: datetime, desde: str) -> None:
        """All months are there."""
        await self._tell(rut, "completa", momento, "utter_sii_completa", *self._registro(), desde=desde)

    async def pedido_listo(self, rut: Rut, momento: datetime, cambios: Sequence[Cambio]) -> None:
        """What was asked for at `momento` is done."""
        name = "utter_sii_listo" if cambios else "utter_sii_listo_igual"
        await self._tell(rut, "pedido", momento, name, *self._registro(), cambios=describe(cambios))

    async def pedido_fallido(self, rut: Rut, momento: datetime, error: SiiError) -> None:
        """What was asked for at `momento` could not be done; it is tried again at night."""
        porque = error_text(self._textos, error)
        await self._tell(rut, "pedido", momento, "utter_sii_fallido", porque=porque)

    async def _tell(
        self, rut: Rut, que: str, momento: datetime, name: str, *botones: Boton, **params: str
    ) -> None:
        salida = Outgoing(self._textos.texto(name, **params), botones)
        plantilla = _PLANTILLAS.get(name, ("", ()))
        await self._notificador.notificar(
            rut, Noticia(f"sii.{que}:{momento.isoformat()}", salida, *plantilla)
        )

    def _registro(self) -> tuple[Boton, ...]:
        texto = self._textos.texto
        return (
            Boton("ventas_resumen", texto("utter_boton_ventas")),
            Boton("compras_resumen", texto("utter_boton_compras")),
        )


def describe(cambios: Sequence[Cambio]) -> str:
    """Changes as lines, the newest month first; several of one month are told as one."""
    joined = [_join(list(group)) for _, group in groupby(sorted(cambios, key=_month), key=_month)]
    joined.sort(key=lambda cambio: (cambio.periodo, cambio.libro.value), reverse=True)
    lines = [line for cambio in joined[:_MONTHS_SHOWN] for line in _lines(cambio)]
    hidden = len(joined) - _MONTHS_SHOWN
    return "\n".join([*lines, f"(y otros {hidden} meses)"] if hidden > 0 else lines)


def _month(cambio: Cambio) -> tuple[str, str]:
    return cambio.libro.value, str(cambio.periodo)


def _join(cambios: list[Cambio]) -> Cambio:
    return replace(
        cambios[-1],
        nuevos=sum(one.nuevos for one in cambios),
        cambiados=sum(one.cambiados for one in cambios),
        idos=sum(one.idos for one in cambios),
        documentos=tuple(documento for one in reversed(cambios) for documento in one.documentos),
        antes=cambios[0].antes,
    )


def _lines(cambio: Cambio) -> list[str]:
    counts = [
        f"{format_number(count)} {one if count == 1 else many}"
        for count, one, many in (
            (cambio.nuevos, "documento nuevo", "documentos nuevos"),
            (cambio.cambiados, "cambió", "cambiaron"),
            (cambio.idos, "ya no está", "ya no están"),
        )
        if count
    ]
    before, after = cambio.antes.monto_total, cambio.despues.monto_total
    totals = (
        f"{format_clp(before)} → {format_clp(after)}" if before != after else f"{format_clp(after)}, igual"
    )
    what = ", ".join(counts) or "otros totales"
    title = f"*{cambio.libro.value.capitalize()} de {cambio.periodo.nombre}*: {what}"
    return [title, f"Total {totals}", *map(_document, cambio.documentos[:_DOCUMENTS_SHOWN])]


def _document(documento: object) -> str:
    if not isinstance(documento, dict):
        return ""
    tipo = tipo_documento(documento["tipo_documento"])
    amount = format_clp(documento["monto_total"] * (tipo.signo or 1))
    kind = _KINDS[documento["que"]]
    return f"• {kind}: {tipo.singular} {documento['folio']} · {amount} · {documento['contraparte']}"
