"""What was read goes into JSON and comes back the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.contratos.fuentes import MARK, Fuente, load
from bot.core.contratos.anexos import read_anexo
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.datos import Dato, Hechos, Multa, Pago, Renovacion
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.hechos import extraer
from bot.core.contratos.montos import Monto
from bot.storage.contratos_json import Datos, from_json, to_json

AMOUNTS = st.decimals(0, 10**12, places=4)
TERMS = st.builds(Duracion, st.integers(0, 1200), st.integers(0, 400), st.booleans())
MONEY = st.builds(Monto, AMOUNTS, st.sampled_from(["CLP", "UF"]), st.just("mas"), st.none() | AMOUNTS)
FINES = st.builds(Multa, st.none() | MONEY, st.none() | AMOUNTS, st.just("dia"), st.none() | MONEY)
RENEWALS = st.builds(Renovacion, st.booleans(), st.none() | TERMS, st.none() | st.integers(0, 9))


def fact(value):  # type: ignore[no-untyped-def]
    """A fact with any quote."""
    quote = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    return st.builds(Dato, value, quote, st.just("5.a"), st.integers(1, 300), st.floats(0, 1))


@given(
    fact(st.dates()), fact(TERMS), fact(RENEWALS), fact(st.builds(Pago, st.just("renta"), MONEY)), fact(FINES)
)
def test_any_facts(termino, duracion, renovacion, pago, multa) -> None:  # type: ignore[no-untyped-def]
    """Dates, decimals and spans keep value and type through a real JSON text."""
    hechos = Hechos(
        termino=termino, duracion=duracion, renovacion=renovacion, pagos=(pago,), multas=(multa, multa)
    )
    datos = Datos(hechos, avisos=(("capa", (1, 2)),), corregidos=("termino",))
    assert from_json(json.loads(json.dumps(to_json(datos)))) == datos


@pytest.mark.parametrize("fuente", load().values(), ids=lambda fuente: fuente.archivo)
def test_whole_contracts(fuente: Fuente) -> None:
    """Everything that is read in contracts, annexes and their parts."""
    texto = "\n".join(MARK.sub("", bloque) for bloque in fuente.bloques)
    contrato = read_contrato(fuente.archivo, [(1, texto)])
    anexos = tuple(filter(None, (read_anexo(contrato, parte) for parte in contrato.partes)))
    datos = Datos(extraer(contrato), anexos, read_anexo(contrato))
    assert from_json(json.loads(json.dumps(to_json(datos)))) == datos


def test_before_it_is_read() -> None:
    """An empty column is nothing known."""
    assert from_json({}) == Datos()
    assert to_json(Datos()) == {}
