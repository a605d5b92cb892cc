"""What was understood of a contract, in a few lines for a chat."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from bot.core.contratos.correcciones import confirmables
from bot.core.contratos.datos import Dato, Hechos, Multa, Pago, Renovacion
from bot.core.contratos.estado import Estado, Vigencia
from bot.core.mensajes import Boton, Outgoing, Pedido
from bot.services.ports import Textos
from bot.services.ports_carpeta import Ficha

_SURE = 0.6
_PARTIES, _AMOUNTS = 3, 2
_LONGEST_PARTY = 60
_STATES = {
    Estado.VIGENTE: "vigente",
    Estado.VENCIDO: "vencido",
    Estado.NO_INICIADO: "todavía no empieza",
    Estado.TERMINADO: "terminado",
    Estado.INDEFINIDO: "vigente, sin fecha de término",
    Estado.NO_SE_SABE: "no sé si está vigente",
}


def contrato_listo(ficha: Ficha, state: Vigencia, de: str, textos: Textos) -> Outgoing:
    """That a contract was read and what it seems to say; `de` is the contract that an annex belongs to."""
    notes = [
        textos.texto(f"utter_aviso_pdf_{nota}", paginas=_pages(paginas)) for nota, paginas in ficha.avisos
    ]
    if ficha.anexo is not None:
        name = "utter_contrato_anexo" if de else "utter_contrato_anexo_suelto"
        said = textos.texto(name, nombre=ficha.archivo, clase=ficha.anexo.clase, contrato=de)
    else:
        lines = "\n".join(f"• {line}" for line in _lines(ficha.hechos, state))
        name = "utter_contrato_listo" if lines else "utter_contrato_listo_nada"
        said = textos.texto(name, nombre=ficha.archivo, paginas=ficha.paginas, datos=lines)
    buttons: tuple[Boton, ...] = (
        Boton(
            str(Pedido("contrato_vigencia", contrato=ficha.id)), textos.texto("utter_boton_contrato_vigencia")
        ),
        Boton("contrato_listar", textos.texto("utter_boton_contratos")),
    )
    if ficha.anexo is None and confirmables(ficha.hechos):
        right = str(Pedido("contrato_listar", accion="confirmar", contrato=ficha.id))
        buttons = (Boton(right, textos.texto("utter_boton_contrato_confirmar")), *buttons)
    return Outgoing("\n\n".join([said, *notes]), buttons)


def estado_dicho(ficha: Ficha, state: Vigencia) -> str:
    """How a contract stands, for a list: `arriendo, vigente hasta el 28-02-2027`."""
    if ficha.anexo is not None:
        return f"anexo: {ficha.anexo.clase}"
    words = _STATES[state.estado]
    if state.hasta:
        words += f" hasta el {state.hasta:%d-%m-%Y}" if state.estado is Estado.VIGENTE else ""
    tipo = ficha.hechos.tipo
    return f"{tipo.valor}, {words}" if tipo else words


def said(hechos: Hechos) -> Iterator[tuple[str, str, Dato[Any]]]:
    """Every fact but the parties: its name, its value in words, and where it is said."""
    for field in fields(hechos):
        value = getattr(hechos, field.name)
        for dato in value if isinstance(value, tuple) else filter(None, (value,)):
            if field.name != "partes":
                yield field.name, _worded(dato.valor), dato


def en_palabras(datos: Mapping[str, Any], textos: Textos) -> str:
    """Facts as a person states them: `termina el 30-06-2027 y dura 18 meses`."""
    said = [_stated(nombre, valor, textos) for nombre, valor in datos.items()]
    return " y ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def lo_leido(leidos: Hechos, datos: Mapping[str, Any], textos: Textos) -> str:
    """What the PDF says of the same facts, each with its page; or that it says nothing."""
    found = [(nombre, getattr(leidos, nombre)) for nombre in datos]
    read = [
        textos.texto("utter_contrato_leido", dato=_stated(nombre, dato.valor, textos), pagina=dato.pagina)
        for nombre, dato in found
        if dato
    ]
    return " ".join(read) or textos.texto("utter_contrato_leido_nada")


def _stated(nombre: str, valor: Any, textos: Textos) -> str:
    match valor:
        case date():
            shown = f"{valor:%d-%m-%Y}"
        case Renovacion():
            nombre = "renueva" if valor.automatica else "no_renueva"
            shown = f", si nadie avisa con {valor.aviso} de anticipación" if valor.aviso else ""
        case _:
            shown = str(valor)
    return textos.texto(f"utter_dato_{nombre}", valor=shown)


def _worded(valor: Any) -> str:
    match valor:
        case date():
            return valor.isoformat()
        case Pago():
            return " ".join(filter(None, (valor.concepto, str(valor.monto), valor.periodicidad)))
        case Multa():
            amount = str(valor.monto) if valor.monto else f"{valor.porcentaje}%"
            return f"{amount} por {valor.por}" if valor.por else amount
        case Renovacion():
            how = "automática" if valor.automatica else "solo si se acuerda"
            period = f", por {valor.periodo}" if valor.periodo else ""
            return f"{how}{period}" + (f", con aviso de {valor.aviso}" if valor.aviso else "")
    return str(valor)


def _lines(hechos: Hechos, state: Vigencia) -> Iterator[str]:
    if hechos.tipo:
        yield _doubt(f"Tipo: {hechos.tipo.valor}", hechos.tipo)
    if hechos.partes:
        names = [_party(dato.valor) for dato in hechos.partes[:_PARTIES]]
        yield f"Partes: {' · '.join(names)}"
    if state.estado is not Estado.NO_SE_SABE:
        yield f"Estado: {_STATES[state.estado]}" + ("" if state.seguro else " (revísalo)")
    if state.hasta:
        renews = f"; se renueva el {state.proxima_renovacion:%d-%m-%Y}" if state.proxima_renovacion else ""
        yield f"Hasta: {state.hasta:%d-%m-%Y}{renews}"
    for pago in hechos.pagos[:_AMOUNTS]:
        often = f" ({pago.valor.periodicidad})" if pago.valor.periodicidad else ""
        yield _doubt(f"{(pago.valor.concepto or 'monto').capitalize()}: {pago.valor.monto}{often}", pago)


def _party(parte: Any) -> str:
    name = parte.nombre[:_LONGEST_PARTY]
    return f"{name} ({parte.rol})" if parte.rol else name


def _doubt(line: str, dato: Dato[Any]) -> str:
    return line if dato.confianza >= _SURE else f"{line} (revísalo)"


def _pages(paginas: Sequence[int]) -> str:
    shown = ", ".join(str(one) for one in paginas[:10])
    return f"la página {shown}" if len(paginas) == 1 else f"las páginas {shown}{'…' * (len(paginas) > 10)}"
