"""Files that people send in a chat: the SII's CSV is imported, a PDF is kept as a contract."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.contratos.ordenes import Accion, read_orden
from bot.core.documentos import Libro
from bot.core.errors import BotError
from bot.core.errors_contratos import ScannerUnavailableError
from bot.core.mensajes import Outgoing, Respuesta
from bot.services.contratos import ContratosService
from bot.services.contratos_eleccion import leido_de_ficha, nombrados
from bot.services.importacion import resumen_importado
from bot.services.ports import Quien, Reloj, Textos
from bot.services.ports_canales import Adjunto, Canal, CanalOcupadoError, CanalRechazoError, TipoAdjunto
from bot.services.ports_rcv import LectorRcv
from bot.services.registro import RegistroService

MAXIMUM_BYTES = 25 * 2**20
_PDF = b"%PDF-"
_SAID = {TipoAdjunto.IMAGEN: "imagen", TipoAdjunto.AUDIO: "audio"}


class AdjuntosService:
    """Takes what was sent to a chat and says what became of it."""

    def __init__(
        self,
        libros: Mapping[Libro, RegistroService],
        lector: LectorRcv,
        contratos: ContratosService,
        textos: Textos,
        reloj: Reloj,
    ) -> None:
        self._libros = libros
        self._lector = lector
        self._contratos = contratos
        self._textos = textos
        self._reloj = reloj

    async def recibir(self, quien: Quien, canal: Canal, adjunto: Adjunto, texto: str) -> Respuesta:
        """Fetch a file and do what it is for; importing the same file twice does no harm.

        Args:
            texto: what was written beside it.

        Raises:
            CanalOcupadoError: to be tried again.
        """
        if adjunto.tipo is not TipoAdjunto.DOCUMENTO:
            return self._say(f"adjunto_{_SAID.get(adjunto.tipo, 'otro')}")
        try:
            path = await canal.descargar(adjunto, MAXIMUM_BYTES)
        except CanalRechazoError:
            return self._say("adjunto_fallido", maximo=MAXIMUM_BYTES // 2**20)
        try:
            return await self._file(quien, path, adjunto.nombre, texto)
        except BotError as error:
            return self._say(f"error_{error.key}", **error.params)
        finally:
            await asyncio.to_thread(path.unlink)

    async def _file(self, quien: Quien, path: Path, nombre: str, texto: str) -> Respuesta:
        """By what it is, not by what it is called."""
        start = await asyncio.to_thread(_start, path)
        if start.startswith(_PDF):
            return await self._pdf(quien, path, nombre, texto)
        if b"\x00" in start or b";" not in start:
            return self._say("adjunto_documento")
        return await self._csv(quien, path, nombre, texto)

    async def _pdf(self, quien: Quien, path: Path, nombre: str, texto: str) -> Respuesta:
        """What is written beside it is what it is called, or says which contract it is a newer version of."""
        orden = read_orden(texto, self._reloj.hoy(), hablado=True)
        replaces = orden is not None and orden.accion is Accion.REEMPLAZAR
        old, name = await self._named(quien, orden.sobre) if orden and replaces else (None, "")
        called = nombre if replaces else texto.partition("\n")[0] or nombre
        try:
            taken = await self._contratos.subir(quien, path, called, old)
        except ScannerUnavailableError:
            raise CanalOcupadoError from None
        ficha = await self._contratos.ver(quien, taken.contrato)
        if not taken.nuevo and ficha.terminado:
            known = "recuperado" if taken.recuperado else "repetido"
            return self._say(f"contrato_{known}", nombre=ficha.archivo)
        what = "reemplazo_recibido" if old else "recibido"
        return self._say(f"contrato_{what}", nombre=ficha.archivo, viejo=name)

    async def _named(self, quien: Quien, texto: str) -> tuple[int | None, str]:
        """The contract that a file is said to be a newer version of, and its name; none if several fit."""
        fichas = await self._contratos.lista(quien)
        named = nombrados(texto, [leido_de_ficha(one) for one in fichas], quien.rut)
        ids = {one.id for one in named} or {one.id for one in fichas}
        return next(((one.id, one.archivo) for one in fichas if ids == {one.id}), (None, ""))

    async def _csv(self, quien: Quien, path: Path, nombre: str, texto: str) -> Respuesta:
        _, libro, estado, periodo = self._lector.guess_from_name(f"{nombre} {texto}")
        if libro is None or periodo is None:
            return self._say("adjunto_csv_nombre")
        file = await asyncio.to_thread(path.open, "rb")
        try:
            done = await self._libros[libro].importar(quien, file, nombre, periodo, estado)
        finally:
            await asyncio.to_thread(file.close)
        return resumen_importado(self._textos, libro, periodo, estado, done)

    def _say(self, texto: str, **params: Any) -> Respuesta:
        return Respuesta((Outgoing(self._textos.texto(f"utter_{texto}", **params)),))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)
