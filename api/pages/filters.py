"""How values are written in pages."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from bot.core.dinero import format_clp, format_decimal, format_number
from bot.core.edad import SANTIAGO
from bot.core.mascara import mask_rut
from bot.core.periodo import MESES, Periodo
from bot.core.rangos import full_day
from bot.core.rut import Rut
from bot.core.telefono import mask_telefono
from bot.core.vencimientos import days_left

# The first that fits counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
    ("Mozilla/", "Navegador"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BOLD = re.compile(r"\*([^*\n]+)\*")


def dia(day: date) -> str:
    """`22 de noviembre de 2026`; of a moment, its day in Santiago."""
    if isinstance(day, datetime):
        day = day.astimezone(SANTIAGO).date()
    return full_day(day)


def dia_corto(day: date) -> str:
    """`22 nov`."""
    return f"{day.day} {MESES[day.month - 1][:3]}"


def plazo(day: date, hoy: date) -> str:
    """`hoy`, `mañana`, `en 12 días`, `hace 3 días`."""
    days = (day - hoy).days
    if days < 0:
        return "ayer" if days == -1 else f"hace {-days} días"
    return days_left(days)


def hora(moment: datetime) -> str:
    """`9`, of the day in Santiago."""
    return str(moment.astimezone(SANTIAGO).hour)


def mes_corto(periodo: Periodo) -> str:
    """`sep`."""
    return periodo.mes[:3]


def valor(amount: int | Decimal) -> str:
    """A line of a form: pesos, or a percentage."""
    return format_clp(amount) if isinstance(amount, int) else f"{format_decimal(amount)} %"


def conversado(texto: str) -> Markup:
    """What was written for a chat: its *bold* words are, everything else is text."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(texto))))  # noqa: S704  (escaped just before)


def dispositivo(agent: str) -> str:
    """`Chrome en Windows`: what a browser says of itself, in short; of a program its name."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), agent.partition("/")[0][:30])
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} en {system}" if system else browser or "Dispositivo desconocido"


def inicial(texto: str) -> str:
    """With a capital letter at its beginning, and all others as they are."""
    return texto[:1].upper() + texto[1:]


def rut_bonito(rut: Rut | str) -> str:
    """`76.192.083-9`, also of a RUT as it is stored."""
    return (Rut.parse(rut) if isinstance(rut, str) else rut).pretty


def telefono(numero: str | None) -> str:
    """As its owner recognises it, and nobody else; nothing if there is none."""
    return mask_telefono(numero) if numero else ""


FILTERS: Mapping[str, Callable[..., Any]] = {
    "clp": format_clp,
    "numero": format_number,
    "porcentaje": format_decimal,
    "dia": dia,
    "dia_corto": dia_corto,
    "plazo": plazo,
    "hora": hora,
    "mes_corto": mes_corto,
    "valor": valor,
    "conversado": conversado,
    "dispositivo": dispositivo,
    "inicial": inicial,
    "telefono": telefono,
    "rut": rut_bonito,
    "rut_tapado": mask_rut,
}
