"""What the page and programs in another process do: look, break things, let days pass."""

from dataclasses import asdict
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import BotError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from sandbox.sii.ajustes import Ajustes
from sandbox.sii.fallas import Falla
from sandbox.sii.gateway import SIMULADOR


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CambioModo(_Strict):
    """POST /_control/modo."""

    modo: Literal["normal", "mantencion", "bloqueado", "clave_mala", "lento"]


class Avance(_Strict):
    """POST /_control/avanzar."""

    dias: int = Field(1, ge=1, le=3660)


class NuevaClave(_Strict):
    """POST /_control/claves."""

    rut: str
    clave: str = Field(min_length=1, max_length=100)


async def state(request: web.Request) -> web.Response:
    """GET /_control/estado: calls, violations, faults, settings."""
    return web.json_response(request.app[SIMULADOR].estado())


async def set_mode(request: web.Request) -> web.Response:
    """POST /_control/modo."""
    request.app[SIMULADOR].poner(CambioModo.model_validate_json(await request.read()).modo)
    return await state(request)


async def add_fault(request: web.Request) -> web.Response:
    """POST /_control/fallas: one `Falla` more."""
    request.app[SIMULADOR].fallas.add(Falla.model_validate_json(await request.read()))
    return await state(request)


async def clear_faults(request: web.Request) -> web.Response:
    """DELETE /_control/fallas: back to normal."""
    request.app[SIMULADOR].normal()
    return await state(request)


async def set_settings(request: web.Request) -> web.Response:
    """POST /_control/ajustes: what is named changes, the rest stays."""
    ajustes = request.app[SIMULADOR].ajustes
    new = Ajustes.model_validate_json(await request.read())
    for name in new.model_fields_set:
        setattr(ajustes, name, getattr(new, name))
    return await state(request)


async def advance(request: web.Request) -> web.Response:
    """POST /_control/avanzar: days pass."""
    hoy = request.app[SIMULADOR].registro.avanzar(Avance.model_validate_json(await request.read()).dias)
    return web.json_response({"hoy": hoy.isoformat()})


async def measure(request: web.Request) -> web.Response:
    """POST /_control/medir: the use of the allowance is measured from now on."""
    request.app[SIMULADOR].bitacora.measure()
    return await state(request)


async def reset_counts(request: web.Request) -> web.Response:
    """POST /_control/contar: count anew."""
    request.app[SIMULADOR].bitacora.reset()
    return await state(request)


async def set_clave(request: web.Request) -> web.Response:
    """POST /_control/claves: the clave of a taxpayer."""
    new = NuevaClave.model_validate_json(await request.read())
    request.app[SIMULADOR].set_clave(Rut.parse(new.rut), new.clave)
    return web.json_response({"rut": new.rut})


async def truth(request: web.Request) -> web.Response:
    """GET /_control/verdad/{rut}?periodo=2026-10&…: all that the SII has of a taxpayer."""
    sii, rut = request.app[SIMULADOR], Rut.parse(request.match_info["rut"])
    periodos = [Periodo.parse(one) for one in request.query.getall("periodo", [])]
    partes = []
    for (libro, periodo, estado), found in sii.registro.verdad(rut, periodos or None).items():
        documentos = [_plain(asdict(one)) for one in found.documentos]
        filas = [
            {"tipo": one.tipo.codigo, "ingreso": found.ingreso(one.tipo.codigo), **asdict(one.montos)}
            for one in found.filas
        ]
        parte = {"libro": libro, "periodo": str(periodo), "estado": estado}
        partes.append({**parte, "documentos": documentos, "filas": filas})
    return web.json_response({"rut": str(rut), "hoy": sii.registro.hoy.isoformat(), "partes": partes})


async def violations(request: web.Request) -> web.Response:
    """GET /_control/violaciones: every one."""
    return web.json_response([asdict(one) for one in request.app[SIMULADOR].violaciones])


def _plain(documento: dict[str, Any]) -> dict[str, Any]:
    """A document without what its part says already; dates in ISO 8601."""
    del documento["libro"], documento["periodo"], documento["estado"]
    documento["contraparte_rut"] = str(Rut(documento["contraparte_rut"]["number"]))
    for name in ("fecha", "fecha_recepcion", "fecha_acuse", "fecha_reclamo"):
        documento[name] = documento[name] and documento[name].isoformat()
    return documento


@web.middleware
async def tell_mistakes(request: web.Request, handler: Any) -> web.StreamResponse:
    """What cannot be read is told, and changes nothing."""
    try:
        response: web.StreamResponse = await handler(request)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        told = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return web.json_response({"error": told}, status=400)
    except BotError:
        return web.json_response({"error": "RUT o período no válido."}, status=400)
    return response
