"""The worker's part with contracts: reads them, once each, however often it is interrupted."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from bot.core.contratos.anexos import find_dueno, read_anexo
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.hechos import extraer
from bot.core.contratos.trozos import split_trozos
from bot.core.errors import BotError, ServiceUnavailableError
from bot.core.mensajes import Boton, Outgoing
from bot.core.rut import Rut
from bot.services.contratos import ContratosService
from bot.services.contratos_dichos import contrato_listo
from bot.services.contratos_versiones import ofrecer_reemplazo, parecido, reemplazado
from bot.services.indexador import Indexador
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_acceso import Bitacora
from bot.services.ports_carpeta import Carpeta, EstadoContrato, Ficha, Leido, Vectorizador
from bot.services.ports_contratos import LectorPdf, Lectura
from bot.services.ports_sii import Noticia, Notificador
from bot.services.textos import error_text

MAXIMUM_TRIES = 6
# Told once when it is plain that it takes long, and once halfway.
SLOW_SECONDS = 15.0
_NOTE_SECONDS = 1.0
_BATCH = 32


class ContratoOcupadoError(Exception):
    """Somebody else is reading it."""


class LectorContratos:
    """Reads what was taken in, and tells what was understood or why it could not be read."""

    def __init__(
        self,
        carpeta: Carpeta,
        contratos: ContratosService,
        lector: LectorPdf,
        vectores: Vectorizador,
        indexador: Indexador,
        notificador: Notificador,
        juntos: Callable[[Rut | None], AbstractAsyncContextManager[None]],
        bitacora: Bitacora,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._carpeta = carpeta
        self._contratos = contratos
        self._lector = lector
        self._vectores = vectores
        self._indexador = indexador
        self._notificador = notificador
        self._juntos = juntos
        self._bitacora = bitacora
        self._textos = textos
        self._reloj = reloj

    async def leer(self, rut: Rut, contrato: int) -> None:
        """Read a contract; whatever interrupts it, it ends up in the index once, or with its reason.

        Raises:
            ContratoOcupadoError, ServiceUnavailableError: to be tried again; what else fails too.
        """
        async with self._carpeta.turno(rut, contrato) as mine:
            if not mine:
                raise ContratoOcupadoError
            ficha = await self._carpeta.ficha(rut, contrato)
            if ficha is None or ficha.estado is EstadoContrato.CON_ERROR:
                return
            if ficha.estado is not EstadoContrato.INDEXADO:
                await self._read(rut, ficha)
            await self._indexador.copiar(rut, limpio=ficha.reemplaza is not None)

    async def _read(self, rut: Rut, ficha: Ficha) -> None:
        if await self._carpeta.empezar(rut, ficha.id) > MAXIMUM_TRIES:
            await self._fail(rut, ficha, BotError())
            return
        try:
            leido = await self._understand(rut, ficha)
        except ServiceUnavailableError:
            raise
        except BotError as error:
            await self._fail(rut, ficha, error)
            return
        async with self._juntos(rut):
            viejo = await self._carpeta.ficha(rut, ficha.reemplaza) if ficha.reemplaza else None
            if await self._carpeta.indexar(rut, ficha.id, leido):
                await self._match(rut, ficha.id)
                await self._tell(rut, ficha.id, viejo)
        await self._bitacora.write("contrato.indexado", rut, contrato=ficha.id, trozos=len(leido.trozos))

    async def _understand(self, rut: Rut, ficha: Ficha) -> Leido:
        avance = _Avance(self, rut, ficha)
        async with self._contratos.archivo(rut, ficha) as ruta:
            lectura = await self._lector.leer(ruta, avance)
        leido = await asyncio.to_thread(_understand, ficha.archivo, lectura)
        textos = [(trozo.prefijo, trozo.texto) for trozo in leido.trozos]
        vectores: list[bytes] = []
        for start in range(0, len(textos), _BATCH):
            vectores += await self._vectores.vectores(textos[start : start + _BATCH])
        return replace(leido, vectores=vectores, modelo=self._vectores.nombre)

    async def avanzar(self, rut: Rut, ficha: Ficha, leidas: int, paginas: int) -> None:
        """Note how many pages were read."""
        await self._carpeta.avanzar(rut, ficha.id, leidas, paginas)

    async def avisar(self, rut: Rut, ficha: Ficha, leidas: int, paginas: int, vez: int) -> None:
        """Tell that it takes long; each of these once, whoever reads it again."""
        texto = self._textos.texto(
            "utter_contrato_avance", nombre=ficha.archivo, leidas=leidas, paginas=paginas
        )
        clave = f"contrato.avance:{ficha.id}:{vez}"
        await self._notificador.notificar(rut, Noticia(clave, Outgoing(texto)))

    async def _fail(self, rut: Rut, ficha: Ficha, error: BotError) -> None:
        motivo = error_text(self._textos, error)
        texto = self._textos.texto("utter_contrato_error", nombre=ficha.archivo, motivo=motivo)
        boton = Boton("contrato_subir", self._textos.texto("utter_boton_contrato_subir"))
        clave = f"contrato.error:{ficha.id}:{self._reloj.ahora().isoformat()}"
        async with self._juntos(rut):
            if await self._carpeta.fallar(rut, ficha.id, motivo):
                await self._notificador.notificar(rut, Noticia(clave, Outgoing(texto, (boton,))))
        await self._bitacora.write("contrato.con_error", rut, contrato=ficha.id, error=error.key)

    async def _match(self, rut: Rut, contrato: int) -> None:
        """Annexes and contracts that belong together, as far as one of them is new."""
        leidos = await self._contratos.leidos(rut)
        bodies = [one for one in leidos if one.anexo is None]
        for one in leidos:
            if one.anexo is None or one.de is not None:
                continue
            found = find_dueno(one.anexo, [body.hechos for body in bodies])
            if found is not None and contrato in (one.id, bodies[found].id):
                await self._carpeta.asignar(rut, one.id, bodies[found].id)

    async def _tell(self, rut: Rut, contrato: int, viejo: Ficha | None) -> None:
        quien = Quien(rut)
        ficha = await self._contratos.ver(quien, contrato)
        state = await self._contratos.vigencia(quien, ficha)
        de = (await self._contratos.ver(quien, ficha.de)).archivo if ficha.de else ""
        salida = contrato_listo(ficha, state, de, self._textos)
        if viejo:
            salida = reemplazado(salida, viejo, self._textos)
        elif like := parecido(ficha, await self._contratos.lista(quien)):
            salida = ofrecer_reemplazo(salida, ficha, like, self._textos)
        await self._notificador.notificar(rut, Noticia(f"contrato.listo:{contrato}", salida))


class _Avance:
    """Notes pages as they are read, not all too often, and tells people if it takes long."""

    def __init__(self, lector: LectorContratos, rut: Rut, ficha: Ficha) -> None:
        self._lector = lector
        self._rut = rut
        self._ficha = ficha
        self._clock = asyncio.get_running_loop().time
        self._begun = self._noted = self._clock()
        self._told = 0

    async def __call__(self, leidas: int, paginas: int) -> None:
        now = self._clock()
        if now - self._noted >= _NOTE_SECONDS or leidas == paginas:
            self._noted = now
            await self._lector.avanzar(self._rut, self._ficha, leidas, paginas)
        slow = now - self._begun >= SLOW_SECONDS and leidas < paginas
        if slow and (not self._told or (self._told == 1 and 2 * leidas >= paginas)):
            self._told += 1
            await self._lector.avisar(self._rut, self._ficha, leidas, paginas, self._told)


def _understand(nombre: str, lectura: Lectura) -> Leido:
    """All but the vectors; takes a while."""
    contrato = read_contrato(nombre, [(pagina.numero, pagina.texto) for pagina in lectura.paginas])
    anexos = tuple(filter(None, (read_anexo(contrato, parte) for parte in contrato.anexos)))
    avisos = tuple((aviso.nota.value, aviso.paginas) for aviso in lectura.avisos)
    trozos = split_trozos(contrato)
    return Leido(
        nombre, len(lectura.paginas), extraer(contrato), anexos, read_anexo(contrato), avisos, trozos, (), ""
    )
