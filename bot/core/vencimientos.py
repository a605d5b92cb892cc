"""The days by which something has to be done.

Sources: SII, due dates of form 29 (12th, or 20th for who issues electronic documents and declares online;
art. 36 Código Tributario moves it to the next business day). Ley 19.983, art. 3: eight calendar days from the
reception at the SII to claim; then a document is irrevocably accepted.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bot.core.periodo import Periodo

CLAIM_DAYS = 8
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_WEEKEND = 5


def next_business_day(dia: date, es_feriado: Callable[[date], bool]) -> date:
    """The day itself, or the first one after it that is neither Saturday, Sunday nor a holiday."""
    while dia.weekday() >= _WEEKEND or es_feriado(dia):
        dia += timedelta(days=1)
    return dia


def f29_due(periodo: Periodo, es_feriado: Callable[[date], bool], *, electronico: bool) -> date:
    """The last day to declare and pay the form 29 of a month."""
    day = 20 if electronico else 12
    return next_business_day(periodo.plus(1).first_day.replace(day=day), es_feriado)


def last_day_to_claim(recepcion: date) -> date:
    """The last of the eight calendar days after the reception at the SII."""
    return recepcion + timedelta(days=CLAIM_DAYS)


def credit_month(recepcion: date) -> Periodo:
    """In which month's form 29 a purchase gives credit if nobody acknowledges it before its time is over.

    Those received in the last eight days of a month give it in the next one.
    """
    return Periodo.of(last_day_to_claim(recepcion))


def day_name(dia: date) -> str:
    """`viernes 20 de noviembre`."""
    return f"{_DAYS[dia.weekday()]} {dia.day} de {Periodo.of(dia).mes}"


def days_left(days: int) -> str:
    """`hoy`, `mañana`, `en 12 días`."""
    return ("hoy", "mañana")[days] if days < 2 else f"en {days} días"
