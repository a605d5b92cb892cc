"""A person puts a contract right in the chat: what was understood, its name, its file, its being there."""

from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Services
from bot.services.ports import Quien
from tests.actions.test_contexto import Charla
from tests.conftest import A, Work
from tests.fakes_contratos import FakeLectorPdf

QUIEN = Quien(A)
ASEO = (
    "CONTRATO DE PRESTACIÓN DE SERVICIOS DE ASEO\nEn Santiago, a 2 de enero de 2026, entre Brillo Sur SpA,"
    " RUT 76.543.210-3, en adelante el Prestador, y Bodega Boldo Ltda, RUT 77.697.060-3, en adelante el"
    " Cliente, se acuerda.\nPRIMERO: Plazo. El contrato dura desde el 2 de enero de 2026 hasta el 1 de enero"
    " de 2028.\n",
)


@pytest.fixture
async def charla(services: Services, work: Work, tmp_path: Path, lector_pdf: FakeLectorPdf) -> Charla:
    """A's conversation; they have a lease of a warehouse and a contract of cleaning."""
    for number, name, pages in ((1, "Arriendo bodega", lector_pdf.pages), (2, "Aseo", ASEO)):
        path, lector_pdf.pages = tmp_path / f"{number}.pdf", pages
        path.write_bytes(f"%PDF-1.7 {number}".encode())
        await services.contratos.subir(QUIEN, path, name)
        await work()
    mensajes = services.conversacion._mensajes
    return Charla(services, (await mensajes.conversacion("web", str(A), A)).id)


def pressed(said: dict[str, Any], number: int) -> str:
    """The payload of a button."""
    return str(said["buttons"][number]["payload"])


async def test_a_fact_put_right(services: Services, charla: Charla) -> None:
    """Whatever was heard: asked first, with what the PDF says; then it is known, and can be taken back."""
    words = "el arriendo de la bodega termina el 30 de junio de 2027, no en diciembre"
    said = await charla.says("action_contrato_vigencia", words, "contrato_vigencia")
    assert said["response"] == "utter_contrato_anotar" and said["nombre"] == "Arriendo bodega"
    assert said["dato"] == "termina el 30-06-2027"
    assert said["leido"] == "El PDF dice que termina el 31-12-2026 (página 2)."
    [bodega] = [one for one in await services.contratos.lista(QUIEN) if one.archivo == "Arriendo bodega"]
    assert bodega.leidos is None
    payload = said["pedido"]
    said = await charla.says("action_contrato_listar", "", "contrato_listar", boton=payload)
    assert said["response"] == "utter_contrato_anotado"
    answer = await services.respuestas.responder(QUIEN, "hasta cuándo dura el arriendo de la bodega")
    assert "30-06-2027" in answer.texto.split("\n")[0] and "me lo dijiste tú el 22-11-2026" in answer.texto
    assert "31 de diciembre de 2026" in answer.texto and answer.fuentes[0].pagina == 2
    await charla.says("action_contrato_listar", "", "contrato_listar", boton=said["pedido"])
    answer = await services.respuestas.responder(QUIEN, "hasta cuándo dura el arriendo de la bodega")
    assert "31-12-2026" in answer.texto and "dijiste" not in answer.texto


async def test_which_contract_is_asked(charla: Charla) -> None:
    """Where none is named: which; then the same is asked of that one, and of it only is gone on."""
    said = await charla.says("action_no_entendi", "el contrato vence el 5 de mayo de 2027", "nlu_fallback")
    assert [one["title"] for one in said["buttons"]] == ["Aseo", "Arriendo bodega"]
    said = await charla.says("action_contrato_listar", "", "contrato_listar", boton=pressed(said, 0))
    assert (said["response"], said["nombre"]) == ("utter_contrato_anotar", "Aseo")
    said = await charla.says("action_negar", "no, parte el 1 de febrero de 2026", "negar")
    assert (said["nombre"], said["dato"]) == ("Aseo", "empieza el 01-02-2026")


async def test_what_is_wrong_was_not_said(charla: Charla) -> None:
    """It tells how to say it, and then the contract need not be named again."""
    words = "Quiero corregir un dato del contrato Aseo"
    said = await charla.says("action_contrato_pregunta", words, "contrato_pregunta")
    assert (said["response"], said["nombre"]) == ("utter_contrato_corregir_como", "Aseo")
    said = await charla.says("action_no_entendi", "termina el 31 de enero de 2028", "nlu_fallback")
    assert (said["response"], said["nombre"]) == ("utter_contrato_anotar", "Aseo")


async def test_another_name(services: Services, charla: Charla) -> None:
    """It is done at once, and told with the name that it had."""
    words = "cámbiale el nombre al contrato de aseo a Aseo Ñuñoa 2026"
    said = await charla.says("action_decir", words, "fuera_de_alcance")
    assert (said["response"], said["antes"], said["nombre"]) == (
        "utter_contrato_renombrado",
        "Aseo",
        "Aseo Ñuñoa 2026",
    )
    assert {one.archivo for one in await services.contratos.lista(QUIEN)} == {
        "Arriendo bodega",
        "Aseo Ñuñoa 2026",
    }
    said = await charla.says("action_decir", "ponle Bodega al contrato", "fuera_de_alcance")
    assert said["nombre"] == "Bodega"


async def test_removed_and_had_back(services: Services, charla: Charla) -> None:
    """By the name that it is called by; a word brings it back, and so does the button."""
    said = await charla.says("action_contrato_eliminar", "borra el contrato de aseo", "contrato_eliminar")
    assert (said["response"], said["nombre"]) == ("utter_contrato_eliminar_confirmar", "Aseo")
    yes = said["pedido"]
    said = await charla.says("action_contrato_eliminar", "", "contrato_eliminar", boton=yes)
    assert (said["response"], said["minutos"]) == ("utter_contrato_eliminado", 10)
    assert len(await services.contratos.lista(QUIEN)) == 1
    said = await charla.says("action_no_entendi", "me equivoqué, recupéralo", "nlu_fallback")
    assert (said["response"], said["nombre"]) == ("utter_contrato_recuperado", "Aseo")
    said = await charla.says("action_contrato_eliminar", "", "contrato_eliminar", boton=yes)
    said = await charla.says("action_contrato_eliminar", "", "contrato_eliminar", boton=said["ya"])
    assert said["response"] == "utter_contrato_destruido"
    said = await charla.says("action_decir", "recupera el contrato que borré", "fuera_de_alcance")
    assert said["response"] == "utter_contrato_nada_que_recuperar"


async def test_how_to_send_a_newer_version(charla: Charla) -> None:
    """It says what to write beside the file, with the name that it has."""
    words = "quiero reemplazar el arriendo de la bodega"
    said = await charla.says("action_decir", words, "fuera_de_alcance")
    assert (said["response"], said["nombre"]) == ("utter_contrato_reemplazar_como", "Arriendo bodega")
