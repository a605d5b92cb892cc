"""Settings from the environment (and `.env` in development), and secrets kept in a mode-600 file."""

import fcntl
import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
MINIMUM_SECRET = 32
_WEAK_SECRETS = ("change", "cambia", "secret", "secreto", "demo", "default", "password", "example", "test")


class SettingsError(Exception):
    """The settings cannot be used as they are; the message, in Spanish, says what to change."""


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
    now: datetime | None = Field(None, validation_alias=_name("TRIBUTA_NOW"))
    database_url: str | None = Field(None, validation_alias=_name("DATABASE_URL"))
    migration_url: str | None = Field(None, validation_alias=_name("DATABASE_MIGRATION_URL"))
    engine_url: str | None = Field(None, validation_alias=_name("ENGINE_URL"))
    engine_timeout: float = Field(20.0, validation_alias=_name("ENGINE_TIMEOUT"))
    secret_key: SecretStr | None = Field(None, validation_alias=_name("TRIBUTA_SECRET_KEY"))
    agent_api_key: SecretStr | None = Field(None, validation_alias=_name("AGENT_API_KEY"))
    admin_api_key: SecretStr | None = Field(None, validation_alias=_name("ADMIN_API_KEY"))
    engine_token: SecretStr | None = Field(None, validation_alias=_name("ENGINE_TOKEN"))
    actions_token: SecretStr | None = Field(None, validation_alias=_name("ACTIONS_TOKEN"))

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.data = self.data.expanduser().resolve()
        if self.now is not None:
            if self.env == "production":
                raise ValueError("TRIBUTA_NOW es solo para desarrollo y demo: quítalo en producción.")
            if self.now.tzinfo is None:
                raise ValueError("TRIBUTA_NOW necesita zona horaria, por ejemplo 2026-11-22T10:00-03:00.")
        if self.env == "production":
            self._check_production()
        return self

    def _check_production(self) -> None:
        for name, value in (("TRIBUTA_SECRET_KEY", self.secret_key), ("AGENT_API_KEY", self.agent_api_key)):
            text = value.get_secret_value() if value else ""
            if name == "TRIBUTA_SECRET_KEY" and not text:
                raise ValueError(f"{name} es obligatoria en producción.")
            if text and (len(text) < MINIMUM_SECRET or any(weak in text.lower() for weak in _WEAK_SECRETS)):
                raise ValueError(f"{name} debe ser aleatoria y tener {MINIMUM_SECRET} caracteres o más.")

    @property
    def embedded_database(self) -> bool:
        """Whether Tributa runs its own PostgreSQL."""
        return self.database_url is None

    def secret(self, name: str) -> str:
        """A secret from the environment or, made once, from the mode-600 file in the data folder."""
        given: SecretStr | None = getattr(self, name, None)
        return given.get_secret_value() if given else SecretFile(self.data / "secrets.json").get(name)


class SecretFile:
    """Secrets that Tributa makes for itself at first start, readable by its user only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str:
        """The secret of that name; it is made if it does not exist yet.

        Raises:
            SettingsError: if others may read the file.
        """
        values = self._read()
        if name not in values:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("w") as lock:  # programs start at the same time
                fcntl.flock(lock, fcntl.LOCK_EX)
                values = self._read()
                if name not in values:
                    values[name] = secrets.token_urlsafe(32)
                    self._write(values)
        return values[name]

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        if self.path.stat().st_mode & 0o077:
            raise SettingsError(f"{self.path} lo pueden leer otros usuarios: ejecuta chmod 600 sobre él.")
        values: dict[str, str] = json.loads(self.path.read_text())
        return values

    def _write(self, values: dict[str, str]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
