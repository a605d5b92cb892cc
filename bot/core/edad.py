"""How old the data are, as people say it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.periodo import MESES

SANTIAGO = ZoneInfo("America/Santiago")


def moment(momento: datetime, ahora: datetime) -> str:
    """`hoy a las 14:05`, `ayer a las 02:10`, `el 3 de noviembre`, `el 3 de noviembre de 2025`.

    Args:
        momento, ahora: aware; told in the zone of `ahora`.
    """
    local = momento.astimezone(ahora.tzinfo)
    days = (ahora.date() - local.date()).days
    if days in (0, 1):
        return f"{('hoy', 'ayer')[days]} a las {local:%H:%M}"
    day = f"el {local.day} de {MESES[local.month - 1]}"
    return day if local.year == ahora.year else f"{day} de {local.year}"


def months(periodos: "tuple[str, ...] | list[str]") -> str:
    """`marzo, abril y mayo`."""
    if len(periodos) < 2:
        return "".join(periodos)
    return ", ".join(periodos[:-1]) + " y " + periodos[-1]


def until(hasta: datetime, ahora: datetime) -> str:
    """`las 03:40`; if that is more than a day away, `el 24 de noviembre a las 03:40`.

    Args:
        hasta, ahora: aware; told in the zone of `ahora`.
    """
    local = hasta.astimezone(ahora.tzinfo)
    near = hasta - ahora < timedelta(hours=20)
    return f"las {local:%H:%M}" if near else day_and_time(local)


def day_and_time(momento: datetime) -> str:
    """`el 24 de noviembre a las 03:40`, in the moment's own zone."""
    return f"el {momento.day} de {MESES[momento.month - 1]} a las {momento:%H:%M}"
