"""A counterparty that a message names and the taxpayer may not have."""

import re
from collections.abc import Iterable

from bot.core.texto import normalize

_RUT = re.compile(
    r"(?<![\w.-])(?:\d{1,2}(?:\.\d{3}){2}\s?[-–]?\s?[\dkK]|\d{7,8}\s?[-–]\s?[\dkK])(?![\w-])"
    r"|(?<=\brut )\d{7,8}[\dkK](?!\w)",
    re.IGNORECASE,
)

# Trades that are somebody without a name of their own: "ventas al colegio", "le vendí a la constructora".
_INSTITUCIONES = frozenset(
    """
    ferreteria panaderia pasteleria constructora inmobiliaria importadora exportadora distribuidora minera
    pesquera supermercado minimarket almacen restaurant restaurante cafeteria botilleria farmacia clinica
    laboratorio imprenta libreria taller maestranza muebleria verduleria carniceria lavanderia hotel hostal
    colegio instituto universidad fundacion corporacion barraca automotora vidrieria frigorifico consultora
    municipalidad hospital iglesia liceo escuela vina consultorio parroquia molino vivero aserradero
    panificadora condominio packing servicentro hosteria cooperativa transportista
    """.split()
)


def told_party(texto: str, oida: str) -> str:
    """The party that a message limits its question to, as typed: its RUT, else the name that was heard."""
    rut = _RUT.search(texto)
    return rut[0].strip() if rut else oida


def find_by_trade(typed: str, nombres: Iterable[str]) -> str | None:
    """The only one of the official names that a bare trade can mean: `el colegio`; None if several can."""
    trade = normalize(typed)
    if trade not in _INSTITUCIONES:
        return None
    those = [nombre for nombre in nombres if trade in normalize(nombre).split()]
    return those[0] if len(those) == 1 else None
