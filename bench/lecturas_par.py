"""The peer of `bench.lecturas`: FastAPI and SQLModel as their guides show them, with a pool and a model."""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import date

from fastapi import Depends, FastAPI
from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlmodel import SQLModel, col, select

from bot.storage.migrate import sqlalchemy_url
from bot.storage.tables.registro import VentasDetalle

PAGE = 50
engine = create_async_engine(sqlalchemy_url(os.environ["DATABASE_URL"]), pool_size=10)
app = FastAPI()


class Documento(SQLModel):
    """A row as it is answered."""

    tipo_documento: int
    folio: int
    fecha: date
    contraparte_rut: str
    contraparte: str
    monto_exento: int
    monto_neto: int
    monto_iva: int
    monto_total: int


class Pagina(SQLModel):
    """A page of them."""

    documentos: Sequence[Documento]
    total: int


async def session() -> AsyncIterator[AsyncSession]:
    """One for each request."""
    async with AsyncSession(engine) as opened:
        yield opened


@app.get("/{rut}/{periodo}")
async def detalle(rut: str, periodo: str, opened: AsyncSession = Depends(session)) -> Pagina:  # noqa: B008
    """The month's newest documents, and how many there are; the policy needs the RUT, so it is told."""
    await opened.execute(text("SELECT set_config('app.rut', :rut, true)"), {"rut": rut})
    of = (col(VentasDetalle.rut) == rut, col(VentasDetalle.periodo) == periodo)
    order = (
        col(VentasDetalle.fecha).desc(),
        col(VentasDetalle.tipo_documento),
        col(VentasDetalle.folio).desc(),
    )
    found = (await opened.scalars(select(VentasDetalle).where(*of).order_by(*order).limit(PAGE))).all()
    total = await opened.scalar(select(func.count()).select_from(VentasDetalle).where(*of))
    return Pagina(
        documentos=[Documento.model_validate(one, from_attributes=True) for one in found], total=total
    )
