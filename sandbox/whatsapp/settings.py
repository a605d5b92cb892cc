"""Who the business is, and what is to go wrong."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.services.reloj import RelojSantiago

DISPLAY_NUMBER = "56223456789"
PORT = 8081


@dataclass(frozen=True)
class Business:
    """The account that the product has at WhatsApp."""

    token: str = "desarrollo"  # noqa: S105
    app_secret: str = "desarrollo"  # noqa: S105
    phone_id: str = "100000000000001"
    waba_id: str = "200000000000001"
    callback_url: str = ""
    verify_token: str = "desarrollo"  # noqa: S105
    name: str = "Tributa"
    quality: str = "GREEN"
    phone_status: str = "CONNECTED"
    token_expires: int = 0
    scopes: tuple[str, ...] = ("whatsapp_business_management", "whatsapp_business_messaging")
    fields: tuple[str, ...] = ("messages",)

    @classmethod
    def from_environment(cls) -> Self:
        """As the product's own variables say."""
        names = {
            "token": "WHATSAPP_TOKEN",
            "app_secret": "WHATSAPP_APP_SECRET",
            "phone_id": "WHATSAPP_PHONE_ID",
            "waba_id": "WHATSAPP_WABA_ID",
            "callback_url": "WHATSAPP_CALLBACK_URL",
            "verify_token": "WHATSAPP_VERIFY_TOKEN",
        }
        given: dict[str, Any] = {name: os.environ[key] for name, key in names.items() if os.environ.get(key)}
        return cls(**given)


@dataclass
class Clock:
    """The time of the simulator, which tests may move ahead."""

    reloj: RelojSantiago = field(default_factory=RelojSantiago)
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """Now, in Chile's zone."""
        return self.reloj.ahora() + self.ahead

    def seconds(self) -> float:
        """Now, as WhatsApp counts it."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(seconds=seconds)


class Fault(BaseModel):
    """An error that the next sends meet."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    codigo: int = 131000
    veces: int = Field(1, ge=0)
    telefono: str | None = None
    """Only messages to this phone or BSUID."""


class Faults(BaseModel):
    """What goes wrong, and which limits hold; as POST /simulador/fallas takes it."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    error_envio: Fault | None = None
    """Answered at once."""
    error_tardio: Fault | None = None
    """Accepted, and told later as a `failed` status."""
    http_503: int = Field(0, ge=0)
    """So many requests get an answer that is not even JSON."""
    corte: int = Field(0, ge=0)
    """So many sends lose their connection before anything is done."""
    respuesta_perdida: int = Field(0, ge=0)
    """So many sends are done, and lose their connection before the answer."""
    demora: float = Field(0, ge=0, le=60)
    """Seconds before each answer."""
    ventana: Literal["al_enviar", "tardia", "no"] = "al_enviar"
    """How the 24-hour window is told: at once, as a `failed` status, or not at all."""
    ventana_horas: float = 24
    par: bool = True
    """One message per `par_segundos` and pair, and a burst of `par_rafaga`."""
    par_segundos: float = 6
    par_rafaga: int = 45
    caudal: int = 80
    """Messages per second."""
    lectura_automatica: bool = False
    """Whether messages are read as soon as they arrive."""
    lote: int = Field(1, ge=1, le=1000)
    """So many updates in one POST, waited for at most `lote_espera` seconds."""
    lote_forma: Literal["entradas", "cambios", "valores"] = "cambios"
    """Where the updates of a batch are side by side: `entry`, `changes`, or `messages` and `statuses`."""
    lote_espera: float = 0.3
    duplicados: int = Field(1, ge=1, le=50)
    """How many times each POST is made."""
    desorden: int = Field(0, ge=0, le=1000)
    """So many updates are collected and sent last one first."""
    sin_telefono: bool = False
    """Nobody shows their number: only `user_id` comes."""
    sin_user_id: bool = False
    """Contacts come without `user_id`."""
    firma_mala: int = Field(0, ge=0)
    """So many POSTs are signed with another secret."""
    reintento_base: float = Field(0.2, gt=0)
    """Seconds before the first retry of a webhook; twice as long each time, up to `reintento_tope`."""
    reintento_tope: float = 5
    reintento_fin: float = 3600
    """Seconds after which a webhook is given up."""
    espera: float = 10
    """Seconds that a webhook may take."""
