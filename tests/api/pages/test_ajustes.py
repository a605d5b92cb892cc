"""Settings without JavaScript."""

from datetime import timedelta

from bot.bootstrap import Services
from bot.services.ports import Quien
from bot.services.ports_canales import Remitente
from tests.api.pages.conftest import Navegador
from tests.conftest import HOY, PASSWORD, A, B, Work
from tests.fakes import FakeMensajero

QUIEN = Quien(A)


async def test_alerts(navegador: Navegador, services: Services) -> None:
    """Boxes that are ticked are on, the others off; hours that are none are refused."""
    await navegador.enter(A)
    page = await navegador.post("/ajustes/avisos", f29="true", desde="22:00", hasta="07:30")
    ticked = [one["name"] for one in page.all("input") if one.get("type") == "checkbox" and "checked" in one]
    assert ticked == ["f29"]
    assert (page.value("desde"), page.value("hasta")) == ("22:00", "07:30")
    chosen = await services.alertas.ver(QUIEN)
    assert (chosen.f29, chosen.compras) == (True, False)
    assert (await navegador.post("/ajustes/avisos", desde="25:00", hasta="07:30")).status == 422


async def test_the_clave(navegador: Navegador, services: Services) -> None:
    """Kept only with consent, never shown, and forgotten when asked to."""
    await navegador.enter(A)
    assert (await navegador.post("/ajustes/clave", clave="Perro-1234")).status == 422
    assert await services.claves.estado(QUIEN) is None
    page = await navegador.post("/ajustes/clave", clave="Perro-1234", consentimiento="true")
    assert "guardada y cifrada" in page.text
    assert "Perro-1234" not in page.raw
    assert await services.claves.estado(QUIEN)
    assert "se borró" in (await navegador.post("/ajustes/clave/borrar")).text
    assert await services.claves.estado(QUIEN) is None


async def test_the_phone(navegador: Navegador, services: Services, phone: FakeMensajero, work: Work) -> None:
    """Another phone needs the password and the code that comes to it; errors are told where one types."""
    await navegador.enter(A)
    for fields, status in (({"telefono": "12", "password": PASSWORD}, 422),
                           ({"telefono": "9 8765 4321", "password": "no es esta"}, 403)):  # fmt: skip
        refused = await navegador.post("/ajustes/telefono", **fields)
        assert (refused.status, refused.opened) == (status, ["Cambiar el teléfono"])
        assert refused.all("p") and "Al teléfono nuevo le llega un código" in refused.text
    asked = await navegador.post("/ajustes/telefono", telefono="9 8765 4321", password=PASSWORD)
    await work()
    [(telefono, codigo)] = phone.codes
    assert telefono == "+56987654321"
    fields = {"solicitud": asked.value("solicitud")}
    wrong = "000000" if codigo != "000000" else "111111"
    again = await navegador.post("/ajustes/telefono/confirmar", codigo=wrong, **fields)
    assert (again.status, again.value("solicitud")) == (403, fields["solicitud"])
    done = await navegador.post("/ajustes/telefono/confirmar", codigo=codigo, **fields)
    assert "Tu teléfono cambió" in done.text
    assert "+56 9 •••• 4321" in done.text


async def test_the_way_in(navegador: Navegador, services: Services) -> None:
    """Name, password and second factor are changed; a wrong or guessable password changes nothing."""
    await navegador.enter(A)
    assert "Alerce Sur SpA" in (await navegador.post("/ajustes/nombre", nombre="Alerce Sur SpA")).text
    for fields, status in (({"actual": "no es esta", "nueva": "otra larga y rara"}, 403),
                           ({"actual": PASSWORD, "nueva": "12345678"}, 422)):  # fmt: skip
        refused = await navegador.post("/ajustes/password", **fields)
        assert (refused.status, refused.opened) == (status, ["Cambiar la contraseña"])
    changed = await navegador.post("/ajustes/password", actual=PASSWORD, nueva="otra larga y rara")
    assert "Tu contraseña cambió" in changed.text
    on = await navegador.post("/ajustes/segundo-factor", activo="true", password="otra larga y rara")
    assert "Contraseña y un código por WhatsApp" in on.text
    assert (await services.acceso.contribuyente(QUIEN)).segundo_factor
    refused = await navegador.post("/ajustes/segundo-factor", activo="false", password=PASSWORD)
    assert refused.status == 403
    off = await navegador.post("/ajustes/segundo-factor", activo="false", password="otra larga y rara")
    assert "Pedir un código en cada entrada" in off.text


async def test_chats_and_sessions(navegador: Navegador, services: Services) -> None:
    """What is linked and open is listed, and can be ended from afar."""
    await services.vinculacion._link(Remitente("whatsapp", "CL.100", "+56912345678"), A)
    await navegador.enter(A)
    other = Navegador(navegador.client)
    await other.enter(A)
    page = await navegador.get("/ajustes")
    assert "WhatsApp +56 9 •••• 5678" in page.text
    ends = [one["action"] for one in page.all("form") if one["action"].endswith("/cerrar")]
    assert len(ends) == 2
    for path in ends:
        await navegador.post(path)
    assert await services.vinculacion.chats(QUIEN) == []
    assert len(await services.acceso.sesiones(QUIEN)) == 1


async def test_erased(navegador: Navegador, services: Services) -> None:
    """Only with the password; then there is a receipt, and nothing else, and B is as before."""
    await navegador.enter(A)
    refused = await navegador.post("/ajustes/borrar", password="no es esta")
    assert refused.status == 403
    done = await navegador.post("/ajustes/borrar", password=PASSWORD)
    receipt = next(one["href"] for one in done.all("a") if "/api/borrados/" in one.get("href", ""))
    assert (await navegador.client.get(receipt)).status == 200
    assert (await navegador.get("/ajustes")).url.startswith("/entrar")
    assert (await navegador.enter(A)).status == 401
    assert (await navegador.enter(B)).url == "/"


async def test_a_page_that_waits_is_no_use(navegador: Navegador, services: Services) -> None:
    """A page that looks for news by itself does not keep the session from being idle."""
    await navegador.enter(A)
    [before] = await services.acceso.sesiones(QUIEN)
    services.reloj.now = HOY + timedelta(minutes=10)  # type: ignore[attr-defined]
    await navegador.get("/contratos", **{"X-Espera": "1"})
    assert (await services.acceso.sesiones(QUIEN))[0].ultimo_uso == before.ultimo_uso
    await navegador.get("/contratos")
    assert (await services.acceso.sesiones(QUIEN))[0].ultimo_uso > before.ultimo_uso
