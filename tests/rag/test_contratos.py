"""The search in contracts and its copy on a Chroma server, with the real embedder."""

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings

from bot.core.errors import ServiceUnavailableError
from bot.rag.chroma import ChromaEspejo
from bot.rag.contratos import ContratosRetriever, IndiceHibrido, Vectores
from bot.rag.embedder import UseEmbeddings
from bot.services.ports_carpeta import Pasaje
from tests.conftest import A, B

TEXTS = {
    "4": "La renta mensual será de $450.000, pagadera dentro de los cinco primeros días de cada mes.",
    "5": "El contrato regirá por un año y se renovará si nadie avisa con sesenta días de anticipación.",
    "6": "El arrendatario entrega en garantía un mes de renta, que se restituirá al término.",
    "11": "Queda prohibido subarrendar y tener mascotas en el inmueble.",
}


class Held:
    """Passages in memory."""

    def __init__(self, pasajes: list[Pasaje]) -> None:
        self.found = pasajes

    async def pasajes(self, rut: object, contratos: object = ()) -> list[Pasaje]:
        return self.found


@pytest.fixture(scope="module")
def vectores() -> Vectores:
    """The multilingual encoder."""
    return Vectores(UseEmbeddings())


@pytest.fixture
async def indice(vectores: Vectores) -> IndiceHibrido:
    """An index of one contract."""
    made = await vectores.vectores([("", texto) for texto in TEXTS.values()])
    pasajes = [
        Pasaje(at, 1, "Arriendo", 1, clausula, f"cláusula {clausula}", texto, vectores.nombre, vector)
        for at, ((clausula, texto), vector) in enumerate(zip(TEXTS.items(), made, strict=True))
    ]
    return IndiceHibrido(Held(pasajes), vectores)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "clausula"),
    [
        ("¿cuánto pago de arriendo?", "4"),
        ("¿puedo tener un perro?", "11"),
        ("qué dice la cláusula sexta", "6"),
        ("con cuánto tiempo aviso que me voy", "5"),
        ("450.000", "4"),
    ],
)
async def test_meaning_words_and_numbers(indice: IndiceHibrido, question: str, clausula: str) -> None:
    """Other words for the same, figures as they are written, and the clause that was named."""
    [best] = await indice.buscar(A, question, 1)
    assert best.clausula == clausula
    assert 0 < best.puntaje <= 1


async def test_each_sentence_is_compared(vectores: Vectores) -> None:
    """The sentence that answers is nearer than others of its passage; another model's have no nearness."""
    texto = "El local se destinará a panadería. No se permite la tenencia de animales en el inmueble."
    [vector] = await vectores.vectores([("Arriendo", texto)])
    old = Pasaje(2, 1, "Arriendo", 1, "2", "", texto, "otro", b"")
    held = Held([Pasaje(1, 1, "Arriendo", 1, "1", "", texto, vectores.nombre, vector), old])
    found = await IndiceHibrido(held, vectores).comparar(A, "puedo tener un gato?")  # type: ignore[arg-type]
    uso, animales = found.fragmentos[0].cercanas
    assert animales > uso
    assert found.fragmentos[1].cercanas == ()
    assert len(found.vector) == vectores.dimension


async def test_the_retriever_is_langchains(indice: IndiceHibrido) -> None:
    """Documents with their page and score, the best first, no more than asked for."""
    found = await ContratosRetriever(indice=indice, rut=A, limite=2).ainvoke("renta")
    assert [one.metadata["pagina"] for one in found] == [1, 1]
    assert found[0].metadata["puntaje"] >= found[1].metadata["puntaje"]


async def test_the_copy_on_chroma(vectores: Vectores) -> None:
    """Each taxpayer's own vectors only, no text; another model begins anew; one that is away is told."""
    espejo = ChromaEspejo("http://127.0.0.1:1", "uno")
    with pytest.raises(ServiceUnavailableError):
        await espejo.contar()
    espejo._client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    await espejo.vaciar()
    vectors = {at: np.eye(8, dtype="<f4")[at].tobytes() for at in range(4)}
    await espejo.poner(A, {0: vectors[0], 1: vectors[1]})
    await espejo.poner(B, {2: vectors[2]})
    assert await espejo.contar() == 3
    near = await espejo.buscar(A, vectors[1], 5)
    assert set(near) == {0, 1} and near[1] == pytest.approx(1)
    held = espejo._client.get_collection("contratos", embedding_function=None).get(include=["documents"])
    assert held["documents"] in (None, [None] * 3)
    await espejo.olvidar(A)
    assert await espejo.contar() == 1
    other = ChromaEspejo("http://127.0.0.1:1", "dos")
    other._client = espejo._client
    assert await other.contar() == 0
