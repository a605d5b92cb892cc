"""A browser without JavaScript, and taxpayers who have something to show."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.bootstrap import Services
from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import Rut
from bot.services.ports import Destino
from tests.api.conftest import Client
from tests.conftest import HOY, PASSWORD

OCTUBRE = Periodo(2026, 10)
CLIENTE, PROVEEDOR = Rut.parse("76086428-5"), Rut.parse("96806980-2")


@dataclass
class Leida(HTMLParser):
    """A page as a browser takes it: its text, its elements, and what it would run or fetch."""

    raw: str
    status: int
    url: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.raw)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        """All that is written, in one line."""
        return " ".join(" ".join(self.said).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def opened(self) -> list[str]:
        """The titles of what is unfolded."""
        return re.findall(r"<details[^>]* open><summary>(.*?)</summary>", self.raw)

    def value(self, name: str) -> str:
        """What a field of a form holds."""
        return next(one["value"] for one in self.all("input") if one.get("name") == name)


class Navegador:
    """Opens pages, and sends forms as a page of `origin` (this site's own) would."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.origin = f"http://{client.host}:{client.port}"

    async def get(self, path: str, **headers: str) -> Leida:
        """Open a page, wherever it leads."""
        answer = await self.client.get(path, headers={"Accept": "text/html", **headers})
        return Leida(await answer.text(), answer.status, str(answer.url.path_qs))

    async def post(self, path: str, origin: str | None = None, **fields: str) -> Leida:
        """Send a form, and open where it leads."""
        headers = {"Accept": "text/html", "Origin": origin or self.origin}
        answer = await self.client.post(path, data=fields or {"nada": ""}, headers=headers)
        return Leida(await answer.text(), answer.status, str(answer.url.path_qs))

    async def enter(self, rut: Rut, password: str = PASSWORD) -> Leida:
        """Log in, in the place of whoever was there."""
        self.client.session.cookie_jar.clear()
        return await self.post("/entrar", rut=rut.pretty, password=password)


@pytest.fixture
def navegador(client: Client) -> Navegador:
    """Nobody yet."""
    return Navegador(client)


def documento(libro: Libro, folio: int, neto: int, **values: object) -> Documento:
    """A factura with its IVA."""
    compra = libro is Libro.COMPRAS
    given = {
        "periodo": OCTUBRE, "tipo": 33, "fecha": date(2026, 10, 5),
        "contraparte_rut": PROVEEDOR if compra else CLIENTE,
        "contraparte": "Distribuidora Arrayán SpA" if compra else "Constructora Quillay Ltda",
        "estado": EstadoCompra.REGISTRO if compra else None, **values,
    }  # fmt: skip
    return Documento(libro, folio=folio, monto_exento=0, monto_neto=neto, monto_iva=neto * 19 // 100,
                     monto_total=neto + neto * 19 // 100, **given)  # type: ignore[arg-type]  # fmt: skip


async def store(services: Services, rut: Rut, *documentos: Documento) -> None:
    """What the register holds of these months and books."""
    parts = {(one.libro, one.periodo, one.estado) for one in documentos}
    for libro, periodo, estado in parts:
        own = [one for one in documentos if (one.libro, one.periodo, one.estado) == (libro, periodo, estado)]
        await services.registro.importar(rut, Destino(libro, periodo, estado, "csv", HOY), own)


@pytest.fixture
def libros(services: Services) -> Callable[[Rut], Awaitable[None]]:
    """October of both books, with a credit note and boletas."""

    async def fill(rut: Rut) -> None:
        await store(
            services,
            rut,
            documento(Libro.VENTAS, 1, 1_000_000),
            documento(Libro.VENTAS, 2, 100_000, tipo=61),
            documento(Libro.COMPRAS, 7, 400_000),
            documento(Libro.COMPRAS, 8, 50_000, contraparte="Aguas del Pellín", contraparte_rut=CLIENTE),
        )
        boletas = FilaResumen(tipo_documento(39), Montos(12, 0, 200_000, 38_000, 238_000))
        await services.registro.guardar_resumen(
            rut, Destino(Libro.VENTAS, OCTUBRE, None, "csv", HOY), [boletas]
        )

    return fill
