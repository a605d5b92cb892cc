"""What a client asks, and how it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import PeriodoInvalidError, RutInvalidError
from bot.core.periodo import Periodo
from bot.core.rut import Rut

type Llamada = Literal["ventas_resumen", "ventas_detalle", "compras_resumen", "compras_detalle"]


class RechazoError(Exception):
    """An answer that is no data; `violacion` names the rule that the client broke, if it did."""

    def __init__(
        self, status: int, mensaje: str, headers: Mapping[str, str] | None = None, violacion: str = ""
    ) -> None:
        super().__init__(mensaje)
        self.status, self.mensaje, self.violacion = status, mensaje, violacion
        self.headers = dict(headers or {})

    def body(self, version: int) -> dict[str, object]:
        """As each version words it."""
        if version == 1:
            return {"code": self.status, "message": self.mensaje}
        return {"detail": self.mensaje}


@dataclass(frozen=True, slots=True)
class Consulta:
    """One call; `dte` is None in a resumen, `estado` in ventas."""

    version: int
    libro: Libro
    rut: Rut
    periodo: Periodo
    dte: int | None
    estado: EstadoCompra | None
    tipo: str = "rcv"
    nueva_sesion: bool = False
    token: str = field(default="", repr=False)

    @property
    def llamada(self) -> Llamada:
        if self.libro is Libro.VENTAS:
            return "ventas_resumen" if self.dte is None else "ventas_detalle"
        return "compras_resumen" if self.dte is None else "compras_detalle"


def read(request: web.Request) -> Consulta:
    """Read what the address, the query and the Authorization header say.

    Raises:
        RechazoError: 400, if that is not what the service expects.
    """
    parts = request.match_info
    libro = Libro(parts["libro"])
    try:
        rut, periodo = Rut.parse(parts["rut"]), Periodo.parse(parts["periodo"])
        estado = EstadoCompra(parts["estado"]) if libro is Libro.COMPRAS else None
    except (RutInvalidError, PeriodoInvalidError, ValueError):
        raise RechazoError(400, "RUT, período o estado no válido.") from None
    dte = int(parts["dte"]) if "dte" in parts else None
    tipo = request.query.get("tipo", "rcv")
    if tipo not in ("rcv", "rcv_csv") or (dte == 0 and tipo == "rcv"):
        raise RechazoError(400, "Para dte=0 se debe usar tipo=rcv_csv.")
    return Consulta(
        int(parts["version"]),
        libro,
        rut,
        periodo,
        dte,
        estado,
        tipo,
        request.query.get("auth_cache") == "0",
        request.headers.get("Authorization", ""),
    )


async def read_clave(request: web.Request) -> tuple[str, str]:
    """The RUT and the clave in the body.

    Raises:
        RechazoError: 400, if they are not there.
    """
    try:
        given = (await request.json())["auth"]["pass"]
        return str(given["rut"]), str(given["clave"])
    except (ValueError, KeyError, TypeError):
        raise RechazoError(400, "Falta auth.pass.rut o auth.pass.clave.") from None
