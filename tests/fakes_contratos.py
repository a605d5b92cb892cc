"""Stand-ins for what reads PDFs, makes vectors, and looks for viruses."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.core.errors import UploadTooLargeError
from bot.core.errors_contratos import PdfNotPdfError
from bot.core.rut import Rut
from bot.rag.lexico import stems
from bot.services.ports_contratos import Avance, Aviso, Lectura, Pagina

DIMENSION = 64
ARRIENDO = (
    "CONTRATO DE ARRENDAMIENTO\nEn Santiago, a 1 de marzo de 2026, entre Inmobiliaria Los Robles SpA, RUT"
    " 76.192.083-9, en adelante el Arrendador, y Bodega Boldo Ltda, RUT 77.697.060-3, en adelante el"
    " Arrendatario, se acuerda lo siguiente.\nPRIMERO: Objeto. El Arrendador da en arriendo la bodega.\n",
    "SEGUNDO: Renta. La renta mensual será de $450.000.\nTERCERO: Plazo. El contrato regirá desde el 1 de"
    " marzo de 2026 hasta el 31 de diciembre de 2026, sin renovación.\n",
)
ANEXO = (
    "MODIFICACIÓN DE CONTRATO DE ARRENDAMIENTO\nEn Santiago, a 1 de octubre de 2026, entre Inmobiliaria Los"
    " Robles SpA, RUT 76.192.083-9, en adelante el Arrendador, y Bodega Boldo Ltda, RUT 77.697.060-3, en"
    " adelante el Arrendatario, que celebraron un contrato de arrendamiento con fecha 1 de marzo de 2026.\n"
    "PRIMERO: Plazo. Se prorroga el plazo del contrato hasta el 30 de junio de 2027.\n",
)


class FakeLectorPdf:
    """Reads the pages that it is given, whatever the file says, and fails as it is told to."""

    def __init__(self) -> None:
        self.pages: Sequence[str] = ARRIENDO
        self.avisos: tuple[Aviso, ...] = ()
        self.errors: list[Exception] = []
        self.read = self.drawn = 0
        self.marked: list[str] = []

    async def revisar(self, ruta: Path) -> None:
        content = _content(ruta)
        if not content.startswith(b"%PDF-"):
            raise PdfNotPdfError(parece="otra cosa")
        if len(content) > 2**20:
            raise UploadTooLargeError(maximo=1)

    async def leer(self, ruta: Path, avance: Avance | None = None) -> Lectura:
        self.read += 1
        if self.errors:
            raise self.errors.pop(0)
        for number in range(1, len(self.pages) + 1):
            if avance:
                await avance(number, len(self.pages))
        pages = tuple(Pagina(at, text, False, ()) for at, text in enumerate(self.pages, start=1))
        return Lectura(pages, self.avisos)

    async def imagen(self, ruta: Path, pagina: int, cita: str = "") -> bytes | None:
        self.drawn += 1
        self.marked.append(cita)
        return b"\x89PNG" if 0 < pagina <= len(self.pages) else None


def _content(ruta: Path) -> bytes:
    return ruta.read_bytes()


class FakeVectores:
    """Texts with the same words have the same vector."""

    def __init__(self, nombre: str = "palabras") -> None:
        self.nombre = nombre
        self.errors: list[Exception] = []
        self.made = 0

    @property
    def dimension(self) -> int:
        return DIMENSION

    async def consulta(self, texto: str) -> bytes:
        if self.errors:
            raise self.errors.pop(0)
        return self._vector(texto)

    async def vectores(self, trozos: Sequence[tuple[str, str]]) -> list[bytes]:
        if self.errors:
            raise self.errors.pop(0)
        self.made += len(trozos)
        return [self._vector(f"{prefijo}: {texto}") for prefijo, texto in trozos]

    @staticmethod
    def _vector(texto: str) -> bytes:
        vector = np.full(DIMENSION, 1e-6)
        for word in stems(texto):
            vector[sum(word.encode()) % DIMENSION] += 1
        return (vector / np.linalg.norm(vector)).astype("<f4").tobytes()


class FakeAntivirus:
    """Finds what it is told to."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []

    async def ready(self) -> bool:
        return not self.errors

    async def revisar(self, ruta: Path) -> None:
        if self.errors:
            raise self.errors.pop(0)


class FakeEspejo:
    """A copy of the index that remembers what it holds."""

    def __init__(self) -> None:
        self.held: dict[int, tuple[Rut, bytes]] = {}

    async def ready(self) -> bool:
        return True

    async def contar(self) -> int:
        return len(self.held)

    async def vaciar(self) -> None:
        self.held.clear()

    async def poner(self, rut: Rut, vectores: Mapping[int, bytes]) -> None:
        self.held |= {id_: (rut, vector) for id_, vector in vectores.items()}

    async def olvidar(self, rut: Rut) -> None:
        self.held = {id_: one for id_, one in self.held.items() if one[0] != rut}

    async def buscar(self, rut: Rut, vector: bytes, limite: int) -> Mapping[int, float]:
        wanted = np.frombuffer(vector, "<f4")
        near = {
            id_: float(np.frombuffer(one, "<f4") @ wanted)
            for id_, (whose, one) in self.held.items()
            if whose == rut
        }
        return dict(sorted(near.items(), key=lambda one: -one[1])[:limite])
