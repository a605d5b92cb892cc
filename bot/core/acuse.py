"""How long a purchase can still be claimed."""

from datetime import date, datetime, timedelta

DAYS_TO_CLAIM = 8


def last_day_to_claim(recepcion: datetime, ahora: datetime) -> date:
    """The day until which it can be claimed, itself included; then it counts as accepted for good.

    Args:
        recepcion: when the SII received the document; aware, as `ahora` is, whose zone is the law's.

    Source: Ley 19.983, art. 3: eight calendar days.
    """
    return recepcion.astimezone(ahora.tzinfo).date() + timedelta(days=DAYS_TO_CLAIM)
