"""What the SII, or the service that reaches it, may answer in place of data."""

from datetime import datetime

from bot.core.edad import SANTIAGO, day_and_time
from bot.core.errors import BotError


class SiiError(BotError):
    """The register could not be read."""

    key = "sii"


class SiiUnavailableError(SiiError):
    """The SII is down, too slow, in conflict, or answers what is no data: try again later."""

    key = "sii_no_disponible"


class SiiSessionError(SiiUnavailableError):
    """The SII refuses another session of this taxpayer (ten at most), or lost it twice: try again later."""

    key = "sii_sesion"


class SiiWaitError(SiiError):
    """The service asks to wait until `hasta`; whatever uses the same account waits too.

    `bloqueo` tells a lock (423) from too many calls (429); `hasta` is aware.
    """

    key = "sii_espera"

    def __init__(self, hasta: datetime, *, bloqueo: bool = False) -> None:
        super().__init__(hasta=hasta, cuando=day_and_time(hasta.astimezone(SANTIAGO)))
        self.hasta = hasta
        self.bloqueo = bloqueo


class SiiClaveWrongError(SiiError):
    """The SII does not accept the taxpayer's clave: never tried again, for it locks accounts."""

    key = "sii_clave_mala"


class SiiClaveUncertainError(SiiClaveWrongError):
    """Its first use broke off, and nobody knows whether the SII accepted it: it is asked for again."""

    key = "sii_clave_duda"


class SiiClaveMissingError(SiiError):
    """The taxpayer has given no clave, or took it back."""

    key = "sii_sin_clave"


class SiiAccountError(SiiError):
    """The operator's account with the service fails (token, credit, contract); `codigo` is the status."""

    key = "sii_cuenta"


class SiiRefusedError(SiiError):
    """The SII refuses the question; `dice` are its own words."""

    key = "sii_rechazo"
