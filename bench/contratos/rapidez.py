"""How fast questions are answered among 50,000 passages of 500 taxpayers, and contracts are taken in.

`python -m bench.contratos.rapidez`

The passages have the corpus' words and vectors at random: what is measured is time, not what is found.
Every question comes from another taxpayer, so nothing is in a cache; one taxpayer has 1,500 passages.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from psycopg.types.json import Jsonb
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from bench.contratos import preguntas
from bench.contratos.fuentes import MARK, load
from bench.contratos.muchos import Trozo, generate, taxpayers
from bench.contratos.receta import RecetaCorriente
from bench.medidas import Medida, note
from bot.bootstrap import Replacements, Services, open_database, open_services
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.evidencia import piezas
from bot.core.contratos.hechos import extraer
from bot.core.rut import Rut
from bot.rag.contratos import Vectores
from bot.rag.embedder import UseEmbeddings
from bot.services.ports import Quien
from bot.settings import Settings
from bot.storage.contratos_json import Datos, to_json
from bot.storage.embedded import Urls

GRANDE_RUT = Rut(78_000_001)
CONTRIBUYENTES, TROZOS, GRANDE, ASKED, PAGES = 500, 100, 1_500, 200, 30
_CONTRATO = (
    "INSERT INTO contratos (rut, archivo, ruta, sha256, estado, paginas, datos, trozos, modelo, creado)"
    " VALUES (%s, %s, '', %s, 'indexado', 5, %s, %s, %s, now()) RETURNING id"
)
_COPY = "COPY embeddings (rut, contrato_id, pagina, texto, modelo, vector, contexto) FROM STDIN"


def fill(urls: Urls, modelo: str) -> None:
    """The passages of everybody, as if their contracts had been read."""
    big = str(GRANDE_RUT)
    chance = np.random.default_rng(7)
    with psycopg.connect(urls.owner) as owner:
        for rut in [*taxpayers(CONTRIBUYENTES), big]:
            owner.execute(
                "INSERT INTO contributors (rut, nombre, password_hash) VALUES (%s, %s, '')", (rut, rut)
            )
        facts = cycle(_facts())
        for trozos in _documents(big):
            _store(owner, trozos, next(facts), modelo, chance)
        owner.commit()
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE embeddings")
        owner.execute("VACUUM ANALYZE contratos")


def _documents(big: str) -> Iterator[Sequence[Trozo]]:
    by_name: defaultdict[tuple[str, str], list[Trozo]] = defaultdict(list)
    rut = ""
    for trozo in generate(CONTRIBUYENTES, TROZOS):
        if trozo.rut != rut:
            yield from by_name.values()
            by_name.clear()
            rut = trozo.rut
        by_name[rut, trozo.documento.split(" ")[0]].append(trozo)
    yield from by_name.values()
    many = [Trozo(big, one.documento, one.pagina, one.texto) for one in generate(1, GRANDE, seed=8)]
    yield from (many[at : at + 25] for at in range(0, GRANDE, 25))


def _facts() -> list[Jsonb]:
    """What is read in some contracts of the corpus."""
    texts = ["\n".join(MARK.sub("", block) for block in one.bloques) for one in islice(load().values(), 8)]
    return [Jsonb(to_json(Datos(extraer(read_contrato("x", [(1, text)]))))) for text in texts]


def _store(
    owner: "psycopg.Connection[tuple[int]]",
    trozos: Sequence[Trozo],
    facts: Jsonb,
    modelo: str,
    chance: np.random.Generator,
) -> None:
    first = trozos[0]
    sha = f"{first.rut}{first.documento}{chance.random()}"
    row = (first.rut, first.documento, sha, facts, len(trozos), modelo)
    [contrato] = owner.execute(_CONTRATO, row).fetchone() or (0,)
    vectors = chance.normal(size=(len(trozos), 512)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with owner.cursor().copy(_COPY) as copy:
        for one, vector in zip(trozos, vectors, strict=True):
            copy.write_row(
                (one.rut, contrato, one.pagina, one.texto, modelo, _stored(one.texto, vector, chance), "")
            )


def _stored(texto: str, vector: Any, chance: Any) -> bytes:
    """A passage's vector with those of its sentences, as `Vectores` packs them."""
    pieces = chance.normal(size=(len(piezas(texto)), len(vector))) / len(vector) ** 0.5
    return bytes(vector.tobytes() + pieces.astype("<f2").tobytes())


async def timed(name: str, limit: float, asks: Sequence[Callable[[], Awaitable[object]]]) -> None:
    """Ask all, one after another, and print the middle and the slow ones, in milliseconds.

    The processor's time of this program is told too: it is what a machine that has nothing else to do takes.
    """
    took, used = [], []
    for ask in asks:
        began, busy = time.perf_counter(), time.process_time()
        await ask()
        took.append(1000 * (time.perf_counter() - began))
        used.append(1000 * (time.process_time() - busy))
    slow, work = (statistics.quantiles(one, n=20)[-1] for one in (took, used))
    note(Medida(f"{name}, p95", slow, "ms", maximo=limit or None))
    told = f"{name:52}{statistics.median(took):8.0f}{slow:8.0f}{work:10.0f}"
    print(
        f"{told}   (límite {limit:.0f}{'' if slow <= limit else ', EXCEDIDO'})" if limit else told, flush=True
    )


async def questions(services: Services) -> None:
    """Retrieval and whole answers, of many and of one with many passages."""
    asked = [one.texto for one in preguntas.load() if one.split == "dev"]
    random.Random(7).shuffle(asked)
    ruts = [Rut.parse(rut) for rut in taxpayers(CONTRIBUYENTES)][:ASKED]
    pairs = list(zip(ruts, cycle(asked), strict=False))
    big = [(GRANDE_RUT, texto) for texto in islice(cycle(asked), 60)]
    search, answer = services.indice.buscar, services.respuestas.responder
    await search(GRANDE_RUT, "hola", 5)
    print(f"{'milisegundos':52}{'p50':>8}{'p95':>8}{'CPU p95':>10}")
    for name, limit, some in (
        ("cada una de otro contribuyente", 1, pairs),
        ("de uno con 1.500 pasajes", 0, big),
    ):
        await timed(f"buscar, {name}", 100 * limit, [lambda r=r, t=t: search(r, t, 40) for r, t in some])
        await timed(
            f"responder, {name}",
            300 * limit,
            [lambda r=r, t=t: answer(Quien(r), t) for r, t in reversed(some)],
        )


def long_contract(path: Path) -> None:
    """A contract of thirty pages of text."""
    clauses = cycle(
        MARK.sub("", block)
        for fuente in load().values()
        for block in fuente.bloques
        if block[0] not in "#|@[-"
    )
    style = getSampleStyleSheet()["BodyText"]
    flow: list[object] = []
    for _ in range(PAGES):
        flow += [
            Paragraph(clause[:900].replace("<", "").replace("&", ""), style) for clause in islice(clauses, 6)
        ]
        flow.append(PageBreak())
    SimpleDocTemplate(str(path), pagesize=A4).build(flow)


async def taking_in(services: Services, folder: Path) -> None:
    """A long contract, from the file to the index, beside the plain recipe; three times each."""
    path = folder / "largo.pdf"
    long_contract(path)
    quien, receta, ours, plain = Quien(Rut.parse(taxpayers(1)[0])), RecetaCorriente(), [], []
    await receta.ingerir("x", "antes", path)
    for turn in range(3):
        copy = folder / f"{turn}.pdf"
        copy.write_bytes(path.read_bytes() + b"\n" * turn)
        began = time.perf_counter()
        taken = await services.contratos.subir(quien, copy, copy.name)
        await services.lector_contratos.leer(quien.rut, taken.contrato)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        await receta.ingerir("x", f"{turn}", path)
        plain.append(time.perf_counter() - began)
    ficha = await services.contratos.ver(quien, taken.contrato)
    us, them = statistics.median(ours), statistics.median(plain)
    note(Medida(f"un PDF de {ficha.paginas} páginas, al índice", us, "s", "receta corriente", them, maximo=3))
    print(f"\nUn PDF de {ficha.paginas} páginas de texto ({ficha.trozos} trozos), de archivo a índice")
    print(f"Tributa {us:.2f} s, receta corriente {them:.2f} s: {us / them:.2f} veces (límite 3)")


async def main() -> None:
    """Fill a database of its own, and measure."""
    embedder = UseEmbeddings()
    vectores = Vectores(embedder)
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(_env_file=None, data=Path(name) / "datos", env="development")  # type: ignore[call-arg]
        with open_database(settings) as urls:
            fill(urls, vectores.nombre)
            async with open_services(settings, urls.app, Replacements(vectores=vectores)) as services:
                await questions(services)
                await taking_in(services, Path(name))


if __name__ == "__main__":
    asyncio.run(main())
