"""Buttons that want a file: what is said with it, and which buttons lead there and on."""

from typing import Any

import pytest

from actions.registro import (
    ActionConsultarCompras,
    ActionConsultarVentas,
    ActionDetallarCompras,
    ActionDetallarVentas,
)
from bot.bootstrap import Services
from bot.core.documentos import Libro
from bot.services import informes
from bot.services.informes import PNG, XLSX
from bot.services.ports import Quien
from tests.actions.test_registro import ask
from tests.conftest import A
from tests.storage.test_importacion import compra, documento, store


async def stored(services: Services, reference: str) -> tuple[str, str]:
    """Name and kind of the file that a message refers to."""
    id_, _, nombre = reference.partition("/")
    found = await services.archivos.abrir(Quien(A), id_)
    assert found.nombre == nombre
    return nombre, found.mime


async def test_a_chart(services: Services) -> None:
    """Of the months of the summary whose button it was, with their total and source."""
    await store(services, documento(1))
    _, said, _ = await ask(services, ActionConsultarVentas, "ventas de agosto a octubre")
    assert (said["otro_titulo"], said["otro"]) == ("Ver gráfico", ".grafico:2026-08..2026-10")
    name, said, _ = await ask(services, ActionConsultarVentas, boton=f"ventas_resumen{said['otro']}")
    assert name == "utter_ventas_grafico"
    assert await stored(services, said["image"]) == ("ventas-2026-08-a-2026-10.png", PNG)
    assert said["total"] == "$119"
    assert "Sin datos de agosto de 2026 y octubre de 2026" in said["notas"]
    assert said["anio_antes"] == ":2025-08..2025-10"


async def test_a_chart_of_the_usual_months(services: Services) -> None:
    """Without months it is the last twelve; of both books if that is asked for."""
    await store(services, documento(1))
    await store(services, compra(1), libro=Libro.COMPRAS)
    name, said, _ = await ask(services, ActionConsultarCompras, boton="compras_resumen.grafico_ambos")
    assert name == "utter_compras_grafico_ambos"
    assert (await stored(services, said["image"]))[0] == "ventas-compras-2025-12-a-2026-11.png"


@pytest.mark.parametrize(
    ("action", "boton"),
    [(ActionDetallarVentas, "ventas_detalle"), (ActionDetallarCompras, "compras_detalle")],
)
async def test_a_spreadsheet(services: Services, action: type, boton: str) -> None:
    """All documents, however many a message shows."""
    await store(services, *(documento(folio) for folio in range(1, 21)))
    await store(services, *(compra(folio) for folio in range(1, 21)), libro=Libro.COMPRAS)
    name, said, _ = await ask(services, action, boton=f"{boton}.excel:2026-09")
    libro = boton.removesuffix("_detalle")
    assert name == f"utter_{libro}_excel"
    assert await stored(services, said["attachment"]) == (f"{libro}-2026-09.xlsx", XLSX)
    assert said["todos"] == "20 documentos"


async def test_too_long(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several months are offered one by one; a single one has nothing smaller."""
    monkeypatch.setattr(informes, "MAXIMUM_DOCUMENTS", 1)
    await store(services, documento(1), documento(2))
    name, said, _ = await ask(services, ActionDetallarVentas, boton="ventas_detalle.excel:2026-08..2026-09")
    assert name == "utter_error_detalle_largo"
    assert said["boton_titulo"] == "Excel de septiembre"
    assert said["boton_pedido"] == "ventas_detalle.excel:2026-09"
    _, said, _ = await ask(services, ActionDetallarVentas, boton="ventas_detalle.excel:2026-09")
    assert (said["boton_titulo"], said["boton_pedido"]) == ("", "")


@pytest.mark.parametrize(
    "boton", ["ventas_resumen.grafico:2026-07", "ventas_resumen.excel", "ventas_resumen.x"]
)
async def test_what_is_not_made(services: Services, boton: str) -> None:
    """Nothing of months that nobody imported, and no buttons of somebody's own."""
    await store(services, documento(1))
    name, said, _ = await ask(services, ActionConsultarVentas, boton=boton)
    assert name == ("utter_error_sin_datos" if boton.endswith("07") else "utter_error_boton_desconocido")
    assert not said.get("image")


async def test_somebody_elses_figures(services: Services) -> None:
    """A chart of one client has that client's months only, and says so."""
    await store(services, documento(1, contraparte="ACME SPA"))
    _, said, _ = await ask(services, ActionConsultarVentas, "ventas a acme de agosto y septiembre")
    seen: list[Any] = []
    draw = services.informes.grafico

    async def grafico(*args: Any) -> Any:
        seen.append(args)
        return await draw(*args)

    services.informes.grafico = grafico  # type: ignore[method-assign]
    await ask(services, ActionConsultarVentas, boton=f"ventas_resumen{said['otro']}")
    [(_, libros, filtro, contraparte)] = seen
    assert (libros, contraparte) == ([Libro.VENTAS], "ACME SPA")
    assert filtro.contraparte
