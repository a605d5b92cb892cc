"""The tables. They hold no rules: values are checked at the edges and constrained by the database.

Every table with a `rut` is under forced row-level security (see the migrations).
"""

from bot.storage.tables.archivos import ArchivoRow
from bot.storage.tables.canales import Inbox, Outbox, TramiteRow
from bot.storage.tables.casos import CasoRow, OpinionRow
from bot.storage.tables.instancia import ApiKey, Borrado, Instance, Limite
from bot.storage.tables.noticias import Aviso, AvisoEnviado, BotonLargo, Presencia
from bot.storage.tables.personas import (
    Clave,
    Consent,
    Contributor,
    Enlace,
    IdentityLink,
    Log,
    Message,
    Otp,
    Session,
)
from bot.storage.tables.registro import (
    Cobertura,
    ComprasDetalle,
    ComprasResumen,
    Contrato,
    Embedding,
    IvaDeclarado,
    VentasDetalle,
    VentasResumen,
)
from bot.storage.tables.sii import CambioRow, SiiCuenta, SiiMes, SiiNoche, SiiTurno, Sincronizacion

__all__ = [
    "ApiKey",
    "ArchivoRow",
    "Aviso",
    "AvisoEnviado",
    "Borrado",
    "BotonLargo",
    "CambioRow",
    "CasoRow",
    "Clave",
    "Cobertura",
    "ComprasDetalle",
    "ComprasResumen",
    "Consent",
    "Contrato",
    "Contributor",
    "Embedding",
    "Enlace",
    "IdentityLink",
    "Inbox",
    "Instance",
    "IvaDeclarado",
    "Limite",
    "Log",
    "Message",
    "OpinionRow",
    "Otp",
    "Outbox",
    "Presencia",
    "Session",
    "SiiCuenta",
    "SiiMes",
    "SiiNoche",
    "SiiTurno",
    "Sincronizacion",
    "TramiteRow",
    "VentasDetalle",
    "VentasResumen",
]
