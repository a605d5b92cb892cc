"""Settings: production is strict, secrets are private."""

import json
import multiprocessing
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.bootstrap import Services, mark_as_demo, open_services
from bot.crypto.llavero import Llavero, fingerprint
from bot.private import SecretFile, SettingsError
from bot.settings import Settings
from bot.storage.database import UnsafeRoleError
from bot.storage.embedded import Urls
from tests.conftest import make_settings

GOOD = "k7Qp0w9Zr5Lx2Vn8Hb4Jt6Yc1Md3Fs0Ga"


def production(tmp_path: Path, **values: object) -> Settings:
    """Production with what is given."""
    given = {"public_url": "https://tributa.example", **values}
    return Settings(_env_file=None, env="production", data=tmp_path, **given)  # type: ignore[arg-type, call-arg]


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
        {"secret_key": GOOD, "public_url": None},
        {"secret_key": GOOD, "public_url": ""},
        {"secret_key": GOOD, "public_url": "http://tributa.example"},
    ],
)
def test_production_refuses(tmp_path: Path, values: dict[str, object]) -> None:
    """Weak or missing secrets, a clock of our own, and links without https stop production at its start."""
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


def _add(path: Path) -> None:
    SecretFile(path).update("ring", lambda ring: f"{ring},x")


def test_programs_that_write_together_lose_nothing(tmp_path: Path) -> None:
    """What one makes of a secret is made of what another just wrote."""
    file = SecretFile(tmp_path / "secrets.json")
    first = file.get("ring")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.map(_add, [file.path] * 40, chunksize=1)
    assert file.get("ring") == first + ",x" * 40


async def test_services_open(services: Services) -> None:
    """With the application's role everything opens."""
    assert await services.database.ready()


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", []),
        (" , ", []),
        ("127.0.0.1", ["127.0.0.1/32"]),
        ("10.0.0.0/8, 127.0.0.1,", ["10.0.0.0/8", "127.0.0.1/32"]),
        ("::1,fd00::/8", ["::1/128", "fd00::/8"]),
    ],
)
def test_trusted_proxies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, networks: list[str]
) -> None:
    """Addresses and networks with commas between them; nobody is trusted unless named."""
    assert make_settings(tmp_path).trusted_proxies == []
    monkeypatch.setenv("TRIBUTA_TRUSTED_PROXIES", text)
    assert make_settings(tmp_path).trusted_proxies == networks


@pytest.mark.parametrize(
    "text", ["proxy.local", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1 10.0.0.1", '["127.0.0.1"]', "*"]
)
def test_proxies_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A slip is told at the start: a proxy that is not recognised would be taken for every client."""
    monkeypatch.setenv("TRIBUTA_TRUSTED_PROXIES", text)
    with pytest.raises(ValidationError, match="TRIBUTA_TRUSTED_PROXIES"):
        make_settings(tmp_path)


@pytest.mark.parametrize(
    ("env", "port", "proxies"), [("development", 9999, ["10.0.0.0/8"]), ("production", 8080, [])]
)
def test_a_dotenv_is_for_development(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: str, port: int, proxies: list[str]
) -> None:
    """In production what a forgotten file says does not count."""
    (tmp_path / ".env").write_text("TRIBUTA_PORT=9999\nTRIBUTA_TRUSTED_PROXIES=10.0.0.0/8\n")
    monkeypatch.chdir(tmp_path)
    values = {"ENV": env, "SECRET_KEY": GOOD, "DATA": str(tmp_path), "PUBLIC_URL": "https://tributa.example"}
    for name, value in values.items():
        monkeypatch.setenv(f"TRIBUTA_{name}", value)
    settings = Settings()  # type: ignore[call-arg]
    assert (settings.port, settings.trusted_proxies) == (port, proxies)


def test_a_dotenv_gives_production_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that only the file gives is as good as none."""
    (tmp_path / ".env").write_text(f"TRIBUTA_SECRET_KEY={GOOD}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIBUTA_ENV", "production")
    with pytest.raises(ValidationError, match="TRIBUTA_SECRET_KEY"):
        Settings()  # type: ignore[call-arg]


def test_the_environment_goes_before_a_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was set for one run is not undone by the file."""
    (tmp_path / ".env").write_text("TRIBUTA_PORT=9999\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIBUTA_PORT", "7777")
    assert Settings().port == 7777  # type: ignore[call-arg]


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o640, 0o666])
def test_a_key_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    """Reading the keys and putting new ones alike, and it is left as it was."""
    settings = make_settings(tmp_path)
    before = settings.keyring()
    settings.secret_file.path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        settings.keyring()
    with pytest.raises(SettingsError, match="chmod 600"):
        settings.secret_file.update("secret_key", lambda _: "otra")
    assert json.loads(settings.secret_file.path.read_text()) == {"secret_key": before}


def test_a_rotated_key_is_seen_at_once(tmp_path: Path) -> None:
    """A running program encrypts with the key that was put first, and reads what the old one wrote."""
    settings = make_settings(tmp_path)
    llavero = Llavero(settings.keyring)
    old, written = settings.keyring(), llavero.encrypt("hola")
    other = settings.secret("agent_api_key")
    settings.secret_file.update("secret_key", lambda ring: f"{GOOD},{ring}")
    assert settings.keyring() == f"{GOOD},{old}"
    assert llavero.llave == fingerprint(GOOD)
    assert llavero.decrypt(written) == Llavero(lambda: GOOD).decrypt(llavero.encrypt("hola")) == "hola"
    assert settings.secret_file.get("agent_api_key") == other
    assert settings.secret_file.path.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"secrets.json", "secrets.lock"}


def test_every_key_of_a_ring_is_strong(tmp_path: Path) -> None:
    """One weak key in production's ring, the newest or an older one, is refused like a weak key alone."""
    assert production(tmp_path, secret_key=f"{GOOD},{GOOD[::-1]}").keyring() == f"{GOOD},{GOOD[::-1]}"
    for ring in (f"{GOOD},corta", f"corta,{GOOD}", f"{GOOD},", f",{GOOD}"):
        with pytest.raises(ValidationError):
            production(tmp_path, secret_key=ring)


@pytest.mark.parametrize("empty", ["", " ", ","])
def test_an_empty_secret_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: str) -> None:
    """A variable that is set to nothing lets nobody in: a random secret is made, or production refuses."""
    for name in ("TRIBUTA_SECRET_KEY", "AGENT_API_KEY", "ADMIN_API_KEY", "ENGINE_TOKEN", "ACTIONS_TOKEN"):
        monkeypatch.setenv(name, empty)
    settings = make_settings(tmp_path)
    made = [settings.secret(name) for name in ("agent_api_key", "admin_api_key", "engine_token")]
    assert all(len(secret) >= 32 for secret in (*made, settings.secret("actions_token"), settings.keyring()))
    assert settings.whatsapp_token is None
    with pytest.raises(ValidationError, match="TRIBUTA_SECRET_KEY"):
        production(tmp_path)


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({}, "https://legacy.apigateway.cl/api/v1"),
        ({"sii_api_version": "2"}, "https://app.apigateway.cl/api/v2"),
        ({"sii_base_url": " "}, "https://legacy.apigateway.cl/api/v1"),
        ({"sii_base_url": "https://sii.example/v1/"}, "https://sii.example/v1"),
        ({"sii_base_url": "http://127.0.0.1:9000/api/v1"}, "http://127.0.0.1:9000/api/v1"),
        ({"sii_base_url": "http://[::1]:9000"}, "http://[::1]:9000"),
        ({"sii_base_url": "http://localhost:9000", "sii_api_version": 2}, "http://localhost:9000"),
    ],
)
def test_where_the_sii_is(tmp_path: Path, values: dict[str, object], url: str) -> None:
    """The service's own address by its version, or the one that is given."""
    assert make_settings(tmp_path, **values).sii_url == url


@pytest.mark.parametrize(
    "values",
    [
        {"sii_base_url": "http://sii.example/api/v1"},
        {"sii_base_url": "http://127.0.0.1.sii.example"},
        {"sii_base_url": "http://10.0.0.1"},
        {"sii_base_url": "ftp://127.0.0.1"},
        {"sii_base_url": "https://"},
        {"sii_base_url": "sii.example"},
        {"sii_base_url": "http://[::1"},
        {"sii_api_version": 3},
        {"sii_rate": 0},
    ],
)
def test_settings_of_the_sii_that_cannot_be(tmp_path: Path, values: dict[str, object]) -> None:
    """Claves never go out unencrypted; there are two versions, and a call a minute at least."""
    with pytest.raises(ValidationError):
        make_settings(tmp_path, **values)


def test_the_token_of_the_sii(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not told by the settings' repr; an empty one is none; sixty calls a minute unless told."""
    monkeypatch.setenv("SII_TOKEN", GOOD)
    settings = make_settings(tmp_path)
    assert settings.sii_token is not None and settings.sii_token.get_secret_value() == GOOD
    assert GOOD not in repr(settings) and settings.sii_rate == 60
    monkeypatch.setenv("SII_TOKEN", " ")
    assert make_settings(tmp_path).sii_token is None


def test_whose_clock_the_channels_go_by(tmp_path: Path) -> None:
    """A simulated WhatsApp follows the demo's clock; the real one never does."""
    assert make_settings(tmp_path, whatsapp_graph_url="http://127.0.0.1:8081").simulated
    assert not make_settings(tmp_path).simulated


def test_hours_that_cannot_be_read(tmp_path: Path) -> None:
    """Nobody finds out on a Monday that nobody attends because of a typing error."""
    with pytest.raises(ValidationError, match="TRIBUTA_HORARIO se escribe"):
        make_settings(tmp_path, horario="lunes a viernes")


@pytest.mark.parametrize("values", [{"backup_dir": "/x"}, {"backup_passphrase": "corta"}, {"backup_keep": 0}])
def test_backups_that_cannot_be(tmp_path: Path, values: dict[str, object]) -> None:
    """A schedule needs a passphrase, which is long; at least one backup stays."""
    with pytest.raises(ValidationError, match=r"(?i)backup_"):
        make_settings(tmp_path, **values)


def test_the_passphrase_of_backups(tmp_path: Path) -> None:
    """From the environment, or from a file that nobody else can read."""
    file = tmp_path / "frase"
    file.write_text("seis palabras al azar aqui\n")
    file.chmod(0o600)
    assert make_settings(tmp_path, backup_passphrase_file=file).backup_passphrase_given() == (
        "seis palabras al azar aqui"
    )
    assert make_settings(tmp_path).backup_passphrase_given() is None
    file.write_text("corta")
    with pytest.raises(SettingsError, match="16 caracteres"):
        make_settings(tmp_path, backup_passphrase_file=file).backup_passphrase_given()
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        make_settings(tmp_path, backup_passphrase_file=file).backup_passphrase_given()
