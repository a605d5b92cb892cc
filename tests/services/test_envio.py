"""Files and lists in what Tributa says: kept, sent, and told kindly once they are gone."""

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import ServiceUnavailableError
from bot.core.mensajes import Archivo, Boton, Incoming, Outgoing
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import CanalOcupadoError
from bot.storage.archivos import Almacen
from bot.storage.embedded import Urls
from tests.conftest import A, B, Work
from tests.fakes import FakeCanal, FakeMotor
from tests.services.test_canales import WHATSAPP, Chat, hurry

CHART = Contenido("ventas.png", "image/png", b"\x89PNG canario")
ROWS = (Boton("ventas_resumen", "Ventas", "Cuánto vendiste"),)


@pytest.fixture
def rosa(services: Services, canal: FakeCanal, work: Work) -> Chat:
    """The owner of A's phone."""
    return Chat(services, canal, work, WHATSAPP)


@pytest.fixture
async def chart(services: Services, motor: FakeMotor) -> Archivo:
    """The engine's next answers come with a picture of A's."""
    chart = await services.archivos.guardar(Quien(A), CHART)
    motor.says = (Outgoing("Tus ventas", imagen=chart),)
    return chart


async def test_a_picture_goes_out(rosa: Chat, canal: FakeCanal, chart: Archivo) -> None:
    """The channel is given the bytes, and the message says which file it is."""
    said = await rosa.say("muéstrame un gráfico")
    assert (said.texto, said.imagen) == ("Tus ventas", chart)
    assert canal.contents[-1] == CHART


@pytest.mark.usefixtures("chart")
async def test_an_expired_file(rosa: Chat, canal: FakeCanal, clean: Urls) -> None:
    """A kind text in its place, and how to get it again."""
    canal.errors = [CanalOcupadoError()]
    with pytest.raises(AssertionError, match="no answer"):
        await rosa.say("muéstrame un gráfico")
    hurry(clean, "UPDATE archivos SET expira = now() - interval '1 second'")
    await rosa.work()
    [(_, said)] = canal.sent
    assert said.imagen is None
    assert "«ventas.png» ya no está" in said.texto


async def test_anothers_file(rosa: Chat, canal: FakeCanal, services: Services, motor: FakeMotor) -> None:
    """Whatever the engine names, only the taxpayer's own files are sent to them."""
    theirs = await services.archivos.guardar(Quien(B), CHART)
    motor.says = (Outgoing("Tus ventas", imagen=theirs),)
    assert (await rosa.say("hola")).imagen is None
    assert canal.contents[-1] is None


@pytest.mark.usefixtures("chart")
async def test_the_store_is_away(
    rosa: Chat, canal: FakeCanal, clean: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message waits until the store is back."""

    async def away(self: Almacen, clave: str) -> bytes:
        raise ServiceUnavailableError()

    with monkeypatch.context() as patched:
        patched.setattr(Almacen, "get", away)
        with pytest.raises(AssertionError, match="no answer"):
            await rosa.say("muéstrame un gráfico")
    hurry(clean)
    await rosa.work()
    assert canal.contents == [CHART]


async def test_what_the_history_keeps(services: Services, motor: FakeMotor, chart: Archivo) -> None:
    """Rows with what they are for, and files, are there when the history is read again."""
    motor.says = (Outgoing("¿Cuál?", imagen=chart, lista=ROWS), Outgoing("Planilla", documento=chart))
    quien = Quien(A)
    turno = await services.conversacion.hablar(quien, "web", str(A), Incoming("1", "ayuda"))
    again = await services.conversacion.hablar(quien, "web", str(A), Incoming("1", "ayuda"))
    assert again.respuesta.salidas == turno.respuesta.salidas == motor.says
    [_, one, two] = await services.conversacion.historial(quien, "web", str(A), 10)
    assert (one.lista, one.imagen, one.documento) == (ROWS, chart, None)
    assert (two.lista, two.imagen, two.documento) == ((), None, chart)


async def test_erased_before_it_was_sent(
    rosa: Chat, canal: FakeCanal, chart: Archivo, services: Services, clean: Urls
) -> None:
    """Whoever erases everything gets nothing of it afterwards."""
    canal.errors = [CanalOcupadoError()]
    with pytest.raises(AssertionError, match="no answer"):
        await rosa.say("muéstrame un gráfico")
    await services.datos.borrar(Quien(A))
    hurry(clean)
    await rosa.work()
    assert canal.sent == []
    with psycopg.connect(clean.owner) as owner:
        assert owner.execute("SELECT count(*) FROM archivos WHERE id = %s", (chart.id,)).fetchone() == (0,)
