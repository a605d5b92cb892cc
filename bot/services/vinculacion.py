"""People on a channel who are not linked to a taxpayer yet, or want to be linked to another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.errors import BotError, CodeInvalidError, NotFoundError, PhoneInvalidError
from bot.core.mensajes import Boton, Outgoing
from bot.core.rut import Rut, find_rut
from bot.core.telefono import parse_telefono
from bot.core.texto import normalize
from bot.services.codigos import CodigosService
from bot.services.cuentas import CuentasService
from bot.services.limites import require
from bot.services.pasos import (
    CODE,
    DONE,
    FUERA,
    GONE_LIFE,
    LINK_LIFE,
    NAME_LENGTH,
    NEXT,
    PREFIX,
    STEP_LIFE,
    fits,
    missing,
)
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Cliente, Limites, Proposito
from bot.services.ports_canales import Chat, Entrante, Remitente, Tramite, Tramites, Vinculo, Vinculos
from bot.services.ports_secretos import Enlazador, PropositoEnlace


class VinculacionService:
    """Links people to taxpayers: by the registered phone, by a code sent to it, or with a new account."""

    def __init__(
        self,
        vinculos: Vinculos,
        tramites: Tramites,
        cuentas: CuentasService,
        codigos: CodigosService,
        enlaces: Enlazador,
        limites: Limites,
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._vinculos = vinculos
        self._tramites = tramites
        self._cuentas = cuentas
        self._codigos = codigos
        self._enlaces = enlaces
        self._limites = limites
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def de(self, remitente: Remitente) -> list[Vinculo]:
        """The taxpayers somebody is linked to, the active one first; a registered phone is recognised."""
        ahora = self._reloj.ahora()
        found = await self._vinculos.de(remitente, ahora)
        if found or remitente.telefono is None:
            return found
        tramite = await self._tramites.get(remitente, ahora)
        if tramite is not None:
            return []
        return await self._recognise(remitente)

    async def conversar(self, entrante: Entrante, vinculos: Sequence[Vinculo]) -> list[Outgoing] | None:
        """What to say to somebody who is linking; None if a linked person wants something else."""
        remitente = entrante.remitente
        tramite = await self._tramites.get(remitente, self._reloj.ahora())
        if tramite and tramite.paso == DONE and tramite.datos["mensaje"] == entrante.id:
            return await self._welcome(entrante, tramite.datos)  # the worker died after it was done
        try:
            if entrante.boton and entrante.boton.startswith(PREFIX):
                return await self._pressed(entrante, tramite, vinculos)
            if tramite and normalize(entrante.texto) in ("cancelar", "cancela", "salir"):
                return await self._cancel(remitente, vinculos)
            return await self._step(entrante, tramite, vinculos)
        except BotError as error:
            steps = ("reenviar", "cancelar") if tramite and tramite.paso == "codigo" else ("cancelar",)
            return [self._say(f"error_{error.key}", steps, **error.params)]

    async def pulsar(self, remitente: Remitente, boton: str) -> list[Outgoing]:
        """What happens when somebody says `sí` to one of our buttons."""
        entrante = Entrante("", remitente, self._reloj.ahora(), boton=boton)
        return await self.conversar(entrante, await self.de(remitente)) or []

    async def chats(self, quien: Quien) -> list[Chat]:
        """The chats that are linked to a taxpayer."""
        return await self._vinculos.chats(quien.rut, self._reloj.ahora())

    async def cerrar(self, quien: Quien, conversacion: str) -> None:
        """End one of the own chats' links.

        Raises:
            NotFoundError: if there is no such chat, or it is another's.
        """
        mine = [chat for chat in await self.chats(quien) if chat.conversacion == conversacion]
        if not mine:
            raise NotFoundError()
        await self.desvincular(mine[0].remitente, [quien.rut])

    async def desvincular(self, remitente: Remitente, ruts: Sequence[Rut]) -> None:
        """End links, so that this person is a stranger again."""
        for rut in ruts:
            if await self._vinculos.desvincular(remitente, rut):
                await self._bitacora.write("canal.desvinculado", rut, canal=remitente.canal)
        if not await self._vinculos.de(remitente, self._reloj.ahora()):
            await self._tramites.put(remitente, Tramite(FUERA), self._reloj.ahora() + GONE_LIFE)

    async def _recognise(self, remitente: Remitente) -> list[Vinculo]:
        for rut in await self._vinculos.por_telefono(remitente.telefono or ""):
            await self._link(remitente, rut)
        return await self._vinculos.de(remitente, self._reloj.ahora())

    async def _pressed(
        self, entrante: Entrante, tramite: Tramite | None, vinculos: Sequence[Vinculo]
    ) -> list[Outgoing]:
        remitente = entrante.remitente
        name, _, rut = (entrante.boton or "").removeprefix(PREFIX).partition(".")
        if name in ("activar", "salir"):
            chosen = next((one for one in vinculos if str(one.rut) == rut), None)
            if chosen is None:
                return self._stale(vinculos)
            return await (self._activate if name == "activar" else self._leave)(remitente, chosen)
        paso = tramite.paso if tramite else ""
        if tramite and (name, paso) == ("acepto", "crear_acepta"):
            return await self._create(entrante, tramite)
        if tramite and (name, paso) == ("reenviar", "codigo"):
            return await self._again(remitente, tramite)
        simple = {
            "entrar": lambda: self._enter(remitente, tramite),
            "crear": lambda: self._ask(remitente, "crear_rut"),
            "cancelar": lambda: self._cancel(remitente, vinculos),
        }
        return await simple[name]() if name in simple else self._stale(vinculos)

    async def _step(
        self, entrante: Entrante, tramite: Tramite | None, vinculos: Sequence[Vinculo]
    ) -> list[Outgoing] | None:
        remitente, texto = entrante.remitente, entrante.texto
        rut, code = find_rut(texto), CODE.search(texto)
        paso = tramite.paso if tramite else ""
        if CODE.fullmatch(texto.strip()) and paso not in ("rut", "crear_rut"):
            rut = None  # eight digits are a code, even if they could be a RUT without its dash
        if paso == "codigo" and tramite and code:
            return await self._confirm(entrante, tramite, "".join(filter(None, code.groups())))
        if vinculos and not fits(paso, texto, rut):
            if tramite:
                await self._tramites.drop(remitente)  # they went on to something else
            return None
        if tramite and paso in ("crear_nombre", "crear_telefono"):
            take = self._named if paso == "crear_nombre" else self._phoned
            return await take(remitente, tramite, texto)
        if rut and paso == "crear_rut":
            return await self._ask(remitente, "crear_nombre", {"rut": str(rut)})
        if rut and paso in ("", "rut", "codigo", FUERA):
            return await self._send_code(remitente, rut)
        return [self._say(*missing(paso, texto))]

    def _stale(self, vinculos: Sequence[Vinculo]) -> list[Outgoing]:
        return [self._say("error_boton_desconocido", () if vinculos else ("entrar", "crear"))]

    async def _again(self, remitente: Remitente, tramite: Tramite) -> list[Outgoing]:
        """Another code: for the account that is being made, or for the one that is there."""
        datos = tramite.datos
        if datos.get("nueva"):
            return await self._register(remitente, datos)
        return await self._send_code(remitente, Rut.parse(datos["rut"]))

    async def _enter(self, remitente: Remitente, tramite: Tramite | None) -> list[Outgoing]:
        if remitente.telefono and tramite and tramite.paso == FUERA:
            await self._tramites.drop(remitente)
            if found := await self._recognise(remitente):
                return [self._say("vincular_listo", ("ventas", "compras", "ayuda"), nombre=found[0].nombre)]
        return await self._ask(remitente, "rut")

    async def _ask(
        self, remitente: Remitente, paso: str, datos: Mapping[str, Any] | None = None
    ) -> list[Outgoing]:
        expira = self._reloj.ahora() + STEP_LIFE
        await self._tramites.put(remitente, Tramite(paso, datos or {}), expira)
        return [self._say(f"vincular_{paso}", ("cancelar",))]

    async def _send_code(self, remitente: Remitente, rut: Rut) -> list[Outgoing]:
        """The code goes to the registered phone, not to whoever asks; the answer is always the same."""
        asked = await self._codigos.pedir(rut, Proposito.CANAL, self._client(remitente))
        return await self._ask(remitente, "codigo", {"rut": str(rut), "solicitud": asked.token})

    async def _confirm(self, entrante: Entrante, tramite: Tramite, codigo: str) -> list[Outgoing]:
        remitente = entrante.remitente
        rut, solicitud = Rut.parse(tramite.datos["rut"]), tramite.datos["solicitud"]
        client = self._client(remitente)
        if tramite.datos.get("nueva"):
            await self._cuentas.verificar(rut, codigo, solicitud, client)
        else:
            await self._codigos.confirmar(rut, (Proposito.CANAL,), codigo, solicitud, client)
        await self._link(remitente, rut)
        return await self._finish(entrante, rut, new=bool(tramite.datos.get("nueva")))

    async def _named(self, remitente: Remitente, tramite: Tramite, texto: str) -> list[Outgoing]:
        nombre = " ".join(filter(str.isprintable, texto.split()))
        if len(nombre) not in NAME_LENGTH:
            return [self._say("vincular_nombre_falta", ("cancelar",))]
        datos = {**tramite.datos, "nombre": nombre}
        if remitente.telefono is None:
            return await self._ask(remitente, "crear_telefono", datos)
        return await self._agree(remitente, {**datos, "telefono": remitente.telefono})

    async def _phoned(self, remitente: Remitente, tramite: Tramite, texto: str) -> list[Outgoing]:
        try:
            telefono = parse_telefono(texto)
        except PhoneInvalidError as error:
            return [self._say(f"error_{error.key}", ("cancelar",))]
        return await self._agree(remitente, {**tramite.datos, "telefono": telefono})

    async def _agree(self, remitente: Remitente, datos: Mapping[str, Any]) -> list[Outgoing]:
        expira = self._reloj.ahora() + STEP_LIFE
        await self._tramites.put(remitente, Tramite("crear_acepta", datos), expira)
        return [self._say("vincular_acepta", ("acepto", "cancelar"))]

    async def _create(self, entrante: Entrante, tramite: Tramite) -> list[Outgoing]:
        remitente, datos = entrante.remitente, tramite.datos
        rut, telefono, nombre = Rut.parse(datos["rut"]), datos["telefono"], datos["nombre"]
        client = self._client(remitente)
        await require(self._limites, ("registro_ip", client.direccion))
        if telefono != remitente.telefono:  # it has to be proven first
            return await self._register(remitente, datos)
        if rut not in await self._vinculos.por_telefono(telefono) and not await self._cuentas.crear(
            rut, telefono, nombre, remitente.canal
        ):
            await self._tramites.drop(remitente)
            return [self._say("vincular_ya_existe", ("entrar",))]
        await self._link(remitente, rut)
        return await self._finish(entrante, rut, new=True)

    async def _register(self, remitente: Remitente, datos: Mapping[str, Any]) -> list[Outgoing]:
        rut = Rut.parse(datos["rut"])
        asked = await self._cuentas.registrar_sin_password(
            rut, datos["telefono"], datos["nombre"], self._client(remitente), remitente.canal
        )
        kept = {**datos, "solicitud": asked.token, "nueva": True}
        return await self._ask(remitente, "codigo", kept)

    async def _finish(self, entrante: Entrante, rut: Rut, *, new: bool) -> list[Outgoing]:
        """Note that this message did it, so that attending to it again says the same."""
        datos = {"mensaje": entrante.id, "rut": str(rut), "nueva": new}
        expira = self._reloj.ahora() + STEP_LIFE
        await self._tramites.put(entrante.remitente, Tramite(DONE, datos), expira)
        return await self._welcome(entrante, datos)

    async def _welcome(self, entrante: Entrante, datos: Mapping[str, Any]) -> list[Outgoing]:
        rut, remitente = Rut.parse(datos["rut"]), entrante.remitente
        links = await self._vinculos.de(remitente, self._reloj.ahora())
        nombre = next((one.nombre for one in links if one.rut == rut), "")
        offer = await self._offer(rut)
        steps = ("ventas", "compras", "avisos" if offer else "ayuda")
        if not datos["nueva"]:
            return [self._say("vincular_listo", steps, nombre=nombre, avisos=offer)]
        enlace = await self._enlaces.enlace(Quien(rut), PropositoEnlace.PASSWORD, remitente.canal)
        return [self._say("vincular_creada", steps, nombre=nombre, enlace=enlace, avisos=offer)]

    async def _offer(self, rut: Rut) -> str:
        """Alerts, to those who never had them on."""
        given = await self._cuentas.consentimientos(Quien(rut))
        known = any(one.materia == "avisos" for one in given)
        return "" if known else " " + self._textos.texto("utter_vincular_avisos")

    async def _activate(self, remitente: Remitente, chosen: Vinculo) -> list[Outgoing]:
        await self._vinculos.activar(remitente, chosen.rut, self._reloj.ahora())
        return [self._say("vincular_activa", ("ventas", "compras", "ayuda"), nombre=chosen.nombre)]

    async def _leave(self, remitente: Remitente, chosen: Vinculo) -> list[Outgoing]:
        await self.desvincular(remitente, [chosen.rut])
        return [self._say("vincular_salida", ("entrar",))]

    async def _cancel(self, remitente: Remitente, vinculos: Sequence[Vinculo]) -> list[Outgoing]:
        await self._tramites.drop(remitente)
        return [self._say("vincular_cancelado", ("ventas", "compras") if vinculos else ("entrar", "crear"))]

    async def _link(self, remitente: Remitente, rut: Rut) -> None:
        ahora = self._reloj.ahora()
        life = LINK_LIFE.get(remitente.canal)
        expira: datetime | None = ahora + life if life else None
        if not await self._vinculos.vincular(remitente, rut, ahora, expira):
            raise CodeInvalidError()
        await self._bitacora.write("canal.vinculado", rut, canal=remitente.canal)

    def _client(self, remitente: Remitente) -> Cliente:
        """Somebody on a channel counts as one address."""
        return Cliente(f"{remitente.canal}:{remitente.id}", remitente.canal)

    def _say(self, texto: str, pasos: Sequence[str], **params: Any) -> Outgoing:
        botones = tuple(self._button(paso) for paso in pasos)
        return Outgoing(self._textos.texto(f"utter_{texto}", **params), botones)

    def _button(self, paso: str) -> Boton:
        return Boton(NEXT.get(paso, PREFIX + paso), self._textos.texto(f"utter_boton_{paso}"))
