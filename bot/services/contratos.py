"""The taxpayer's contracts: taken in, shown, corrected, and removed."""

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.contratos.correcciones import completar, confirmables, corregir, volver
from bot.core.contratos.datos import Hechos
from bot.core.contratos.estado import Vigencia
from bot.core.contratos.vigencia import vigencia
from bot.core.errors import NotFoundError
from bot.core.errors_contratos import ContractNotReadyError
from bot.core.rut import Rut
from bot.core.texto import storable
from bot.services.archivos import GENERATED
from bot.services.contratos_eleccion import leido_de_ficha
from bot.services.indexador import Indexador
from bot.services.limites import require
from bot.services.ports import Quien, Reloj
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_archivos import Archivos, Contenido
from bot.services.ports_carpeta import Antivirus, Carpeta, EstadoContrato, Ficha, Recepcion
from bot.services.ports_contratos import LectorPdf
from bot.services.ports_indice import ContratoLeido
from bot.services.ports_noticias import FechaContrato

PDF, PNG = "application/pdf", "image/png"
MAXIMUM_NAME = 100
_ASK_AGAIN_SECONDS = 0.2
_UNTITLED = "Contrato"


class ContratosService:
    """A taxpayer's own contracts; implements the port `FechasContratos` too."""

    def __init__(
        self,
        carpeta: Carpeta,
        archivos: Archivos,
        lector: LectorPdf,
        antivirus: Antivirus,
        indexador: Indexador,
        limites: Limites,
        bitacora: Bitacora,
        reloj: Reloj,
    ) -> None:
        self._carpeta = carpeta
        self._archivos = archivos
        self._lector = lector
        self._antivirus = antivirus
        self._indexador = indexador
        self._limites = limites
        self._bitacora = bitacora
        self._reloj = reloj

    async def subir(self, quien: Quien, ruta: Path, nombre: str, reemplaza: int | None = None) -> Recepcion:
        """Keep a PDF and have it read; the same file twice is one contract.

        Args:
            nombre: what people call it, or its file's name.
            reemplaza: the contract that goes once this one is read.

        Raises:
            UploadTooLargeError, PdfNotPdfError, VirusFoundError: nothing is kept.
            ScannerUnavailableError, ServiceUnavailableError: to be tried again; nothing is kept.
            NotFoundError: if there is no contract to replace.
            TaxpayerUnknownError, TooManyRequestsError
        """
        await require(self._limites, ("contrato_rut", str(quien.rut)))
        if reemplaza is not None:
            await self.ver(quien, reemplaza)
        await self._lector.revisar(ruta)
        await self._antivirus.revisar(ruta)
        datos = await asyncio.to_thread(ruta.read_bytes)
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(datos).hexdigest())
        contenido = Contenido(clean_name(nombre), PDF, datos)
        taken = await self._carpeta.recibir(quien.rut, contenido, sha256, reemplaza)
        if taken.recuperado:
            await self._indexador.copiar(quien.rut)
        await self._bitacora.write("contrato.recibido", quien.rut, contrato=taken.contrato, nuevo=taken.nuevo)
        return taken

    async def esperar(self, quien: Quien, contrato: int, segundos: float) -> Ficha:
        """The contract once it is read, or as it stands after so many seconds.

        Raises:
            NotFoundError: if it was removed meanwhile.
        """
        end = asyncio.get_running_loop().time() + segundos
        while True:
            ficha = await self.ver(quien, contrato)
            if ficha.terminado or asyncio.get_running_loop().time() >= end:
                return ficha
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def lista(self, quien: Quien, *, apartados: bool = False) -> list[Ficha]:
        """All of them, the newest first; annexes tell which contract they belong to.

        Args:
            apartados: in their place those that were removed and can be had back.
        """
        return await self._carpeta.fichas(quien.rut, apartados=apartados)

    async def ver(self, quien: Quien, contrato: int) -> Ficha:
        """One of them.

        Raises:
            NotFoundError: if there is none of that number, or it is another's.
        """
        ficha = await self._carpeta.ficha(quien.rut, contrato)
        if ficha is None:
            raise NotFoundError()
        return ficha

    async def vigencia(self, quien: Quien, ficha: Ficha) -> Vigencia:
        """Whether a contract is in force today, its annexes counted."""
        return self._state(ficha, await self._carpeta.fichas(quien.rut))

    async def vigencias(self, quien: Quien) -> list[tuple[Ficha, Vigencia | None]]:
        """All of them, the newest first, with how each stands today; None of annexes and unread ones."""
        fichas = await self._carpeta.fichas(quien.rut)
        return [
            (
                one,
                self._state(one, fichas) if one.estado is EstadoContrato.INDEXADO and not one.anexo else None,
            )
            for one in fichas
        ]

    def _state(self, ficha: Ficha, fichas: Sequence[Ficha]) -> Vigencia:
        own = [one.anexo for one in fichas if one.de == ficha.id and one.anexo]
        return vigencia(ficha.hechos, [*ficha.anexos, *own], self._reloj.hoy())

    async def pdf(self, quien: Quien, contrato: int) -> Contenido:
        """The file as it came.

        Raises:
            NotFoundError, ServiceUnavailableError
        """
        ficha = await self.ver(quien, contrato)
        found = await self._archivos.leer(quien.rut, ficha.archivo_id)
        if found is None:
            raise NotFoundError()
        return replace(found, nombre=f"{ficha.archivo}.pdf")

    async def cambiar(
        self, quien: Quien, contrato: int, archivo: str | None, hechos: Mapping[str, Any]
    ) -> Ficha:
        """Another name, or facts as the taxpayer has them; the same again confirms them.

        What the PDF says is kept beside a fact that the taxpayer has otherwise.

        Raises:
            NotFoundError, CorrectionInvalidError
            ContractNotReadyError: if facts are corrected before it is read.
        """
        ficha = await self.ver(quien, contrato)
        if hechos and ficha.estado is not EstadoContrato.INDEXADO:
            raise ContractNotReadyError()
        changed = corregir(ficha.hechos, ficha.leidos or ficha.hechos, hechos, self._reloj.hoy())
        known = tuple(dict.fromkeys((*ficha.corregidos, *hechos)))
        name = clean_name(archivo) if archivo else ficha.archivo
        return await self._write(quien, ficha, name, changed, known)

    async def anotar(
        self, quien: Quien, contrato: int, datos: Mapping[str, Any]
    ) -> tuple[Ficha, Mapping[str, Any]]:
        """Facts as the taxpayer states them in a chat (see `completar`); the contract, and what was noted.

        Raises:
            as `cambiar`.
        """
        ficha = await self.ver(quien, contrato)
        whole = completar(ficha.hechos, datos)
        return await self.cambiar(quien, contrato, None, whole), whole

    async def volver(self, quien: Quien, contrato: int, nombres: Collection[str]) -> Ficha:
        """Take the taxpayer's word back: facts as the PDF has them; raises NotFoundError."""
        ficha = await self.ver(quien, contrato)
        again = volver(ficha.hechos, ficha.leidos or ficha.hechos, nombres)
        known = tuple(nombre for nombre in ficha.corregidos if nombre not in nombres)
        return await self._write(quien, ficha, ficha.archivo, again, known)

    async def _write(
        self, quien: Quien, ficha: Ficha, archivo: str, hechos: Hechos, corregidos: tuple[str, ...]
    ) -> Ficha:
        read = ficha.leidos or ficha.hechos
        if not await self._carpeta.cambiar(quien.rut, ficha.id, archivo, hechos, corregidos, read):
            raise NotFoundError()
        await self._bitacora.write("contrato.cambiado", quien.rut, contrato=ficha.id, datos=list(corregidos))
        leidos = read if read != hechos else None
        return replace(ficha, archivo=archivo, hechos=hechos, corregidos=corregidos, leidos=leidos)

    async def confirmar(self, quien: Quien, contrato: int) -> Ficha:
        """All that was read is right, as the taxpayer says.

        Raises:
            as `cambiar`.
        """
        ficha = await self.ver(quien, contrato)
        return await self.cambiar(quien, contrato, None, confirmables(ficha.hechos))

    async def pagina(self, quien: Quien, contrato: int, numero: int) -> tuple[str, Contenido]:
        """A page as a picture, and the id of its file; made once and kept for some weeks.

        Raises:
            NotFoundError: if there is no such page.
            TooManyRequestsError, ServiceUnavailableError, PdfError
        """
        ficha = await self.ver(quien, contrato)
        made = await self._carpeta.imagen(quien.rut, contrato, numero)
        kept = await self._archivos.leer(quien.rut, made) if made else None
        if made and kept:
            return made, kept
        png = await self._draw(quien, ficha, numero)
        contenido = Contenido(f"{ficha.archivo[:60]} - página {numero}.png", PNG, png)
        archivo = await self._archivos.guardar(quien.rut, contenido, GENERATED)
        await self._carpeta.guardar_imagen(quien.rut, contrato, numero, archivo.id)
        return archivo.id, contenido

    async def pagina_marcada(self, quien: Quien, contrato: int, numero: int, cita: str) -> Contenido:
        """A page as a picture on which a quote is marked, if it is there; made anew each time.

        Raises:
            as `pagina`.
        """
        ficha = await self.ver(quien, contrato)
        png = await self._draw(quien, ficha, numero, cita)
        return Contenido(f"{ficha.archivo[:60]} - página {numero}.png", PNG, png)

    async def _draw(self, quien: Quien, ficha: Ficha, numero: int, cita: str = "") -> bytes:
        await require(self._limites, ("pagina_rut", str(quien.rut)))
        async with self.archivo(quien.rut, ficha) as ruta:
            png = await self._lector.imagen(ruta, numero, cita)
        if png is None:
            raise NotFoundError()
        return png

    async def leidos(self, rut: Rut) -> Sequence[ContratoLeido]:
        """Those that can be asked about, the oldest first; see `ContratosLeidos`."""
        fichas = reversed(await self._carpeta.fichas(rut))
        return [leido_de_ficha(one) for one in fichas if one.estado is EstadoContrato.INDEXADO]

    async def fechas(self, rut: Rut, desde: date, hasta: date) -> Sequence[FechaContrato]:
        """The days that contracts bring; see the port. Of what is not sure no alarm is raised."""
        leidos = await self.leidos(rut)
        found: list[FechaContrato] = []
        for one in leidos:
            if one.anexo is not None:
                continue
            own = [other.anexo for other in leidos if other.de == one.id and other.anexo]
            state = vigencia(one.hechos, [*one.anexos, *own], desde)
            days = [(state.ultimo_dia_de_aviso, True)]
            if state.proxima_renovacion is None:
                days.append((state.hasta, False))
            if state.seguro:
                found += [
                    FechaContrato(one.id, one.archivo, dia, aviso)
                    for dia, aviso in days
                    if dia and desde <= dia <= hasta
                ]
        return sorted(found, key=lambda fecha: fecha.dia)

    @asynccontextmanager
    async def archivo(self, rut: Rut, ficha: Ficha) -> AsyncIterator[Path]:
        """A contract's PDF as a file, for as long as the context lasts.

        Raises:
            NotFoundError, ServiceUnavailableError
        """
        found = await self._archivos.leer(rut, ficha.archivo_id)
        if found is None:
            raise NotFoundError()
        with tempfile.NamedTemporaryFile(prefix="tributa-", suffix=".pdf") as file:
            ruta = Path(file.name)
            await asyncio.to_thread(ruta.write_bytes, found.datos)
            yield ruta


def clean_name(nombre: str) -> str:
    """As people see it: `Arriendo_local (1).PDF` → `Arriendo local (1)`; in one line and not too long."""
    bare = re.sub(r"\.pdf$", "", storable(nombre).strip(), flags=re.IGNORECASE)
    plain = " ".join("".join(char if char.isprintable() else " " for char in bare).replace("_", " ").split())
    return plain.replace("/", "-").replace("\\", "-")[:MAXIMUM_NAME].strip() or _UNTITLED
