"""Cuts a message into what a channel takes: never in the middle of a word if there is another way."""

from dataclasses import dataclass, replace

from bot.core.mensajes import Boton, Outgoing


@dataclass(frozen=True, slots=True)
class Limites:
    """What one message of a channel may hold, in characters and pieces."""

    texto: int
    texto_con_botones: int
    pie: int
    botones: int
    titulo: int
    titulo_lista: int
    filas: int
    juntos: bool
    """Whether buttons can stand beside a list."""
    dato: int
    """Bytes of what a button asks for."""
    descripcion: int = 72


WHATSAPP = Limites(
    texto=4096,
    texto_con_botones=1024,
    pie=1024,
    botones=3,
    titulo=20,
    titulo_lista=24,
    filas=10,
    juntos=False,
    dato=200,
)
TELEGRAM = Limites(
    texto=4096,
    texto_con_botones=4096,
    pie=1024,
    botones=10,
    titulo=64,
    titulo_lista=64,
    filas=10,
    juntos=True,
    dato=64,
)


def split_outgoing(salida: Outgoing, limites: Limites) -> list[Outgoing]:
    """One message as the one or several that the channel takes; buttons and files go with the last.

    Too many buttons become a list. Where buttons cannot stand beside a list they are its last rows, and the
    rows that are left out come before them. No channel has a file and a list in one message: the file goes
    first then.
    """
    botones, lista = salida.botones, salida.lista
    if len(botones) > limites.botones:
        botones, lista = (), (*botones, *lista)
    elif lista and not limites.juntos:
        botones, lista = (), (*lista[: limites.filas - len(botones)], *botones)
    file = salida.imagen or salida.documento
    if file and lista:
        alone = Outgoing("", imagen=salida.imagen, documento=salida.documento)
        return [alone, *split_outgoing(replace(salida, imagen=None, documento=None), limites)]
    last = limites.texto_con_botones if botones or lista else limites.texto
    texts = split_text(salida.texto, limites.texto, min(last, limites.pie) if file else last)
    final = replace(
        salida,
        texto=texts[-1],
        botones=tuple(replace(one, titulo=short(one.titulo, limites.titulo)) for one in botones),
        lista=tuple(_row(one, limites) for one in lista[: limites.filas]),
    )
    return [*(Outgoing(texto) for texto in texts[:-1]), final]


def _row(fila: Boton, limites: Limites) -> Boton:
    descripcion = short(fila.descripcion, limites.descripcion)
    return Boton(fila.id, short(fila.titulo, limites.titulo_lista), descripcion)


def split_text(texto: str, maximo: int, ultimo: int) -> list[str]:
    """Cut at paragraphs, or else lines, sentences, words; the last part holds at most `ultimo`."""
    parts = []
    rest = texto.strip()
    while len(rest) > ultimo:
        cut = _cut(rest, min(maximo, len(rest) - 1))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest]


def _cut(texto: str, maximo: int) -> int:
    """Where to end the first part; in its second half, so that parts are not tiny."""
    for separator in ("\n\n", "\n", ". ", " "):
        found = texto.rfind(separator, maximo // 2, maximo)
        if found > 0:
            return found + (1 if separator == ". " else 0)
    return maximo


def short(titulo: str, maximo: int) -> str:
    """`Ver documentos de septie…`."""
    return titulo if len(titulo) <= maximo else titulo[: maximo - 1].rstrip() + "…"
