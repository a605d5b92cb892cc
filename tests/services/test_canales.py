"""Messages of channels on the real database and queue: each once, in order, for the right person."""

import asyncio
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.mensajes import Outgoing, Respuesta
from bot.core.periodo import Periodo
from bot.services.ports import Quien
from bot.services.ports_canales import (
    Acuse,
    Adjunto,
    Cambio,
    CanalCerradoError,
    CanalInciertoError,
    CanalOcupadoError,
    CanalRechazoError,
    Entrante,
    EstadoSalida,
    Remitente,
    TipoAdjunto,
)
from bot.services.registro import FiltroDocumentos
from bot.storage.embedded import Urls
from tests.conftest import HOY, PHONES, A, B, Work
from tests.fakes import FakeCanal, FakeMensajero, FakeMotor
from tests.storage.test_datos_personales import HEADER

WHATSAPP = Remitente("whatsapp", "CL.100", PHONES[A], "Rosa")
STRANGER = Remitente("whatsapp", "CL.200", "+56933333333", "Ana")
TELEGRAM = Remitente("telegram", "300", None, "Ana")


class Chat:
    """Somebody who writes, and what they get."""

    def __init__(self, services: Services, canal: FakeCanal, work: Work, remitente: Remitente) -> None:
        self.services, self.canal, self.work, self.remitente = services, canal, work, remitente
        self.number = 0

    def write(self, texto: str = "", boton: str | None = None, **more: Any) -> Entrante:
        """A message that has a number of its own."""
        self.number += 1
        return Entrante(f"{self.remitente.id}.{self.number}", self.remitente, HOY, texto, boton, **more)

    async def say(self, texto: str = "", boton: str | None = None, **more: Any) -> Outgoing:
        """Write, and give the last of what comes back."""
        await self.services.canales.recibir(self.remitente.canal, [self.write(texto, boton, **more)])
        before = len(self.canal.sent)
        await self.work()
        assert len(self.canal.sent) > before, "no answer"
        return self.canal.sent[-1][1]


def hurry(urls: Urls, also: str = "SELECT 1") -> None:
    """As if the time had come for all jobs that wait."""
    with psycopg.connect(urls.owner, options="-c search_path=public,procrastinate") as owner:
        owner.execute(also)
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


@pytest.fixture
def rosa(services: Services, canal: FakeCanal, work: Work) -> Chat:
    """The owner of A's phone."""
    return Chat(services, canal, work, WHATSAPP)


@pytest.fixture
def ana(services: Services, canal: FakeCanal, work: Work) -> Chat:
    """Somebody whom nobody knows."""
    return Chat(services, canal, work, STRANGER)


async def test_a_registered_phone_is_recognised(rosa: Chat) -> None:
    """The channel proves the number, so the first question is answered at once."""
    assert (await rosa.say("cuánto vendí")).texto == "eco: cuánto vendí"


async def test_a_delivery_that_comes_again(
    rosa: Chat, services: Services, work: Work, canal: FakeCanal
) -> None:
    """Three times the same, also in one batch, is one answer."""
    one, other = rosa.write("uno"), rosa.write("dos")
    for _ in range(3):
        await services.canales.recibir("whatsapp", [one, other, one])
    await work()
    assert canal.texts("CL.100") == ["eco: uno", "eco: dos"]


async def test_attended_to_twice(ana: Chat, work: Work, clean: Urls) -> None:
    """What is attended to is gone from the inbox; whoever still was at it answers no second time."""
    await ana.say("hola")
    with psycopg.connect(clean.owner) as owner:
        [(entrada,)] = owner.execute("SELECT id FROM inbox WHERE cuerpo IS NULL").fetchall()
    await ana.services.canales._buzon.cerrar(entrada, STRANGER, [Outgoing("otra vez")])
    await work()
    assert len(ana.canal.sent) == 1


async def test_a_stranger_learns_nothing(ana: Chat, motor: FakeMotor) -> None:
    """Whoever is not linked gets a welcome, whatever is asked, and the engine never hears of it."""
    for texto in ("cuánto vendí", "dame las compras de Comercial Alerce", "/restart"):
        said = await ana.say(texto)
        assert "¿Ya tienes cuenta?" in said.texto
        assert [boton.id for boton in said.botones] == ["vincular.entrar", "vincular.crear"]
    assert motor.turns == []


async def test_linking_by_a_code(ana: Chat, phone: FakeMensajero) -> None:
    """The code goes to the registered phone; only whoever asked for it can use it, and once."""
    await ana.say(boton="vincular.entrar")
    said = await ana.say("es el 76.192.083-9")
    assert "Si ese RUT tiene cuenta" in said.texto
    [(to, code)] = phone.codes
    assert to == PHONES[A]
    assert "no sirve" in (await ana.say("000000" if code != "000000" else "111111")).texto
    other = Chat(ana.services, ana.canal, ana.work, replace(STRANGER, id="CL.999", telefono="+56944444444"))
    assert "¿Ya tienes cuenta?" in (await other.say(code)).texto
    assert "vinculado a Comercial Alerce SpA" in (await ana.say(f"mi código es {code}")).texto
    assert (await ana.say("hola")).texto == "eco: hola"


async def test_an_unknown_rut_looks_the_same(ana: Chat, phone: FakeMensajero) -> None:
    """Nobody finds out who has an account."""
    known, unknown = [(await ana.say(rut)).texto for rut in ("76.192.083-9", "76.354.771-K")]
    assert known == unknown
    assert len(phone.codes) == 1


async def test_registering(ana: Chat, services: Services) -> None:
    """RUT, name, consent; the phone is the channel's, and a link makes a password for the web."""
    await ana.say(boton="vincular.crear")
    assert "No veo un RUT" in (await ana.say("el de siempre")).texto
    await ana.say("76354771-k")
    await ana.say("Panadería  Lucerito\n")
    assert "¿Aceptas?" in (await ana.say("bueno")).texto
    said = await ana.say(boton="vincular.acepto")
    assert "¡Listo, Panadería Lucerito!" in said.texto
    assert "/enlace#" in said.texto
    assert (await ana.say("hola")).texto == "eco: hola"
    [link] = await services.vinculacion.de(STRANGER)
    assert [one.materia for one in await services.cuentas.consentimientos(Quien(link.rut))] == ["registro"]


async def test_registering_a_rut_that_has_an_account(ana: Chat, phone: FakeMensajero) -> None:
    """Nothing changes, and its owner is told."""
    await ana.say(boton="vincular.crear")
    await ana.say(str(B))
    await ana.say("Mío")
    assert "no se puede registrar de nuevo" in (await ana.say(boton="vincular.acepto")).texto
    assert [to for to, _ in phone.notices] == [PHONES[B]]
    assert await ana.services.vinculacion.de(STRANGER) == []


async def test_telegram_proves_the_phone_first(
    services: Services, canal: FakeCanal, work: Work, phone: FakeMensajero
) -> None:
    """There the number is typed, so a code goes to it by WhatsApp."""
    chat = Chat(services, canal, work, TELEGRAM)
    await chat.say(boton="vincular.crear")
    await chat.say("76354771-K")
    assert "¿Cuál es tu WhatsApp?" in (await chat.say("Panadería Lucerito")).texto
    await chat.say("9 5555 5555")
    await chat.say(boton="vincular.acepto")
    [(to, code)] = phone.codes
    assert to == "+56955555555"
    assert "¡Listo, Panadería Lucerito!" in (await chat.say(code)).texto
    assert (await chat.say("hola")).texto == "eco: hola"


async def test_a_telegram_link_ends(services: Services, canal: FakeCanal, work: Work, clean: Urls) -> None:
    """It lasts as long as a session; then the chat is a stranger's, and its old conversation closed."""
    chat = Chat(services, canal, work, TELEGRAM)
    await services.vinculacion._link(TELEGRAM, A)
    assert (await chat.say("hola")).texto == "eco: hola"
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE identities SET expira = %s", (HOY,))
    assert "¿Ya tienes cuenta?" in (await chat.say("hola")).texto


async def test_an_accountant(rosa: Chat, services: Services) -> None:
    """Linked to two, each answer names its company; a button changes it; leaving one leaves the other."""
    await services.vinculacion._link(WHATSAPP, A)
    await services.vinculacion._link(WHATSAPP, B)
    await services.vinculacion._vinculos.activar(WHATSAPP, B, HOY.replace(hour=13))
    assert (await rosa.say("hola")).texto == "*Bodega Boldo Ltda*\neco: hola"
    services.reloj.now = HOY.replace(hour=14)  # type: ignore[attr-defined]
    assert "Comercial Alerce SpA" in (await rosa.say(boton=f"vincular.activar.{A}")).texto
    assert (await rosa.say("hola")).texto == "*Comercial Alerce SpA*\neco: hola"
    assert "ya no sirve" in (await rosa.say(boton="vincular.activar.76354771-K")).texto
    await rosa.say(boton=f"vincular.salir.{A}")
    assert (await rosa.say("hola")).texto == "eco: hola"
    [left] = await services.vinculacion.de(WHATSAPP)
    assert left.rut == B


async def test_who_leaves_stays_out(rosa: Chat) -> None:
    """A phone that was unlinked is not recognised again until its owner asks for it."""
    await rosa.say("hola")
    await rosa.say(boton=f"vincular.salir.{A}")
    assert "¿Ya tienes cuenta?" in (await rosa.say("hola")).texto
    assert "vinculado a Comercial Alerce SpA" in (await rosa.say(boton="vincular.entrar")).texto


async def test_a_number_that_changes_hands(rosa: Chat, services: Services) -> None:
    """WhatsApp says so, and the link is over."""
    await rosa.say("hola")
    await services.canales.recibir("whatsapp", [Cambio(WHATSAPP)])
    assert "¿Ya tienes cuenta?" in (await rosa.say("hola")).texto


async def test_interrupted_and_cancelled(rosa: Chat) -> None:
    """Somebody who is in and goes on to something else is answered; `cancelar` ends it."""
    await rosa.say("hola")
    await rosa.say(boton="vincular.entrar")
    assert (await rosa.say("cuánto vendí en mayo")).texto == "eco: cuánto vendí en mayo"
    await rosa.say(boton="vincular.crear")
    assert "No cambié nada" in (await rosa.say("Cancelar")).texto


@pytest.mark.parametrize("boton", ["vincular.acepto", "vincular.reenviar", "vincular.nada", "x" * 300])
async def test_a_button_of_long_ago(rosa: Chat, boton: str) -> None:
    """It does nothing, and says so."""
    await rosa.say("hola")
    assert "ya no sirve" in (await rosa.say(boton=boton)).texto


async def test_a_hundred_messages_at_once(
    rosa: Chat, services: Services, work: Work, canal: FakeCanal
) -> None:
    """The first are answered, in order; of the others one notice tells."""
    await services.canales.recibir("whatsapp", [rosa.write(str(number)) for number in range(100)])
    await work()
    texts = canal.texts("CL.100")
    assert texts[:30] == [f"eco: {number}" for number in range(30)]
    assert len(texts) == 31
    assert "muchos mensajes" in texts[30]


async def test_killed_while_it_was_answered(
    rosa: Chat, services: Services, motor: FakeMotor, clean: Urls
) -> None:
    """A worker that is killed between a message and its answer: it is answered before those behind it."""
    await rosa.say("hola")
    await services.canales.recibir("whatsapp", [rosa.write("uno"), rosa.write("dos")])

    async def die(*turn: object) -> Respuesta:
        raise asyncio.CancelledError

    with psycopg.connect(clean.owner) as owner:
        [(first,)] = owner.execute("SELECT id FROM inbox WHERE cuerpo ->> 'texto' = 'uno'").fetchall()
    with pytest.MonkeyPatch.context() as patched, pytest.raises(asyncio.CancelledError):
        patched.setattr(motor, "turno", die)
        await services.canales.atender(first)
    await rosa.work()
    assert rosa.canal.texts("CL.100")[-2:] == ["eco: uno", "eco: dos"]


async def test_the_engine_is_down(rosa: Chat, motor: FakeMotor, clean: Urls) -> None:
    """An apology at once, the answer later, both over the channel."""
    motor.down = True
    assert "quedó guardado" in (await rosa.say("cuánto vendí")).texto
    motor.down = False
    hurry(clean)
    await rosa.work()
    assert rosa.canal.texts("CL.100")[-1] == "eco: cuánto vendí"


async def test_nothing_overtakes_what_is_tried_again(
    rosa: Chat, services: Services, motor: FakeMotor, clean: Urls
) -> None:
    """While a message waits to be tried again, so does what was written after it."""
    await services.canales.recibir("whatsapp", [rosa.write("uno"), rosa.write("dos")])
    motor.down = True
    await rosa.work()
    [sorry] = rosa.canal.texts("CL.100")
    assert "quedó guardado" in sorry
    motor.down = False
    hurry(clean)
    await rosa.work()
    assert rosa.canal.texts("CL.100")[1:] == ["eco: uno", "eco: dos"]


async def test_a_file_is_imported(rosa: Chat, canal: FakeCanal, services: Services) -> None:
    """The SII's CSV, by the name that the SII gives it or by what is written beside it."""
    line = "1;33;Del Giro;12345678-5;UNO;1;05/09/2026;05/09/2026 10:00:00;;;0;100;19;119;;;"
    canal.files["m1"] = f"{HEADER}\n{line}\n".encode()
    named = Adjunto(TipoAdjunto.DOCUMENTO, "m1", f"RCV_VENTA_{A}_202609.csv", "text/csv")
    said = await rosa.say(adjunto=named)
    assert "Importé tus ventas de septiembre de 2026: 1 documento nuevo" in said.texto
    assert said.botones[0].id == "ventas_resumen:2026-09"
    found = await services.ventas.resumen(Quien(A), FiltroDocumentos((Periodo(2026, 9),)))
    assert found.resumen.totales.monto_total == 119
    assert "1 ya estaba igual" in (await rosa.say(adjunto=named)).texto
    plain = replace(named, nombre="documento.csv")
    assert "no sé de qué mes" in (await rosa.say(adjunto=plain)).texto
    assert "Importé" in (await rosa.say("ventas septiembre 2026", adjunto=plain)).texto


@pytest.mark.parametrize(
    ("content", "nombre", "said"),
    [
        (b"%PDF-1.7", "contrato.pdf", "Lo estoy leyendo"),
        (b"%PDF-1.7", f"RCV_VENTA_{A}_202609.csv", "Lo estoy leyendo"),
        (b"PK\x03\x04;\x00", "ventas.xlsx", "tipo de documento"),
        (b"hola;mundo\n", f"RCV_VENTA_{A}_202609.csv", "faltan columnas"),
        (b"a;b\n", f"RCV_VENTA_{B}_202609.csv", "no del tuyo"),
        (None, "x.csv", "No pude recibir tu archivo"),
    ],
)
async def test_files_that_are_not(
    rosa: Chat, canal: FakeCanal, content: bytes | None, nombre: str, said: str
) -> None:
    """A file is what its bytes say; what cannot be used gets a kind answer."""
    if content is not None:
        canal.files["m1"] = content
    adjunto = Adjunto(TipoAdjunto.DOCUMENTO, "m1", nombre, "text/csv")
    assert said in (await rosa.say(adjunto=adjunto)).texto


async def test_a_newer_version_of_a_contract(rosa: Chat, canal: FakeCanal, services: Services) -> None:
    """What is written beside a PDF says which one it is to stand for, where only one can be meant."""
    lease = Adjunto(TipoAdjunto.DOCUMENTO, "m1", "scan.pdf", "application/pdf")
    canal.files |= {"m1": b"%PDF-1.7 uno", "m2": b"%PDF-1.7 dos"}
    await rosa.say("Arriendo oficina", adjunto=lease)
    newer = replace(lease, id="m2", nombre="nueva.pdf")
    said = await rosa.say("reemplaza el arriendo de la oficina por este", adjunto=newer)
    assert "queda en lugar de «Arriendo oficina»" in said.texto
    await rosa.work()
    assert [one.archivo for one in await services.contratos.lista(Quien(A))] == ["nueva"]


@pytest.mark.parametrize("tipo", sorted({*TipoAdjunto} - {TipoAdjunto.DOCUMENTO, TipoAdjunto.REACCION}))
async def test_what_is_not_read(rosa: Chat, tipo: TipoAdjunto) -> None:
    """Audios, pictures and places get an answer too."""
    assert (await rosa.say(adjunto=Adjunto(tipo, "m1"))).texto


async def test_what_a_database_takes_for_no_text(rosa: Chat, canal: FakeCanal) -> None:
    """One message with a NUL or half a character is answered, and holds up none that came with it."""
    rosa.remitente = replace(WHATSAPP, nombre="Ro\x00sa")
    file = Adjunto(TipoAdjunto.DOCUMENTO, "m1", "a\x00.csv", "text\x00")
    hostile = [rosa.write("a\x00b\ud800c"), rosa.write(boton="\x00"), rosa.write(adjunto=file)]
    await rosa.services.canales.recibir("whatsapp", [*hostile, rosa.write("hola")])
    await rosa.work()
    assert len(canal.sent) == 4
    assert [canal.texts("CL.100")[place] for place in (0, -1)] == ["eco: abc", "eco: hola"]


async def test_a_clave_is_kept_nowhere(rosa: Chat, clean: Urls, services: Services) -> None:
    """Not in the inbox either, from the moment that it comes in."""
    await services.canales.recibir("whatsapp", [rosa.write("mi clave es Zapallo2291")])
    with psycopg.connect(clean.owner) as owner:
        rows = owner.execute("SELECT cuerpo::text FROM inbox").fetchall()
    assert "Zapallo" not in str(rows)
    await rosa.work()
    assert "la borré" in rosa.canal.texts("CL.100")[-1]


@pytest.mark.parametrize(
    ("error", "state", "sent"),
    [
        (CanalOcupadoError(6), "pendiente", 0),
        (CanalRechazoError("131026"), "fallido", 0),
        (CanalCerradoError(), "retenido", 0),
        (CanalInciertoError(), "enviando", 0),
    ],
)
async def test_what_a_channel_refuses(
    rosa: Chat, clean: Urls, canal: FakeCanal, error: Exception, state: str, sent: int
) -> None:
    """Each refusal leaves the message in a state that tells what happens next."""
    canal.errors = [error]
    await rosa.services.canales.recibir("whatsapp", [rosa.write("hola")])
    await rosa.work()
    assert len(canal.sent) == sent
    with psycopg.connect(clean.owner) as owner:
        assert owner.execute("SELECT estado FROM outbox").fetchall() == [(state,)]


async def test_what_waits_goes_first(rosa: Chat, canal: FakeCanal, clean: Urls) -> None:
    """Behind a message that has to wait nothing overtakes."""
    canal.errors = [CanalOcupadoError(60)]
    await rosa.services.canales.recibir("whatsapp", [rosa.write("uno"), rosa.write("dos")])
    await rosa.work()
    assert canal.sent == []
    hurry(clean)
    await rosa.work()
    assert canal.texts("CL.100") == ["eco: uno", "eco: dos"]


async def test_held_until_the_person_writes(rosa: Chat, canal: FakeCanal) -> None:
    """After a day of silence WhatsApp takes nothing; it is said when the person is back, and first."""
    canal.errors = [CanalCerradoError()]
    await rosa.services.canales.recibir("whatsapp", [rosa.write("uno")])
    await rosa.work()
    await rosa.say("dos")
    assert canal.texts("CL.100") == ["eco: uno", "eco: dos"]


async def test_an_uncertain_sending(rosa: Chat, canal: FakeCanal, clean: Urls) -> None:
    """With a receipt it was sent; without one it is sent again after a while."""
    canal.errors = [CanalInciertoError(), CanalInciertoError()]
    await rosa.services.canales.recibir("whatsapp", [rosa.write("uno")])
    await rosa.work()
    with psycopg.connect(clean.owner) as owner:
        [(number,)] = owner.execute("SELECT id FROM outbox").fetchall()
    acuse = Acuse("wamid.x", EstadoSalida.ENTREGADO, number)
    await rosa.services.canales.recibir("whatsapp", [acuse])
    hurry(clean)
    await rosa.work()
    assert canal.sent == []
    await rosa.services.canales.recibir("whatsapp", [rosa.write("dos")])
    await rosa.work()
    hurry(clean)
    await rosa.work()
    assert canal.sent == [], "it waits for a receipt first"
    hurry(clean, "UPDATE outbox SET actualizado = now() - interval '1 minute' WHERE estado = 'enviando'")
    await rosa.work()
    assert canal.texts("CL.100") == ["eco: dos"]


@pytest.mark.parametrize(
    ("estados", "last"),
    [
        (("enviado", "entregado", "leido"), "leido"),
        (("leido", "entregado", "enviado"), "leido"),
        (("fallido",), "fallido"),
        (("retenido",), "retenido"),
        (("entregado", "fallido"), "entregado"),
    ],
)
async def test_receipts(rosa: Chat, clean: Urls, estados: tuple[str, ...], last: str) -> None:
    """They come in any order, several times, and only move a message on."""
    await rosa.say("hola")
    with psycopg.connect(clean.owner) as owner:
        [(sent,)] = owner.execute("SELECT canal_mensaje_id FROM outbox").fetchall()
        for estado in (*estados, *estados):
            await rosa.services.canales.recibir("whatsapp", [Acuse(sent, EstadoSalida(estado))])
        assert owner.execute("SELECT estado FROM outbox").fetchall() == [(last,)]


async def test_nothing_of_the_chat_survives_an_erasure(rosa: Chat, clean: Urls, services: Services) -> None:
    """Inbox, outbox, links and jobs go with the taxpayer."""
    await rosa.say("hola")
    await services.canales.recibir("whatsapp", [rosa.write("adiós")])
    await services.datos.borrar(Quien(A))
    with psycopg.connect(clean.owner) as owner:
        for table in ("inbox", "outbox", "identities"):
            left = owner.execute(f"SELECT count(*) FROM {table} WHERE true").fetchone()
            assert left == (0,), table
