"""The own account: password, phone, second factor, the SII password, one-time links."""

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field, SecretStr, StrictBool

from api.auth import Auth
from api.client import client_of
from api.endpoint import endpoint
from api.fields import (
    Answer,
    Codigo,
    Consentimiento,
    Model,
    Nombre,
    Password,
    PasswordNueva,
    Solicitud,
    TelefonoField,
)
from api.keys import SERVICES
from api.routes.acceso import CodigoPedido, asked_for
from bot.core.errors import (
    CodeInvalidError,
    LinkInvalidError,
    PasswordCommonError,
    PasswordWrongError,
    PhoneMissingError,
    TooManyRequestsError,
)
from bot.core.telefono import mask_telefono
from bot.services.ports import Quien
from bot.services.ports_secretos import PropositoEnlace

routes = web.RouteTableDef()

ClaveSii = Annotated[SecretStr, Field(min_length=4, max_length=64)]
TokenEnlace = Annotated[SecretStr, Field(max_length=64)]


class ConsentimientoAnswer(Answer):
    """One consent as it was given."""

    materia: str
    version: str
    canal: str
    momento: datetime
    revocado: datetime | None


class Cuenta(Answer):
    """What Tributa knows of the account; the phone is masked."""

    rut: str
    nombre: str
    telefono: str | None
    segundo_factor: bool
    clave_sii_desde: datetime | None
    consentimientos: list[ConsentimientoAnswer]


class CambiarCuenta(Model):
    """What is to change."""

    nombre: Nombre


class SegundoFactor(Model):
    """Whether a code is asked for at each login, and the password."""

    activo: StrictBool
    password: Password


class CambiarPassword(Model):
    """The password as it is, and as it shall be."""

    actual: Password
    nueva: PasswordNueva


class CambiarTelefono(Model):
    """The new phone, and the password."""

    telefono: TelefonoField
    password: Password


class ConfirmarTelefono(Model):
    """The code that went to the new phone."""

    codigo: Codigo
    solicitud: Solicitud | None = None


class ClaveBody(Model):
    """The SII password; giving it is consenting to its use (docs/privacidad.md)."""

    clave: ClaveSii


class EnlaceBody(Model):
    """The secret of a one-time link: what comes after its `#`."""

    token: TokenEnlace


class EnlaceAnswer(Answer):
    """What the link opens, and for whom."""

    proposito: PropositoEnlace
    nombre: str
    expira: datetime


class PasswordConEnlace(EnlaceBody):
    """A password, set through a link by who registered in a chat."""

    password: PasswordNueva


class ClaveConEnlace(EnlaceBody):
    """The SII password, given through a link."""

    clave: ClaveSii
    consentimiento: Consentimiento


@routes.get("/api/cuenta")
@endpoint("Mi cuenta", auth=Auth.SESION, answer=Cuenta)
async def cuenta(request: web.Request, quien: Quien) -> Cuenta:
    """The account of who asks."""
    services = request.app[SERVICES]
    contribuyente = await services.acceso.contribuyente(quien)
    consents = await services.cuentas.consentimientos(quien)
    return Cuenta(
        rut=str(quien.rut),
        nombre=contribuyente.nombre,
        telefono=mask_telefono(contribuyente.telefono) if contribuyente.telefono else None,
        segundo_factor=contribuyente.segundo_factor,
        clave_sii_desde=await services.claves.estado(quien),
        consentimientos=[
            ConsentimientoAnswer(
                materia=one.materia,
                version=one.version,
                canal=one.canal,
                momento=one.momento,
                revocado=one.revocado,
            )
            for one in consents
        ],
    )


@routes.patch("/api/cuenta")
@endpoint("Corregir mi nombre", auth=Auth.SESION)
async def cambiar_cuenta(request: web.Request, quien: Quien, body: CambiarCuenta) -> None:
    """Rectify the name."""
    await request.app[SERVICES].cuentas.corregir(quien, body.nombre)


@routes.put("/api/cuenta/segundo-factor")
@endpoint(
    "Pedir un código en cada entrada, o dejar de pedirlo",
    auth=Auth.SESION,
    errors=(PasswordWrongError, PhoneMissingError, TooManyRequestsError),
)
async def segundo_factor(request: web.Request, quien: Quien, body: SegundoFactor) -> None:
    """Switch the second factor."""
    await request.app[SERVICES].cuentas.segundo_factor(
        quien, body.password.get_secret_value(), activo=body.activo
    )


@routes.put("/api/cuenta/password")
@endpoint(
    "Cambiar mi contraseña",
    auth=Auth.SESION,
    errors=(PasswordWrongError, PasswordCommonError, TooManyRequestsError),
)
async def cambiar_password(request: web.Request, quien: Quien, body: CambiarPassword) -> None:
    """Change the password; the other sessions end."""
    await request.app[SERVICES].cuentas.cambiar_password(
        quien, body.actual.get_secret_value(), body.nueva.get_secret_value()
    )


@routes.put("/api/cuenta/telefono")
@endpoint(
    "Pedir el cambio de mi teléfono; el código llega al nuevo",
    auth=Auth.SESION,
    answer=CodigoPedido,
    status=202,
    errors=(PasswordWrongError, TooManyRequestsError),
)
async def pedir_telefono(request: web.Request, quien: Quien, body: CambiarTelefono) -> CodigoPedido:
    """Ask to change the phone."""
    asked = await request.app[SERVICES].cuentas.pedir_telefono(
        quien, body.telefono, body.password.get_secret_value(), client_of(request)
    )
    return asked_for(request, asked.token, asked.expira, "utter_telefono_pedido")


@routes.post("/api/cuenta/telefono/confirmar")
@endpoint("Confirmar mi teléfono nuevo", auth=Auth.SESION, errors=(CodeInvalidError, TooManyRequestsError))
async def confirmar_telefono(request: web.Request, quien: Quien, body: ConfirmarTelefono) -> None:
    """Change the phone with the code that went to it."""
    await request.app[SERVICES].cuentas.cambiar_telefono(
        quien, body.codigo, body.solicitud, client_of(request)
    )


@routes.put("/api/sii/clave")
@endpoint("Guardar mi clave tributaria, cifrada", auth=Auth.SESION)
async def guardar_clave(request: web.Request, quien: Quien, body: ClaveBody) -> None:
    """Keep the SII password, with the consent that comes with it."""
    await request.app[SERVICES].claves.guardar(quien, body.clave.get_secret_value(), "api")


@routes.delete("/api/sii/clave")
@endpoint("Borrar mi clave tributaria", auth=Auth.SESION)
async def borrar_clave(request: web.Request, quien: Quien) -> None:
    """Forget the SII password and end the consent."""
    await request.app[SERVICES].claves.revocar(quien, "api")


@routes.post("/api/enlaces/ver")
@endpoint(
    "Para qué es un enlace de un solo uso",
    auth=Auth.NADIE,
    answer=EnlaceAnswer,
    errors=(LinkInvalidError, TooManyRequestsError),
)
async def ver_enlace(request: web.Request, body: EnlaceBody) -> EnlaceAnswer:
    """What a link opens; it is not used up."""
    found, nombre = await request.app[SERVICES].enlaces.ver(body.token.get_secret_value(), client_of(request))
    return EnlaceAnswer(proposito=found.proposito, nombre=nombre, expira=found.expira)


@routes.post("/api/enlaces/password")
@endpoint(
    "Poner una contraseña con un enlace de un solo uso",
    auth=Auth.NADIE,
    errors=(LinkInvalidError, PasswordCommonError, TooManyRequestsError),
)
async def password_con_enlace(request: web.Request, body: PasswordConEnlace) -> None:
    """Set the password of the taxpayer that a link was handed out to; a refused one keeps the link."""
    services, cliente = request.app[SERVICES], client_of(request)
    token = body.token.get_secret_value()
    quien, _ = await services.enlaces.abierto(token, PropositoEnlace.PASSWORD, cliente)
    await services.cuentas.poner_password(quien, body.password.get_secret_value())
    await services.enlaces.usar(token, PropositoEnlace.PASSWORD, cliente)


@routes.post("/api/enlaces/clave")
@endpoint(
    "Guardar la clave tributaria con un enlace de un solo uso",
    auth=Auth.NADIE,
    errors=(LinkInvalidError, TooManyRequestsError),
)
async def clave_con_enlace(request: web.Request, body: ClaveConEnlace) -> None:
    """Keep the SII password that a link was handed out for."""
    services = request.app[SERVICES]
    token = body.token.get_secret_value()
    quien, canal = await services.enlaces.abierto(token, PropositoEnlace.CLAVE, client_of(request))
    await services.claves.guardar(quien, body.clave.get_secret_value(), canal, token)
