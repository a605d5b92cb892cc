"""One thing that is due, and several of them as one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.mensajes import Boton, Outgoing
from bot.services.ports import Textos
from bot.services.ports_sii import Noticia

# What a template may hold of a name, and how many next steps go with a message.
LONGEST_VALUE, BUTTONS = 120, 3
TEMPLATE = "tributa_novedades"


@dataclass(frozen=True, slots=True)
class Novedad:
    """Something to tell: the keys under which it is told once, its words, and a few of them for a list.

    Without `plantilla` it is named in that of several.
    """

    claves: tuple[str, ...]
    resumen: str
    texto: str
    boton: Boton | None = None
    plantilla: str = ""
    parametros: tuple[str, ...] = ()


def gather(novedades: Sequence[Novedad], clave: str, textos: Textos) -> Noticia:
    """One message of all of them, in their order, and the button that turns alerts off."""
    said = [one.texto for one in novedades]
    if len(said) > 1:
        said = [textos.texto("utter_alertas"), *said]
    buttons = [one.boton for one in novedades if one.boton][: BUTTONS - 1]
    buttons.append(Boton("mis_datos.avisos_no", textos.texto("utter_boton_avisos_no")))
    salida = Outgoing("\n\n".join(said), tuple(buttons))
    only = novedades[0]
    if len(novedades) == 1 and only.plantilla:
        return Noticia(clave, salida, only.plantilla, only.parametros)
    named = enumerate_words([one.resumen for one in novedades])
    return Noticia(clave, salida, TEMPLATE, (str(len(novedades)), named[:LONGEST_VALUE]))


def enumerate_words(words: Sequence[str]) -> str:
    """`a, b y c`."""
    *others, last = words
    return f"{', '.join(others)} y {last}" if others else last
