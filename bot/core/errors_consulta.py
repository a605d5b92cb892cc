"""What must be told of a question that could almost be answered."""

from bot.core.errors import CounterpartyUnknownError, InputError


class CounterpartyAlikeError(CounterpartyUnknownError):
    """The same, but there are some whose names sound alike: `parecidos`."""

    key = "contraparte_parecida"


class RateExpectedError(InputError):
    """The person told an amount of PPM; the form needs its rate."""

    key = "tasa_ppm"
