"""Until when the service asks to wait (423, 429)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# What we wait if no header tells a moment to come, and the longest that we take a header's word for: whoever
# still must wait then is told so again, while a slip of the service would stop everybody for years.
_LOCKED = timedelta(hours=1), timedelta(hours=24)
_TOO_MANY = timedelta(minutes=1), timedelta(hours=1)
_SECONDS = re.compile(r"\d{1,11}(?:\.\d{1,9})?", re.ASCII)


def wait_until(headers: Mapping[str, str], ahora: datetime, *, bloqueo: bool) -> datetime:
    """When the service may be called again.

    Args:
        headers: `X-Lock-Reset` (epoch seconds or HTTP date; locks only), `Retry-After` (seconds or HTTP
            date); names in any case.
        ahora: aware.
        bloqueo: whether the account is locked (423), not the calls too many (429).

    Returns:
        The first moment to come that the headers tell, at most 24 hours ahead for a lock and one hour for
        too many calls; if they tell none (missing, unreadable, past, now), one hour or one minute ahead.
    """
    default, longest = _LOCKED if bloqueo else _TOO_MANY
    told = next((one for one in _moments(headers, ahora, bloqueo) if one > ahora), ahora + default)
    return min(told, ahora + longest).astimezone(ahora.tzinfo)


def _moments(headers: Mapping[str, str], ahora: datetime, bloqueo: bool) -> Iterator[datetime]:
    starts = [("X-Lock-Reset", datetime.fromtimestamp(0, UTC))] if bloqueo else []
    for name, start in [*starts, ("Retry-After", ahora)]:
        moment = _moment(headers.get(name, "").strip(), start)
        if moment is not None:
            yield moment


def _moment(text: str, start: datetime) -> datetime | None:
    try:
        if _SECONDS.fullmatch(text):
            return start + timedelta(seconds=float(text))
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
