"""How often things may be done, in one place.

Written as the library `limits` reads it. What is counted per RUT never keeps its owner out: unknown
addresses and known ones have budgets of their own, and when the first is used up a login asks for a code too.
"""

from collections.abc import Mapping
from datetime import timedelta

from bot.core.errors import TooManyRequestsError
from bot.services.ports_acceso import Limites

# Codes per RUT and day, over all purposes: 5 asked for from unknown addresses and 4 from known ones. A day
# may overlap two windows, and each code has 5 tries, so guessing succeeds with a probability of at most
# 2 × 9 × 5 / 1,000,000 = 9 in 100,000 a day, from however many addresses.
REGLAS: Mapping[str, str] = {
    "login_ip": "60/5 minutes",
    "login_rut_ip": "10/15 minutes",
    "login_rut": "20/hour",
    "login_todos": "1200/minute",
    "registro_ip": "10/hour",
    "codigo_ip": "20/hour",
    "codigo_rut_ip": "4/10 minutes",
    "codigo_desconocido": "5/day",
    "codigo_conocido": "4/day",
    "codigo_telefono": "16/day",
    "codigo_todos": "2000/hour",
    "aviso_telefono": "3/day",
    "verificar_ip": "60/hour",
    "verificar_todos": "3000/hour",
    "confirmar_rut": "10/15 minutes",
    "enlace_ip": "60/hour",
    "enlace_rut": "20/hour",
    "chat_rut": "60/minute",
    "importar_rut": "60/hour",
    "datos_rut": "10/hour",
}
TRIES_PER_CODE = 5


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
