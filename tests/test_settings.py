"""Settings: production is strict, secrets are private."""

import json
import multiprocessing
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.bootstrap import Services, mark_as_demo, open_services
from bot.settings import SecretFile, Settings, SettingsError
from bot.storage.database import UnsafeRoleError
from bot.storage.embedded import Urls
from tests.conftest import make_settings

GOOD = "k7Qp0w9Zr5Lx2Vn8Hb4Jt6Yc1Md3Fs0Ga"


def production(tmp_path: Path, **values: object) -> Settings:
    """Production with what is given."""
    return Settings(_env_file=None, env="production", data=tmp_path, **values)  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"secret_key": ""},
        {"secret_key": "corta"},
        {"secret_key": "change-me-change-me-change-me-change-me"},
        {"secret_key": "a" * 40},
        {"secret_key": " " * 40},
        {"secret_key": GOOD, "agent_api_key": "demo"},
        {"secret_key": GOOD, "engine_token": "x"},
        {"secret_key": GOOD, "actions_token": "x"},
        {"secret_key": GOOD, "admin_api_key": "admin"},
        {"secret_key": GOOD, "now": "2026-11-22T12:00:00-03:00"},
    ],
)
def test_production_refuses(tmp_path: Path, values: dict[str, object]) -> None:
    """Missing, short or default secrets, and a clock of our own, stop production at its start."""
    with pytest.raises(ValidationError):
        production(tmp_path, **values)


def test_production_accepts(tmp_path: Path) -> None:
    """With a random key it starts."""
    assert production(tmp_path, secret_key=GOOD).secret("secret_key") == GOOD


async def test_production_refuses_demo_data(tmp_path: Path, clean: Urls) -> None:
    """A database that held the demo is not for production."""
    mark_as_demo(clean)
    with pytest.raises(SettingsError, match="demostración"):
        async with open_services(production(tmp_path, secret_key=GOOD), clean.app):
            pass


async def test_a_role_that_sees_everything_is_refused(settings: Settings, urls: Urls) -> None:
    """The owner's role would pass by row-level security."""
    with pytest.raises(UnsafeRoleError, match="DATABASE_URL"):
        async with open_services(settings, urls.owner):
            pass


def test_the_clock_needs_a_zone(tmp_path: Path) -> None:
    """A moment without its zone could be another day in Chile."""
    with pytest.raises(ValidationError):
        make_settings(tmp_path, now="2026-11-22T12:00:00")


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    """They are made once, in a file for its owner only; a file that others may read is refused."""
    file = SecretFile(tmp_path / "secrets.json")
    made = file.get("one")
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert SecretFile(file.path).get("one") == made
    file.path.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        file.get("one")


def _make(path: Path) -> str:
    return SecretFile(path).get("shared")


def test_programs_that_start_together_agree(tmp_path: Path) -> None:
    """Several programs that need a new secret at the same moment get the same one."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_make, [tmp_path / "secrets.json"] * 12))) == 1
    assert set(json.loads((tmp_path / "secrets.json").read_text())) == {"shared"}


async def test_services_open(services: Services) -> None:
    """With the application's role everything opens."""
    assert await services.database.ready()
