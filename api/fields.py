"""The shapes that requests and answers share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)

from bot.core.dinero import parse_clp, parse_decimal
from bot.core.errors import BotError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.core.telefono import parse_telefono


class Model(BaseModel):
    """A request's shape; names that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class Answer(BaseModel):
    """An answer's shape."""

    model_config = ConfigDict(arbitrary_types_allowed=True)


def _parsed[T](kind: type[T], text: Any, told: str) -> T:
    if isinstance(text, kind):
        return text
    if not isinstance(text, str):
        raise ValueError(told)
    try:
        return kind.parse(text)  # type: ignore[attr-defined, no-any-return]
    except BotError:
        raise ValueError(told) from None


def _telefono(text: Any) -> str:
    try:
        return parse_telefono(str(text) if isinstance(text, str) else "")
    except BotError:
        raise ValueError("no es un teléfono válido, por ejemplo +56 9 1234 5678") from None


def _momento(text: Any) -> Any:
    """ISO 8601 only: a bare number would be read as seconds since 1970."""
    if not isinstance(text, str) or "T" not in text.upper():
        raise ValueError("no es una fecha y hora con zona, por ejemplo 2026-09-01T00:00:00-03:00")
    return text


def _bounded(momento: datetime) -> datetime:
    """With room on both sides, for another zone and for a day before."""
    if not 2000 <= momento.year <= 2099:
        raise ValueError("debe estar entre los años 2000 y 2099")
    return momento


def _given(value: Any) -> Any:
    """To Python 1 and 1.0 are True."""
    if value is not True:
        raise ValueError("debe ser verdadero (true)")
    return value


def _schema(ejemplo: str, descripcion: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": descripcion, "examples": [ejemplo], **more})


RutField = Annotated[
    Rut,
    BeforeValidator(lambda text: _parsed(Rut, text, "no es un RUT válido, por ejemplo 12345678-5")),
    PlainSerializer(str),
    _schema("12345678-5", "RUT con dígito verificador, con o sin puntos", format="rut"),
]
PeriodoField = Annotated[
    Periodo,
    BeforeValidator(lambda text: _parsed(Periodo, text, "no es un mes, por ejemplo 2026-09")),
    PlainSerializer(str),
    _schema("2026-09", "Mes del registro, AAAA-MM, desde 2017-05 hasta el actual", format="periodo"),
]
TelefonoField = Annotated[
    str,
    BeforeValidator(_telefono),
    _schema("+56912345678", "Teléfono con WhatsApp y código de país", format="telefono"),
]
Momento = Annotated[
    AwareDatetime,
    BeforeValidator(_momento),
    AfterValidator(_bounded),
    _schema("2026-09-01T00:00:00-03:00", "Fecha y hora, entre los años 2000 y 2099", format="date-time"),
]
# As people write them in a form: `$ 1.234.567`, `0,25 %`.
Monto = Annotated[int, BeforeValidator(lambda text: parse_clp(str(text))), Field(le=10**12)]
Tasa = Annotated[Decimal, BeforeValidator(lambda text: parse_decimal(str(text))), Field(le=100)]
# PostgreSQL takes every character but one.
Texto = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]
Nombre = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")
]
# Only `true` in so many words is consent.
Consentimiento = Annotated[Literal[True], BeforeValidator(_given)]
Password = Annotated[SecretStr, Field(max_length=256)]
PasswordNueva = Annotated[SecretStr, Field(min_length=8, max_length=256)]
Codigo = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
CodigoLargo = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Solicitud = Annotated[str, StringConstraints(max_length=64)]
Pagina = Annotated[int, Field(ge=1, le=100_000)]
Identificador = Annotated[int, Field(ge=1, lt=2**63)]
