"""What `make run` starts beside Tributa."""

from pathlib import Path

import pytest

from sandbox.demo import phone, telefono
from sandbox.demo_datos import DEMO
from tests.conftest import make_settings
from tests.sandbox.whatsapp import BUSINESS


def test_the_demo_starts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make run` starts it with both taxpayers' phones, and tells the product where it is."""
    monkeypatch.delenv("WHATSAPP_GRAPH_URL", raising=False)
    settings = make_settings(tmp_path, port=8765)
    companion = telefono(settings)
    assert companion
    assert f"{phone(DEMO[0])}={DEMO[0].nombre}" in companion.command
    assert companion.environment["WHATSAPP_CALLBACK_URL"] == "http://127.0.0.1:8765/webhooks/whatsapp"
    assert companion.environment["WHATSAPP_PHONE_ID"] == BUSINESS.phone_id
    secrets = {companion.environment[f"WHATSAPP_{name}"] for name in ("TOKEN", "APP_SECRET", "VERIFY_TOKEN")}
    assert len(secrets) == 3
    monkeypatch.setenv("WHATSAPP_GRAPH_URL", "https://graph.facebook.com")
    assert telefono(settings) is None
