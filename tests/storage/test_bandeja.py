"""What trainers' inbox finds among everybody's messages."""

from datetime import timedelta

from bot.bootstrap import Services
from bot.core.mensajes import Incoming
from bot.core.rut import Rut
from bot.services.ports import Quien
from bot.services.ports_entrenamiento import Motivo
from bot.storage.bandeja import InboxForTrainers
from tests.conftest import HOY, A, B
from tests.fakes import FakeMotor

MONTH = HOY - timedelta(days=30)


async def say(services: Services, rut: Rut, number: int, texto: str, boton: str | None = None) -> int:
    """Somebody writes or presses; the number of the message."""
    incoming = Incoming(f"m{number}", texto, boton)
    turno = await services.conversacion.hablar(Quien(rut), "web", str(rut), incoming)
    return turno.recibido.id


async def test_only_what_was_doubtful_is_found(services: Services, motor: FakeMotor) -> None:
    """Of everybody, newest first, with the reason; not what is sure, nor buttons, nor what was dealt with."""
    await say(services, A, 1, "cuánto vendí")
    called_wrong = await say(services, A, 2, "cuánto vendí ayer")
    await services.conversacion.hablar(Quien(A), "web", str(A), Incoming("m3", "eso está mal"))
    motor.intent, motor.confianza = None, 0.3
    unheard = await say(services, B, 4, "abren hoy?")
    await say(services, B, 5, "Ver ventas", "ventas_resumen:2026-09")
    inbox = InboxForTrainers(services.database)
    found = await inbox.dudosos(MONTH, [], 10)
    assert (found[0].id, found[0].rut, found[0].motivo) == (unheard, str(B), Motivo.NO_ENTENDIDO)
    assert (called_wrong, Motivo.MALA) in {(one.id, one.motivo) for one in found}
    assert "cuánto vendí" not in {one.texto for one in found}
    assert "Ver ventas" not in {one.texto for one in found}
    assert unheard not in {one.id for one in await inbox.dudosos(MONTH, [unheard], 10)}
    assert await inbox.dudosos(HOY + timedelta(days=1), [], 10) == []


async def test_each_taxpayers_names_are_their_own(services: Services) -> None:
    """What is hidden in a message is what its writer knows, and one's own name."""
    names = await InboxForTrainers(services.database).nombres([str(A), str(B)])
    assert names == {str(A): ["Comercial Alerce SpA"], str(B): ["Bodega Boldo Ltda"]}
