"""The figures of the pages are those of the services, filtered as asked for, and of nobody else."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.services.ports import Quien
from tests.api.pages.conftest import CLIENTE, OCTUBRE, PROVEEDOR, Navegador, documento, store
from tests.conftest import A, B

type Fill = Callable[[Rut], Awaitable[None]]


@pytest.fixture
async def a(navegador: Navegador, libros: Fill) -> Navegador:
    """Taxpayer A with October in both books."""
    await libros(A)
    await navegador.enter(A)
    return navegador


async def test_home(a: Navegador, services: Services) -> None:
    """This month, the one before, what is due, and how old the data are."""
    noviembre = documento(Libro.VENTAS, 3, 500_000, periodo=Periodo(2026, 11), fecha=date(2026, 11, 3))
    await store(services, A, noviembre)
    page = await a.get("/")
    assert "IVA de noviembre, hasta hoy $95.000 por pagar" in page.text
    assert "Ventas de noviembre $595.000 1 documento" in page.text
    assert "Octubre: $1.309.000" in page.text
    assert "Compras de noviembre Sin datos aún" in page.text
    assert "Formulario 29 de noviembre Vence en" in page.text
    assert "Datos importados hoy a las 12:00" in page.text
    assert [
        len([one for one in page.all("rect") if kind in one["class"]]) for kind in ("barra", "sin-dato")
    ] == [3, 10]


async def test_home_of_a_newcomer(navegador: Navegador) -> None:
    """Nothing is shown as zero; it is told how to begin."""
    page = await navegador.enter(B)
    assert "Todavía no tengo tu registro" in page.text
    assert "$0" not in page.text
    assert "/ajustes#sii" in [one.get("href") for one in page.all("a")]


async def test_a_year(a: Navegador) -> None:
    """Total, months and who cost most; a month that nobody imported is not zero."""
    page = await a.get("/compras")
    assert "Compras de 2026 " in page.text
    assert "$535.500 2 documentos" in page.text
    assert "Octubre $535.500" in page.text
    assert "Septiembre sin datos" in page.text
    assert "1 Distribuidora Arrayán SpA $476.000 96.806.980-2 · 1 documento" in page.text
    sold = await a.get("/ventas?anio=2026")
    assert "$1.309.000" in sold.text
    [planilla] = [one["href"] for one in sold.all("a") if "detalle.xlsx" in one.get("href", "")]
    assert planilla == "/api/ventas/detalle.xlsx?periodo=2026-01&hasta=2026-11"
    assert (await a.client.get(planilla)).status == 200
    assert "las boletas no nombran a quien compra" in sold.text
    assert (await a.get("/ventas?anio=2027")).status == 404


async def test_a_month(a: Navegador) -> None:
    """By type and by document; credit notes subtract, boletas come as a total."""
    page = await a.get("/ventas/2026-10")
    assert "$1.309.000 14 documentos" in page.text
    assert "1 nota de crédito −$119.000" in page.text
    assert "12 boletas electrónicas $238.000" in page.text
    assert "1 a 2 de 2" in page.text
    assert any(one.get("href") == "/api/ventas/detalle.xlsx?periodo=2026-10" for one in page.all("a"))
    boletas = await a.get("/ventas/2026-10?tipo_documento=39")
    assert "el registro trae solo el total del mes" in boletas.text
    empty = await a.get("/ventas/2026-09")
    assert "No tengo tus ventas de septiembre de 2026" in empty.text
    assert "No significa que no haya habido ventas" in empty.text


@pytest.mark.parametrize("typed", ["arrayán", str(PROVEEDOR), PROVEEDOR.pretty, f" {PROVEEDOR.pretty} "])
async def test_filters(a: Navegador, typed: str) -> None:
    """A name or a RUT, however it is typed, and the spreadsheet has the same filters."""
    for path in ("/compras/2026-10", "/compras"):
        page = await a.get(f"{path}?contraparte={typed}&estado=&tipo_documento=")
        assert "$476.000 1 documento" in page.text
        assert "Aguas del Pellín" not in page.text.split("Documentos", 1)[1]
    page = await a.get(f"/compras/2026-10?contraparte={PROVEEDOR.pretty}")
    assert page.value("contraparte") == "Distribuidora Arrayán SpA"
    planilla = next(one["href"] for one in page.all("a") if ".xlsx" in one.get("href", ""))
    assert planilla.endswith(f"contraparte={PROVEEDOR}&periodo=2026-10")
    assert (await a.client.get(planilla)).status == 200


async def test_purchases_in_another_state(a: Navegador, services: Services) -> None:
    """Those that wait are seen apart, and it is told that they are no credit yet."""
    await store(services, A, documento(Libro.COMPRAS, 9, 10_000, estado=EstadoCompra.PENDIENTE))
    page = await a.get("/compras/2026-10?estado=PENDIENTE")
    assert "$11.900 1 documento" in page.text
    assert "no dan derecho a crédito" in page.text
    assert "estado=PENDIENTE" in next(one["href"] for one in page.all("a") if ".xlsx" in one.get("href", ""))


async def test_pages_of_documents(a: Navegador, services: Services) -> None:
    """Fifty at a time, with a way on and back that keeps the filters."""
    await store(services, A, *(documento(Libro.COMPRAS, folio, 1_000) for folio in range(100, 151)))
    page = await a.get("/compras/2026-10?contraparte=Array%C3%A1n&tipo_documento=33")
    assert "1 a 50 de 52" in page.text
    onward = next(one["href"] for one in page.all("a") if one.get("rel") == "next")
    last = await a.get(f"/compras/2026-10{onward}")
    assert "51 a 52 de 52" in last.text
    assert next(one["href"] for one in last.all("a") if one.get("rel") == "prev").endswith("pagina=1")


async def test_the_form(a: Navegador, services: Services) -> None:
    """The last month that is over, with its day; what the taxpayer tells is kept until it is taken away."""
    page = await a.get("/iva")
    assert "IVA de octubre de 2026" in page.text
    iva = 190_000 - 19_000 + 38_000 - 76_000 - 9_500
    told = f"IVA por pagar ${iva:,}".replace(",", ".")
    assert told in page.text
    assert "Formulario 29: venció el 20 de noviembre de 2026, hace 2 días" in page.text
    kept = await a.post("/iva/2026-10", remanente="23500", tasa_ppm="0.25", retenciones="")
    assert "Anotado" in kept.text
    assert "IVA por pagar $100.000" in kept.text
    assert (kept.value("remanente"), kept.value("tasa_ppm"), kept.value("retenciones")) == (
        "23.500",
        "0,25",
        "",
    )
    await a.post("/iva/2026-10", remanente="", tasa_ppm="0.25")
    assert told in (await a.get("/iva/2026-10")).text


@pytest.mark.parametrize("remanente", ["23500", "23.500", "$ 23.500", " $23.500,00 "])
async def test_numbers_as_they_are_written_here(a: Navegador, remanente: str) -> None:
    """Dots part thousands, a comma the decimals; both boxes take what the SII's own form shows."""
    kept = await a.post("/iva/2026-10", remanente=remanente, tasa_ppm="0,250 %")
    assert (kept.value("remanente"), kept.value("tasa_ppm")) == ("23.500", "0,25")


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("remanente", "-1", "Esto no es un monto en pesos, por ejemplo 1.234.567."),
        ("remanente", "12,5", "Esto no es un monto en pesos"),
        ("remanente", "1.23.456", "Esto no es un monto en pesos"),
        ("retenciones", "mucho", "Esto no es un monto en pesos"),
        ("retenciones", "9" * 20, "Esto es demasiado grande."),
        ("tasa_ppm", "un cuarto", "Esto no es un porcentaje, por ejemplo 0,25."),
        ("tasa_ppm", "101", "Esto es demasiado grande."),
    ],
)
async def test_what_is_no_number(a: Navegador, name: str, typed: str, told: str) -> None:
    """It is told beside its box, with all that was written still there, and nothing is kept."""
    other = "tasa_ppm" if name != "tasa_ppm" else "remanente"
    page = await a.post("/iva/2026-10", **{name: typed, other: "1"})
    assert page.status == 422
    assert told in page.text
    assert (page.value(name), page.value(other)) == (typed, "1")
    assert [one["name"] for one in page.all("input") if "aria-invalid" in one] == [name]
    assert (await a.get("/iva/2026-10")).value(other) == ""


async def test_the_form_of_a_month_that_is_not_known(a: Navegador) -> None:
    """It says what is missing instead of passing zero for an answer."""
    page = await a.get("/iva/2026-08")
    assert "No tengo tus ventas ni tus compras de agosto de 2026" in page.text


async def test_the_sync(a: Navegador, services: Services) -> None:
    """Without a clave it says so; with one, reading is asked for and seen."""
    refused = await a.post("/actualizar")
    assert "necesito tu clave del SII" in refused.text
    await services.claves.guardar(Quien(A), "Perro-1234", "web")
    page = await a.get("/")
    assert "Leyendo tu registro en el SII" in page.text


async def test_nothing_of_another(a: Navegador) -> None:
    """B sees none of A's figures and names on any page."""
    await a.enter(B)
    for path in ("/", "/ventas", f"/ventas/{OCTUBRE}", f"/compras/{OCTUBRE}?contraparte={CLIENTE}", "/iva"):
        page = await a.get(path)
        assert page.status == 200
        for word in ("Quillay", "Arrayán", "Pellín", "1.309.000", "535.500", "Alerce"):
            assert word not in page.raw, path
