"""What the product's webhook gets: signed, again and again, in bundles, twice, in another order."""

import json

import pytest
from pywa_async import types
from pywa_async.types.base_update import RawUpdate

from tests.sandbox.whatsapp import BUSINESS, PHONE, WA_ID, Sim, signature, until
from tests.sandbox.whatsapp_bodies import notice, text


def texts(sim: Sim) -> list[str]:
    """The texts that the webhook accepted."""
    return [one["text"]["body"] for one in sim.webhook.values("messages")]


async def test_a_message(sim: Sim) -> None:
    """Signed over the raw body, with who wrote and how they call themselves."""
    sent = await sim.write(texto="¿cuánto vendí?", nombre="Ana Soto")
    await sim.webhook.wait("messages", 1)
    raw, given = sim.webhook.got[0]
    assert given == signature(raw)
    assert "¿cuánto vendí?".encode() in raw
    body = json.loads(raw)
    assert (body["object"], body["entry"][0]["id"]) == ("whatsapp_business_account", BUSINESS.waba_id)
    value = body["entry"][0]["changes"][0]["value"]
    bsuid = sim.state.people.get(PHONE).bsuid
    assert value["contacts"] == [{"profile": {"name": "Ana Soto"}, "wa_id": WA_ID, "user_id": bsuid}]
    message = value["messages"][0]
    assert (message["id"], message["from"], message["type"]) == (sent["id"], WA_ID, "text")
    assert value["metadata"]["phone_number_id"] == BUSINESS.phone_id


async def test_pywa_takes_it(sim: Sim) -> None:
    """pywa's own check finds the signature good, and reads the message."""
    await sim.write(texto="hola", nombre="Ana Soto")
    await sim.webhook.wait("messages", 1)
    raw, given = sim.webhook.got[0]
    assert await sim.wa.webhook_update_validator(raw, given) is None
    message = types.Message.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert (message.text, message.from_user.wa_id, message.from_user.name) == ("hola", WA_ID, "Ana Soto")
    await sim.faults(firma_mala=1)
    await sim.write(texto="falso")
    await until(lambda: len(sim.webhook.got) == 2)
    assert await sim.wa.webhook_update_validator(*sim.webhook.got[1]) == ("Forbidden", 403)


async def test_retries(sim: Sim) -> None:
    """What is not answered with 200 comes again, while what follows does not wait for it."""
    sim.webhook.answers = [500, 200, 404, 401]
    for word in ("uno", "dos"):
        await sim.write(texto=word)
    await sim.webhook.wait("messages", 2)
    assert texts(sim) == ["dos", "uno"]
    assert len(sim.webhook.got) == 5
    person = sim.state.people.get(PHONE)
    await until(lambda: [one.state for one in person.messages] == ["delivered", "delivered"])
    deliveries = (await sim.http.get("/simulador/entregas")).json()["entregas"]
    assert [(one["estado"], one["intentos"]) for one in deliveries] == [("entregado", 4), ("entregado", 1)]


async def test_giving_up(sim: Sim) -> None:
    """After a long time, which tests make short."""
    await sim.faults(reintento_fin=0.05)
    sim.webhook.answers = [500] * 50
    await sim.write(texto="uno")
    await until(lambda: sim.state.deliverer.log[0].estado == "abandonado")
    assert sim.webhook.accepted == []
    assert (await sim.read())[0]["estado"] == "sent"


async def test_nobody_listens(sim: Sim) -> None:
    """Without a webhook that answers, the simulator goes on quietly."""
    sim.state.deliverer.url = "http://127.0.0.1:9/hook"
    await sim.write(texto="uno")
    await until(lambda: bool(sim.state.deliverer.log) and sim.state.deliverer.log[0].intentos > 2)
    sim.state.deliverer.url = sim.state.business.callback_url
    await sim.webhook.wait("messages", 1)


@pytest.mark.parametrize("form", ["entradas", "cambios", "valores"])
async def test_batches(sim: Sim, form: str) -> None:
    """Several updates come in one POST, side by side at each of the three levels."""
    await sim.faults(lote=3, lote_forma=form)
    for word in ("uno", "dos", "tres", "cuatro"):
        await sim.write(texto=word)
    await sim.webhook.wait("messages", 4)
    assert texts(sim) == ["uno", "dos", "tres", "cuatro"]
    assert len(sim.webhook.got) == 2
    first = sim.webhook.accepted[0]["entry"]
    changes = first[0]["changes"]
    shape = (len(first), len(changes), len(changes[0]["value"]["messages"]))
    assert shape == {"entradas": (3, 1, 1), "cambios": (1, 3, 1), "valores": (1, 1, 3)}[form]


async def test_duplicates(sim: Sim) -> None:
    """The same update comes several times, byte by byte."""
    await sim.faults(duplicados=3)
    await sim.write(texto="uno")
    await sim.webhook.wait("messages", 3)
    assert len({raw for raw, _ in sim.webhook.got}) == 1


async def test_another_order(sim: Sim) -> None:
    """The last update comes first."""
    await sim.faults(desorden=3)
    for word in ("uno", "dos", "tres"):
        await sim.write(texto=word)
    await sim.webhook.wait("messages", 3)
    assert texts(sim) == ["tres", "dos", "uno"]


async def test_without_a_phone(sim: Sim) -> None:
    """Who shows no number comes with a BSUID only, and can be answered under it."""
    person = (await sim.http.post("/telefono/personas", json={"nombre": "Carla"})).json()
    assert (person["telefono"], person["bsuid"][:3]) == ("", "CL.")
    await sim.write(bsuid=person["bsuid"], texto="hola")
    await sim.webhook.wait("messages", 1)
    raw, given = sim.webhook.got[0]
    message = types.Message.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert (message.from_user.wa_id, message.from_user.bsuid) == (None, person["bsuid"])
    assert "from" not in sim.webhook.values("messages")[0]
    sent = await message.reply("hola, Carla")
    assert (sent.to, (await sim.read(person["bsuid"]))[-1]["texto"]) == (person["bsuid"], "hola, Carla")
    statuses = await sim.webhook.wait("statuses", 2)
    assert statuses[0]["recipient_user_id"] == person["bsuid"]
    assert "recipient_id" not in statuses[0]


@pytest.mark.parametrize(
    ("fault", "keys"),
    [("sin_telefono", {"profile", "user_id"}), ("sin_user_id", {"profile", "wa_id"})],
)
async def test_contacts_with_gaps(sim: Sim, fault: str, keys: set[str]) -> None:
    """For a time everybody may come without a number, or without a BSUID."""
    await sim.faults(**{fault: True})
    await sim.write(texto="hola")
    await sim.webhook.wait("messages", 1)
    assert set(sim.webhook.values("contacts")[0]) == keys


async def test_statuses(sim: Sim) -> None:
    """Sent, delivered, read: each once, with what the sender wrote on it and what it costs."""
    await sim.write(texto="hola")
    sent = (await sim.graph({**text(1), "biz_opaque_callback_data": "pedido-7"})).json()["messages"][0]["id"]
    await sim.webhook.wait("statuses", 2)
    await sim.http.post("/telefono/leido", json={"telefono": PHONE})
    await sim.http.post("/telefono/leido", json={"telefono": PHONE})
    statuses = await sim.webhook.wait("statuses", 3)
    assert [one["status"] for one in statuses] == ["sent", "delivered", "read"]
    assert {one["id"] for one in statuses} == {sent}
    assert {one["biz_opaque_callback_data"] for one in statuses} == {"pedido-7"}
    assert (await sim.read())[-1]["estado"] == "read"
    raw, given = sim.webhook.got[1]
    status = types.MessageStatus.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert (status.status, status.tracker) == (types.MessageStatusType.SENT, "pedido-7")
    assert status.pricing
    assert status.conversation
    assert (status.pricing.billable, status.conversation.category.value) == (False, "service")


async def test_a_template_costs(sim: Sim) -> None:
    """Templates are billed in their category; a failed message names its error."""
    await sim.faults(lectura_automatica=True)
    await sim.graph(notice("Hola"))
    statuses = await sim.webhook.wait("statuses", 3)
    assert [one["pricing"]["category"] for one in statuses] == ["utility"] * 3
    await sim.faults(error_tardio={"codigo": 131026})
    await sim.graph(notice("Hola"))
    await sim.webhook.wait("statuses", 4)
    raw, given = sim.webhook.got[-1]
    failed = types.MessageStatus.from_update(sim.wa, RawUpdate(raw, hmac_header=given, update_hash=""))
    assert failed.error
    assert (failed.error.code, failed.from_user.bsuid) == (131026, None)


async def test_handshake(sim: Sim) -> None:
    """The webhook is asked for the challenge, and another is only taken if it knows it."""
    assert (await sim.http.post("/simulador/verificar")).json() == {"ok": True, "http": 200, "detalle": ""}
    path = f"{BUSINESS.waba_id}/subscribed_apps"
    url = sim.state.business.callback_url
    refused = await sim.graph({"override_callback_uri": url, "verify_token": "otro"}, path)
    assert refused.json()["error"]["code"] == 2200
    assert await sim.wa.override_waba_callback_url(
        callback_url=url + "?otra", verify_token=BUSINESS.verify_token
    )
    apps = await sim.wa.api.get_waba_subscribed_apps(waba_id=BUSINESS.waba_id)
    assert apps["data"][0]["override_callback_uri"] == url + "?otra"
    assert await sim.wa.delete_waba_callback_url()
    assert sim.state.deliverer.url == url
