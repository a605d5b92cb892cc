"""Buttons whose ids are too long for a channel: a short key goes out, and what it stands for stays here."""

import base64
import hashlib
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.mensajes import Boton, Outgoing
from bot.storage.tables import BotonLargo

botones = BotonLargo.__table__  # type: ignore[attr-defined]

_PREFIX = "~"  # begins no id of ours


async def shorten(connection: AsyncConnection, salida: Outgoing, maximo: int, rut: str | None) -> Outgoing:
    """The message with buttons of at most `maximo` bytes; the same long one has the same key every time."""
    buttons = [await _short(connection, one, maximo, rut) for one in salida.botones]
    rows = [await _short(connection, one, maximo, rut) for one in salida.lista]
    return replace(salida, botones=tuple(buttons), lista=tuple(rows))


async def whole(connection: AsyncConnection, pressed: str | None) -> str | None:
    """What a button that was pressed asks for; an unknown key is left as it is, and nobody understands it."""
    if pressed is None or not pressed.startswith(_PREFIX):
        return pressed
    known = await connection.execute(select(botones.c.pedido).filter_by(clave=pressed))
    return known.scalar_one_or_none() or pressed


async def _short(connection: AsyncConnection, boton: Boton, maximo: int, rut: str | None) -> Boton:
    if len(boton.id.encode()) <= maximo:
        return boton
    clave = _key(boton.id, rut)
    row = upsert(botones).values(clave=clave, rut=rut, pedido=boton.id)
    fresh = row.on_conflict_do_update(index_elements=["clave"], set_={"creado": func.now()})
    await connection.execute(fresh)
    return replace(boton, id=clave)


def _key(pedido: str, rut: str | None) -> str:
    """Of each taxpayer their own: rows of one are not seen, nor refreshed, by another."""
    digest = hashlib.sha256(f"{rut or ''} {pedido}".encode()).digest()
    return _PREFIX + base64.urlsafe_b64encode(digest[:24]).decode()
