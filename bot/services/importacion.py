"""An import as it stands in a conversation: the file that was sent, and what became of it."""

from bot.core.dinero import format_number
from bot.core.documentos import EstadoCompra, Libro
from bot.core.mensajes import Boton, Incoming, Outgoing, Pedido, Respuesta
from bot.core.periodo import Periodo
from bot.services.ports import Importacion, Textos

_NAME_LENGTH = 120
_REJECTS_SHOWN = 3
_STATES = {
    EstadoCompra.PENDIENTE: " pendientes",
    EstadoCompra.NO_INCLUIR: " no incluidas",
    EstadoCompra.RECLAMADO: " reclamadas",
}


def archivo_enviado(id_mensaje: str, nombre: str, texto: str = "") -> Incoming:
    """A file as a message of the person, with what was written beside it: `📎 RCV_VENTA_…csv`."""
    shown = "".join(filter(str.isprintable, nombre))[:_NAME_LENGTH].strip()
    parts = (f"📎 {shown or 'archivo.csv'}", texto.strip())
    return Incoming(id_mensaje, "\n".join(part for part in parts if part))


def resumen_importado(
    textos: Textos, libro: Libro, periodo: Periodo, estado: EstadoCompra | None, hecho: Importacion
) -> Respuesta:
    """What an import did, with the questions that it can answer now."""
    known = bool(hecho.importados or hecho.sin_cambios)
    texto = textos.texto(
        "utter_importado" if known or not hecho.total_rechazados else "utter_importado_nada",
        libro=f"{libro.value}{_STATES.get(estado, '') if estado else ''}",
        periodo=periodo.nombre,
        nuevos=_count(hecho.importados - hecho.sin_cambios, "documento nuevo", "documentos nuevos"),
        sin_cambios=_count(hecho.sin_cambios, "ya estaba igual", "ya estaban iguales"),
        lineas=_rejected(hecho),
    )
    if not known:
        return Respuesta((Outgoing(texto),), f"{libro.value}_importar")
    asked = estado if estado is not EstadoCompra.REGISTRO else None
    botones = tuple(
        Boton(str(Pedido(f"{libro.value}_{what}", (periodo,), estado=asked)), titulo)
        for what, titulo in (("resumen", "Ver el total"), ("detalle", "Ver documentos"))
    )
    return Respuesta((Outgoing(texto, botones),), f"{libro.value}_importar")


def _count(number: int, one: str, many: str) -> str:
    return f"{format_number(number)} {one if number == 1 else many}"


def _rejected(hecho: Importacion) -> str:
    if not hecho.total_rechazados:
        return ""
    shown = [f"Línea {one.linea}: {one.motivo}" for one in hecho.rechazados[:_REJECTS_SHOWN]]
    count = hecho.total_rechazados
    head = "Una línea no entró:" if count == 1 else f"{count} líneas no entraron:"
    rest = ["…"] if count > len(shown) else []
    return "\n".join(["", head, *shown, *rest])
