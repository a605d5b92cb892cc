"""Newer versions of a contract: which one a file seems to be of, and what is said about that."""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.mensajes import Boton, Outgoing, Pedido
from bot.services.ports import Textos
from bot.services.ports_carpeta import GRACIA, EstadoContrato, Ficha

_BUTTONS = 3


def parecido(nueva: Ficha, fichas: Iterable[Ficha]) -> Ficha | None:
    """The one contract of the same kind between the same parties, if there is just one."""
    alike = [one for one in fichas if one.id < nueva.id and _same(one, nueva)]
    return alike[0] if len(alike) == 1 else None


def _same(one: Ficha, other: Ficha) -> bool:
    read = one.estado is EstadoContrato.INDEXADO and one.anexo is None and other.anexo is None
    kinds = {each.hechos.tipo.valor if each.hechos.tipo else "" for each in (one, other)}
    return read and len(kinds) == 1 and len(_ruts(one)) > 1 and _ruts(one) == _ruts(other)


def _ruts(ficha: Ficha) -> set[object]:
    return {dato.valor.rut for dato in ficha.hechos.partes if dato.valor.rut}


def reemplazado(salida: Outgoing, viejo: Ficha, textos: Textos) -> Outgoing:
    """The same, told that it stands for an older one, which can be had back."""
    minutes = int(GRACIA.total_seconds() // 60)
    said = textos.texto("utter_contrato_reemplazo_hecho", viejo=viejo.archivo, minutos=minutes)
    back = str(Pedido("contrato_eliminar", accion="recuperar", contrato=viejo.id))
    return _more(salida, said, Boton(back, textos.texto("utter_boton_contrato_recuperar")))


def ofrecer_reemplazo(salida: Outgoing, nuevo: Ficha, viejo: Ficha, textos: Textos) -> Outgoing:
    """The same, with a button by which it stands for an older one."""
    said = textos.texto("utter_contrato_parecido", viejo=viejo.archivo)
    asked = Pedido("contrato_listar", accion="reemplazar", contrato=nuevo.id, dato=str(viejo.id))
    return _more(salida, said, Boton(str(asked), textos.texto("utter_boton_contrato_reemplazar")))


def _more(salida: Outgoing, said: str, boton: Boton) -> Outgoing:
    return replace(
        salida, texto=f"{salida.texto}\n\n{said}", botones=(*salida.botones[: _BUTTONS - 1], boton)
    )
