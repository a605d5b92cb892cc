"""`tributa whatsapp` and `tributa telegram`, as an operator types them against the simulators."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp_templates import TEMPLATES
from tests.channels.puertas import puertas
from tests.sandbox.telegram_stage import TOKEN, Stage, staged
from tests.sandbox.whatsapp import BUSINESS, Sim, running
from tests.test_cli import Tributa

SECRET = "s3creto_del_webhook"
SECRETS = (BUSINESS.token, BUSINESS.app_secret, BUSINESS.verify_token, TOKEN, SECRET)


class Operator:
    """Types commands; whatever they say, no secret is in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.tributa, self.environment = Tributa(folder), environment

    async def __call__(self, *arguments: str, **environment: str) -> tuple[int, str]:
        given = {**self.environment, **environment}
        code, said = await asyncio.to_thread(self.tributa, *arguments, **given)
        assert not any(secret in said for secret in (*SECRETS, *environment.values())), said
        assert "Traceback" not in said, said
        return code, said


@pytest.fixture
async def sim() -> AsyncIterator[Sim]:
    """A WhatsApp."""
    async with running() as sim:
        yield sim


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A Telegram."""
    async with staged() as stage:
        yield stage


@pytest.fixture
async def operator(tmp_path: Path, sim: Sim, stage: Stage) -> AsyncIterator[Operator]:
    """Whose settings are right."""
    async with puertas(BUSINESS.verify_token, SECRET) as web:
        url = f"{web}/webhooks/whatsapp"
        sim.state.business = replace(sim.state.business, callback_url=url)
        sim.state.deliverer.url = url
        yield Operator(
            tmp_path,
            {
                "TRIBUTA_PUBLIC_URL": web,
                "WHATSAPP_GRAPH_URL": sim.url,
                "WHATSAPP_PHONE_ID": BUSINESS.phone_id,
                "WHATSAPP_WABA_ID": BUSINESS.waba_id,
                "WHATSAPP_TOKEN": BUSINESS.token,
                "WHATSAPP_APP_SECRET": BUSINESS.app_secret,
                "WHATSAPP_VERIFY_TOKEN": BUSINESS.verify_token,
                "TELEGRAM_API_URL": stage.url,
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_WEBHOOK_SECRET": SECRET,
            },
        )


async def test_checking_whatsapp(operator: Operator, sim: Sim) -> None:
    """A line for each thing and 0; with one fault 1, and below it what to do."""
    code, said = await operator("whatsapp", "check")
    assert code == 0, said
    lines = said.splitlines()
    assert [line[0] for line in lines] == ["✓"] * len(lines)
    assert "✓ Teléfono: +56 2 2345 6789, Tributa, calidad alta" in lines
    sim.state.templates.known["tributa_aviso", "es_CL"].raw["status"] = "PENDING"
    code, said = await operator("whatsapp", "check")
    assert code == 1
    at = said.splitlines().index("✗ Plantilla tributa_aviso: está en revisión")
    assert said.splitlines()[at + 1].startswith("  → La revisión tarda")


async def test_what_the_service_quotes_is_hidden(operator: Operator, sim: Sim) -> None:
    """Even if Meta says a secret back, nobody reads it over a shoulder."""
    sim.state.templates.known["tributa_aviso", "es_CL"].raw.update(
        status="REJECTED", rejected_reason=f"con {BUSINESS.token} adentro"
    )
    code, said = await operator("whatsapp", "check")
    assert (code, "(con ••• adentro)" in said) == (1, True), said


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "told"),
    [
        (("whatsapp", "check"), {"WHATSAPP_TOKEN": "EAAB-otro"}, 1, "✗ Token: Meta no lo acepta (error 190)"),
        (("whatsapp", "check"), {"WHATSAPP_PHONE_ID": ""}, 1, "✗ Configuración: falta WHATSAPP_PHONE_ID"),
        (
            ("whatsapp", "check"),
            {"WHATSAPP_APP_SECRET": ""},
            2,
            "WhatsApp necesita también WHATSAPP_APP_SECRET",
        ),
        (("whatsapp", "subscribe"), {"WHATSAPP_WABA_ID": ""}, 2, "Faltan WHATSAPP_WABA_ID"),
        (("telegram", "check"), {"TELEGRAM_TOKEN": "7000000001:EAAB"}, 1, "✗ Token: Telegram no lo acepta"),
        (("telegram", "check"), {"TELEGRAM_TOKEN": ""}, 1, "✗ Configuración: falta TELEGRAM_TOKEN"),
    ],
)
async def test_what_is_wrong(
    operator: Operator, arguments: tuple[str, ...], environment: dict[str, str], code: int, told: str
) -> None:
    """Told in a sentence, with its exit code."""
    given = {name: value for name, value in environment.items() if value}
    operator.environment |= {name: value for name, value in environment.items() if not value}
    got, said = await operator(*arguments, **given)
    assert (got, told in said) == (code, True), said


async def test_templates(operator: Operator, sim: Sim) -> None:
    """Their bodies can be copied as they are; `--crear` creates them, and then all is well."""
    code, said = await operator("whatsapp", "templates")
    assert code == 0
    first, _, rest = said.partition("\n")
    assert first == f"POST {sim.url}/v23.0/{BUSINESS.waba_id}/message_templates"
    sim.state.templates.known.clear()
    for body in bodies(rest):
        answer = await sim.graph(body, f"{BUSINESS.waba_id}/message_templates")
        assert answer.status_code == 200, answer.text
    sim.state.templates.known.clear()
    code, said = await operator("whatsapp", "templates", "--crear")
    assert (code, said.count("creada")) == (0, len(TEMPLATES)), said
    assert (await operator("whatsapp", "check"))[0] == 0


def bodies(text: str) -> list[dict[str, Any]]:
    """The JSON objects in a text."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        one, end = decoder.raw_decode(text)
        found.append(one)
        text = text[end:]
    assert len(found) == len(TEMPLATES)
    return found


async def test_telegram_from_nothing_to_well(operator: Operator, stage: Stage) -> None:
    """What the check says is what mends it, in both modes."""
    code, said = await operator("telegram", "check")
    assert (code, "tributa telegram set-commands" in said) == (1, True)
    assert (await operator("telegram", "set-commands"))[0] == 0
    operator.environment["TELEGRAM_MODE"] = "webhook"
    code, said = await operator("telegram", "check")
    assert (code, "tributa telegram set-webhook" in said) == (1, True)
    assert (await operator("telegram", "set-webhook"))[0] == 0
    assert (await operator("telegram", "check"))[0] == 0
    operator.environment["TELEGRAM_MODE"] = "polling"
    code, said = await operator("telegram", "check")
    assert (code, "tributa telegram delete-webhook" in said) == (1, True)
    assert (await operator("telegram", "delete-webhook"))[0] == 0
    assert (await operator("telegram", "check"))[0] == 0
