"""The clock in Chile's legal zone; in demo and tests it may start at another moment."""

from datetime import UTC, date, datetime

from bot.core import edad

SANTIAGO = edad.SANTIAGO


class RelojSantiago:
    """Implements the port `Reloj`."""

    def __init__(self, inicio: datetime | None = None) -> None:
        self._ahead = (inicio - datetime.now(UTC)) if inicio else None

    def ahora(self) -> datetime:
        """Now, or as long after the given start as this clock has run."""
        now = datetime.now(UTC)
        return (now + self._ahead if self._ahead else now).astimezone(SANTIAGO)

    def hoy(self) -> date:
        return self.ahora().date()
