"""Clauses, sentences and pieces of contracts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.documento import join_paginas
from bot.core.contratos.oraciones import split_oraciones
from bot.core.contratos.trozos import split_trozos
from tests.core.contratos.lectura import contrato

# Headings with their texts, and the numbers that they have. Each line is a line of the contract.
ESTILOS = {
    "ordinal": ("PRIMERO: Objeto.\nTexto uno.\nSEGUNDO: Plazo.\nTexto dos.\nTERCERO.- Texto tres.", "1 2 3"),
    "clausula": (
        "CLÁUSULA PRIMERA: OBJETO\nUno.\nCLÁUSULA SEGUNDA: PLAZO\nDos.\nCLÁUSULA TERCERA\nTres.",
        "1 2 3",
    ),
    "clausula con número": (
        "Cláusula 1ª: Objeto. Uno.\nCláusula 2ª: Plazo. Dos.\nCláusula 3ª: Renta. Tres.",
        "1 2 3",
    ),
    "articulo": ("Artículo 1. Objeto\nUno.\nArtículo 2. Plazo\nDos.\nArtículo 7) Renta\nSiete.", "1 2 7"),
    "articulo en palabras": ("ARTÍCULO PRIMERO.- Uno.\nARTÍCULO SEGUNDO.- Dos.", "1 2"),
    "decimal": (
        "1. OBJETO\n1.1 El servicio.\n1.2 Otro.\n2. PLAZO\n2.1 Un año.\n2.1.1 Salvo mora.",
        "1 1.1 1.2 2 2.1 2.1.1",
    ),
    "romano": ("I. OBJETO\nUno.\nII. PLAZO\nDos.\nIII. RENTA\nTres.\nIV. VARIOS\nCuatro.", "1 2 3 4"),
    "letras": ("A.- Objeto: uno.\nB.- Plazo: dos.\nC.- Renta: tres.", "A B C"),
    "letra y número": (
        "A. OBJETO\nA.1 El bien.\nB. MULTAS\nB.1 Por mora.\nB.3 Por daños.",
        "A A.1 B B.1 B.3",
    ),
    "incisos": (
        "1) Objeto:\na) Uno.\nb) Dos:\ni. Alfa.\nii. Beta.\nc) Tres.\n2) Plazo.",
        "1 1.a 1.b 1.b.i 1.b.ii 1.c 2",
    ),
    "cardinal": ("Uno.- El bien.\nDos.- El plazo.\nTres.- La renta.", "1 2 3"),
    "cardinal con punto": ("Uno. El bien\nUn horno.\nDos. El plazo\nUn año.\nTres. La renta\nMil.", "1 2 3"),
    "preguntas": ("¿Qué hacemos?\nUno.\n¿Cuánto cuesta?\nDos.\n¿Cuánto dura?\nTres.", "1 2 3"),
    "escaneado": (
        "PR1MERO: Uno.\nSEGUND0: Dos.\nTERCER0.- Tres.\nCUART0 : Cuatro.\nQU1NTO: Cinco.",
        "1 2 3 4 5",
    ),
    "escaneado con clausula": (
        "C1ÁUSULA PRIMERA: Uno.\nCLAUSU1A SEGUNDA: Dos.\nCLÁUSULA TERGERA: Tres.",
        "1 2 3",
    ),
    "letras sueltas": ("P R I M E R O: Uno.\nS E G U N D O: Dos.\nT E R C E R O: Tres.", "1 2 3"),
    "hasta diecinueve": (
        "DÉCIMO SÉPTIMO: Uno.\nDÉCIMO OCTAVO: Dos.\nDECIMONOVENO: Tres.\nVIGÉSIMO: Cuatro.",
        "17 18 19 20",
    ),
    "grado": ("1°.- Uno.\n2°.- Dos.\n3º) Tres.", "1 2 3"),
    "títulos": ("OBJETO\nUno.\nPLAZO\nDos.\nRENTA\nTres.", "1 2 3"),
    "corrido": ("exponen: PRIMERO: Uno de ellos. SEGUNDO: Dos de ellos. TERCERO: Tres.", "1 2 3"),
    "guion": ("PRIMERO – Uno.\nSEGUNDO – Dos.", "1 2"),
    "perdida": ("PRIMERO: Uno.\nTERCERO: Tres.\nCUARTO: Cuatro.", "1 3 4"),
}


@pytest.mark.parametrize("estilo", ESTILOS)
def test_styles(estilo):
    """Each style of numbering gives its clauses and what is nested in them."""
    texto, numeros = ESTILOS[estilo]
    leido = contrato(f"CONTRATO DE PRUEBA\nComparecen las partes y acuerdan:\n{texto}")

    assert " ".join(clausula.numero for clausula in leido.cuerpo.clausulas) == numeros


def test_titles():
    """A title is what follows the number, and no sentence."""
    leido = contrato(
        "CONTRATO\nEntre:\nPRIMERO: Objeto.- El bien.\nSEGUNDO: El plazo es de un año y no más que"
        " eso.\nTERCERO: RENTA\nLa suma."
    )

    assert [clausula.titulo for clausula in leido.cuerpo.clausulas] == ["Objeto", "", "RENTA"]


def test_cross_references():
    """A reference that begins a line is no clause."""
    leido = contrato(
        "CONTRATO\nEntre:\nPRIMERO: Objeto. Uno.\nSEGUNDO: Se estará a lo dicho en la\ncláusula"
        " quinta. Si no, a la\n"
        "Cláusula Primera. Según el\nartículo 1.545 del Código Civil y el\nartículo 7 de la ley, vale.\n"
        "TERCERO: Tres.\nCUARTO: Cuatro."
    )

    assert [clausula.numero for clausula in leido.cuerpo.clausulas] == ["1", "2", "3", "4"]


def test_table_of_contents():
    """A table of contents is no clause, with dots or without."""
    body = "PRIMERO: OBJETO\n" + "Texto del objeto. " * 20 + "\nSEGUNDO: PLAZO\n" + "Texto del plazo. " * 20
    for index in (
        "PRIMERO: OBJETO ......... 1\nSEGUNDO: PLAZO ........ 2",
        "PRIMERO: OBJETO 1\nSEGUNDO: PLAZO 2",
    ):
        leido = contrato(f"CONTRATO\n{index}\nComparecen las partes.\n{body}")
        clausulas = leido.cuerpo.clausulas
        assert [clausula.numero for clausula in clausulas] == ["1", "2"]
        assert all(len(clausula.texto) > 300 for clausula in clausulas)


def test_lists_are_no_clauses():
    """A numbered list lies within its clause, and the next clause goes on after it."""
    leido = contrato(
        "CONTRATO\nEntre:\n1. Objeto\nUno.\n2. Equipos\nSon:\n1) Un martillo\n2) Una sierra\n3) Un"
        " clavo\n3. Plazo\nUn año."
    )

    assert [clausula.numero for clausula in leido.cuerpo.clausulas] == ["1", "2", "2.1", "2.2", "2.3", "3"]


def test_dates_and_amounts_begin_lines():
    """`5 de marzo`, `1.200` and `25,5 UF` at the beginning of a line are no headings."""
    leido = contrato(
        "CONTRATO\nEntre:\n1. Plazo: desde el\n5 de marzo de 2024, por\n1.200 pesos o\n2,5 UF.\n2."
        " Renta: nada."
    )

    assert [clausula.numero for clausula in leido.cuerpo.clausulas] == ["1", "2"]


def test_pages():
    """A clause knows the page on which it begins; one that goes over the page is one."""
    leido = contrato(
        "CONTRATO\nPRIMERO: El plazo será de doce\f- 2 -\nmeses desde hoy.\nSEGUNDO: Otra"
        " cosa.\fTERCERO: Fin."
    )

    assert [(clausula.numero, clausula.pagina) for clausula in leido.cuerpo.clausulas] == [
        ("1", 1),
        ("2", 2),
        ("3", 3),
    ]
    assert "doce\nmeses desde hoy" in leido.cuerpo.clausulas[0].texto


def test_headers_and_footers():
    """What every page repeats is there once, page numbers never; words cut at a line's end are whole."""
    paginas = [
        (n, f"Notaría Pérez y Compañía\nTexto {n} del arrenda-\ntario.\nPágina {n} de 3") for n in (1, 2, 3)
    ]
    documento = join_paginas(paginas)

    assert documento.texto.count("Notaría") == 1
    assert "Página" not in documento.texto
    assert documento.texto.count("arrendatario") == 3
    assert documento.pagina(documento.texto.index("Texto 3")) == 3


def test_annexes_and_signatures():
    """Annexes of the same file have clauses of their own; signatures are none."""
    leido = contrato(
        "CONTRATO DE SERVICIOS\nEntre las partes, según el Anexo 1 y el\nAnexo 2, se acuerda lo que"
        " sigue para todos los"
        " efectos de este contrato de servicios y sus anexos:\n1. Objeto\nUno.\n2. Plazo\nDos.\n\n"
        "________________\nJuan Pérez\n\nANEXO N° 1: TARIFAS\n1. Hora: UF 1.\n2. Visita: UF"
        " 2.\n\nANEXO B\nInventario."
    )

    assert [clausula.numero for clausula in leido.cuerpo.clausulas] == ["1", "2"]
    assert leido.cuerpo.firmas is not None and "Juan Pérez" in leido.cuerpo.firmas.texto
    assert [parte.titulo for parte in leido.anexos] == ["ANEXO N° 1: TARIFAS", "ANEXO B"]
    assert [clausula.numero for clausula in leido.anexos[0].clausulas] == ["1", "2"]


def test_whole_clause():
    """A clause can be read with what is nested in it."""
    leido = contrato("CONTRATO\nEntre:\n1. Objeto\n1.1 Uno.\n1.2 Dos.\n2. Plazo\nTres.")

    assert leido.cuerpo.completa("1").split() == "1. Objeto 1.1 Uno. 1.2 Dos.".split()
    assert not leido.cuerpo.completa("9")


ORACIONES = [
    "El Sr. Juan A. Pérez, RUT 76.192.083-9, pagará $1.500.000.- al contado.",
    "La soc. Andes S.A., en Av. Apoquindo N° 4.501, of. 12, según el art. 1.545 inc. 2 del C.C. y la"
    " Ley N° 20.940.",
    "Los Robles Ltda., RUT 77.456.120-K, entrega 25,5 m2.",
    "¿Se renueva? ",
    "No. ",
]


def test_sentences():
    """Abbreviations, initials, RUTs and decimals end no sentence."""
    texto = " ".join(ORACIONES[:3])

    assert [texto[a:b] for a, b in split_oraciones(texto)] == ORACIONES[:3]


def test_sentences_of_companies_and_lists():
    """A company's name may end a sentence; each item of a list is one."""
    texto = "Se vende a Andes S.A. El precio es $5.\nDebe:\na) pagar;\nb) cuidar.\nInicio: hoy.\nFin: mañana."

    assert [texto[a:b] for a, b in split_oraciones(texto)] == [
        "Se vende a Andes S.A.", "El precio es $5.", "Debe:", "a) pagar;", "b) cuidar.",
        "Inicio: hoy.", "Fin: mañana.",
    ]  # fmt: skip


_PALABRAS = (
    "el arrendatario pagará N° S.A. 1.500 UF 25,5 renta. Plazo; Sr. mes, a) PRIMERO: SEGUNDO.- 5.2 ANEXO"
).split()


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([*_PALABRAS, "\n"]), max_size=300).map(" ".join), max_size=3))
def test_pieces_cover_everything(paginas):
    """Clauses and pieces leave no word out, take none twice, and are in order."""
    leido = read_contrato("Prueba", list(enumerate(paginas, 1)))
    texto = leido.documento.texto
    spans = [(one.inicio, one.fin) for parte in leido.partes for one in parte.todas]
    trozos = split_trozos(leido)

    assert "".join(texto[a:b] for a, b in spans) == texto
    assert "".join("".join(trozo.texto.split()) for trozo in trozos) == "".join(texto.split())
    assert all(len(trozo.texto) <= 1400 for trozo in trozos)


def test_pieces_are_whole_sentences():
    """Pieces are of about 500 characters, end with a sentence, and say where they are from."""
    oracion = "La arrendataria pagará la renta dentro de los cinco primeros días de cada mes, en la oficina. "
    leido = contrato(
        f"CONTRATO\nEntre:\nPRIMERO: Renta. {oracion * 20}\fSEGUNDO: Plazo. {oracion * 3}", "Local"
    )
    trozos = split_trozos(leido)

    assert all(re.search(r"[.:]$", trozo.texto) and len(trozo.texto) <= 500 for trozo in trozos)
    assert len(trozos) < 10
    assert trozos[-1].para_indice.startswith("Local · cláusula 2 Plazo · página 2: SEGUNDO: Plazo.")


def test_long_sentences_are_cut_at_marks():
    """Only a sentence of more than 900 characters is cut, at a semicolon or a comma."""
    leido = contrato("Las partes acuerdan " + "pagar la renta, cuidar el local; " * 60 + "y nada más.")

    assert all(trozo.texto[-1] in ";,." for trozo in split_trozos(leido))
    assert max(len(trozo.texto) for trozo in split_trozos(leido)) <= 900


def test_empty():
    """A file without text has no clauses and no pieces."""
    leido = read_contrato("Vacío", [])

    assert (leido.cuerpo.clausulas, leido.anexos, split_trozos(leido)) == ((), (), [])
