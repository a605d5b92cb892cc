"""What a message tells to do with a contract, and what it only asks."""

from datetime import date
from typing import Any

import pytest

from bot.core.contratos.afirmaciones import read_datos, write_datos
from bot.core.contratos.datos import Renovacion
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.ordenes import Accion, read_orden
from bot.core.errors import ReplyUnknownError

HOY = date(2026, 11, 27)
JUNIO = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("el contrato de la oficina termina el 30 de junio de 2027, no en mayo", {"termino": JUNIO}),
        ("el contrato de la oficina vence el 30/06/2027", {"termino": JUNIO}),
        ("te equivocaste, el contrato con acme no termina en mayo sino el 30 de junio", {"termino": JUNIO}),
        ("corrige la fecha de término del contrato de aseo: es el 30-06-2027", {"termino": JUNIO}),
        ("cambia el vencimiento del leasing al treinta de junio de dos mil veintisiete", {"termino": JUNIO}),
        ("el convenio dura hasta junio de 2027", {"termino": JUNIO}),
        (
            "el arriendo de la bodega parte el 1 de marzo de 2026 y termina el 30 de junio de 2027",
            {"inicio": date(2026, 3, 1), "termino": JUNIO},
        ),
        ("el contrato de arriendo lo firmamos el 3 de mayo", {"firma": date(2026, 5, 3)}),
        ("en realidad el contrato de aseo dura 3 años", {"duracion": Duracion(36)}),
        ("el contrato de aseo es por 18 meses, no 12", {"duracion": Duracion(18)}),
        ("el aviso del contrato de la bodega es de 60 días, no de 30", {"aviso_termino": Duracion(0, 60)}),
        ("el contrato del contador está mal, es indefinido", {"modalidad": "indefinido"}),
        ("anotaste mal: el contrato del local no se renueva solo", {"renovacion": Renovacion(False)}),
        ("ojo que el contrato del local se renueva automáticamente", {"renovacion": Renovacion(True)}),
    ],
)
def test_facts_stated(said: str, facts: dict[str, Any]) -> None:
    """What is said not to be is left out; a button carries all of it."""
    orden = read_orden(said, HOY)
    assert orden and (orden.accion, orden.datos) == (Accion.CORREGIR, facts)
    assert read_datos(write_datos(facts)) == facts


@pytest.mark.parametrize(
    ("said", "sobre", "nombre"),
    [
        (
            "cámbiale el nombre al contrato de la oficina a Oficina Ñuñoa",
            "contrato de la oficina",
            "Oficina Ñuñoa",
        ),
        ("ponle Oficina Ñuñoa al contrato de la oficina", "contrato de la oficina", "Oficina Ñuñoa"),
        ('renombra el contrato de aseo como "Aseo: 2027", porfa', "el contrato de aseo", "Aseo: 2027"),
        ("puedes cambiar el nombre del leasing por Camión 3?", "leasing", "Camión 3"),
        ("quiero que el arriendo se llame Local Sur por favor", "quiero que el arriendo", "Local Sur"),
    ],
)
def test_names_given(said: str, sobre: str, nombre: str) -> None:
    """As they were written, apart from the words that name the contract."""
    orden = read_orden(said, HOY)
    assert orden and (orden.accion, orden.sobre, orden.nombre) == (Accion.RENOMBRAR, sobre, nombre)


@pytest.mark.parametrize(
    ("said", "accion"),
    [
        ("reemplaza el contrato de la oficina por este", Accion.REEMPLAZAR),
        ("esta es la nueva versión del contrato de aseo", Accion.REEMPLAZAR),
        ("recupera el contrato que borré", Accion.RECUPERAR),
        ("me equivoqué, no quería borrar el contrato de la bodega", Accion.RECUPERAR),
    ],
)
def test_files_and_undoing(said: str, accion: Accion) -> None:
    """A newer file, and having one back."""
    orden = read_orden(said, HOY)
    assert orden and orden.accion is accion


@pytest.mark.parametrize(
    "said",
    [
        "el contrato de la oficina termina el 30 de junio de 2027?",
        "cuándo termina el contrato de la oficina",
        "mi contrato termina el 30 de junio de 2027, puedo irme antes",
        "si el contrato termina el 30 de junio de 2027 cuánto aviso debo dar",
        "qué contratos vencen el 30 de junio de 2027",
        "contratos que vencen en diciembre",
        "el contrato del local se renueva solo",
        "el contrato del contador es indefinido",
        "cómo le cambio el nombre a un contrato",
        "el anexo reemplaza al contrato anterior?",
        "borra el contrato de la oficina",
        "la factura del arriendo vence el 30 de junio",
        "cuánto vendí desde el 1 de marzo",
        "termina el 30 de junio de 2027",
    ],
)
def test_what_tells_nothing(said: str) -> None:
    """Questions, other things to do, what is about the register, and what is not about a contract at all."""
    assert read_orden(said, HOY) is None


def test_when_a_contract_was_spoken_of() -> None:
    """It need not be named; what is about the register is still not about it."""
    orden = read_orden("no, termina el 30 de junio", HOY, hablado=True)
    assert orden and orden.datos == {"termino": JUNIO}
    for said in ("y las ventas desde el 1 de marzo", "cuánto es la multa", "gracias", "pago el 5 de marzo"):
        assert read_orden(said, HOY, hablado=True) is None


@pytest.mark.parametrize("escritos", ["", "partes=x", "termino=ayer", "duracion=m", "renovacion=quiza"])
def test_facts_of_no_button_of_ours(escritos: str) -> None:
    """They are refused."""
    with pytest.raises(ReplyUnknownError):
        read_datos(escritos)
