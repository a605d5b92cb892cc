"""Questions limited to days, amounts, or somebody whose name is misspelt, on the real database."""

from dataclasses import replace
from datetime import date

from actions.analisis import ActionCompararVentas, ActionGraficarVentas, ActionRankearVentas
from actions.registro import ActionConsultarVentas, ActionDetallarCompras, ActionDetallarVentas
from bot.bootstrap import Services
from bot.core.documentos import Libro, tipo_documento
from bot.core.resumen import FilaResumen, Montos
from bot.services.ports import Destino
from tests.actions.test_registro import OCT, ask
from tests.conftest import HOY, A
from tests.storage.test_importacion import OTRO, SEPT, compra, documento, store

DIAS = {"desde": "2026-09-10", "hasta": "2026-09-20"}


async def _some(services: Services) -> None:
    """Documents of 5, 15 and 25 September of 119, 1.190 and 11.900; and boletas of that month."""
    rows = [
        replace(documento(number), fecha=date(2026, 9, number), monto_total=amount)
        for number, amount in ((5, 119), (15, 1190), (25, 11_900))
    ]
    await store(services, *rows)
    boletas = FilaResumen(tipo_documento(39), Montos(7, 0, 700, 133, 833))
    await services.registro.guardar_resumen(A, Destino(Libro.VENTAS, SEPT, None, "x", HOY), [boletas])


async def test_days(services: Services) -> None:
    """Only documents of those days; that boletas are known by month only is said; buttons keep the days."""
    await _some(services)
    name, said, events = await ask(services, ActionConsultarVentas, "ventas del 10 al 20 de septiembre")
    assert (name, said["total"]) == ("utter_ventas_resumen", "$1.190")
    assert said["de"] == " del 10 al 20 de septiembre de 2026"
    assert "Sin contar boletas electrónicas" in said["notas"]
    assert said["custom"]["entidades"]["periodo"] == DIAS
    assert said["otro_titulo"] == "Todo septiembre"
    name, said, _ = await ask(services, ActionDetallarVentas, boton=f"ventas_detalle{said['pedido']}")
    assert (name, said["cuantos"]) == ("utter_ventas_detalle", "1 documento")
    kept = {**events[0]["value"], "intent": "ventas_resumen", "sigue": True}
    _, said, _ = await ask(services, ActionDetallarVentas, "¿cuáles son?", asunto=kept)
    assert said["cuantos"] == "1 documento"
    name, _, _ = await ask(services, ActionConsultarVentas, "boletas del 15 de septiembre")
    assert name == "utter_error_solo_resumen"
    name, _, _ = await ask(services, ActionGraficarVentas, "gráfico de ventas del 10 al 20 de septiembre")
    assert name == "utter_error_periodo_por_dia"
    name, _, _ = await ask(services, ActionCompararVentas, "compara esta semana con la pasada")
    assert name == "utter_error_periodo_por_dia"
    name, said, _ = await ask(services, ActionRankearVentas, "mejores clientes del 10 al 20 de septiembre")
    assert "*$1.190* (100 %)" in said["lineas"]
    assert "mejores" not in said["notas"]


async def test_whole_months_said_by_days(services: Services) -> None:
    """From the first to the last day is the month, with its boletas."""
    await _some(services)
    _, said, _ = await ask(services, ActionConsultarVentas, "ventas del 1 al 30 de septiembre")
    assert said["custom"]["entidades"]["periodo"] == ["2026-09"]
    assert "7 boletas" in said["lineas"]


async def test_a_purchase_is_found_by_its_day(services: Services) -> None:
    """Also if it is registered in a later month."""
    late = replace(compra(1), periodo=OCT, fecha=date(2026, 9, 30))
    others = [replace(compra(number), periodo=OCT, fecha=date(2026, 10, 9)) for number in (2, 3)]
    await store(services, late, *others, libro=Libro.COMPRAS, periodo=OCT)
    await store(services, libro=Libro.COMPRAS)
    name, said, _ = await ask(services, ActionDetallarCompras, "compras del 30 de septiembre")
    assert (name, said["cuantos"]) == ("utter_compras_detalle", "1 documento")


async def test_amounts(services: Services) -> None:
    """Both ends, in words; what was typed is not said to be left out."""
    await _some(services)
    name, said, _ = await ask(services, ActionDetallarVentas, "facturas de septiembre sobre $1.000")
    assert (name, said["cuantos"]) == ("utter_ventas_detalle", "2 documentos")
    assert said["custom"]["entidades"]["monto"] == {"desde": 1000, "hasta": None}
    assert "No tomé" not in said["notas"]
    assert said["de"].endswith(", de $1.000 o más")
    _, said, _ = await ask(services, ActionConsultarVentas, "total de septiembre de menos de $2.000")
    assert said["total"] == "$1.309"


async def test_did_you_mean(services: Services) -> None:
    """A misspelt client is offered by name, and the button asks the same of them."""
    await store(services, documento(4, contraparte_rut=OTRO, contraparte="FERRETERÍA QUILLENTÚE LTDA"))
    name, said, _ = await ask(
        services, ActionConsultarVentas, "cuánto le vendí a kilientue en septiembre", parte="kilientue"
    )
    assert name == "utter_error_contraparte_parecida"
    assert (said["parecidos"], said["uno_titulo"]) == ("«FERRETERÍA QUILLENTÚE LTDA»", "Quillentúe")
    _, said, _ = await ask(services, ActionConsultarVentas, boton=said["uno_pedido"])
    assert said["total"] == "$119"
    name, _, _ = await ask(
        services, ActionConsultarVentas, "cuánto le vendí a sodimac en septiembre", parte="sodimac"
    )
    assert name == "utter_error_contraparte_desconocida"


async def test_debts_are_not_known(services: Services) -> None:
    """What was invoiced is shown, and that nobody knows here what was paid."""
    await _some(services)
    _, said, _ = await ask(services, ActionDetallarVentas, "cuánto me deben de septiembre")
    assert "no dice qué está pagado" in said["notas"]
