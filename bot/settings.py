"""Settings from the environment (and `.env` in development), and secrets kept in a mode-600 file."""

import os
import tomllib
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, PrivateAttr, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.core.horario import Horario
from bot.private import SecretFile, SettingsError, read_private

ROOT = Path(__file__).resolve().parent.parent
ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
MINIMUM_SECRET = 32
MINIMUM_PASSPHRASE = 16
_MINIMUM_DIFFERENT = 12
_WEAK_SECRETS = ("change", "cambia", "secret", "secreto", "demo", "default", "password", "example", "test")


_SII_URLS = {1: "https://legacy.apigateway.cl/api/v1", 2: "https://app.apigateway.cl/api/v2"}
SECRETS = {
    "secret_key": "TRIBUTA_SECRET_KEY",
    "agent_api_key": "AGENT_API_KEY",
    "admin_api_key": "ADMIN_API_KEY",
    "engine_token": "ENGINE_TOKEN",
    "actions_token": "ACTIONS_TOKEN",
}


def _is_weak(secret: str) -> bool:
    """Short, of few characters, or one of those that manuals give as examples."""
    short = len(secret.strip()) < MINIMUM_SECRET or len(set(secret)) < _MINIMUM_DIFFERENT
    return short or any(word in secret.lower() for word in _WEAK_SECRETS)


def _is_private(url: str) -> bool:
    """Whether nobody reads along what is sent there."""
    try:
        where = urlsplit(url)
        host = where.hostname or ""
        if where.scheme == "https":
            return bool(host)
        return where.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _name(name: str) -> AliasChoices:
    return AliasChoices(name)


class Settings(BaseSettings):
    """What an operator can set; the names are those of the environment."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    env: Literal["demo", "development", "production"] = Field(
        "development", validation_alias=_name("TRIBUTA_ENV")
    )
    host: str = Field("127.0.0.1", validation_alias=_name("TRIBUTA_HOST"))
    port: int = Field(8080, validation_alias=_name("TRIBUTA_PORT"))
    data: Path = Field(Path("~/.local/share/tributa"), validation_alias=_name("TRIBUTA_DATA"))
    # Where what trainers own is: domain.yml, config.yml, data and models.
    project: Path = Field(ROOT, validation_alias=_name("TRIBUTA_PROJECT"))
    now: datetime | None = Field(None, validation_alias=_name("TRIBUTA_NOW"))
    database_url: str | None = Field(None, validation_alias=_name("DATABASE_URL"))
    migration_url: str | None = Field(None, validation_alias=_name("DATABASE_MIGRATION_URL"))
    storage_url: str | None = Field(None, validation_alias=_name("STORAGE_URL"))
    chroma_url: str | None = Field(None, validation_alias=_name("CHROMA_URL"))
    # A socket file, or host:port.
    clamav_socket: str | None = Field(
        None, pattern=r"^(/.+|[\w.-]+:\d{1,5})$", validation_alias=_name("CLAMAV_SOCKET")
    )
    public_url: str | None = Field(None, validation_alias=_name("TRIBUTA_PUBLIC_URL"))
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        [], validation_alias=_name("TRIBUTA_TRUSTED_PROXIES")
    )
    session_idle: int = Field(120, ge=5, le=1440, validation_alias=_name("TRIBUTA_SESSION_IDLE"))
    retention_messages: int = Field(730, ge=1, validation_alias=_name("TRIBUTA_RETENTION_MESSAGES"))
    retention_logs: int = Field(365, ge=1, validation_alias=_name("TRIBUTA_RETENTION_LOGS"))
    # When people attend, by Chile's clock and except on holidays; empty: nobody does.
    horario: str = Field("", validation_alias=_name("TRIBUTA_HORARIO"))
    # How long the assistant stays quiet in a conversation while nobody writes.
    caso_horas: int = Field(4, ge=1, le=72, validation_alias=_name("TRIBUTA_CASO_HORAS"))
    engine_url: str | None = Field(None, validation_alias=_name("ENGINE_URL"))
    engine_timeout: float = Field(20.0, validation_alias=_name("ENGINE_TIMEOUT"))
    whatsapp_graph_url: str = Field(
        "https://graph.facebook.com", validation_alias=_name("WHATSAPP_GRAPH_URL")
    )
    whatsapp_api_version: str = Field("23.0", validation_alias=_name("WHATSAPP_API_VERSION"))
    whatsapp_phone_id: str | None = Field(None, validation_alias=_name("WHATSAPP_PHONE_ID"))
    whatsapp_token: SecretStr | None = Field(None, validation_alias=_name("WHATSAPP_TOKEN"))
    whatsapp_waba_id: str | None = Field(None, validation_alias=_name("WHATSAPP_WABA_ID"))
    whatsapp_app_secret: SecretStr | None = Field(None, validation_alias=_name("WHATSAPP_APP_SECRET"))
    whatsapp_verify_token: SecretStr | None = Field(None, validation_alias=_name("WHATSAPP_VERIFY_TOKEN"))
    telegram_api_url: str = Field("https://api.telegram.org", validation_alias=_name("TELEGRAM_API_URL"))
    telegram_token: SecretStr | None = Field(None, validation_alias=_name("TELEGRAM_TOKEN"))
    telegram_webhook_secret: SecretStr | None = Field(None, validation_alias=_name("TELEGRAM_WEBHOOK_SECRET"))
    telegram_mode: Literal["polling", "webhook"] = Field("polling", validation_alias=_name("TELEGRAM_MODE"))
    sii_base_url: str | None = Field(None, validation_alias=_name("SII_BASE_URL"))
    sii_api_version: int = Field(1, ge=1, le=2, validation_alias=_name("SII_API_VERSION"))
    sii_token: SecretStr | None = Field(None, validation_alias=_name("SII_TOKEN"))
    sii_rate: int = Field(60, ge=1, validation_alias=_name("SII_RATE"))
    embedder: str | None = Field(None, validation_alias=_name("TRIBUTA_EMBEDDER"))
    embedder_key: SecretStr | None = Field(None, validation_alias=_name("TRIBUTA_EMBEDDER_KEY"))
    llm: str | None = Field(None, validation_alias=_name("TRIBUTA_LLM"))
    llm_key: SecretStr | None = Field(None, validation_alias=_name("TRIBUTA_LLM_KEY"))
    llm_seconds: float = Field(8.0, gt=0, le=15, validation_alias=_name("TRIBUTA_LLM_SECONDS"))
    sii_concurrency: int = Field(20, ge=1, le=1000, validation_alias=_name("SII_CONCURRENCY"))
    # A month, or how many months back.
    sii_desde: str = Field(
        "24", pattern=r"^(20\d\d-(0[1-9]|1[0-2])|[1-9]\d{0,2})$", validation_alias=_name("SII_DESDE")
    )
    secret_key: SecretStr | None = Field(None, validation_alias=_name("TRIBUTA_SECRET_KEY"))
    agent_api_key: SecretStr | None = Field(None, validation_alias=_name("AGENT_API_KEY"))
    admin_api_key: SecretStr | None = Field(None, validation_alias=_name("ADMIN_API_KEY"))
    engine_token: SecretStr | None = Field(None, validation_alias=_name("ENGINE_TOKEN"))
    actions_token: SecretStr | None = Field(None, validation_alias=_name("ACTIONS_TOKEN"))

    # Where the worker shows its figures to Prometheus; the api does so beside everything else.
    metrics: str | None = Field(None, pattern=r"^[\w.-]+:\d{1,5}$", validation_alias=_name("TRIBUTA_METRICS"))
    backup_dir: Path | None = Field(None, validation_alias=_name("TRIBUTA_BACKUP_DIR"))
    backup_keep: int = Field(7, ge=1, validation_alias=_name("TRIBUTA_BACKUP_KEEP"))
    backup_passphrase: SecretStr | None = Field(None, validation_alias=_name("TRIBUTA_BACKUP_PASSPHRASE"))
    backup_passphrase_file: Path | None = Field(
        None, validation_alias=_name("TRIBUTA_BACKUP_PASSPHRASE_FILE")
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A `.env` is for development; in production the environment alone counts."""
        given = (init_settings, env_settings)
        if os.environ.get("TRIBUTA_ENV") == "production":
            return given
        return (*given, dotenv_settings)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_proxies(cls, value: object) -> object:
        """Networks with commas between them."""
        networks = value.split(",") if isinstance(value, str) else value
        if isinstance(networks, list):
            networks = [str(ip_network(str(one).strip())) for one in networks if str(one).strip()]
        return networks

    @field_validator("horario")
    @classmethod
    def _read_hours(cls, value: str) -> str:
        try:
            Horario.parse(value)
        except ValueError as error:
            raise ValueError(f"TRIBUTA_HORARIO {error}.") from None
        return value

    @field_validator(
        *SECRETS, "backup_passphrase", "whatsapp_token", "sii_token", "sii_base_url", mode="before"
    )
    @classmethod
    def _read_secret(cls, value: object) -> object:
        """A variable that is set to nothing is no secret: an empty key would let in whoever has none."""
        return None if isinstance(value, str) and not value.strip(" ,") else value

    _made: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.data = self.data.expanduser().resolve()
        self.project = self.project.expanduser().resolve()
        if self.now is not None:
            if self.env == "production":
                raise ValueError("TRIBUTA_NOW es solo para desarrollo y demo: quítalo en producción.")
            if self.now.tzinfo is None:
                raise ValueError("TRIBUTA_NOW necesita zona horaria, por ejemplo 2026-11-22T10:00-03:00.")
        self._check_channels()
        self._check_backups()
        if not _is_private(self.sii_url):
            raise ValueError("SII_BASE_URL debe ser https (http, solo en este mismo equipo).")
        if self.env == "production":
            self._check_production()
        return self

    def _check_channels(self) -> None:
        """A webhook without a secret would take anybody's word."""
        signed = self.whatsapp_app_secret and self.whatsapp_verify_token
        if self.whatsapp_phone_id and self.whatsapp_token and not signed:
            raise ValueError("WhatsApp necesita también WHATSAPP_APP_SECRET y WHATSAPP_VERIFY_TOKEN.")
        if self.telegram_token and self.telegram_mode == "webhook" and self.telegram_webhook_secret is None:
            raise ValueError("Con TELEGRAM_MODE=webhook hace falta TELEGRAM_WEBHOOK_SECRET.")

    def _check_backups(self) -> None:
        if self.backup_dir:
            self.backup_dir = self.backup_dir.expanduser().resolve()
            if self.backup_passphrase is None and self.backup_passphrase_file is None:
                raise ValueError(
                    "TRIBUTA_BACKUP_DIR necesita TRIBUTA_BACKUP_PASSPHRASE o TRIBUTA_BACKUP_PASSPHRASE_FILE."
                )
        given = self.backup_passphrase
        if given is not None and len(given.get_secret_value()) < MINIMUM_PASSPHRASE:
            raise ValueError(
                f"TRIBUTA_BACKUP_PASSPHRASE debe tener {MINIMUM_PASSPHRASE} caracteres o más: por ejemplo,"
                " seis palabras al azar."
            )

    def _check_production(self) -> None:
        if self.secret_key is None:
            raise ValueError("TRIBUTA_SECRET_KEY es obligatoria en producción.")
        if not (self.public_url or "").startswith("https://"):
            raise ValueError("TRIBUTA_PUBLIC_URL es obligatoria en producción y debe ser https.")
        if not self.whatsapp_graph_url.startswith("https://"):
            raise ValueError("WHATSAPP_GRAPH_URL debe ser https en producción.")
        if not self.telegram_api_url.startswith("https://"):
            raise ValueError("TELEGRAM_API_URL debe ser https en producción.")
        for name, environment in SECRETS.items():
            given: SecretStr | None = getattr(self, name)
            if given is not None and any(_is_weak(key) for key in given.get_secret_value().split(",")):
                raise ValueError(
                    f"{environment} debe ser aleatoria y tener {MINIMUM_SECRET} caracteres o más."
                )

    @property
    def model(self) -> Path:
        """The live model."""
        return self.project / "models" / "tributa.tar.gz"

    @property
    def web(self) -> str:
        """Where people reach the web pages, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def simulated(self) -> bool:
        """Whether WhatsApp is played by a program on this machine, which goes by `now` as we do."""
        return urlsplit(self.whatsapp_graph_url).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def sii_url(self) -> str:
        """The service that reaches the SII, without a slash at its end."""
        return (self.sii_base_url or _SII_URLS[self.sii_api_version]).rstrip("/")

    def keyring(self) -> str:
        """The keys for claves and hashes as they are now: newest first, with commas between them."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return self.secret_file.get("secret_key")

    def backup_passphrase_given(self) -> str | None:
        """What backups are encrypted with; it is made by nobody but the operator, who keeps it elsewhere.

        Raises:
            SettingsError: if its file cannot be used.
        """
        if self.backup_passphrase is not None:
            return self.backup_passphrase.get_secret_value()
        if self.backup_passphrase_file is None:
            return None
        given = read_private(self.backup_passphrase_file.expanduser()).strip()
        if len(given) < MINIMUM_PASSPHRASE:
            raise SettingsError(
                f"La frase de {self.backup_passphrase_file} debe tener {MINIMUM_PASSPHRASE} caracteres o más."
            )
        return given

    @property
    def secret_file(self) -> "SecretFile":
        """Where the secrets are that the environment does not give."""
        return SecretFile(self.data / "secrets.json")

    def secret(self, name: str) -> str:
        """A secret from the environment or, made once, from the mode-600 file in the data folder."""
        given: SecretStr | None = getattr(self, name, None)
        if given is not None:
            return given.get_secret_value()
        if name not in self._made:
            self._made[name] = self.secret_file.get(name)
        return self._made[name]
