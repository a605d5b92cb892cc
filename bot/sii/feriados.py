"""Chile's legal holidays, from the package `holidays`."""

from datetime import date

import holidays


class FeriadosChile:
    """Implements the port `Feriados`."""

    def __init__(self) -> None:
        # It computes a year when that is first asked for; parts of the country have more of their own.
        self._known = holidays.country_holidays("CL")

    def es_feriado(self, dia: date) -> bool:
        """Whether a day is a holiday in all of Chile."""
        return dia in self._known
