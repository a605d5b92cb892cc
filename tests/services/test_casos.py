"""Cases: the person waits, agents answer, the assistant is quiet meanwhile, and nothing is lost."""

import asyncio
from datetime import datetime, timedelta
from itertools import count

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import NotFoundError
from bot.core.errors_casos import CaseClosedError, CaseMovedError, CaseTakenError, ChatGoneError
from bot.core.horario import Horario
from bot.core.mensajes import Incoming, Paso, Plantilla
from bot.core.rut import Rut
from bot.services.casos import BACK
from bot.services.conversacion import Turno
from bot.services.ports import Quien
from bot.services.ports_admin import FiltroRegistros, Pagina
from bot.services.ports_canales import Adjunto, TipoAdjunto
from bot.services.ports_casos import Caso, EstadoCaso
from bot.services.reloj import SANTIAGO
from bot.storage.embedded import Urls
from tests.conftest import A, B, Work
from tests.fakes import FakeCanal, FakeMotor, FixedReloj
from tests.services.test_canales import TELEGRAM, WHATSAPP, Chat, hurry

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SANTIAGO)
OPEN = (EstadoCaso.ABIERTO, EstadoCaso.TOMADO)
MARTA, PEDRO = "agente marta", "agente pedro"


class Web:
    """A taxpayer at the web chat, and the agents' side of it."""

    def __init__(self, services: Services, motor: FakeMotor, rut: Rut = A) -> None:
        self.services, self.motor, self.rut = services, motor, rut
        self._numbers = count(1)

    async def say(self, texto: str = "", boton: str | None = None) -> Turno:
        """Write, or press."""
        incoming = Incoming(f"{self.rut}.{next(self._numbers)}", texto or boton or "", boton)
        return await self.services.conversacion.hablar(Quien(self.rut), "web", str(self.rut), incoming)

    async def ask_for_person(self, paso: Paso = Paso.ESPERA) -> Caso:
        """What the engine understands as that."""
        self.motor.paso = paso
        await self.say("quiero hablar con una persona")
        self.motor.paso = None
        return await self.case()

    async def case(self) -> Caso:
        """Their newest case, as agents see it."""
        found, _ = await self.services.agentes.fila("x", tuple(EstadoCaso), self.rut, Pagina())
        return max((one.caso for one in found), key=lambda one: one.id)

    async def read(self) -> list[tuple[bool, str]]:
        """What was said, as (by the person, text)."""
        said = await self.services.conversacion.historial(Quien(self.rut), "web", str(self.rut), 200)
        return [(one.de_persona, one.texto) for one in said]

    async def last(self) -> int:
        """The person's last message, as an agent who has just looked knows it."""
        _, said = await self.services.agentes.ver("x", (await self.case()).id, 200, desenmascarar=True)
        return max(one.id for one in said if one.de_persona)


@pytest.fixture
def reloj(services: Services) -> FixedReloj:
    """Monday morning, while people attend."""
    clock = services.reloj
    assert isinstance(clock, FixedReloj)
    clock.now = MONDAY
    return clock


@pytest.fixture
def web(services: Services, motor: FakeMotor, reloj: FixedReloj) -> Web:
    """A at the web chat."""
    return Web(services, motor)


async def test_quiet_until_it_is_closed(web: Web, services: Services) -> None:
    """From asking to closing the engine hears nothing and the agent sees all of it; then it answers again."""
    caso = await web.ask_for_person()
    assert (caso.estado, caso.callado, caso.responde) == (EstadoCaso.ABIERTO, True, "agente")
    heard = len(web.motor.turns)
    turno = await web.say("mi factura 123 no aparece")
    assert (turno.respuesta.con_persona, turno.respuesta.salidas, turno.mensajes) == (True, (), ())
    said = await services.agentes.responder(MARTA, caso.id, "La veo, {un} momento", "k1")
    assert said.texto == "👤 La veo, {un} momento"
    assert (await web.say("gracias")).respuesta.con_persona
    assert len(web.motor.turns) == heard
    _, shown = await services.agentes.ver(MARTA, caso.id, 50, desenmascarar=True)
    assert [one.texto for one in shown][-3:] == ["mi factura 123 no aparece", said.texto, "gracias"]
    closed = await services.agentes.cerrar(MARTA, caso.id, await web.last())
    assert (closed.caso.estado, closed.caso.cierre) == (EstadoCaso.CERRADO, "agente")
    assert "Sigo yo" in (await web.read())[-1][1]
    assert (await web.say("cuánto vendí")).respuesta.texto == "eco: cuánto vendí"


async def test_the_same_act_twice(web: Web, services: Services) -> None:
    """Messages and answers that come again, taking and closing again: one effect each."""
    caso = await web.ask_for_person()
    incoming = Incoming("una vez", "hola?")
    for _ in range(2):
        turno = await services.conversacion.hablar(Quien(A), "web", str(A), incoming)
        assert turno.respuesta.con_persona
        await services.agentes.tomar(MARTA, caso.id)
        await services.agentes.responder(MARTA, caso.id, "hola", "k1")
    for _ in range(2):
        await services.agentes.cerrar(MARTA, caso.id, await web.last())
    await services.agentes.responder(MARTA, caso.id, "hola", "k1")  # its answer was lost on the way
    texts = [texto for _, texto in await web.read()]
    assert len(texts) == len(set(texts)) == 6  # asked, announced, hola?, taken, hola, closed
    with pytest.raises(CaseClosedError):
        await services.agentes.responder(MARTA, caso.id, "otra cosa", "k2")


async def test_nothing_is_closed_over_somebodys_head(web: Web, services: Services) -> None:
    """A message that the agent has not seen keeps the case open."""
    caso = await web.ask_for_person()
    seen = await web.last()
    await web.say("ah, y otra cosa")
    with pytest.raises(CaseMovedError):
        await services.agentes.cerrar(MARTA, caso.id, seen)
    assert (await web.case()).callado


async def test_a_message_while_the_agent_closes(web: Web, services: Services) -> None:
    """Whatever comes first: the agent has it in an open case, or the assistant answers it."""
    for _ in range(8):
        caso = await web.ask_for_person()
        seen = await web.last()
        turno, closed = await asyncio.gather(
            web.say("¿sigue ahí?"), services.agentes.cerrar(MARTA, caso.id, seen), return_exceptions=True
        )
        assert isinstance(turno, Turno)
        assert turno.respuesta.con_persona is isinstance(closed, CaseMovedError)
        if turno.respuesta.con_persona:
            assert (await web.case()).callado
            await services.agentes.cerrar(MARTA, caso.id, await web.last())
        else:
            assert turno.respuesta.texto == "eco: ¿sigue ahí?"


async def test_two_agents(web: Web, services: Services) -> None:
    """Who has taken it answers; another only after taking it from them. All of it is noted, nothing said."""
    caso = await web.ask_for_person()
    await services.agentes.tomar(MARTA, caso.id)
    for act in (
        services.agentes.tomar(PEDRO, caso.id),
        services.agentes.responder(PEDRO, caso.id, "secreto", "k"),
        services.agentes.cerrar(PEDRO, caso.id, 2**62),
    ):
        with pytest.raises(CaseTakenError):
            await act
    assert (await services.agentes.tomar(PEDRO, caso.id, relevar=True)).caso.agente == PEDRO
    await services.agentes.responder(PEDRO, caso.id, "secreto", "k")
    acts, _ = await services.administracion.registros("x", FiltroRegistros(rut=A), Pagina())
    mine = [(one.evento, one.actor) for one in acts if one.evento.startswith("admin.caso_")]
    assert mine == [
        ("admin.caso_respondido", PEDRO),
        ("admin.caso_tomado", PEDRO),
        ("admin.caso_tomado", MARTA),
    ]
    assert all("secreto" not in str(one.datos) for one in acts)
    with pytest.raises(NotFoundError):
        await services.agentes.tomar(MARTA, caso.id + 1000)


async def test_what_is_the_assistants(web: Web, services: Services) -> None:
    """Old buttons are not lost in silence, a password is told of, and going back closes the case."""
    caso = await web.ask_for_person()
    pressed = await web.say(boton="ventas_resumen:2026-09")
    assert [one.id for one in pressed.respuesta.salidas[0].botones] == [BACK]
    assert web.motor.turns[-1][1] == "quiero hablar con una persona"
    assert "clave" in (await web.say("mi clave del sii es Aromo.2026x")).respuesta.texto
    assert "sigo yo" in (await web.say("Volver al asistente")).respuesta.texto
    assert (await web.case()).cierre == "persona"
    assert (await web.say(boton="ventas_resumen:2026-09")).respuesta.texto == "eco: ventas_resumen:2026-09"
    assert (await web.say(boton=BACK)).respuesta.texto  # from an old message
    with pytest.raises(CaseClosedError):
        await services.agentes.tomar(MARTA, caso.id)


async def test_out_of_hours(web: Web, services: Services, reloj: FixedReloj) -> None:
    """It is said when people attend; the case is kept, the assistant goes on until somebody takes it."""
    reloj.now = MONDAY.replace(hour=20)
    anuncio = await _announced(services)
    assert (anuncio.texto, anuncio.paso) == ("humano_fuera", Paso.GUARDA)
    assert anuncio.params == {"horario": "lunes a viernes de 09:00 a 18:00", "cuando": "mañana a las 09:00"}
    caso = await web.ask_for_person(Paso.GUARDA)
    assert (await web.say("cuánto vendí")).respuesta.texto == "eco: cuánto vendí"
    assert (await _announced(services)).texto == "humano_fuera_otra_vez"
    reloj.now = MONDAY + timedelta(days=1)
    assert (await _announced(services)).paso is Paso.ESPERA
    await services.agentes.responder(MARTA, caso.id, "buenos días", "k")
    assert (await web.say("hola")).respuesta.con_persona
    assert (await _announced(services)).texto == "humano_atendido"


async def test_nobody_attends(web: Web, services: Services) -> None:
    """Without hours no time is promised, and the case is kept."""
    services.casos._horario = Horario()
    anuncio = await _announced(services)
    assert (anuncio.texto, anuncio.paso, anuncio.params) == ("humano_nadie", Paso.GUARDA, {})


@pytest.mark.parametrize("answered", [False, True])
async def test_nobody_writes(
    web: Web, services: Services, reloj: FixedReloj, work: Work, clean: Urls, answered: bool
) -> None:
    """After some hours the assistant goes on and says so: unanswered the case waits, else it is closed."""
    caso = await web.ask_for_person()
    reloj.now += timedelta(hours=3)
    await web.say("¿hola?")  # who waits does not make the wait longer
    if answered:
        await services.agentes.responder(MARTA, caso.id, "listo", "k")
    reloj.now += timedelta(hours=2)
    for _ in range(2):
        hurry(clean)
        await work()
    after = await web.case()
    assert (after.estado, after.callado) == (OPEN[answered], answered)
    if answered:
        reloj.now += timedelta(hours=3)
        hurry(clean)
        await work()
        after = await web.case()
        assert (after.estado, after.cierre) == (EstadoCaso.CERRADO, "plazo")
    assert "sigo yo" in (await web.read())[-1][1].lower()
    assert (await web.say("hola")).respuesta.texto == "eco: hola"


async def test_a_hundred_messages(
    rosa: Chat, services: Services, motor: FakeMotor, reloj: FixedReloj
) -> None:
    """Somebody impatient: the agent sees all of them in order, and nobody is told off."""
    caso = await _from_phone(rosa, motor, services)
    lines = [f"¿hola? {number}" for number in range(100)]
    await services.canales.recibir("whatsapp", [rosa.write(line) for line in lines])
    await rosa.work()
    assert len(rosa.canal.sent) == 1  # what was said when they asked
    _, shown = await services.agentes.ver(MARTA, caso.id, 200, desenmascarar=True)
    assert [one.texto for one in shown if one.de_persona][1:] == lines


async def test_files_while_a_person_attends(
    rosa: Chat, services: Services, motor: FakeMotor, reloj: FixedReloj
) -> None:
    """A picture that nobody can see is told of, and noted in the case."""
    await _from_phone(rosa, motor, services)
    said = await rosa.say("mire", adjunto=Adjunto(TipoAdjunto.IMAGEN, "1", mime="image/png"))
    assert "no puede ver imágenes" in said.texto


async def test_outside_the_window(
    rosa: Chat, services: Services, motor: FakeMotor, canal: FakeCanal, reloj: FixedReloj, work: Work
) -> None:
    """Answers wait until the person writes; one template says so, however many they are."""
    canal.ventana = timedelta(hours=24)
    caso = await _from_phone(rosa, motor, services)
    reloj.now += timedelta(hours=30)
    for number in (1, 2):
        await services.agentes.responder(MARTA, caso.id, f"respuesta {number}", f"k{number}")
    await work()
    assert canal.templates == [("CL.100", Plantilla("tributa_respuesta", ("Comercial Alerce SpA",)))]
    before = len(canal.sent)
    entrante = rosa.write("¿qué me respondieron?")
    entrante = type(entrante)(entrante.id, entrante.remitente, reloj.now, entrante.texto)
    await services.canales.recibir("whatsapp", [entrante])
    await work()
    assert canal.texts("CL.100")[before:] == ["👤 respuesta 1", "👤 respuesta 2"]


async def test_several_companies_in_one_chat(
    services: Services, canal: FakeCanal, motor: FakeMotor, work: Work, reloj: FixedReloj
) -> None:
    """A case of one company quiets its conversation alone, and what is answered says of which it is."""
    ana = Chat(services, canal, work, TELEGRAM)
    for rut in (A, B):
        await services.vinculacion._link(TELEGRAM, rut)
        reloj.now += timedelta(minutes=1)
    motor.paso = Paso.ESPERA
    await ana.say("humano")
    motor.paso = None
    caso = await Web(services, motor, B).case()
    await ana.say(boton=f"vincular.activar.{A}")
    assert (await ana.say("cuánto vendí")).texto.startswith("*Comercial Alerce SpA*\neco")
    await services.agentes.responder(MARTA, caso.id, "ya lo vi", "k")
    await work()
    assert canal.texts("300")[-1] == "*Bodega Boldo Ltda*\n👤 ya lo vi"
    assert await _open(services, A) == []
    await services.vinculacion.desvincular(TELEGRAM, [B])
    with pytest.raises(ChatGoneError):
        await services.agentes.responder(MARTA, caso.id, "y otra", "k2")
    assert (await services.agentes.cerrar(MARTA, caso.id, 2**62)).caso.estado is EstadoCaso.CERRADO


async def test_a_worker_that_dies(
    services: Services, canal: FakeCanal, motor: FakeMotor, work: Work, rosa: Chat,
    monkeypatch: pytest.MonkeyPatch, clean: Urls, reloj: FixedReloj,
) -> None:  # fmt: skip
    """Between storing the answer and forgetting the delivery: the case is opened once, told once."""
    close = services.canales._buzon.cerrar

    async def die(*args: object) -> None:
        monkeypatch.setattr(services.canales._buzon, "cerrar", close)
        raise ConnectionError

    monkeypatch.setattr(services.canales._buzon, "cerrar", die)
    motor.paso = Paso.ESPERA
    await services.canales.recibir("whatsapp", [rosa.write("humano"), rosa.write("¿están?")])
    await work()
    hurry(clean)
    await work()
    assert canal.texts("CL.100") == ["eco: humano"]
    assert len(await _open(services, A)) == 1
    with psycopg.connect(clean.owner) as owner:
        states = owner.execute(
            "SELECT estado FROM messages WHERE direccion = 'entrada' ORDER BY id"
        ).fetchall()
    assert states == [("respondido",), ("atendido",)]


async def test_a_complaint_is_kept_for_the_trainers(web: Web, clean: Urls, rosa: Chat) -> None:
    """In words or by pressing, of the answer before it; however often, it is one."""
    answer = (await web.say("cuánto vendí")).mensajes[0]
    told = await web.say("👎")
    assert "anoté" in told.respuesta.texto
    await web.say("eso está mal")
    await web.services.conversacion.mala(Quien(A), "web", str(A), answer.id)
    with psycopg.connect(clean.owner) as owner:
        kept = owner.execute(
            "SELECT texto FROM opiniones JOIN messages ON messages.id = opiniones.mensaje"
        ).fetchall()
    assert kept == [("cuánto vendí",)]
    with pytest.raises(NotFoundError):
        await web.services.conversacion.mala(Quien(B), "web", str(B), answer.id)


async def test_a_thumb_below_an_answer(rosa: Chat, clean: Urls, canal: FakeCanal) -> None:
    """WhatsApp tells which answer it is; one that is nobody's, or that answered nothing, is passed over."""
    await rosa.say("cuánto vendí")
    with psycopg.connect(clean.owner) as owner:
        [(wamid,)] = owner.execute("SELECT canal_mensaje_id FROM outbox").fetchall()
    said = await rosa.say("👎", adjunto=Adjunto(TipoAdjunto.REACCION, wamid))
    assert "anoté" in said.texto
    other = rosa.write("👎", adjunto=Adjunto(TipoAdjunto.REACCION, "wamid.x"))
    await rosa.services.canales.recibir("whatsapp", [other])
    await rosa.work()
    assert canal.sent[-1][1] is said
    with psycopg.connect(clean.owner) as owner:
        kept = owner.execute("SELECT count(*) FROM opiniones").fetchall()
    assert kept == [(1,)]


async def test_a_stranger_who_wants_a_person(services: Services, canal: FakeCanal, work: Work) -> None:
    """Is told why an account is needed, and how to come in."""
    ana = Chat(services, canal, work, TELEGRAM)
    assert "pasar con una persona" in (await ana.say("quiero hablar con una persona")).texto


@pytest.fixture
def rosa(services: Services, canal: FakeCanal, work: Work) -> Chat:
    """The owner of A's phone."""
    return Chat(services, canal, work, WHATSAPP)


async def _from_phone(rosa: Chat, motor: FakeMotor, services: Services) -> Caso:
    motor.paso = Paso.ESPERA
    await rosa.say("humano")
    motor.paso = None
    [caso] = await _open(services, A)
    return caso


async def _open(services: Services, rut: Rut) -> list[Caso]:
    found, _ = await services.agentes.fila("x", OPEN, rut, Pagina())
    return [one.caso for one in found]


async def _announced(services: Services):  # type: ignore[no-untyped-def]
    where = await services.conversacion._mensajes.conversacion("web", str(A), A)
    return await services.casos.anunciar(where)
