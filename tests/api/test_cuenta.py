"""Registration, codes, links and the account over HTTP."""

from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import TooManyRequestsError
from bot.services.ports import Quien
from bot.services.ports_secretos import PropositoEnlace
from bot.storage.embedded import Urls
from tests.api.conftest import Client
from tests.conftest import PASSWORD, A, Work
from tests.fakes import FakeMensajero

NEW = {
    "rut": "11.111.111-1",
    "telefono": "9 3333 3333",
    "password": "tres palabras juntas",
    "nombre": "Ana Soto",
    "consentimiento": True,
}


async def test_register_verify_login(client: Client, phone: FakeMensajero, work: Work) -> None:
    """The seed's flow, by the fields of the contract alone."""
    asked = await client.post("/api/register", json=NEW)
    assert asked.status == 201
    assert {"mensaje", "expira_en"} <= set(await asked.json())
    assert (await asked.json())["expira_en"] == 600
    await work()
    code = {"rut": NEW["rut"], "codigo": phone.codes[0][1]}
    assert code["codigo"] not in await asked.text()
    done = await client.post("/api/verify-otp", json=code)
    assert (done.status, (await done.json())["verificado"]) == (200, True)
    again = await client.post("/api/verify-otp", json=code)
    assert (again.status, (await again.json())["type"]) == (403, "/problemas/codigo_incorrecto")
    login = await client.post("/api/login", json={"rut": NEW["rut"], "password": NEW["password"]})
    assert login.status == 200


async def test_a_known_rut_registers_alike(client: Client, phone: FakeMensajero, work: Work) -> None:
    """Same status and same words for a RUT that has an account."""
    answers = []
    for rut in (str(A), NEW["rut"]):
        answer = await client.post("/api/register", json={**NEW, "rut": rut})
        body = await answer.json()
        assert len(body.pop("solicitud")) == 32
        answers.append((answer.status, body))
    assert answers[0] == answers[1]
    answers = []
    for rut in (str(A), "22.222.222-2"):
        answer = await client.post("/api/send-otp", json={"rut": rut})
        body = await answer.json()
        assert len(body.pop("solicitud")) == 32
        answers.append((answer.status, body))
    assert answers[0] == answers[1]
    assert answers[0][0] == 202


@pytest.mark.parametrize(
    "change",
    [
        {"consentimiento": False},
        {"password": "corta12"},
        {"telefono": "2 2345 6789"},
        {"nombre": "   "},
        {"rut": "11.111.111-2"},
        {"extra": 1},
    ],
)
async def test_registration_is_checked(client: Client, change: dict[str, object]) -> None:
    """No consent, short password, landline, no name, wrong check digit: said in Spanish, not echoed."""
    answer = await client.post("/api/register", json={**NEW, **change})
    body = await answer.json()
    assert answer.status == 422
    assert body["errors"][0]["loc"] == list(change)
    assert NEW["password"] not in str(body)


async def test_too_many_says_when(client: Client) -> None:
    """429 with Retry-After, in seconds and in words."""
    for _ in range(4):
        await client.post("/api/send-otp", json={"rut": str(A)})
    answer = await client.post("/api/send-otp", json={"rut": str(A)})
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert "minutos" in (await answer.json())["detail"]


async def test_the_sii_password(client: Client, services: Services, as_a: dict[str, str]) -> None:
    """Kept and forgotten by the contract's calls; never shown."""
    kept = await client.put("/api/sii/clave", json={"clave": "Perro-1234"}, headers=as_a)
    assert kept.status == 204
    account = await (await client.get("/api/cuenta", headers=as_a)).json()
    assert account["clave_sii_desde"]
    assert "Perro" not in str(account)
    assert (await client.delete("/api/sii/clave", headers=as_a)).status == 204
    assert await services.claves.estado(Quien(A)) is None


async def test_a_link_keeps_the_sii_password(client: Client, services: Services) -> None:
    """Once, with consent, without a session."""
    url = await services.enlaces.enlace(Quien(A), PropositoEnlace.CLAVE, "whatsapp")
    token = url.partition("#")[2]
    seen = await (await client.post("/api/enlaces/ver", json={"token": token})).json()
    assert (seen["proposito"], seen["nombre"]) == ("clave", "Comercial Alerce SpA")
    body = {"token": token, "clave": "Perro-1234", "consentimiento": True}
    assert (await client.post("/api/enlaces/clave", json={**body, "consentimiento": False})).status == 422
    assert (await client.post("/api/enlaces/clave", json=body)).status == 204
    again = await client.post("/api/enlaces/clave", json=body)
    assert (again.status, (await again.json())["type"]) == (404, "/problemas/enlace_vencido")
    assert await services.claves.estado(Quien(A))


@pytest.mark.parametrize(
    ("proposito", "more", "broken", "error", "bad", "good"),
    [
        (
            PropositoEnlace.DATOS,
            {},
            "bot.services.datos_personales.require",
            TooManyRequestsError(espera=60, cuando="un minuto"),
            429,
            200,
        ),
        (
            PropositoEnlace.CLAVE,
            {"clave": "Perro-1234", "consentimiento": True},
            "bot.storage.secretos._give",
            OSError(),
            500,
            204,
        ),
    ],
)
async def test_a_link_survives_what_fails(
    client: Client,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    proposito: PropositoEnlace,
    more: dict[str, object],
    broken: str,
    error: Exception,
    bad: int,
    good: int,
) -> None:
    """What could not be done does not use the link up: it works once the trouble is over, and once only."""
    token = (await services.enlaces.enlace(Quien(A), proposito, "web")).partition("#")[2]

    async def fail(*args: object) -> None:
        raise error

    async def use() -> int:
        return (await client.post(f"/api/enlaces/{proposito}", json={"token": token, **more})).status

    with monkeypatch.context() as patched:
        patched.setattr(broken, fail)
        assert await use() == bad
    assert [await use(), await use()] == [good, 404]


async def test_my_data(client: Client, as_a: dict[str, str], tmp_path: Path) -> None:
    """A ZIP that opens; erasing needs the password, ends the session and gives a receipt."""
    answer = await client.get("/api/mis-datos", headers=as_a)
    assert answer.content_type == "application/zip"
    path = tmp_path / "datos.zip"
    path.write_bytes(await answer.read())
    with ZipFile(path) as archivo:
        assert {"LEEME.txt", "contributors.json"} <= set(archivo.namelist())
    wrong = await client.delete("/api/mis-datos", json={"password": "otra"}, headers=as_a)
    assert (wrong.status, (await wrong.json())["type"]) == (403, "/problemas/password_incorrecta")
    gone = await client.delete("/api/mis-datos", json={"password": PASSWORD}, headers=as_a)
    body = await gone.json()
    assert gone.status == 200
    assert str(A) not in str(body)
    assert (await client.get("/api/cuenta", headers=as_a)).status == 401
    receipt = await client.get(f"/api/borrados/{body['recibo']}")
    assert (await receipt.json())["filas"] == body["filas"]


async def test_second_factor_over_http(
    client: Client, as_a: dict[str, str], phone: FakeMensajero, work: Work
) -> None:
    """401 with the handle of the request; the same call with the code opens the session."""
    switch = "/api/cuenta/segundo-factor"
    for password, status in (("otra", 403), (PASSWORD, 204)):
        on = {"activo": True, "password": password}
        assert (await client.put(switch, json=on, headers=as_a)).status == status
    login = {"rut": str(A), "password": PASSWORD}
    first = await client.post("/api/login", json=login)
    problem = await first.json()
    assert (first.status, problem["type"]) == (401, "/problemas/segundo_factor")
    await work()
    code = {"codigo": phone.codes[-1][1], "solicitud": problem["solicitud"]}
    assert (await client.post("/api/login", json={**login, **code})).status == 200


async def test_a_link_sets_a_password(client: Client, services: Services) -> None:
    """For who registered in a chat; a refused password keeps the link, and it is used up once."""
    url = await services.enlaces.enlace(Quien(A), PropositoEnlace.PASSWORD, "whatsapp")
    body = {"token": url.partition("#")[2], "password": "password1"}
    assert (await client.post("/api/enlaces/password", json=body)).status == 422
    body["password"] = "una frase que nadie adivina"
    assert (await client.post("/api/enlaces/password", json=body)).status == 204
    assert (await client.post("/api/enlaces/password", json=body)).status == 404
    login = await client.post("/api/login", json={"rut": str(A), "password": body["password"]})
    assert login.status == 200


async def test_an_account_without_a_password_is_erased_by_its_link(
    client: Client, services: Services, clean: Urls
) -> None:
    """The link was handed out in the chat that is linked; an account with a password still needs it."""
    url = await services.enlaces.enlace(Quien(A), PropositoEnlace.BORRAR, "whatsapp")
    body = {"token": url.partition("#")[2]}
    assert (await client.post("/api/enlaces/borrar", json=body)).status == 403
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE contributors SET password_hash = NULL WHERE rut = %s", (str(A),))
    assert (await client.post("/api/enlaces/borrar", json=body)).status == 200
