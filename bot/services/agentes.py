"""What agents do with cases. Every act is noted, with the name of the key that did it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import NotFoundError
from bot.core.errors_casos import CaseClosedError, CaseMovedError, CaseTakenError, ChatGoneError
from bot.core.errors_entrenamiento import RoleForbiddenError
from bot.core.mascara import mask
from bot.core.rut import Rut
from bot.services.casos import spoken, tell
from bot.services.ports import Conversacion, MensajeGuardado, Mensajes, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Juntos
from bot.services.ports_admin import Pagina
from bot.services.ports_casos import Caso, CasoEnFila, Casos, Cierre, Dicho, EstadoCaso


class AgentesService:
    """The first argument of each method is the name of the key that asks."""

    def __init__(
        self,
        casos: Casos,
        mensajes: Mensajes,
        juntos: Juntos,
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._casos = casos
        self._mensajes = mensajes
        self._juntos = juntos
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def fila(
        self, actor: str, estados: Sequence[EstadoCaso], rut: Rut | None, pagina: Pagina
    ) -> tuple[list[CasoEnFila], int]:
        """Cases in those states, those that wait for an agent first, the longest wait first."""
        await self._bitacora.write("admin.casos", rut, actor)
        return await self._casos.fila(estados, rut, pagina)

    async def ver(
        self, actor: str, numero: int, limite: int, *, desenmascarar: bool, de_todos: bool = True
    ) -> tuple[CasoEnFila, list[MensajeGuardado]]:
        """A case and the last messages of its conversation, oldest first; masked unless asked otherwise.

        Args:
            de_todos: whether they may see others' cases as they are too.

        Raises:
            NotFoundError
            RoleForbiddenError: if it is to be shown as it is, and is not theirs.
        """
        visto = await self._find(numero)
        if desenmascarar and not de_todos and visto.caso.agente != actor:
            raise RoleForbiddenError()
        event = "admin.caso_desenmascarado" if desenmascarar else "admin.caso"
        await self._bitacora.write(event, visto.caso.rut, actor, caso=numero)
        said = await self._casos.mensajes(visto.caso, limite)
        if not desenmascarar:
            said = [replace(one, texto=mask(one.texto)) for one in said]
        return visto, said

    async def tomar(self, actor: str, numero: int, *, relevar: bool = False) -> CasoEnFila:
        """From now on this agent answers; the person is told. Taking one's own again does nothing.

        Raises:
            NotFoundError, ChatGoneError, CaseClosedError
            CaseTakenError: if another has it, unless this one is to `relevar` them.
        """
        visto = await self._find(numero)
        conversacion = await self._chat(visto.caso)
        async with self._juntos(visto.caso.rut):
            caso = await self._casos.bloquear(visto.caso)
            if caso.estado is EstadoCaso.CERRADO or not relevar:
                _require_mine(caso, actor)
            if caso.agente != actor:
                ahora = self._reloj.ahora()
                await self._casos.tomar(caso, actor, ahora)
                if not caso.agente:
                    told = tell(self._textos, conversacion, "caso_tomado", ("volver",))
                    await self._casos.avisar(caso, conversacion, [told], ahora)
                await self._bitacora.write("admin.caso_tomado", caso.rut, actor, caso=numero)
        return await self._find(numero)

    async def responder(self, actor: str, numero: int, texto: str, clave: str) -> MensajeGuardado:
        """Say something to the person, wherever they are; once for each `clave`. Takes a case of nobody's.

        Raises:
            NotFoundError, ChatGoneError, CaseClosedError, CaseTakenError
        """
        visto = await self._find(numero)
        conversacion = await self._chat(visto.caso)
        async with self._juntos(visto.caso.rut):
            caso = await self._casos.bloquear(visto.caso)
            before = await self._casos.dicho(caso, clave)
            if before is not None:
                return before
            _require_mine(caso, actor)
            ahora = self._reloj.ahora()
            if not caso.agente:
                await self._casos.tomar(caso, actor, ahora)
            salida = spoken(self._textos, conversacion, visto.nombre, texto, first=not caso.agente)
            said = await self._casos.responder(caso, conversacion, Dicho(clave, salida), ahora)
            await self._bitacora.write("admin.caso_respondido", caso.rut, actor, caso=numero)
        return said

    async def cerrar(self, actor: str, numero: int, visto_hasta: int) -> CasoEnFila:
        """Close a case: the assistant goes on, and the person is told. A closed one stays as it is.

        Args:
            visto_hasta: the last message of the person that the agent has seen.

        Raises:
            NotFoundError, CaseTakenError
            CaseMovedError: if the person has written since; nothing is closed over their heads.
        """
        visto = await self._find(numero)
        conversacion = await self._mensajes.buscar_conversacion(visto.caso.conversacion)
        async with self._juntos(visto.caso.rut):
            caso = await self._casos.bloquear(visto.caso)
            if caso.estado is not EstadoCaso.CERRADO:
                await self._close(actor, caso, conversacion, visto_hasta)
        return await self._find(numero)

    async def _close(
        self, actor: str, caso: Caso, conversacion: Conversacion | None, visto_hasta: int
    ) -> None:
        _require_mine(caso, actor)
        if await self._casos.ultimo(caso) > visto_hasta:
            raise CaseMovedError()
        ahora = self._reloj.ahora()
        await self._casos.cerrar(caso, Cierre.AGENTE, ahora)
        if conversacion is not None:
            told = tell(self._textos, conversacion, "caso_cerrado", ("ventas", "ayuda"))
            await self._casos.avisar(caso, conversacion, [told], ahora)
        await self._bitacora.write("admin.caso_cerrado", caso.rut, actor, caso=caso.id)

    async def _find(self, numero: int) -> CasoEnFila:
        found = await self._casos.ver(numero)
        if found is None:
            raise NotFoundError()
        return found

    async def _chat(self, caso: Caso) -> Conversacion:
        found = await self._mensajes.buscar_conversacion(caso.conversacion)
        if found is None:
            raise ChatGoneError()
        return found


def _require_mine(caso: Caso, actor: str) -> None:
    if caso.estado is EstadoCaso.CERRADO:
        raise CaseClosedError()
    if caso.agente and caso.agente != actor:
        raise CaseTakenError(agente=caso.agente)
