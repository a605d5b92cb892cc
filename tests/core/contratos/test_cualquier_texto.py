"""Whatever a PDF's text is: it is read to facts, annexes, passages and terms, and nothing is raised."""

from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.contratos.afirmaciones import read_afirmaciones, read_datos
from bot.core.contratos.anexos import read_anexo
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.hechos import extraer
from bot.core.contratos.ordenes import read_orden
from bot.core.contratos.plano import plegar
from bot.core.contratos.pregunta import read_pregunta
from bot.core.contratos.trozos import split_trozos
from bot.core.contratos.vigencia import vigencia
from bot.core.errors import ReplyUnknownError

HOY = date(2026, 11, 23)
# Nearly what contracts say: numbers that are too large, days that do not exist, halves of sentences.
PIECES = (
    "PRIMERO: ", "SEGUNDO. ", "CLÁUSULA TERCERA: ", "ANEXO N° 1", "MODIFICACIÓN DE CONTRATO", "a) ", "1.1 ",
    "XIV. ", "IIII. ", "el contrato regirá desde el ", "hasta el ", "vence el ", "31 de febrero de 2026",
    "29 de febrero de 2027", "1 de enero de 0000", "31-12-9999", "99/99/9999", "00-00-00", "día 32 de mayo",
    "30 de junio de 2024", "a contar de ", "por un plazo de ", "doce meses", "99999999999999 años",
    "mil millones de meses", "cero días", "un año", "se renovará automáticamente por períodos iguales ",
    "si ninguna de las partes avisa con ", "sesenta (60) días", "sesenta (90) días", "de anticipación. ",
    "la renta mensual será de ", "$450.000", "$9" * 40, "$-1", "UF 12,5", "12,5,5 UF", "$", "%", "0,5 % ",
    "multa de ", "interés del ", "en 99999999999 cuotas ", "última cuota el ",
    "del 1 de abril al 31 de marzo ", "entre Los Robles SpA, RUT 76.192.083-9, ", "RUT 99.999.999-X ",
    "en adelante el Arrendador, ",
    "se prorroga ", "se reemplaza la cláusula ", "de fecha ", "En Santiago, a ", ". ", "\n", "\n\n", ", ",
    "(", ")", "²", "٣", "½", "Ⅻ", "\x00", "\u202e", "ﬁ", "́",
)  # fmt: skip
PAGE = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).map("".join)
PAGES = st.lists(PAGE, max_size=3)


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_any_pages(paginas: list[str]) -> None:
    """A fact's page is one of the contract's, and the reckoning ends, whatever the dates."""
    leido = read_contrato("Prueba", list(enumerate(paginas, 1)))
    facts = extraer(leido)
    annexes = [one for parte in leido.anexos if (one := read_anexo(leido, parte))]
    read_anexo(leido)
    split_trozos(leido)
    vigencia(facts, annexes, HOY)
    for dato in (facts.inicio, facts.termino, facts.duracion, facts.renovacion, *facts.pagos, *facts.partes):
        assert dato is None or 1 <= dato.pagina <= len(paginas)


@settings(max_examples=100, deadline=None)
@given(PAGE)
def test_any_words_about_contracts(texto: str) -> None:
    """Questions, orders, and what people tell about a contract."""
    read_pregunta(texto)
    read_orden(texto, HOY)
    read_orden(texto, HOY, hablado=True)
    read_afirmaciones(plegar(texto), HOY)
    for name in ("", "inicio=", "duracion=", "aviso_termino=", "renovacion="):
        with suppress(ReplyUnknownError):
            read_datos(name + texto)
