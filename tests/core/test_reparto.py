"""Cutting messages into what channels take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.mensajes import Archivo, Boton, Outgoing
from bot.core.reparto import TELEGRAM, WHATSAPP, Limites, short, split_outgoing, split_text

TEXTS = st.text(alphabet=st.sampled_from("abcé¿🙂. \n"), max_size=400)
_BUTTON = st.builds(Boton, st.text(max_size=8), st.text(max_size=90), st.text(max_size=90))
BUTTONS = st.lists(_BUTTON, max_size=14).map(tuple)
SMALL = Limites(
    texto=80,
    texto_con_botones=30,
    pie=20,
    botones=3,
    titulo=10,
    titulo_lista=12,
    filas=10,
    juntos=False,
    dato=64,
)
FILES = st.none() | st.just(Archivo("1", "uno"))
OUTGOING = st.builds(Outgoing, TEXTS, BUTTONS, FILES, FILES, BUTTONS)


def plain(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


@given(texto=TEXTS, maximo=st.integers(2, 90), ultimo=st.integers(1, 90))
def test_nothing_is_lost_of_a_text(texto: str, maximo: int, ultimo: int) -> None:
    """Every part fits, and put together they say what was said, but for white space at the cuts."""
    ultimo = min(ultimo, maximo)
    parts = split_text(texto, maximo, ultimo)
    assert plain("".join(parts)) == plain(texto)
    assert all(0 < len(part) <= maximo for part in parts[:-1])
    assert len(parts[-1]) <= ultimo


@given(salida=OUTGOING, limites=st.sampled_from([SMALL, WHATSAPP, TELEGRAM]))
def test_what_goes_out_fits(salida: Outgoing, limites: Limites) -> None:
    """Buttons, rows and files go with the last part, within the channel's limits; none gets lost but rows.

    With rows the file goes before everything.
    """
    *before, last = split_outgoing(salida, limites)
    if before and (before[0].imagen or before[0].documento):
        assert last.lista
        last, before = replace(last, imagen=before[0].imagen, documento=before[0].documento), before[1:]
        assert len(last.texto) <= limites.texto_con_botones
        limites = replace(limites, pie=limites.texto_con_botones)
    assert plain("".join(part.texto for part in (*before, last))) == plain(salida.texto)
    for part in before:
        assert part == Outgoing(part.texto)
        assert len(part.texto) <= limites.texto
    offered = bool(last.botones or last.lista)
    assert len(last.texto) <= (limites.texto_con_botones if offered else limites.texto)
    assert len(last.texto) <= limites.pie or not (last.imagen or last.documento)
    assert (last.imagen, last.documento) == (salida.imagen, salida.documento)
    assert len(last.botones) <= limites.botones
    assert len(last.lista) <= limites.filas
    assert all(len(one.titulo) <= limites.titulo for one in last.botones)
    assert all(len(one.titulo) <= limites.titulo_lista for one in last.lista)
    assert all(len(one.descripcion) <= limites.descripcion for one in last.lista)
    if len(salida.botones) > limites.botones:
        salida = replace(salida, botones=(), lista=(*salida.botones, *salida.lista))
    elif salida.lista and not limites.juntos:
        rows = salida.lista[: limites.filas - len(salida.botones)]
        salida = replace(salida, botones=(), lista=(*rows, *salida.botones))
    assert [one.id for one in last.botones] == [one.id for one in salida.botones]
    assert [one.id for one in last.lista] == [one.id for one in salida.lista[: limites.filas]]


@pytest.mark.parametrize(
    ("texto", "parts"),
    [
        ("uno dos\n\ntres cuatro", ["uno dos", "tres cuatro"]),
        ("uno dos tr\ncuatro cinco", ["uno dos tr", "cuatro cinco"]),
        ("uno dos. Tres cuatro", ["uno dos.", "Tres cuatro"]),
        ("unodostres cuatro", ["unodostres", "cuatro"]),
        ("unodostrescuatrocinco", ["unodostrescu", "atrocinco"]),
        ("", [""]),
    ],
)
def test_where_it_is_cut(texto: str, parts: list[str]) -> None:
    """At a paragraph, a line, a sentence, a word; within a word only if there is no other way."""
    assert split_text(texto, 12, 12) == parts


def test_many_buttons_become_a_list() -> None:
    """WhatsApp takes three buttons; a fourth makes a list of them, ten rows at most."""
    many = tuple(Boton(str(number), f"Opción {number}") for number in range(12))
    [three] = split_outgoing(Outgoing("¿Cuál?", many[:3]), WHATSAPP)
    assert (three.botones, three.lista) == (many[:3], ())
    [four] = split_outgoing(Outgoing("¿Cuál?", many[:4]), WHATSAPP)
    assert (four.botones, four.lista) == ((), many[:4])
    [most] = split_outgoing(Outgoing("¿Cuál?", many), WHATSAPP)
    assert most.lista == many[:10]


def test_buttons_beside_a_list() -> None:
    """WhatsApp has no such thing: they are the last rows, and rows are left out for them; Telegram has."""
    rows = tuple(Boton(str(number), f"Fila {number}") for number in range(10))
    more = (Boton("mas", "Ver más"),)
    [said] = split_outgoing(Outgoing("¿Cuál?", more, lista=rows), WHATSAPP)
    assert (said.botones, said.lista) == ((), (*rows[:9], *more))
    [said] = split_outgoing(Outgoing("¿Cuál?", more, lista=rows), TELEGRAM)
    assert (said.botones, said.lista) == (more, rows)


def test_long_titles() -> None:
    """They end in an ellipsis, without a blank before it."""
    assert short("Ver documentos de septiembre", 20) == "Ver documentos de s…"
    assert short("Ver documentos de s y", 19) == "Ver documentos de…"
    assert short("Ver ventas", 20) == "Ver ventas"
