"""Registration, codes, login, sessions."""

from datetime import datetime
from typing import Literal

from aiohttp import web

from api.auth import COOKIE, OTHERS_COOKIE, Auth, bearer, token_of
from api.client import client_of, must_be_https
from api.endpoint import answer_of, endpoint
from api.fields import (
    Answer,
    Codigo,
    CodigoLargo,
    Consentimiento,
    Identificador,
    Model,
    Nombre,
    Password,
    PasswordNueva,
    RutField,
    Solicitud,
    TelefonoField,
)
from api.keys import SERVICES
from bot.core.errors import (
    AccountBlockedError,
    CodeInvalidError,
    CredentialsError,
    NotFoundError,
    PasswordCommonError,
    SecondFactorError,
    TooManyRequestsError,
)
from bot.services.acceso import SESSION_LIFE, Abierta
from bot.services.ports import Quien
from bot.services.ports_acceso import Proposito

routes = web.RouteTableDef()


class Registro(Model):
    """Who wants to be registered. `consentimiento` is to the text of docs/privacidad.md."""

    rut: RutField
    telefono: TelefonoField
    password: PasswordNueva
    nombre: Nombre
    consentimiento: Consentimiento


class CodigoPedido(Answer):
    """What happens next; `solicitud` goes with the code and proves who asked for it."""

    mensaje: str
    expira_en: int
    solicitud: str


class PedirCodigo(Model):
    """For whom; `proposito` is to log in (or to finish a registration) if it is left out."""

    rut: RutField
    proposito: Literal["login", "password"] | None = None
    solicitud: Solicitud | None = None


class VerificarCodigo(Model):
    """A code; without `solicitud` it must come from the address that asked for it."""

    rut: RutField
    codigo: Codigo
    solicitud: Solicitud | None = None


class Verificado(Answer):
    """The code was right.

    A code to log in, if it was asked for from where the taxpayer has come in before, opens a session.
    """

    verificado: Literal[True] = True
    token: str | None = None
    expira: datetime | None = None


class Login(Model):
    """RUT and password, and the code if one was asked for."""

    rut: RutField
    password: Password
    codigo: Codigo | None = None
    solicitud: Solicitud | None = None


class SesionAbierta(Answer):
    """The token for programs; browsers get a cookie too."""

    token: str
    expira: datetime


class RecuperarPassword(Model):
    """A new password and the code of eight digits that was asked for with `proposito` password."""

    rut: RutField
    codigo: CodigoLargo
    solicitud: Solicitud | None = None
    password: PasswordNueva


class SesionAnswer(Answer):
    """One open session."""

    id: int
    creada: datetime
    ultimo_uso: datetime
    expira: datetime
    dispositivo: str
    actual: bool


class SesionesAnswer(Answer):
    """The open sessions, the last used first."""

    sesiones: list[SesionAnswer]


class SesionPath(Model):
    """A session's number."""

    id: Identificador


@routes.post("/api/register")
@endpoint(
    "Pedir el registro; el código llega por WhatsApp",
    auth=Auth.NADIE,
    answer=CodigoPedido,
    status=201,
    errors=(PasswordCommonError, TooManyRequestsError),
)
async def register(request: web.Request, body: Registro) -> CodigoPedido:
    """Ask to be registered; the same answer for a RUT that is."""
    services = request.app[SERVICES]
    asked = await services.cuentas.registrar(
        body.rut, body.telefono, body.password.get_secret_value(), body.nombre, client_of(request), "api"
    )
    return asked_for(request, asked.token, asked.expira, "utter_registro_enviado")


@routes.post("/api/send-otp")
@endpoint(
    "Pedir un código por WhatsApp",
    auth=Auth.NADIE,
    answer=CodigoPedido,
    status=202,
    errors=(TooManyRequestsError,),
)
async def send_otp(request: web.Request, body: PedirCodigo) -> CodigoPedido:
    """Ask for a code; the same answer for a RUT that nobody has registered."""
    proposito = Proposito(body.proposito) if body.proposito else None
    asked = await request.app[SERVICES].cuentas.pedir_codigo(
        body.rut, proposito, body.solicitud, client_of(request)
    )
    return asked_for(request, asked.token, asked.expira, "utter_codigo_enviado")


@routes.post("/api/verify-otp")
@endpoint(
    "Terminar el registro, o entrar solo con un código",
    auth=Auth.NADIE,
    answer=Verificado,
    errors=(CodeInvalidError, TooManyRequestsError),
)
async def verify_otp(request: web.Request, body: VerificarCodigo) -> web.Response:
    """Try a code."""
    opened = await request.app[SERVICES].cuentas.verificar(
        body.rut, body.codigo, body.solicitud, client_of(request)
    )
    if opened is None:
        return answer_of(Verificado())
    return with_cookie(request, answer_of(Verificado(token=opened.token, expira=opened.expira)), opened)


@routes.post("/api/login")
@endpoint(
    "Entrar",
    auth=Auth.NADIE,
    answer=SesionAbierta,
    errors=(
        CredentialsError,
        SecondFactorError,
        CodeInvalidError,
        AccountBlockedError,
        TooManyRequestsError,
    ),
)
async def login(request: web.Request, body: Login) -> web.Response:
    """Open a session: the token for programs, a cookie that scripts cannot read for browsers."""
    opened = await request.app[SERVICES].acceso.login(
        body.rut,
        body.password.get_secret_value(),
        client_of(request),
        codigo=body.codigo,
        solicitud=body.solicitud,
        anterior=bearer(request) or request.cookies.get(COOKIE),
    )
    return with_cookie(request, answer_of(SesionAbierta(token=opened.token, expira=opened.expira)), opened)


@routes.post("/api/logout")
@endpoint("Salir", auth=Auth.SESION)
async def logout(request: web.Request) -> web.Response:
    """End the session, and those of the other companies in the same browser."""
    for token in (token_of(request), *others_of(request)):
        await request.app[SERVICES].acceso.logout(token)
    return without_cookie(web.Response(status=204))


@routes.post("/api/password/recuperar")
@endpoint(
    "Cambiar la contraseña con un código",
    auth=Auth.NADIE,
    errors=(CodeInvalidError, PasswordCommonError, TooManyRequestsError),
)
async def recuperar_password(request: web.Request, body: RecuperarPassword) -> None:
    """Set a new password; all sessions end."""
    await request.app[SERVICES].cuentas.recuperar_password(
        body.rut, body.codigo, body.solicitud, body.password.get_secret_value(), client_of(request)
    )


@routes.get("/api/sesiones")
@endpoint("Mis sesiones abiertas", auth=Auth.SESION, answer=SesionesAnswer)
async def sesiones(request: web.Request, quien: Quien) -> SesionesAnswer:
    """The taxpayer's open sessions."""
    found = await request.app[SERVICES].acceso.sesiones(quien)
    return SesionesAnswer(
        sesiones=[
            SesionAnswer(
                id=one.id,
                creada=one.creada,
                ultimo_uso=one.ultimo_uso,
                expira=one.expira,
                dispositivo=one.dispositivo,
                actual=one.id == quien.sesion,
            )
            for one in found
        ]
    )


@routes.delete("/api/sesiones/{id}")
@endpoint("Cerrar una de mis sesiones", auth=Auth.SESION, errors=(NotFoundError,))
async def cerrar_sesion(request: web.Request, quien: Quien, path: SesionPath) -> None:
    """End one of the own sessions."""
    await request.app[SERVICES].acceso.cerrar_sesion(quien, path.id)


def with_cookie(request: web.Request, response: web.Response, opened: Abierta) -> web.Response:
    """The session for browsers, out of reach of scripts and of other sites."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=must_be_https(request),
    )
    response.del_cookie(OTHERS_COOKIE, httponly=True, samesite="Strict")
    return response


def others_of(request: web.Request) -> list[str]:
    """The tokens of the other companies that were opened in this browser."""
    return [one for one in request.cookies.get(OTHERS_COOKIE, "").split(".") if one]


def without_cookie(response: web.Response) -> web.Response:
    """The browser forgets the session, and those of other companies."""
    for name in (COOKIE, OTHERS_COOKIE):
        response.del_cookie(name, httponly=True, samesite="Strict")
    return response


def asked_for(request: web.Request, token: str, expira: datetime, texto: str) -> CodigoPedido:
    """What is told to whoever asked for a code."""
    services = request.app[SERVICES]
    seconds = int((expira - services.reloj.ahora()).total_seconds())
    return CodigoPedido(mensaje=services.textos.texto(texto), expira_en=seconds, solicitud=token)
