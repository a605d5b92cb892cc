"""Comparisons, rankings and the IVA, on the real database."""

from dataclasses import replace
from typing import Any

import pytest

from actions.analisis import (
    ActionCompararCompras,
    ActionCompararVentas,
    ActionGraficarCompras,
    ActionGraficarVentas,
    ActionRankearCompras,
    ActionRankearVentas,
)
from actions.iva import ActionIvaF29
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import FOREIGN
from bot.services.ports import Destino
from tests.actions.test_registro import ask
from tests.conftest import HOY, A
from tests.storage.test_importacion import OTRO, compra, documento, store

AGO, SEPT, OCT, NOV = (Periodo(2026, month) for month in (8, 9, 10, 11))


async def _sales(services: Services, periodo: Periodo, *netos: int, **values: Any) -> None:
    """Invoices of these netos in that month."""
    rows = [
        replace(
            documento(100 * periodo.month + number, **values),
            periodo=periodo,
            fecha=periodo.first_day,
            monto_neto=neto,
            monto_iva=neto * 19 // 100,
            monto_total=neto * 119 // 100,
        )
        for number, neto in enumerate(netos)
    ]
    await store(services, *rows, periodo=periodo)


async def test_two_months_beside_each_other(services: Services) -> None:
    """Both totals, the difference and the percentage; the later one is `ahora` however they are named."""
    await _sales(services, SEPT, 1000)
    await _sales(services, OCT, 1500)
    name, said, _ = await ask(services, ActionCompararVentas, "compara septiembre con octubre")
    assert name == "utter_ventas_comparar"
    assert (said["ahora"], said["con"]) == ("octubre de 2026", "septiembre de 2026")
    assert (said["total"], said["total_con"]) == ("$1.785", "$1.190")
    assert said["cambio"] == "📈 Subió $595 (50 %)."
    assert said["custom"]["entidades"]["periodo"] == ["2026-09", "2026-10"]


async def test_what_is_not_known_is_not_compared(services: Services) -> None:
    """A month that nobody imported is no zero."""
    await _sales(services, OCT, 1500)
    name, said, _ = await ask(services, ActionCompararVentas, "compara octubre con septiembre")
    assert (name, said["total_con"], said["cambio"]) == ("utter_ventas_comparar", "sin datos", "")
    assert "septiembre" in said["notas"]
    name, _, _ = await ask(services, ActionCompararCompras, "compara octubre con septiembre")
    assert name == "utter_error_sin_datos"


async def test_a_button_compares_with_what_came_before(services: Services) -> None:
    """The same months of the year before, or the month before."""
    for periodo, neto in ((AGO, 3000), (SEPT, 1000)):
        await _sales(services, periodo, neto)
    _, said, _ = await ask(services, ActionCompararVentas, boton="ventas_comparar:2026-09")
    assert said["con"] == "agosto de 2026"
    assert said["cambio"] == "📉 Bajó $2.380 (66,7 %)."


async def test_the_best_month_is_one_that_has_ended(services: Services) -> None:
    """The running month is not judged, and the worst stands beside the best."""
    for periodo, neto in ((AGO, 3000), (SEPT, 1000), (OCT, 2000), (NOV, 1)):
        await _sales(services, periodo, neto)
    name, said, _ = await ask(services, ActionCompararVentas, "en que mes vendi mas este año")
    assert name == "utter_ventas_mejor_mes"
    assert (said["mes"], said["otro_mes"]) == ("agosto de 2026", "septiembre de 2026")
    name, said, _ = await ask(services, ActionCompararVentas, "cuál fue mi mes más flojo")
    assert (name, said["mes"]) == ("utter_ventas_peor_mes", "septiembre de 2026")


async def test_largest_clients_with_their_share(services: Services) -> None:
    """Credit notes subtract, shares are of what names a client, and boletas are told apart."""
    await store(
        services,
        documento(1),
        documento(2),
        documento(3, tipo=61),
        documento(4, contraparte_rut=OTRO, contraparte="FERRETERÍA ALERCE LTDA"),
        documento(5, contraparte_rut=FOREIGN, contraparte="ACME LLC", tipo=110),
        documento(6, contraparte_rut=FOREIGN, contraparte="GLOBEX INC", tipo=110),
    )
    boletas = FilaResumen(tipo_documento(39), Montos(7, 0, 700, 133, 833))
    await services.registro.guardar_resumen(A, Destino(Libro.VENTAS, SEPT, None, "x", HOY), [boletas])
    name, said, _ = await ask(services, ActionRankearVentas, "quién me compró más en septiembre")
    assert name == "utter_ventas_ranking"
    lines = said["lineas"].splitlines()
    assert len(lines) == 4
    assert all(line.endswith("*$119* (25 %)") for line in lines)
    assert "7 boletas electrónicas" in said["notas"]
    _, said, _ = await ask(services, ActionRankearVentas, "top 2 clientes de septiembre")
    assert len(said["lineas"].splitlines()) == 2


async def test_suppliers_in_register_only(services: Services) -> None:
    """What is pending or claimed was not bought yet."""
    await store(services, compra(1), libro=Libro.COMPRAS)
    waiting = replace(compra(2, contraparte_rut=OTRO), estado=EstadoCompra.PENDIENTE)
    await store(services, waiting, libro=Libro.COMPRAS, estado=EstadoCompra.PENDIENTE)
    _, said, _ = await ask(services, ActionRankearCompras, "mayores proveedores de septiembre")
    assert len(said["lineas"].splitlines()) == 1


async def _both(services: Services, periodo: Periodo, venta: int, compra_: int) -> None:
    await _sales(services, periodo, venta)
    bought = replace(
        compra(periodo.month),
        periodo=periodo,
        fecha=periodo.first_day,
        monto_neto=compra_,
        monto_iva=compra_ * 19 // 100,
        monto_total=compra_ * 119 // 100,
    )
    await store(services, bought, libro=Libro.COMPRAS, periodo=periodo)


@pytest.mark.parametrize(
    ("venta", "compra_", "resultado"),
    [(10_000, 1000, "IVA a pagar: *$1.710*"), (1000, 10_000, "Remanente a tu favor: *$1.710*")],
)
async def test_the_iva_of_a_month(services: Services, venta: int, compra_: int, resultado: str) -> None:
    """What is to be paid, or what remains; called an estimate, with what it leaves out."""
    await _both(services, OCT, venta, compra_)
    name, said, events = await ask(services, ActionIvaF29, "cuánto iva me toca pagar por octubre")
    assert (name, said["resultado"]) == ("utter_iva_f29", resultado)
    assert "remanente del mes anterior" in said["notas"]
    assert {event["name"]: event["value"] for event in events} == {"asunto": {"periodos": "2026-10"}}
    name, said, _ = await ask(services, ActionIvaF29, boton="iva_f29.lineas:2026-10")
    assert name == "utter_iva_lineas"
    assert f"[538] Total débitos: ${venta * 19 // 100:,}".replace(",", ".") in said["lineas"]


async def test_why_the_iva_changed(services: Services) -> None:
    """The counterparties and the boletas that moved it most, and which way."""
    await _both(services, SEPT, 1000, 1000)
    await _both(services, OCT, 5000, 2000)
    boletas = FilaResumen(tipo_documento(39), Montos(1, 0, 100_000, 19_000, 119_000))
    await services.registro.guardar_resumen(A, Destino(Libro.VENTAS, OCT, None, "x", HOY), [boletas])
    name, said, _ = await ask(services, ActionIvaF29, "por qué subió mi iva en octubre")
    assert name == "utter_iva_causas"
    assert (said["iva_antes"], said["iva"]) == ("$0", "$19.570")
    first, second, third = said["lineas"].splitlines()
    assert first == "⬆️ $19.000: más ventas con boletas electrónicas"
    assert second.startswith("⬆️ $760: más ventas con ")
    assert third.startswith("⬇️ $190: más compras a ")


async def test_iva_without_data_or_of_several_months(services: Services) -> None:
    """No figure out of nothing; the form is one month's."""
    name, _, _ = await ask(services, ActionIvaF29, "cuánto iva debo de octubre")
    assert name == "utter_error_sin_datos"
    name, said, _ = await ask(services, ActionIvaF29, "iva de septiembre y octubre")
    assert (name, said["pedido"]) == ("utter_error_un_mes_a_la_vez", ":2026-10")
    await _sales(services, OCT, 1000)
    name, said, _ = await ask(services, ActionIvaF29, "por qué subió mi iva en octubre")
    assert name == "utter_iva_sin_comparar"
    assert said["faltan"] == "ventas de septiembre y compras de septiembre y compras de octubre"
    name, _, _ = await ask(services, ActionIvaF29, boton="iva_f29.otra:2026-10")
    assert name == "utter_error_boton_desconocido"


async def test_a_picture_of_months(services: Services) -> None:
    """Twelve months if fewer than two are asked for, with the picture beside the words."""
    await _sales(services, SEPT, 1000)
    name, said, _ = await ask(services, ActionGraficarVentas, "hazme un gráfico de mis ventas")
    assert name == "utter_ventas_grafico"
    assert len(said["custom"]["entidades"]["periodo"]) == 12
    assert said["image"].endswith(".png")
    name, said, _ = await ask(services, ActionGraficarVentas, "gráfico de ventas y compras del año")
    assert (name, said["image"][-4:]) == ("utter_ventas_grafico_ambos", ".png")
    name, said, _ = await ask(services, ActionGraficarCompras, "un gráfico de las compras")
    assert name == "utter_error_sin_datos"


async def test_what_the_register_does_not_know_is_told(services: Services) -> None:
    """What was carried over and the rate are kept, change the estimate, hold as they should, and can go."""
    await _both(services, OCT, 10_000, 1000)
    name, said, _ = await ask(services, ActionIvaF29, "mi remanente para octubre es $700 y mi ppm es 0,5 %")
    assert name == "utter_iva_anotado"
    assert said["anotado"] == "remanente anterior $700 y tasa de PPM 0,5 %"
    assert said["resultado"] == "IVA a pagar: *$1.010*"
    assert said["total"] == "Total a pagar: *$1.060* (con PPM $50)\n"
    name, said, _ = await ask(services, ActionIvaF29, boton="iva_f29.lineas:2026-10")
    assert "[504] Remanente del mes anterior: $700" in said["lineas"]
    assert "[115] Tasa de PPM (%): 0,5" in said["lineas"]
    await _both(services, NOV, 1000, 1000)
    _, said, _ = await ask(services, ActionIvaF29, "iva de noviembre")
    assert "Me dijiste: tasa de PPM 0,5 %." in said["notas"]
    name, _, _ = await ask(services, ActionIvaF29, "borra mi ppm de octubre")
    assert name == "utter_iva_olvidado"
    name, _, _ = await ask(services, ActionIvaF29, boton="iva_f29.olvidar:2026-10")
    assert name == "utter_iva_olvidado"
    _, said, _ = await ask(services, ActionIvaF29, "iva de octubre")
    assert (said["resultado"], said["total"]) == ("IVA a pagar: *$1.710*", "")
    name, _, _ = await ask(services, ActionIvaF29, "mi ppm es 35 lucas")
    assert name == "utter_error_tasa_ppm"


async def test_what_a_month_leaves_over(services: Services) -> None:
    """El remanente de octubre is what noviembre begins with; unsaid, the estimate of octubre is offered."""
    await _both(services, OCT, 1000, 10_000)
    await _both(services, NOV, 20_000, 1000)
    _, said, _ = await ask(services, ActionIvaF29, "iva de noviembre")
    assert "octubre te dejó un remanente de $1.710" in said["notas"]
    _, said, _ = await ask(services, ActionIvaF29, "el remanente de octubre fue $1.710")
    assert said["custom"]["entidades"]["periodo"] == ["2026-11"]
    assert said["resultado"] == "IVA a pagar: *$1.900*"
