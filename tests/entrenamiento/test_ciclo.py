"""From the inbox to the live model and back, on files, with an engine that learns by heart."""

import pytest

from bot.core.errors_entrenamiento import (
    EditFaultyError,
    ModelNotReadyError,
    ModelStaleError,
    NothingBeforeError,
    NothingToTrainError,
    NotThereError,
    TrainingBusyError,
    TrainingFailedError,
)
from bot.entrenamiento import taller as taller_module
from bot.entrenamiento.taller import MODEL, FileTaller
from bot.services.ports_entrenamiento import Cambio, EstadoVersion, Ficha
from tests.entrenamiento.conftest import DOMAIN, NLU, Clase

NUEVA = ["a qué hora abren", "atienden hoy", "qué horario tienen", "abren mañana", "hasta qué hora están"]


async def test_a_message_becomes_an_example_of_the_live_model(clase: Clase) -> None:
    """It leaves inbox and draft; files change by a line, comments stay; who did it is noted."""
    clase.bandeja.llega(7, "se agradece")
    await clase.borrador.asignar("ana", "gracias", ["se agradece"], 7)
    assert await clase.borrador.bandeja("ana") == []
    ficha = await clase.servicio.entrenar("ana")
    assert clase.archivos()["data/nlu/saludos.yml"] == NLU
    await clase.servicio.publicar("ana", ficha.version)
    assert clase.archivos()["data/nlu/saludos.yml"] == NLU + "      - se agradece\n"
    assert clase.archivos()[str(MODEL)] == ficha.version
    assert clase.borrador.estado().ediciones == ()
    assert ("entrenar.publicado", "ana") in clase.bitacora.eventos


async def test_who_an_example_names_is_marked(clase: Clase) -> None:
    """The name is told apart from the example, which is refused if it does not have it."""
    clase.bandeja.llega(7, "gracias don quillay")
    [example] = await clase.borrador.asignar("ana", "gracias", ["gracias don quillay"], 7, "Don Quillay")
    assert example == "gracias [don quillay](contraparte)"
    with pytest.raises(EditFaultyError, match="no está escrito así"):
        await clase.borrador.asignar("ana", "gracias", ["se agradece"], contraparte="quillay")


async def test_the_new_model_is_compared_with_the_live_one(clase: Clase) -> None:
    """On the test split, on last week's messages, which are masked first, and in cross-validation."""
    clase.bandeja.llega(7, "soy Comercial Alerce SpA, 76.192.083-9")
    ficha = clase.servicio.modelo(await clase.modelo("se agradece", "gracias"))
    shares = {"particion_vivo": 2 / 3, "particion_nuevo": 1, "cruzada_vivo": 1 / 3, "cruzada_nuevo": 2 / 4}
    assert ficha.cifras == {"mensajes": 1, **shares}
    assert ficha.cruzada == {"gracias": (1, 2)}
    assert ficha.cambios == (Cambio("se agradece", "nlu_fallback", "gracias", "gracias"),)
    assert not any("192.083" in one or "Alerce" in one for one in clase.entrenador.visto)


async def test_what_became_worse_is_told_first(clase: Clase) -> None:
    """Among hundreds of messages a trainer reads the first lines."""
    await clase.borrador.quitar("ana", "saludo", "hola")
    await clase.borrador.asignar("ana", "saludo", ["zapato"])
    ficha = clase.servicio.modelo(await clase.modelo("se agradece", "gracias"))
    assert [(one.texto, one.ahora) for one in ficha.cambios] == [
        ("hola", "nlu_fallback"),
        ("zapato", "saludo"),
        ("se agradece", "gracias"),
    ]


async def test_a_new_intent_brings_its_rule_and_its_answer(clase: Clase) -> None:
    """All that the engine needs to answer it, beside what there was."""
    await clase.borrador.nueva("ana", "horario", NUEVA, "Todo el día.")
    await clase.servicio.publicar("ana", (await clase.servicio.entrenar("ana")).version)
    files = clase.archivos()
    assert files["domain.yml"] == DOMAIN.replace("  - gracias\n", "  - gracias\n  - horario\n") + (
        '  utter_horario:\n    - text: "Todo el día."\n'
    )
    assert "action: utter_horario" in files["data/rules/entrenadores.yml"]
    assert clase.taller.intents()["horario"] == NUEVA


async def test_rollback_brings_back_every_byte(clase: Clase) -> None:
    """The model and files from before, and the edits as a draft again; before the first there is nothing."""
    before = clase.archivos()
    first = await clase.modelo()
    await clase.servicio.publicar("ana", first)
    between = clase.archivos()
    await clase.servicio.publicar("ana", await clase.modelo("wena"))
    assert await clase.servicio.volver("ana") == first
    assert clase.archivos() == between
    await clase.servicio.volver("ana")
    assert clase.archivos() == before
    assert [one.ejemplos for one in clase.borrador.estado().ediciones] == [("holi",), ("wena",)]
    with pytest.raises(NothingBeforeError):
        await clase.servicio.volver("ana")
    await clase.servicio.publicar("ana", first)
    assert clase.archivos() == between


async def test_what_was_written_by_hand_is_a_state_to_come_back_to(clase: Clase) -> None:
    """Before and after a publication: no file that somebody wrote is lost, nor comes with other figures."""
    written = clase.proyecto / "data" / "nlu" / "saludos.yml"
    written.write_text(NLU + "      - se agradece\n")
    await clase.servicio.publicar("ana", await clase.modelo())
    published = written.read_text()
    written.write_text(published + "      - muchas muchas gracias\n")
    await clase.servicio.volver("ana")
    assert written.read_text() == published
    written.write_text(published + "      - mil gracias\n")
    ficha = clase.servicio.modelo(await clase.modelo("wena"))
    assert ficha.cifras["cruzada_vivo"] == 2 / 6
    await clase.servicio.publicar("ana", ficha.version)
    await clase.servicio.volver("ana")
    assert written.read_text() == published + "      - mil gracias\n"
    await clase.servicio.volver("ana")
    assert written.read_text() == published
    await clase.servicio.volver("ana")
    assert written.read_text() == NLU + "      - se agradece\n"


async def test_publishing_keeps_what_one_can_come_back_to(clase: Clase) -> None:
    """The live model and three before it, and what is being trained; the rest is removed from the disk."""
    versions = []
    for number in range(5):
        unused = await clase.modelo(f"sin uso {number}")
        await clase.borrador.deshacer("ana", clase.borrador.estado().ultimo)
        versions.append(await clase.modelo(f"holi {number}"))
        clase.taller.guardar(Ficha("training", "eva", "2026-11-22T11:00:00", EstadoVersion.ENTRENANDO))
        await clase.servicio.publicar("ana", versions[-1])
        assert unused not in {one.version for one in clase.servicio.modelos()}
    assert {one.version for one in clase.servicio.modelos()} == {*versions[-4:], "training"}
    for before in reversed(versions[-4:-1]):
        assert await clase.servicio.volver("ana") == before
        assert clase.archivos()[str(MODEL)] == before
    with pytest.raises(NothingBeforeError):
        await clase.servicio.volver("ana")


async def test_coming_back_from_what_followed_a_rollback_leads_to_what_was_live(clase: Clase) -> None:
    """Not to the model that had been given up."""
    good = await clase.modelo()
    await clase.servicio.publicar("ana", good)
    await clase.servicio.publicar("ana", await clase.modelo("mala idea"))
    assert await clase.servicio.volver("ana") == good
    await clase.servicio.publicar("ana", await clase.modelo("wena"))
    assert await clase.servicio.volver("ana") == good


async def test_a_failed_training_says_why_and_changes_nothing(clase: Clase) -> None:
    """Its model cannot be published, and the next training begins anew."""
    before = clase.archivos()
    clase.entrenador.falla = "con fallas en reglas"
    with pytest.raises(TrainingFailedError):
        await clase.modelo()
    failed = clase.servicio.modelos()[0]
    assert (failed.estado, failed.pasos[-1]) == (EstadoVersion.FALLO, "con fallas en reglas")
    with pytest.raises(ModelNotReadyError):
        await clase.servicio.publicar("ana", failed.version)
    assert clase.archivos() == before
    clase.entrenador.falla = ""
    assert (await clase.servicio.entrenar("ana")).estado is EstadoVersion.LISTA


async def test_what_was_trained_by_somebody_who_died_is_called_interrupted(clase: Clase) -> None:
    """The next training says so, and is not held up."""
    clase.taller.guardar(Ficha("dead", "ana", "2026-11-22T11:00:00", EstadoVersion.ENTRENANDO))
    await clase.modelo()
    assert clase.servicio.modelo("dead").estado is EstadoVersion.FALLO


async def test_one_training_at_a_time(clase: Clase) -> None:
    """Whoever comes second, from whichever program, is told."""
    await clase.borrador.asignar("ana", "saludo", ["holi"])
    other = FileTaller(clase.taller.proyecto("").parent / "data", clase.proyecto)
    with other.solo(), pytest.raises(TrainingBusyError):
        await clase.servicio.entrenar("ana")
    assert (await clase.servicio.entrenar("ana")).estado is EstadoVersion.LISTA


async def test_a_model_of_another_state_of_the_project_is_not_published(clase: Clase) -> None:
    """It would undo what was written or published meanwhile; the live one is live already."""
    one, other = await clase.modelo(), await clase.modelo("wena")
    written = clase.proyecto / "data" / "nlu" / "saludos.yml"
    written.write_text(NLU + "      - se agradece\n")
    with pytest.raises(ModelStaleError):
        await clase.servicio.publicar("ana", one)
    written.write_text(NLU)
    await clase.servicio.publicar("ana", one)
    with pytest.raises(ModelNotReadyError):
        await clase.servicio.publicar("ana", one)
    with pytest.raises(NotThereError):
        await clase.servicio.publicar("ana", other)
    assert clase.archivos()[str(MODEL)] == one


async def test_an_empty_draft_is_not_trained(clase: Clase) -> None:
    """There would be nothing to compare."""
    with pytest.raises(NothingToTrainError):
        await clase.servicio.entrenar("ana")


async def test_a_publication_cut_halfway_is_finished_by_whoever_comes_next(
    clase: Clase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never half a project with another's model."""
    version, copy, copied = await clase.modelo(), taller_module._replace, []

    def cut(source, target):  # type: ignore[no-untyped-def]
        if len(copied) == 1:
            raise KeyboardInterrupt
        copied.append(target)
        copy(source, target)

    monkeypatch.setattr(taller_module, "_replace", cut)
    with pytest.raises(KeyboardInterrupt):
        await clase.servicio.publicar("ana", version)
    assert clase.archivos()[str(MODEL)] == "primero"
    monkeypatch.undo()
    assert clase.borrador.estado().vivo == version
    assert clase.archivos()[str(MODEL)] == version
    assert "- holi" in clase.archivos()["data/nlu/saludos.yml"]


async def test_undo_brings_the_message_back_unless_later_edits_need_it(clase: Clase) -> None:
    """A new intent stays while an example of it is in the draft."""
    clase.bandeja.llega(7, "abren hoy")
    await clase.borrador.nueva("ana", "horario", NUEVA, "Todo el día.", 7)
    await clase.borrador.asignar("ana", "horario", ["abren los lunes"])
    with pytest.raises(EditFaultyError):
        await clase.borrador.deshacer("ana", 1)
    await clase.borrador.deshacer("ana", 2)
    await clase.borrador.deshacer("ana", 1)
    assert [one.id for one in await clase.borrador.bandeja("ana")] == [7]
    with pytest.raises(NotThereError):
        await clase.borrador.deshacer("ana", 1)


async def test_a_message_is_assigned_as_the_inbox_shows_it(clase: Clase) -> None:
    """With a stand-in for whoever it names; one that is not there is told."""
    clase.bandeja.llega(7, "hola 76.192.083-9")
    [noted] = await clase.borrador.asignar("ana", "saludo", [], 7)
    assert noted.startswith("hola ")
    assert "76.192.083-9" not in noted
    with pytest.raises(NotThereError):
        await clase.borrador.asignar("ana", "saludo", [], 7)


async def test_a_discarded_message_can_come_back(clase: Clase) -> None:
    """What is not in the inbox, such as a mistyped number, is told; what the draft has is undone there."""
    clase.bandeja.llega(7, "abren hoy")
    await clase.borrador.descartar("ana", 7)
    assert await clase.borrador.bandeja("ana") == []
    with pytest.raises(NotThereError):
        await clase.borrador.descartar("ana", 8)
    await clase.borrador.recuperar("ana", 7)
    await clase.borrador.asignar("ana", "saludo", [], 7)
    with pytest.raises(NotThereError):
        await clase.borrador.recuperar("ana", 7)


async def test_a_removed_example_is_gone(clase: Clase) -> None:
    """Also from the file, once it is published."""
    await clase.borrador.quitar("ana", "saludo", "hola")
    version = (await clase.servicio.entrenar("ana")).version
    await clase.servicio.publicar("ana", version)
    assert clase.archivos()["data/nlu/saludos.yml"] == NLU.replace("      - hola\n", "")
    assert clase.servicio.modelo(version).ediciones[0].quien == "ana"
