"""What the channels need: the inbox, the outbox, who is linked, and the channels themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from bot.core.mensajes import Outgoing, Plantilla
from bot.core.rut import Rut
from bot.services.ports_archivos import Contenido


@dataclass(frozen=True, slots=True)
class Remitente:
    """Who is at the other end of a channel: the channel's stable id, and what it tells beside it.

    `telefono` (`+56…`) is only there if the channel itself proves it.
    """

    canal: str
    id: str
    telefono: str | None = None
    nombre: str = ""


class TipoAdjunto(StrEnum):
    """What came with a message; only documents are read."""

    DOCUMENTO = "documento"
    IMAGEN = "imagen"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"
    UBICACION = "ubicacion"
    CONTACTO = "contacto"
    REACCION = "reaccion"
    OTRO = "otro"


@dataclass(frozen=True, slots=True)
class Adjunto:
    """A file or something else that came with a message; `id` gets it from the channel (or, of a reaction, is
    the channel's id of the message that was reacted to)."""

    tipo: TipoAdjunto
    id: str = ""
    nombre: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Entrante:
    """A message as a channel delivers it, perhaps several times. `id` is the channel's own."""

    id: str
    remitente: Remitente
    momento: datetime
    texto: str = ""
    boton: str | None = None
    adjunto: Adjunto | None = None


# What a message's row says of why it waits: the person has not written for too long.
VENTANA = "ventana"


class EstadoSalida(StrEnum):
    """How far an outgoing message has come; `retenido` waits for the person to write again."""

    PENDIENTE = "pendiente"
    ENVIANDO = "enviando"
    ENVIADO = "enviado"
    ENTREGADO = "entregado"
    LEIDO = "leido"
    RETENIDO = "retenido"
    FALLIDO = "fallido"
    CERRADO = "cerrado"
    """Only in receipts: the channel took it, and then found that only a template may be sent."""


@dataclass(frozen=True, slots=True)
class Acuse:
    """What a channel tells about a message that we sent: by its own id, or by ours (`salida`)."""

    canal_mensaje_id: str
    estado: EstadoSalida
    salida: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Cambio:
    """A channel's word that somebody is no longer who they were: the link ends."""

    remitente: Remitente


@dataclass(frozen=True, slots=True)
class Salida:
    """An outgoing message on its way, without `rut` to somebody who is not linked.

    `dudosa` is how many seconds ago an earlier try began that may have reached the channel, `oido` whether
    the channel has delivered anything since. `escribio` is when the person last wrote, `cerrada` whether the
    channel already said that this message may only go as a template.
    """

    id: int
    canal: str
    canal_id: str
    mensaje: Outgoing
    rut: Rut | None = None
    dudosa: float | None = None
    oido: bool = False
    escribio: datetime | None = None
    cerrada: bool = False


class Buzon(Protocol):
    """The inbox: what came in, each thing once, until it has been attended to."""

    async def guardar(self, entrantes: Sequence[Entrante]) -> None: ...

    async def leer(self, entrada: int) -> Entrante | None: ...

    async def cerrar(self, entrada: int, remitente: Remitente, respuestas: Sequence[Outgoing]) -> None: ...


class Salidas(Protocol):
    """The outbox: one row and one job for each message to send, in order for each person."""

    async def tomar(self, salida: int) -> Salida | None: ...

    async def anotar(
        self,
        salida: int,
        estado: EstadoSalida,
        canal_mensaje_id: str | None = None,
        error: str = "",
    ) -> None: ...

    async def retener(self, salida: int) -> None: ...

    async def acusar(self, canal: str, acuse: Acuse) -> bool: ...

    async def reponer(self, canal: str, acuse: Acuse) -> bool: ...

    async def oido(self, canal: str) -> None: ...

    async def dicho(self, remitente: Remitente, canal_mensaje_id: str) -> tuple[Rut, int] | None: ...

    async def soltar(self, remitente: Remitente) -> int: ...


@dataclass(frozen=True, slots=True)
class Vinculo:
    """A taxpayer that somebody on a channel is linked to."""

    rut: Rut
    nombre: str
    conversacion: str
    activado: datetime


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that is linked to a taxpayer, as its owner sees it."""

    conversacion: str
    remitente: Remitente
    desde: datetime
    expira: datetime | None = None


class Vinculos(Protocol):
    """Who is linked to whom; the link that was activated last is the one that answers."""

    async def de(self, remitente: Remitente, ahora: datetime) -> list[Vinculo]: ...

    async def por_telefono(self, telefono: str) -> list[Rut]: ...

    async def vincular(
        self, remitente: Remitente, rut: Rut, ahora: datetime, expira: datetime | None
    ) -> bool: ...

    async def activar(self, remitente: Remitente, rut: Rut, ahora: datetime) -> bool: ...

    async def desvincular(self, remitente: Remitente, rut: Rut) -> bool: ...

    async def soltar_telefono(self, rut: Rut, telefono: str) -> int: ...

    async def chats(self, rut: Rut, ahora: datetime) -> list[Chat]: ...


@dataclass(frozen=True, slots=True)
class Tramite:
    """Where somebody is in linking or registering: the step, and what was given so far."""

    paso: str
    datos: Mapping[str, Any] = field(default_factory=dict)


class Tramites(Protocol):
    """Steps taken by people who are not linked yet; forgotten after a while."""

    async def get(self, remitente: Remitente, ahora: datetime) -> Tramite | None: ...

    async def put(self, remitente: Remitente, tramite: Tramite, expira: datetime) -> None: ...

    async def drop(self, remitente: Remitente) -> None: ...


class CanalOcupadoError(Exception):
    """The channel takes nothing now; nothing was sent. Try again after `espera` seconds, if it says so."""

    def __init__(self, espera: float | None = None) -> None:
        super().__init__()
        self.espera = espera


class CanalInciertoError(Exception):
    """The connection broke in the middle: it may have been sent or not."""


class CanalCerradoError(Exception):
    """The person has not written for too long: only templates may be sent."""


class CanalRechazoError(Exception):
    """The channel will never take this message; `codigo` is its own."""

    def __init__(self, codigo: str) -> None:
        super().__init__(codigo)
        self.codigo = codigo


class Canal(Protocol):
    """One channel as the worker uses it."""

    @property
    def rastrea(self) -> bool:
        """Whether its receipts name our own id, so that an uncertain sending can be found out."""

    @property
    def ventana(self) -> timedelta | None:
        """How long after a person writes anything may be sent; later only templates. None: always."""

    async def enviar(
        self, destino: str, mensaje: Outgoing, salida: int, archivo: Contenido | None = None
    ) -> str:
        """Send one message and give the channel's id of it.

        Args:
            archivo: what is in the message's file, if it has one.

        Raises:
            CanalOcupadoError, CanalInciertoError, CanalCerradoError, CanalRechazoError
        """

    async def enviar_plantilla(self, destino: str, plantilla: Plantilla, salida: int) -> str:
        """Send a template and give the channel's id of it.

        Raises:
            CanalOcupadoError, CanalInciertoError, CanalRechazoError
        """

    async def atendiendo(self, destino: str, mensaje: str) -> None:
        """Show that a message was read and is being answered; failures are of no consequence."""

    async def descargar(self, adjunto: Adjunto, maximo: int) -> Path:
        """A file that somebody sent, at most `maximo` bytes long; whoever asks removes it.

        Raises:
            CanalOcupadoError: to be tried again.
            CanalRechazoError: if it is gone, too large or not what it says.
        """


class Mensajero(Protocol):
    """Sends by WhatsApp, outside any conversation. Raises ServiceUnavailableError to be tried again."""

    async def send_code(self, telefono: str, codigo: str, texto: str) -> None: ...

    async def send_notice(self, telefono: str, texto: str) -> None: ...


class SignatureMissingError(Exception):
    """A delivery without a signature."""


class SignatureWrongError(Exception):
    """A delivery that the channel did not sign."""


class DeliveryUnreadableError(Exception):
    """A delivery that is not what the channel sends."""
