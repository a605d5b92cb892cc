"""200 questions about the demo's books: every figure of every answer against independent SQL.

`TRIBUTA_CIFRAS_SEED=7 pytest tests/cifras` asks others.
"""

import os
import re
from typing import Any

import psycopg

from actions.analisis import (
    ActionCompararCompras,
    ActionCompararVentas,
    ActionRankearCompras,
    ActionRankearVentas,
)
from actions.iva import ActionIvaF29
from actions.pendientes import ActionComprasPendientes
from actions.registro import (
    ActionConsultarCompras,
    ActionConsultarVentas,
    ActionDetallarCompras,
    ActionDetallarVentas,
)
from bot.bootstrap import Services
from bot.settings import Settings
from bot.storage.embedded import Urls
from sandbox.demo import load_demo
from sandbox.demo_datos import DEMO
from tests.actions.test_registro import ask
from tests.cifras.esperadas import esperadas
from tests.cifras.lectura import figures, unread
from tests.cifras.oraculo import Oraculo
from tests.cifras.preguntas import Generador, Partes, Pregunta

SEED = int(os.environ.get("TRIBUTA_CIFRAS_SEED", "2026"))  # read before the tests' own environment is made
MANY = int(os.environ.get("TRIBUTA_CIFRAS_MANY", "200"))
REGISTRO = {
    "resumen": (ActionConsultarVentas, ActionConsultarCompras),
    "detalle": (ActionDetallarVentas, ActionDetallarCompras),
    "comparar": (ActionCompararVentas, ActionCompararCompras),
    "mejor": (ActionCompararVentas, ActionCompararCompras),
    "peor": (ActionCompararVentas, ActionCompararCompras),
    "ranking": (ActionRankearVentas, ActionRankearCompras),
}


def action_of(pregunta: Pregunta) -> type:
    """The action that the engine would choose."""
    if pregunta.clase == "pendientes":
        return ActionComprasPendientes
    both = REGISTRO.get(pregunta.clase)
    return both[pregunta.donde.libro == "compras"] if both else ActionIvaF29


def partes() -> list[Partes]:
    """A telling word of each client and supplier of the demo, and their RUT; each means one of them."""
    found: list[Partes] = []
    for one in DEMO:
        names: Partes = {}
        for libro, given in (("ventas", one.perfil.clientes), ("compras", one.perfil.proveedores)):
            ruts = {party.nombre: str(party.rut) for party in given if not party.rut_fijo}
            names[libro] = [(nombre.lower().rpartition(" ")[0], rut) for nombre, rut in ruts.items()]
        found.append(names)
    return found


def said_figures(pregunta: Pregunta, texto: str) -> list[str]:
    """Line by line of the form; the documents that wait by their count, total and days; all of others."""
    if pregunta.clase == "lineas":
        return [f"{code} {value}" for code, value in re.findall(r"^(\[\d+\]) .*: (\S+)$", texto, re.M)]
    if pregunta.clase == "pendientes":
        found = re.search(r"\*: (\S+) documentos? por \*(\S+)\*", texto)
        days = re.findall(r"quedan (\d+) días", texto)
        return [*found.groups(), *days] if found else []
    return figures(texto)


async def differences(services: Services, connection: Any, many: int, seed: int) -> list[str]:
    """What each answer says that is not so."""
    wrong = []
    for pregunta in Generador(seed, partes()).make(many):
        rut = DEMO[pregunta.quien].rut
        name, params, _ = await ask(services, action_of(pregunta), pregunta.texto, rut=rut)
        texto = services.textos.texto(name, **params)
        expected = esperadas(pregunta, Oraculo(connection, str(rut)))
        said, left = said_figures(pregunta, texto), unread(texto)
        wrongly = "_error_" in name or said != expected or (left and pregunta.clase not in {"lineas"})
        if wrongly or "No tomé en cuenta" in texto:
            wrong.append(f"{pregunta}\n{name}\n{texto}\nsaid     {said}\nexpected {expected}\nunread {left}")
    return wrong


async def test_every_figure(services: Services, settings: Settings, urls: Urls) -> None:
    """No figure differs, none is missing, none is said besides."""
    await load_demo(services, settings)
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        wrong = await differences(services, connection, MANY, SEED)
    assert not wrong, f"{len(wrong)} of {MANY} (seed {SEED})\n\n" + "\n\n".join(wrong[:20])
