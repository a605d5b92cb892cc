"""How often things may be done, in one place.

Written as the library `limits` reads it. What strangers can use up never keeps an owner out: unknown
addresses, known ones and who has shown the password have budgets of their own, each purpose too, and what is
counted over everybody counts strangers only. When they use up a RUT's logins, theirs ask for a code too.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.core.errors import TooManyRequestsError
from bot.services.ports_acceso import Limites

# What guessing codes may gain per RUT and day, from however many addresses. A code has 5 tries, and a day may
# overlap two windows.
#   to log in with a code alone, asked for from a known address (others open nothing): 2 × 4 × 5 / 10^6
#   after the right password: 10 wrong tries in any 24 hours / 10^6
#   a new password, from known and from unknown addresses, eight digits: 2 × (4 + 4) × 5 / 10^8
#   to link a chat, eight digits: 2 × 4 × 5 / 10^8
# together 51.2 in a million, less than 1 in 10,000. Over all RUTs strangers can only guess new passwords and
# links (the rest needs an address or a password of the victim's): 2 × 380 codes in each of at most 25 windows
# of an hour, 25 × 760 × 5 / 10^8 = 0.95 in 1,000 a day.
REGLAS: Mapping[str, str] = {
    "login_ip": "60/5 minutes",
    "login_rut_ip": "10/15 minutes",
    "login_rut": "20/hour",
    "registro_ip": "10/hour",
    "codigo_ip": "20/hour",
    "codigo_rut_ip": "4/10 minutes",
    "codigo_desconocido": "4/day",
    "codigo_conocido": "4/day",
    "codigo_probado": "30/day",
    "codigo_telefono": "16/day",
    "codigo_telefono_nuevo": "20/day",
    "codigo_todos": "380/hour",
    "aviso_telefono": "3/day",
    "verificar_ip": "60/hour",
    "confirmar_rut": "10/15 minutes",
    "enlace_ip": "60/hour",
    "enlace_rut": "20/hour",
    "chat_rut": "60/minute",
    "canal_persona": "30/minute",
    "caso_persona": "300/10 minutes",
    "canal_aviso": "1/minute",
    "importar_rut": "60/hour",
    "datos_rut": "10/hour",
    "sii_rut": "12/hour",
    "informe_rut": "120/hour",
    "contrato_rut": "60/hour",
    "pagina_rut": "240/hour",
}
TRIES_PER_CODE = 5
TRIES_PER_DAY = 10


async def require(limites: Limites, *cuentas: tuple[str, ...]) -> None:
    """Count one for each rule (`("login_rut_ip", rut, address)`).

    Raises:
        TooManyRequestsError: with the seconds to wait.
        ServiceUnavailableError: if it cannot be counted: then it must not be done.
    """
    for regla, *partes in cuentas:
        espera = await limites.hit(regla, *partes)
        if espera:
            raise TooManyRequestsError(espera=espera, cuando=_words(espera))


def _words(espera: int) -> str:
    minutes = -(-espera // 60)
    if espera < 60:
        return f"{espera} segundos" if espera > 1 else "un segundo"
    if minutes <= 90:
        return f"{minutes} minutos" if minutes > 1 else "un minuto"
    return f"{-(-timedelta(seconds=espera) // timedelta(hours=1))} horas"
