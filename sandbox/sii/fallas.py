"""What can be made to go wrong on purpose."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.errors import RutInvalidError
from bot.core.rut import Rut
from sandbox.sii.consulta import Consulta, Llamada
from sandbox.sii.ritmo import Forma

type Tipo = Literal[
    "lento", "cambio", "token", "clave", "sesion", "sesion_cuerpo", "sesiones", "http", "bloqueo", "limite",
    "html", "truncado", "codigo", "corte",
]  # fmt: skip
_ADEMAS = ("lento", "cambio")  # the call gets its answer all the same
_SESION = ("sesion", "sesion_cuerpo")


def _rut(text: str) -> str:
    try:
        return str(Rut.parse(text))
    except RutInvalidError:
        raise ValueError("not a RUT") from None


class Falla(BaseModel):
    """One thing that goes wrong, of the calls that it names and until `veces` of them met it (null: always).

    lento: `segundos` simulated before the answer (by default the setting `lento`)
    cambio: after the answer one more document is in the month that was asked for
    token, clave: 401 as if the token, or the clave, were wrong
    sesion, sesion_cuerpo: 401, the session was lost, as a header or the body tells; it is cured by
        `auth_cache=0`, unless it is `terca`
    sesiones: the SII's limit of sessions, with HTTP status `codigo` (by default 401)
    http: HTTP status `codigo` (by default 503): 402, 403, 405, 406, 409, 410, 500, 502, 503…
    bloqueo, limite: 423 and 429, told in that `forma`; all calls are refused for `segundos` simulated
    html, truncado: 200 with what is no JSON; corte: the connection ends without an answer
    codigo: 200 with `codRespuesta` `codigo` (by default 99) and `mensaje`; 3 is "nothing there"
    """

    model_config = ConfigDict(extra="forbid")

    tipo: Tipo
    rut: Annotated[str, AfterValidator(_rut)] | None = None
    llamada: Llamada | None = None
    veces: int | None = Field(1, ge=1)
    probabilidad: float = Field(1, gt=0, le=1)
    codigo: int | None = Field(None, ge=0, le=599)
    segundos: float | None = Field(None, ge=0)
    forma: Forma = "segundos"
    mensaje: str = Field("", max_length=500)
    terca: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.tipo == "http" and self.codigo is not None and self.codigo < 400:
            raise ValueError("codigo must be an HTTP status of 400 or more")
        if self.tipo == "limite" and self.forma == "epoch":
            raise ValueError("Retry-After has no epoch")
        return self

    def meets(self, consulta: Consulta) -> bool:
        """Whether it is about this call."""
        if self.tipo in _SESION and consulta.nueva_sesion and not self.terca:
            return False
        return self.rut in (None, str(consulta.rut)) and self.llamada in (None, consulta.llamada)


class Fallas:
    """All that goes wrong, in the order in which it was told; what chance decides depends on the seed."""

    def __init__(self, semilla: int = 0) -> None:
        self._azar = Random(semilla)
        self.todas: list[Falla] = []

    def add(self, falla: Falla) -> None:
        """From now on this too; of a copy, for the count of `veces` is kept here."""
        self.todas.append(falla.model_copy())

    def take(self, consulta: Consulta) -> Iterator[Falla]:
        """What this call meets: any that delay or change, and the first of the others."""
        for falla in list(self.todas):
            if not falla.meets(consulta) or self._azar.random() >= falla.probabilidad:
                continue
            if falla.veces is not None:
                falla.veces -= 1
                if not falla.veces:
                    self.todas.remove(falla)
            yield falla
            if falla.tipo not in _ADEMAS:
                return
