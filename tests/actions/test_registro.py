"""What is said about sales and purchases, action by action, on the real database."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ACTIONS, make_executor
from actions.registro import (
    ActionConsultarCompras,
    ActionConsultarVentas,
    ActionDetallarCompras,
    ActionDetallarVentas,
)
from bot.bootstrap import Services
from bot.core.documentos import EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import FOREIGN
from bot.services.ports import Destino
from tests.conftest import HOY, A, B
from tests.storage.test_importacion import OTRO, SEPT, compra, documento, store

OCT = Periodo(2026, 10)


async def ask(
    services: Services,
    action: type,
    text: str = "",
    rut: Any = A,
    boton: str = "",
    parte: str = "",
    **slots: Any,
) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    """Run an action as the engine does: gives the response's name, its parameters, and the events.

    Args:
        parte: who the engine heard named in the text.
    """
    conversacion = await _open(services, rut)
    heard = {"boton": boton, "contraparte": parte}
    entities = [{"entity": name, "value": value} for name, value in heard.items() if value]
    latest = {"text": text, "entities": entities, "intent": {"name": "x"}}
    tracker = Tracker(conversacion, slots, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await action(services).run(dispatcher, tracker, {})
    [message] = dispatcher.messages
    return message["response"], message, events


async def _open(services: Services, rut: Any) -> str:
    mensajes = services.conversacion._mensajes
    return (await mensajes.conversacion("web", str(rut), rut)).id


async def test_totals_with_their_source(services: Services) -> None:
    """Period, amounts, count, source and age are in the answer; the facts go beside it."""
    await store(services, documento(1), documento(2, tipo=61))
    name, said, events = await ask(services, ActionConsultarVentas, "cuánto vendí en septiembre")
    assert name == "utter_ventas_resumen"
    assert said["de"] == " de septiembre de 2026"
    assert said["total"] == "$0"
    assert "• 1 factura electrónica: $119" in said["lineas"]
    assert "• 1 nota de crédito: -$119" in said["lineas"]
    assert said["fuente"] == "_Fuente: registro del SII, actualizado hoy a las 12:00._"
    assert said["pedido"] == ":2026-09"
    assert said["antes_titulo"] == "Ver agosto"
    assert said["custom"]["entidades"] == {"periodo": ["2026-09"], "tipo_documento": []}
    assert said["custom"]["fuentes"][0]["actualizado"] == HOY.isoformat()
    assert [(event["name"], event["value"]) for event in events] == [("asunto", {"periodos": "2026-09"})]


async def test_a_month_nobody_imported(services: Services) -> None:
    """It says so, what to do, and offers the newest month there is."""
    name, said, _ = await ask(services, ActionConsultarVentas, "ventas de julio")
    assert (name, said["ultimo"], said["boton_titulo"]) == ("utter_error_sin_datos", "", "")
    await store(services, documento(1))
    name, said, _ = await ask(services, ActionConsultarVentas, "ventas de julio")
    assert name == "utter_error_sin_datos"
    assert said["periodo"] == "julio de 2026"
    assert said["boton_titulo"] == "Ver septiembre 2026"
    assert said["boton_pedido"] == "ventas_resumen:2026-09"
    assert said["custom"]["entidades"]["periodo"] == ["2026-07"]


async def test_a_month_without_sales(services: Services) -> None:
    """A month that was imported and is empty is not the same as one that nobody imported."""
    await store(services)
    name, said, _ = await ask(services, ActionConsultarVentas, "ventas de septiembre")
    assert name == "utter_ventas_ninguna"
    assert said["lineas"] == ""


async def test_several_months_name_the_missing(services: Services) -> None:
    """The total is of the months that are known, and the others are named."""
    await store(services, documento(1))
    name, said, _ = await ask(services, ActionConsultarVentas, "ventas de agosto y septiembre")
    assert name == "utter_ventas_resumen"
    assert said["total"] == "$119"
    assert "Sin datos de agosto de 2026" in said["notas"]
    assert "• septiembre de 2026: $119" in said["lineas"]
    assert "• agosto" not in said["lineas"]


async def test_the_month_last_spoken_of(services: Services) -> None:
    """Without a month it is the last one spoken of; in a new conversation, the current one."""
    dos = {"periodos": "2026-08..2026-09"}
    _, said, _ = await ask(services, ActionConsultarVentas, "cuánto vendí", asunto=dos)
    assert said["periodo"] == "agosto a septiembre de 2026"
    _, said, _ = await ask(services, ActionConsultarVentas, "cuánto vendí")
    assert said["periodo"] == "noviembre de 2026"


async def test_unknown_types_stand_beside_the_total(services: Services) -> None:
    """A type that we do not know is shown, never added by guess."""
    await store(services, documento(1), documento(2, tipo=999))
    _, said, _ = await ask(services, ActionConsultarVentas, "ventas de septiembre")
    assert said["total"] == "$119"
    assert "Aparte, sin sumar: 1 documento tipo 999: $119" in said["lineas"]


async def test_other_taxes_are_shown(services: Services) -> None:
    """A total that holds further taxes says how much of it they are."""
    row = compra(1, monto_neto=887_224, monto_iva=168_571, monto_total=1_225_687)
    await store(services, row, libro=Libro.COMPRAS)
    _, said, _ = await ask(services, ActionConsultarCompras, "compras de septiembre")
    assert said["total"] == "$1.225.687"
    assert "IVA recuperable $168.571" in said["lineas"]
    assert "Otros impuestos o IVA no recuperable $169.892" in said["lineas"]


async def test_a_known_counterparty(services: Services) -> None:
    """A name, with typos and without its company form, narrows the question to it."""
    await store(
        services, documento(1), documento(2, contraparte_rut=OTRO, contraparte="FERRETERÍA ALERCE LTDA")
    )
    _, said, _ = await ask(
        services, ActionConsultarVentas, "cuánto le vendí a ferreteria alerce en septiembre"
    )
    assert said["total"] == "$119"
    assert said["de"] == " de septiembre de 2026, con FERRETERÍA ALERCE LTDA"
    assert said["pedido"] == ":2026-09:::76354771-K"
    _, said, _ = await ask(services, ActionDetallarVentas, boton=f"ventas_detalle{said['pedido']}")
    assert said["cuantos"] == "1 documento"
    _, said, _ = await ask(services, ActionConsultarVentas, "ventas de septiembre al rut 76.354.771-K")
    assert said["total"] == "$119"


async def test_an_unknown_counterparty_gets_no_figure(services: Services) -> None:
    """Better to say that it is not known than to give everybody's total."""
    await store(services, documento(1))
    name, said, _ = await ask(
        services,
        ActionConsultarVentas,
        "cuánto le vendí a Panadería Lucerito en septiembre",
        parte="Panadería Lucerito",
    )
    assert name == "utter_error_contraparte_desconocida"
    assert said["quienes"] == "clientes"
    assert "Lucerito" in said["contraparte"]


async def test_foreign_buyers_are_told_apart(services: Services) -> None:
    """They share one RUT, so they go by name."""
    await store(
        services,
        documento(1, tipo=110, contraparte_rut=FOREIGN, contraparte="NORDIC CRAFTS AB", monto_total=500),
        documento(2, tipo=110, contraparte_rut=FOREIGN, contraparte="LISBOA DECO LDA", monto_total=700),
    )
    _, said, _ = await ask(services, ActionConsultarVentas, "cuánto le vendí a Nordic Crafts en septiembre")
    assert said["total"] == "$500"
    _, said, _ = await ask(services, ActionDetallarVentas, boton=f"ventas_detalle{said['pedido']}")
    assert said["cuantos"] == "1 documento"
    assert "~" in said["antes"]


async def test_documents_page_by_page(services: Services) -> None:
    """Eight at a time, newest first, with a button for the rest."""
    await store(services, *(documento(folio, fecha=date(2026, 9, folio)) for folio in range(1, 11)))
    name, said, _ = await ask(services, ActionDetallarVentas, "muéstrame las facturas de septiembre")
    assert (name, said["cuantos"]) == ("utter_ventas_detalle_mas", "del 1 al 8 de 10 documentos")
    assert said["siguiente"] == ":2026-09:33,34:2"
    assert said["lineas"].startswith("• $119 · factura electrónica 10\n10-09 · Cliente SpA")
    name, said, _ = await ask(services, ActionDetallarVentas, boton="ventas_detalle:2026-09:33,34:2")
    assert (name, said["cuantos"]) == ("utter_ventas_detalle", "del 9 al 10 de 10 documentos")


async def test_one_document_by_folio(services: Services) -> None:
    """Its number finds it in whatever month it is."""
    await store(services, documento(77), documento(78))
    name, said, _ = await ask(services, ActionDetallarVentas, "muéstrame la factura 77")
    assert (name, said["cuantos"]) == ("utter_ventas_detalle", "1 documento")
    assert said["custom"]["entidades"]["folio"] == 77


async def test_boletas_have_no_documents(services: Services) -> None:
    """Asked for boletas alone it explains; asked for everything it adds their total."""
    boletas = FilaResumen(tipo_documento(39), Montos(50, 0, 1_000, 190, 1_190))
    await services.registro.guardar_resumen(A, Destino(Libro.VENTAS, SEPT, None, "sii", HOY), [boletas])
    await store(services, documento(1))
    name, _, _ = await ask(services, ActionDetallarVentas, "muéstrame las boletas de septiembre")
    assert name == "utter_error_solo_resumen"
    _, said, _ = await ask(services, ActionDetallarVentas, "detalle de ventas de septiembre")
    assert "sin detalle en el SII: 50 boletas electrónicas: $1.190" in said["lineas"]


async def test_pending_purchases(services: Services) -> None:
    """Without a month, those of this month and the last: they wait eight days at most."""
    row = compra(1, periodo=OCT, fecha=date(2026, 10, 30), estado=EstadoCompra.PENDIENTE)
    destino = Destino(Libro.COMPRAS, OCT, EstadoCompra.PENDIENTE, "csv", HOY)
    await services.registro.importar(A, destino, [row])
    name, said, _ = await ask(services, ActionDetallarCompras, "qué facturas tengo pendientes")
    assert name == "utter_compras_detalle"
    assert said["de"].startswith(" pendientes de octubre a noviembre de 2026")
    assert said["cuantos"] == "1 documento"
    assert said["pedido"].endswith(":PENDIENTE")
    _, said, _ = await ask(services, ActionConsultarCompras, boton=f"compras_resumen{said['pedido']}")
    assert said["total"] == "$119"


async def test_pending_purchases_are_mentioned(services: Services) -> None:
    """A total of purchases says what waits for acceptance beside it."""
    await store(services, compra(1), libro=Libro.COMPRAS)
    waiting = Destino(Libro.COMPRAS, SEPT, EstadoCompra.PENDIENTE, "csv", HOY)
    await services.registro.importar(A, waiting, [compra(2, estado=EstadoCompra.PENDIENTE)])
    _, said, _ = await ask(services, ActionConsultarCompras, "compras de septiembre")
    assert said["total"] == "$119"
    assert "Además hay 1 documento pendiente de aceptar por $119, sin sumar" in said["notas"]


async def test_a_client_asked_for_as_a_supplier(services: Services) -> None:
    """Somebody of the other book is offered there, instead of everybody's total here."""
    await store(services, documento(1, contraparte="CONSTRUCTORA QUILLENTUE SPA"))
    await store(services, compra(1), libro=Libro.COMPRAS)
    name, said, _ = await ask(services, ActionConsultarCompras, "cuánto me compró quillentue en septiembre")
    assert name == "utter_error_contraparte_desconocida"
    assert (said["boton_titulo"], said["pista"]) == ("Ver sus ventas", "Sí está entre tus clientes.")
    name, said, _ = await ask(services, ActionConsultarVentas, boton=said["boton_pedido"])
    assert said["total"] == "$119"


async def test_words_that_were_not_used_are_told(services: Services) -> None:
    """A total of everything does not pass for a total of cement."""
    await store(services, documento(1))
    _, said, _ = await ask(services, ActionConsultarVentas, "cuánto vendí en cemento en septiembre")
    assert "«cemento»" in said["notas"]
    _, said, _ = await ask(services, ActionConsultarVentas, "hola, cuánto vendí en septiembre porfa")
    assert said["notas"] == ""


async def test_one_document_is_not_everything(services: Services) -> None:
    """The total of a folio is that document's."""
    await store(services, documento(77), documento(78, monto_total=1_000))
    _, said, _ = await ask(services, ActionConsultarVentas, "cuánto fue la factura 77")
    assert said["total"] == "$119"


async def test_months_with_a_gap_stay_apart(services: Services) -> None:
    """March and June, in the answer, its buttons and what is remembered."""
    await store(services, documento(1))
    _, said, events = await ask(services, ActionConsultarVentas, "ventas de marzo y septiembre")
    assert said["periodos"] == ":2026-03,2026-09"
    assert events[0]["value"] == {"periodos": "2026-03,2026-09"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ventas de octubre sin boletas", "exclusion"),
        ("ventas y compras de septiembre", "una_a_la_vez"),
        ("ventas de diciembre de 2026", "periodo_futuro"),
        ("ventas de abril de 2017", "periodo_antiguo"),
        ("ventas diarias de septiembre", "periodo_por_dia"),
        ("ventas de 13/2025", "periodo_invalido"),
    ],
)
async def test_months_that_cannot_be(services: Services, text: str, key: str) -> None:
    """Each has its own words."""
    name, _, _ = await ask(services, ActionConsultarVentas, text)
    assert name == f"utter_error_{key}"


async def test_a_rut_in_a_message_is_a_counterparty(services: Services) -> None:
    """Naming another taxpayer's RUT never shows that taxpayer's figures."""
    await store(services, documento(1))
    name, said, _ = await ask(
        services, ActionConsultarVentas, f"dame las ventas del rut {A} de septiembre", rut=B
    )
    assert name == "utter_error_contraparte_desconocida"
    assert "119" not in str(said)
    name, _, _ = await ask(services, ActionConsultarVentas, "ventas de septiembre", rut=B, rut_slot=str(A))
    assert name == "utter_error_sin_datos"


async def test_a_conversation_of_nobody(services: Services) -> None:
    """An id that is linked to nobody gets no figures."""
    tracker = Tracker("x", {}, {"text": "ventas", "entities": []}, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await ActionConsultarVentas(services).run(dispatcher, tracker, {})
    assert dispatcher.messages[0]["response"] == "utter_error_contribuyente_desconocido"


def test_the_domain_and_the_code_agree(services: Services) -> None:
    """Every action of domain.yml exists, and every one of ours is in it."""
    written = [
        line.strip(" -\n")
        for line in Path("domain.yml").read_text().splitlines()
        if line.strip().startswith("- action_")
    ]
    assert sorted(written) == sorted(make_executor(services).actions)
    assert len(written) == len(ACTIONS)
