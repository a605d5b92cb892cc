"""Hand-written stand-ins of ports."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.archivos import keep
from bot.core.errors import EngineUnavailableError, ServiceUnavailableError
from bot.core.mensajes import Boton, Outgoing, Paso, Plantilla, Respuesta
from bot.services.ports_archivos import Contenido
from bot.services.ports_canales import Adjunto, CanalRechazoError


class FixedReloj:
    """A clock that stands still until it is moved."""

    def __init__(self, ahora: datetime) -> None:
        self.now = ahora

    def ahora(self) -> datetime:
        return self.now

    def hoy(self) -> date:
        return self.now.date()


class FakeHasher:
    """A fast hash, for tests that are not about the hash."""

    @staticmethod
    def scramble(password: str) -> str:
        return f"hash:{password[::-1]}"

    async def hash(self, password: str, *, conocido: bool = False) -> str:
        return self.scramble(password)

    async def verify(self, password: str, hashed: str | None, *, conocido: bool = False) -> bool:
        return hashed == self.scramble(password)


class FakeMotor:
    """Echoes, remembers what it was asked, and can be down."""

    def __init__(self) -> None:
        self.down = False
        self.turns: list[tuple[str, str, Boton | None, Mapping[str, Any]]] = []
        self.contexto: dict[str, Any] = {}
        self.says: tuple[Outgoing, ...] = ()
        self.paso: Paso | None = None
        self.intent: str | None = "ventas_resumen"
        self.confianza = 0.9

    async def ready(self) -> bool:
        return not self.down

    async def modelo(self) -> str:
        if self.down:
            raise EngineUnavailableError()
        return "modelo-de-prueba"

    async def turno(
        self, conversacion: str, texto: str, boton: Boton | None, contexto: Mapping[str, Any]
    ) -> Respuesta:
        self.turns.append((conversacion, texto, boton, contexto))
        if self.down:
            raise EngineUnavailableError()
        buttons = (Boton("ventas_resumen:2026-09", "Ver ventas"),)
        said = Outgoing(f"eco: {texto}", buttons)
        return Respuesta(
            self.says or (said,),
            self.intent,
            self.confianza,
            {"periodo": ["2026-09"]},
            (),
            self.contexto,
            paso=self.paso,
        )


class FakeMensajero:
    """A phone that remembers what it got, and can be out of reach."""

    def __init__(self) -> None:
        self.down = False
        self.codes: list[tuple[str, str]] = []
        self.notices: list[tuple[str, str]] = []

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None:
        if self.down:
            raise ServiceUnavailableError()
        self.codes.append((telefono, codigo))

    async def send_notice(self, telefono: str, texto: str) -> None:
        if self.down:
            raise ServiceUnavailableError()
        self.notices.append((telefono, texto))


class FakeCanal:
    """A channel that remembers what it sent, hands out files, and fails as it is told to."""

    def __init__(self) -> None:
        self.rastrea = True
        self.ventana: timedelta | None = None
        self.templates: list[tuple[str, Plantilla]] = []
        self.sent: list[tuple[str, Outgoing]] = []
        self.contents: list[Contenido | None] = []
        self.files: dict[str, bytes] = {}
        self.errors: list[Exception] = []

    def texts(self, destino: str) -> list[str]:
        """What somebody got."""
        return [mensaje.texto for to, mensaje in self.sent if to == destino]

    async def enviar(
        self, destino: str, mensaje: Outgoing, salida: int, archivo: Contenido | None = None
    ) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((destino, mensaje))
        self.contents.append(archivo)
        return f"wamid.{salida}"

    async def enviar_plantilla(self, destino: str, plantilla: Plantilla, salida: int) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.templates.append((destino, plantilla))
        return f"wamid.{salida}.plantilla"

    async def atendiendo(self, destino: str, mensaje: str) -> None:
        return

    async def descargar(self, adjunto: Adjunto, maximo: int) -> Path:
        content = self.files.get(adjunto.id)
        if content is None or len(content) > maximo:
            raise CanalRechazoError("gone")
        return keep(content)
