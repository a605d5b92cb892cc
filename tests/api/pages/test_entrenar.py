"""The trainers' pages: from a message that was not understood to a model that answers, and back."""

import asyncio
from dataclasses import replace

import pytest

from bot.bootstrap import Services
from bot.bootstrap.entrenamiento import Escuela
from bot.core.entrenamiento import MINIMUM_EXAMPLES
from tests.api.pages.conftest import Leida, Navegador
from tests.api.pages.test_ajeno import ALL, TAG, check
from tests.entrenamiento.conftest import Clase, clase  # noqa: F401  (a fixture)

RARO = "me cuentas un chiste"


@pytest.fixture
async def services(services: Services, clase: Clase) -> Services:  # noqa: F811
    """With a small project to train, and nobody's engine."""
    return replace(services, escuela=Escuela(clase.borrador, clase.servicio, services.textos))


@pytest.fixture
async def ana(navegador: Navegador, services: Services) -> Navegador:
    """A trainer."""
    key = await services.llaves.crear("ana", "entrenador")
    page = await navegador.post("/admin/entrar", llave=str(key))
    assert (page.url, page.status) == ("/entrenar", 200)
    return navegador


async def trained(ana: Navegador) -> Leida:
    """What is shown once the draft is trained."""
    page = await ana.post("/entrenar/modelos")
    for _ in range(100):
        if "Entrenando" not in page.text:
            break
        await asyncio.sleep(0)
        page = await ana.get("/entrenar/modelos")
    return page


def first_model(page: Leida) -> str:
    """Where the newest model is."""
    return next(one["href"] for one in page.all("a") if one["href"].startswith("/entrenar/modelos/"))


async def test_from_a_message_to_an_answer_and_back(ana: Navegador, clase: Clase) -> None:  # noqa: F811
    """Assigned, trained, compared, published, taken back; each act noted with the trainer's name."""
    assert "La bandeja está vacía" in (await ana.get("/entrenar")).text
    clase.bandeja.llega(7, "hola Sodimac")
    page = await ana.get("/entrenar")
    assert "hola [nombre]" in page.text
    assert "Sodimac" not in page.raw
    noted = await ana.post("/entrenar/mensajes/7/asignar", intencion="saludo", ejemplo="holi", contraparte="")
    assert "Anotado en el borrador" in noted.text
    assert "La bandeja está vacía" in noted.text
    draft = await ana.get("/entrenar/borrador")
    assert "Más ejemplos de saludo «holi» · ana" in draft.text
    models = await trained(ana)
    assert "Listo" in models.text
    where = first_model(models)
    model = await ana.get(where)
    assert "Mensajes de prueba" in model.text
    assert "Reconoce 1 de sus 3 ejemplos" in model.text
    assert "holi" in model.text
    live = await ana.post(f"{where}/publicar")
    assert "Publicado" in live.text
    assert "- holi" in clase.archivos()["data/nlu/saludos.yml"]
    again = await ana.post(f"{where}/publicar")
    assert again.status == 409
    assert "no se puede publicar" in again.text
    back = await ana.post("/entrenar/modelos/volver")
    assert "Vuelve el modelo anterior" in back.text
    assert "- holi" not in clase.archivos()["data/nlu/saludos.yml"]
    assert "«holi»" in (await ana.get("/entrenar/borrador")).text
    refused = await ana.post("/entrenar/modelos/volver")
    assert refused.status == 409
    assert "No hay un modelo anterior" in refused.text
    acts = ("edicion", "encargo", "publicado", "vuelta")
    assert {(f"entrenar.{act}", "ana") for act in acts} <= set(clase.bitacora.eventos)


async def test_what_was_done_is_undone(ana: Navegador, clase: Clase) -> None:  # noqa: F811
    """A message that was discarded comes back, and so does that of an edit that is taken back."""
    clase.bandeja.llega(7, RARO)
    gone = await ana.post("/entrenar/mensajes/7/descartar", intencion="")
    assert "Descartado" in gone.text
    assert "La bandeja está vacía" in gone.text
    assert "De vuelta" in (await ana.post("/entrenar/mensajes/7/recuperar")).text
    await ana.post("/entrenar/mensajes/7/asignar", intencion="saludo", ejemplo="holi")
    await ana.post("/entrenar/borrador/quitar", intencion="saludo", ejemplo="hola")
    assert "Un ejemplo menos de saludo «hola»" in (await ana.get("/entrenar/borrador")).text
    for number in (2, 1):
        assert "Deshecho" in (await ana.post(f"/entrenar/borrador/{number}/deshacer")).text
    assert "Sin cambios" in (await ana.get("/entrenar/borrador")).text
    assert "chiste" not in (await ana.get("/entrenar/borrador")).text
    assert 'value="7"' not in (page := await ana.get("/entrenar")).raw
    assert "/entrenar/mensajes/7/asignar" in page.raw


async def test_what_is_wrong_is_told_where_it_was_typed(ana: Navegador, clase: Clase) -> None:  # noqa: F811
    """In Spanish, with what was typed still there, and the draft as it was."""
    clase.bandeja.llega(7, RARO)
    page = await ana.post("/entrenar/mensajes/7/asignar", intencion="saludar", ejemplo="holi")
    assert page.status == 422
    assert "No hay ninguna intención llamada «saludar»" in page.text
    assert (page.value("intencion"), page.value("ejemplo")) == ("saludar", "holi")
    few = await ana.post(
        "/entrenar/borrador/nueva", intencion="horario", ejemplos="a qué hora abren", respuesta="A las 9"
    )
    assert few.status == 422
    assert f"al menos {MINIMUM_EXAMPLES} ejemplos" in few.text
    assert few.opened == ["Crear una intención"]
    assert "A las 9" in few.text
    taken = await ana.post("/entrenar/borrador/ejemplos", intencion="saludo", ejemplos="muchas gracias")
    assert "ya es un ejemplo de gracias" in taken.text
    lost = await ana.post("/entrenar/mensajes/99/descartar")
    assert (lost.status, "el mensaje 99 en la bandeja" in lost.text) == (404, True)
    assert (await ana.post("/entrenar/borrador/9/deshacer")).status == 404
    assert (await ana.get("/entrenar/modelos/0123abcd")).status == 404
    empty = await ana.post("/entrenar/modelos")
    assert empty.status == 409
    assert "El borrador no tiene cambios" in empty.text
    assert not clase.borrador.estado().ediciones


async def test_how_a_training_goes(ana: Navegador, clase: Clase) -> None:  # noqa: F811
    """While it goes its steps are told, nobody else trains, and it can be cut; what failed is told."""
    await ana.post("/entrenar/borrador/ejemplos", intencion="saludo", ejemplos="holi\nwena\n")
    going, real = asyncio.Event(), clase.entrenador.entrenar

    async def slow(version: str, told: object) -> None:
        await going.wait()

    clase.entrenador.entrenar = slow  # type: ignore[method-assign, assignment]
    page = await ana.post("/entrenar/modelos")
    assert "Armando el borrador" in page.text
    busy = await ana.post("/entrenar/modelos")
    assert busy.status == 409
    assert "Ya se está entrenando" in busy.text
    cut = await ana.post("/entrenar/modelos/cortar")
    assert "Se cortó el entrenamiento" in cut.text
    assert "Falló" in cut.text
    clase.entrenador.entrenar, clase.entrenador.falla = real, f"sin memoria {TAG}"  # type: ignore[method-assign]
    failed = await trained(ana)
    assert "Falló" in failed.text
    check(await ana.get(first_model(failed)))
    assert "Más ejemplos de saludo «holi», «wena»" in (await ana.get("/entrenar/borrador")).text


async def test_what_others_wrote_is_text(ana: Navegador, clase: Clase) -> None:  # noqa: F811
    """Messages, examples, names of intents and answers."""
    clase.bandeja.llega(7, ALL)
    check(await ana.get("/entrenar"))
    check(await ana.post("/entrenar/mensajes/7/asignar", intencion=TAG, ejemplo=TAG), TAG)
    for where in ("ejemplos", "nueva"):
        answer = {"respuesta": ALL} if where == "nueva" else {}
        check(await ana.post(f"/entrenar/borrador/{where}", intencion=TAG, ejemplos=ALL, **answer), TAG)
    await ana.post("/entrenar/borrador/ejemplos", intencion="saludo", ejemplos=TAG)
    check(await ana.get("/entrenar/borrador"), TAG)
    models = await trained(ana)
    check(await ana.get(first_model(models)), TAG)
