"""The rights of Ley 21.719: everything that is kept about a taxpayer, to take away or to erase."""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from bot.core.errors import NotFoundError
from bot.services.archivos import GENERATED
from bot.services.indexador import Indexador
from bot.services.limites import require
from bot.services.ports import Quien, Reloj
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_archivos import Archivos
from bot.services.ports_datos import DatosPersonales, Purga, Recibo

_BATCH = 500
# As long as WhatsApp repeats what was not acknowledged, and a day more.
_DELIVERED = timedelta(days=8)
# Buttons work as long as they can be found in the chat, and it is known for a year who has been away.
_PRESSED, _SEEN = timedelta(days=180), timedelta(days=400)
_EXPLAINED = {
    "contributors": "tu cuenta",
    "sessions": "cuándo entraste y desde qué programa",
    "otp": "códigos que se pidieron",
    "logs": "qué se hizo con tu cuenta",
    "messages": "tus conversaciones con Tributa",
    "casos": "cuándo pediste una persona y qué pasó con eso",
    "opiniones": "qué respuestas dijiste que estaban mal",
    "identities": "los chats vinculados a tu RUT",
    "outbox": "mensajes que salen hacia tus chats",
    "avisos": "qué avisos quieres recibir y a qué horas no",
    "avisos_enviados": "los avisos que ya se te dieron",
    "botones": "lo que piden los botones de tus mensajes de Telegram",
    "consents": "los permisos que diste y retiraste",
    "claves": "desde cuándo está guardada tu clave tributaria (la clave misma no sale)",
    "enlaces": "enlaces de un solo uso que se crearon",
    "cobertura": "qué meses del registro hay, y de cuándo son",
    "ventas_resumen": "tus ventas por mes y tipo de documento",
    "ventas_detalle": "tus documentos de venta",
    "compras_resumen": "tus compras por mes y tipo de documento",
    "compras_detalle": "tus documentos de compra",
    "sii_meses": "los totales de cada mes tal como los dio el SII",
    "sincronizaciones": "cuándo se leyó tu registro en el SII, y si falló",
    "cambios": "qué cambió en tu registro con cada lectura",
    "archivos": "los archivos que están en la carpeta archivos",
    "contratos": "tus contratos y lo que se entendió de ellos (los PDF están en la carpeta archivos)",
    "embeddings": "el texto de tus contratos, por partes",
}


class DatosPersonalesService:
    """Export and erasure, and what is removed by age."""

    def __init__(
        self,
        datos: DatosPersonales,
        purga: Purga,
        archivos: Archivos,
        indexador: Indexador,
        limites: Limites,
        bitacora: Bitacora,
        reloj: Reloj,
        mensajes: timedelta,
        registros: timedelta,
    ) -> None:
        """`mensajes` and `registros` are how long messages and logs are kept."""
        self._datos = datos
        self._purga = purga
        self._archivos = archivos
        self._indexador = indexador
        self._limites = limites
        self._bitacora = bitacora
        self._reloj = reloj
        self._mensajes = mensajes
        self._registros = registros

    async def exportar(self, quien: Quien) -> IO[bytes]:
        """A ZIP of everything, open at its start; the file has no name and is gone once it is closed.

        Raises:
            TooManyRequestsError
        """
        await require(self._limites, ("datos_rut", str(quien.rut)))
        await self._bitacora.write("datos.exportados", quien.rut)
        file = tempfile.TemporaryFile()  # noqa: SIM115  (handed over open)
        try:
            with ZipFile(file, "w", ZIP_DEFLATED) as archivo:
                counts = await self._write_tables(archivo, quien)
                await self._write_files(archivo, quien)
                archivo.writestr("LEEME.txt", self._readme(quien, counts))
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    async def borrar(self, quien: Quien) -> Recibo:
        """Erase everything of the taxpayer; what proves it does not say who it was."""
        # First, for it cannot be undone with the rest: what is missing there is copied again.
        await self._indexador.olvidar(quien.rut)
        recibo = await self._datos.erase(quien.rut, self._reloj.ahora())
        await self._bitacora.write("datos.borrados", recibo=recibo.id)
        return recibo

    async def recibo(self, recibo: str) -> Recibo:
        """The state of an erasure.

        Raises:
            NotFoundError: if there is none of that number.
        """
        found = await self._datos.receipt(recibo)
        if found is None:
            raise NotFoundError()
        return found

    async def purgar(self) -> Mapping[str, int]:
        """Remove what has been kept for long enough; how many rows of each table."""
        ahora = self._reloj.ahora()
        gone = await self._purga.purge(
            {
                "otp": ahora - timedelta(days=1),
                "enlaces": ahora - timedelta(days=1),
                "sessions": ahora - timedelta(days=30),
                "messages": ahora - self._mensajes,
                "casos": ahora - self._mensajes,
                "opiniones": ahora - self._mensajes,
                "logs": ahora - self._registros,
                "cambios": ahora - self._registros,
                "inbox": ahora - _DELIVERED,
                "outbox": ahora - _DELIVERED,
                "tramites": ahora,
                "identities": ahora,
                "presencias": ahora - _SEEN,
                "botones": ahora - _PRESSED,
            }
        )
        return {**gone, "archivos": await self._archivos.purgar()}

    async def _write_tables(self, archivo: ZipFile, quien: Quien) -> dict[str, int]:
        """One JSON list per table; rows come one by one and are written in a thread, some at a time."""
        counts: dict[str, int] = {}
        table, rows, file = "", list[Mapping[str, Any]](), None
        async for name, row in self._datos.read(quien.rut):
            if name != table or len(rows) == _BATCH:
                await self._flush(file, rows, counts, table)
                rows = []
            if name != table:
                await asyncio.to_thread(_end, file)
                table, file = name, archivo.open(f"{name}.json", "w")
            rows.append(dict(row))
        await self._flush(file, rows, counts, table)
        await asyncio.to_thread(_end, file)
        return counts

    async def _write_files(self, archivo: ZipFile, quien: Quien) -> None:
        for one in await self._archivos.todos(quien.rut):
            found = await self._archivos.leer(quien.rut, one.archivo.id)
            if found is not None:
                name = f"archivos/{one.archivo.id}-{found.nombre}"
                await asyncio.to_thread(archivo.writestr, name, found.datos)

    @staticmethod
    async def _flush(
        file: IO[bytes] | None, rows: list[Mapping[str, Any]], counts: dict[str, int], table: str
    ) -> None:
        if file is None or not rows:
            return
        first = not counts.get(table)
        counts[table] = counts.get(table, 0) + len(rows)
        await asyncio.to_thread(_write, file, rows, first=first)

    def _readme(self, quien: Quien, counts: Mapping[str, int]) -> str:
        ahora = self._reloj.ahora()
        lines = [
            "Tus datos en Tributa",
            "====================",
            "",
            f"RUT: {quien.rut.pretty}",
            f"Fecha: {ahora:%d-%m-%Y %H:%M} (hora de Chile)",
            "",
            "Qué hay en cada archivo",
            "-----------------------",
            *(f"{name}.json: {_EXPLAINED.get(name, name)} ({count})" for name, count in counts.items()),
            "",
            "Para qué se usan",
            "----------------",
            "Para responder tus preguntas sobre ventas, compras, IVA y contratos, y avisarte de plazos.",
            "No se venden ni se usan para otra cosa, y nadie más los ve.",
            "",
            "Qué no está aquí",
            "----------------",
            "Contraseñas, claves y códigos: se guardan cifrados o como huellas, y ni cifrados salen.",
            "",
            "Hasta cuándo se guardan",
            "-----------------------",
            f"Mensajes: {self._mensajes.days} días. Registros de uso y cambios: {self._registros.days} días.",
            "Códigos y enlaces: un día después de vencer. Sesiones: 30 días después de cerrarse.",
            f"Planillas y gráficos: {GENERATED.days} días.",
            "Lo demás, hasta que lo borres.",
            "",
            "Tus derechos (Ley 21.719)",
            "-------------------------",
            "Puedes corregir, borrar, llevarte o bloquear tus datos, y oponerte a su uso: escribe en el chat",
            "«mis datos», o usa la API (GET y DELETE /api/mis-datos, PATCH /api/cuenta).",
        ]
        return "\n".join(lines) + "\n"


def _write(file: IO[bytes], rows: list[Mapping[str, Any]], *, first: bool) -> None:
    for number, row in enumerate(rows):
        file.write(b"[\n" if first and not number else b",\n")
        file.write(json.dumps(row, ensure_ascii=False, default=_plain).encode())


def _end(file: IO[bytes] | None) -> None:
    if file is not None:
        file.write(b"\n]\n")
        file.close()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
