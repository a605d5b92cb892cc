"""The steps of linking and registering in a chat: what each is called, lasts, and asks for."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.core.asistente import asks_for_person
from bot.core.rut import Rut

PREFIX = "vincular."
STEP_LIFE = timedelta(minutes=30)
# Who has left is not recognised by their phone until they ask for it.
GONE_LIFE = timedelta(days=365)
FUERA, DONE = "fuera", "hecho"
# A phone can change hands and WhatsApp tells so; other channels do not, and their links end like sessions.
LINK_LIFE: Mapping[str, timedelta] = {"telegram": timedelta(hours=24)}
NAME_LENGTH = range(2, 121)
# What to say when a message does not hold what this step asks for, and the buttons beside it.
MISSING: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rut": ("vincular_rut_falta", ("cancelar",)),
    "crear_rut": ("vincular_rut_falta", ("cancelar",)),
    "codigo": ("vincular_codigo_falta", ("reenviar", "cancelar")),
    "crear_acepta": ("vincular_acepta", ("acepto", "cancelar")),
}
# What is not a step of linking, but what to do next.
NEXT: Mapping[str, str] = {
    "ventas": "ventas_resumen",
    "compras": "compras_resumen",
    "ayuda": "ayuda",
    "avisos": "mis_datos.avisos_si",
}
CODE = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)|(?<!\d)(\d{4})[ -]?(\d{4})(?!\d)")


def fits(paso: str, texto: str, rut: Rut | None) -> bool:
    """Whether a linked person's message answers what was asked in this step."""
    digits = sum(map(str.isdigit, texto))
    return (
        (paso in ("rut", "codigo", "crear_rut") and rut is not None)
        or paso == "crear_nombre"
        or (paso == "crear_telefono" and digits >= 8)
    )


def missing(paso: str, texto: str) -> tuple[str, tuple[str, ...]]:
    """What to say to a message that does not hold what this step asks for, and the buttons beside it.

    Who asks for a person is told why that needs an account too.
    """
    welcome = "vincular_humano" if asks_for_person(texto) else "vincular_bienvenida"
    return MISSING.get(paso, (welcome, ("entrar", "crear")))
