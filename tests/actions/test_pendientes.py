"""Purchases that wait for acceptance, on the real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.pendientes import SHOWN, ActionComprasPendientes
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro
from bot.core.periodo import Periodo
from tests.actions.test_registro import ask
from tests.conftest import HOY
from tests.storage.test_importacion import OTRO, compra, store

NOV = Periodo(2026, 11)


async def _waiting(services: Services, *ages: int, **values: Any) -> None:
    """Pending purchases that the SII received so many days ago; their folio is that number."""
    rows = [
        replace(
            compra(age, **values),
            periodo=NOV,
            estado=EstadoCompra.PENDIENTE,
            fecha=(HOY - timedelta(days=age)).date(),
            fecha_recepcion=HOY - timedelta(days=age),
        )
        for age in ages
    ]
    await store(services, *rows, libro=Libro.COMPRAS, periodo=NOV, estado=EstadoCompra.PENDIENTE)


async def test_the_most_urgent_first(services: Services) -> None:
    """Days left are counted from reception, the eighth included; what is over is told as such."""
    await _waiting(services, 1, 9, 8, 7)
    name, said, _ = await ask(services, ActionComprasPendientes, "qué facturas tengo por aceptar")
    assert name == "utter_compras_pendientes"
    assert (said["cuantos"], said["total"]) == ("4 documentos", "$476")
    folios = [line.rsplit(" ", 1)[1] for line in said["lineas"].splitlines()[::2]]
    assert folios == ["9", "8", "7", "1"]
    left = [line.rsplit(" · ", 1)[1] for line in said["lineas"].splitlines()[1::2]]
    assert left == [
        "el plazo para reclamar venció el 21-11",
        "⏳ vence hoy",
        "⏳ vence mañana",
        "⏳ quedan 7 días, hasta el 29-11",
    ]


async def test_one_supplier_and_one_document(services: Services) -> None:
    """A supplier or a folio that is named limits the list; days that are named do not."""
    await _waiting(services, 1, 2)
    await _waiting(services, 3, contraparte_rut=OTRO, contraparte="FERRETERÍA ALERCE LTDA")
    _, said, _ = await ask(
        services, ActionComprasPendientes, "hasta mañana puedo reclamar a Ferretería Alerce?"
    )
    assert said["cuantos"] == "1 documento"
    assert "con FERRETERÍA ALERCE LTDA" in said["de"]
    _, said, _ = await ask(services, ActionComprasPendientes, "hasta cuándo puedo reclamar la factura 2")
    assert said["cuantos"] == "1 documento"
    name, said, _ = await ask(services, ActionComprasPendientes, boton="compras_pendientes")
    assert (name, said["cuantos"]) == ("utter_compras_pendientes", "3 documentos")


async def test_only_some_are_listed(services: Services) -> None:
    """The rest is counted."""
    await _waiting(services, *range(SHOWN + 2))
    _, said, _ = await ask(services, ActionComprasPendientes, "pendientes de acuse")
    assert said["lineas"].splitlines()[-1] == "(y 2 más)"


async def test_nothing_waits_or_nothing_is_known(services: Services) -> None:
    """An empty list is not the same as a register that nobody imported."""
    name, _, _ = await ask(services, ActionComprasPendientes, "qué me falta aceptar")
    assert name == "utter_error_sin_datos"
    await _waiting(services)
    name, said, _ = await ask(services, ActionComprasPendientes, "qué me falta aceptar")
    assert (name, said["lineas"]) == ("utter_compras_pendientes_ninguna", "")
