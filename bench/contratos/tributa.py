"""Tributa itself: the product's reading, index ranking and answers, on memory instead of a database."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.contratos.fuentes import HOY
from bench.contratos.sistema import Cita, RespuestaEvaluada
from bot.channels.textos import DomainTexts
from bot.core.contratos.anexos import find_dueno, read_anexo
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.hechos import extraer
from bot.core.contratos.trozos import Trozo, split_trozos
from bot.core.rut import Rut
from bot.rag.contratos import IndiceHibrido, Vectores
from bot.rag.embedder import Embedder, UseEmbeddings
from bot.rag.pdf import PdfSubprocess
from bot.services.contratos_eleccion import Familia
from bot.services.ports import Quien
from bot.services.ports_carpeta import Pasaje
from bot.services.ports_contratos import LectorPdf
from bot.services.ports_indice import ContratoLeido
from bot.services.respuestas_contratos import RespuestasContratosService

DOMAIN = Path(__file__).parents[2] / "domain.yml"


class Hoy:
    """A clock that stands."""

    def ahora(self) -> datetime:
        return datetime(HOY.year, HOY.month, HOY.day, 12, tzinfo=UTC)

    def hoy(self) -> date:
        return HOY


class Memoria:
    """The ports `ContratosLeidos` and `Pasajes`."""

    def __init__(self, vectores: Vectores) -> None:
        self._vectores = vectores
        self._leidos: defaultdict[Rut, list[ContratoLeido]] = defaultdict(list)
        self._pasajes: defaultdict[Rut, list[Pasaje]] = defaultdict(list)

    async def leidos(self, rut: Rut) -> Sequence[ContratoLeido]:
        return self._leidos[rut]

    async def pasajes(self, rut: Rut, contratos: Sequence[int] = ()) -> list[Pasaje]:
        return [uno for uno in self._pasajes[rut] if not contratos or uno.contrato_id in contratos]

    def de(self, rut: str) -> Sequence[Pasaje]:
        """The passages of a taxpayer."""
        return self._pasajes[Rut.parse(rut)]

    async def duenos(self) -> Mapping[Rut, Mapping[str, int]]:
        return {}

    async def revectorizar(self, rut: Rut, vectores: Mapping[int, bytes], modelo: str) -> None:
        raise NotImplementedError

    async def guardar(self, rut: Rut, contrato: ContratoLeido, trozos: Sequence[Trozo]) -> None:
        """Shelve a contract with its passages, and find what belongs to what."""
        mine = self._leidos[rut]
        mine.append(contrato)
        mine[:] = [_with_owner(one, mine) for one in mine]
        vectors = await self._vectores.vectores([(uno.prefijo, uno.texto) for uno in trozos])
        for uno, vector in zip(trozos, vectors, strict=True):
            self._pasajes[rut].append(
                Pasaje(
                    len(self._pasajes[rut]),
                    contrato.id,
                    contrato.archivo,
                    uno.pagina,
                    uno.clausula,
                    uno.prefijo,
                    uno.texto,
                    self._vectores.nombre,
                    vector,
                )
            )


class Tributa:
    """The whole way from a PDF to an answer."""

    def __init__(self, lector: LectorPdf, embedder: Embedder) -> None:
        self._lector, self._embedder = lector, embedder
        vectores = Vectores(embedder)
        self.memoria = Memoria(vectores)
        self._respuestas = RespuestasContratosService(
            self.memoria, IndiceHibrido(self.memoria, vectores), DomainTexts(DOMAIN), Hoy()
        )
        self._count = 0

    async def ingerir(self, rut: str, nombre: str, path: Path) -> str:
        lectura = await self._lector.leer(path)
        contrato = read_contrato(Path(nombre).stem, [(uno.numero, uno.texto) for uno in lectura.paginas])
        self._count += 1
        anexos = [anexo for parte in contrato.anexos if (anexo := read_anexo(contrato, parte))]
        leido = ContratoLeido(
            self._count,
            nombre,
            Hoy().ahora(),
            len(lectura.paginas),
            extraer(contrato),
            tuple(anexos),
            read_anexo(contrato),
        )
        await self.memoria.guardar(Rut.parse(rut), leido, split_trozos(contrato))
        return nombre

    async def familias(self, rut: str) -> list[Familia]:
        """Contracts with their annexes, as questions find them."""
        found, _ = await self._respuestas.familias(Quien(Rut.parse(rut)), "")
        return found

    def embed(self, textos: Sequence[str]) -> Any:
        """Vectors as rows."""
        return np.array(self._embedder.embed_documents(list(textos)), np.float32).reshape(-1, 512)

    def vectores_de(self, rut: str, contrato: int) -> Any:
        """The vectors of a contract's passages as rows."""
        size = 4 * self._embedder.dimension
        found = [one.vector[:size] for one in self.memoria.de(rut) if one.contrato_id == contrato]
        return np.frombuffer(b"".join(found), "<f4").reshape(-1, self._embedder.dimension)

    async def preguntar(self, rut: str, texto: str) -> RespuestaEvaluada:
        began = time.perf_counter()
        answer = await self._respuestas.responder(Quien(Rut.parse(rut)), texto)
        cited = tuple(Cita(one.archivo, one.pagina, one.fragmento) for one in answer.fuentes)
        return RespuestaEvaluada(answer.texto, cited, answer.rechazo, time.perf_counter() - began)


def _with_owner(one: ContratoLeido, leidos: Sequence[ContratoLeido]) -> ContratoLeido:
    if one.anexo is None:
        return one
    bodies = [other for other in leidos if other.anexo is None]
    found = find_dueno(one.anexo, [other.hechos for other in bodies])
    owner = bodies[found].id if found is not None else None
    return replace(one, de=owner)


@asynccontextmanager
async def open_tributa() -> AsyncIterator[Tributa]:
    """Tributa with its own PDF reader and embedder, and nothing to close."""
    yield Tributa(PdfSubprocess(), UseEmbeddings())
