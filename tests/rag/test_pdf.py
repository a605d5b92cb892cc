"""What a contract says, by page and in the order in which a person reads it."""

import asyncio
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from bot.rag.pdf import PdfSubprocess
from bot.services.ports_contratos import Aviso, Lectura, Nota, Pagina
from tests.rag import pdfs

LECTOR = PdfSubprocess()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the contract is."""
    return tmp_path / "contrato.pdf"


async def read(path: Path, content: bytes) -> Lectura:
    """The contract as it is read."""
    await asyncio.to_thread(path.write_bytes, content)
    return await LECTOR.leer(path)


async def text(path: Path, content: bytes) -> str:
    """The only page of a contract."""
    lectura = await read(path, content)
    assert [pagina.numero for pagina in lectura.paginas] == [1]
    return lectura.paginas[0].texto


async def test_paragraphs(path: Path) -> None:
    """Each clause is one line again, to the letter."""
    assert await text(path, pdfs.plain()) == "\n".join(pdfs.CLAUSES)


async def test_two_columns(path: Path) -> None:
    """The heading, then one column after the other."""
    heading, *clauses = (await text(path, pdfs.two_columns())).split("\n")
    assert heading.startswith("CONTRATO DE ARRENDAMIENTO")
    assert clauses == list(pdfs.CLAUSES)


async def test_table(path: Path) -> None:
    """A table is read row by row, a cell of two lines in one piece, and the text around it stays text."""
    assert (await text(path, pdfs.table())).split("\n") == [
        pdfs.CLAUSES[0],
        "Servicio | Precio | Frecuencia",
        "Aseo | $120.000 | Semanal",
        "Mantención preventiva y correctiva de ascensores y montacargas | $450.000 | Mensual",
        "Jardín | $80.000 | Quincenal",
        pdfs.CLAUSES[1],
    ]


async def test_columns_without_lines(path: Path) -> None:
    """Names and amounts at some distance are cells, signatures stay apart, a heading ends them."""

    def draw(canvas: Canvas) -> None:
        cells = {700: ("Fecha de inicio:", "5 de marzo"), 686: ("Garantía de la bodega:", "$3.000.000")}
        for y, (name, value) in {
            **cells,
            600: ("Juan Soto", "Ana Díaz"),
            586: ("Alerce SpA", "Boldo"),
        }.items():
            canvas.drawString(72, y, name)
            canvas.drawString(200, y, value)
        canvas.drawString(72, 655, "TERCERO: Plazo")

    assert (await text(path, pdfs.drawn(draw))).split("\n") == [
        "Fecha de inicio: | 5 de marzo",
        "Garantía de la bodega: | $3.000.000",
        "TERCERO: Plazo",
        "Juan Soto | Ana Díaz",
        "Alerce SpA | Boldo",
    ]


async def test_headers_and_footers(path: Path) -> None:
    """What each page repeats is kept once, page numbers never, and an annex keeps its own title."""
    lectura = await read(path, pdfs.headed())
    first, *rest = [pagina.texto for pagina in lectura.paginas]
    assert "Contrato 55 — Comercial Alerce SpA" in first
    assert [page.split("\n") for page in rest] == [
        [f"Anexo {letter}", pdfs.CLAUSES[number % 3]] for number, letter in ((1, "C"), (2, "D"), (3, "E"))
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("la renta del arrenda-", "miento vence"), "la renta del arrendamiento vence"),
        (("empresa RUT 76.192.083-", "9 declara que"), "empresa RUT 76.192.083-9 declara que"),
        (("la compra-venta y la compra-", "venta de ayer"), "la compra-venta y la compra-venta de ayer"),
        (("entre Santiago-", "Valparaíso hoy"), "entre Santiago-Valparaíso hoy"),
    ],
)
async def test_hyphens(path: Path, lines: tuple[str, str], expected: str) -> None:
    """A word broken at the end of a line is whole again; what has a hyphen of its own keeps it."""
    assert await text(path, pdfs.drawn(pdfs.written(*lines))) == expected


async def test_lists_keep_their_lines(path: Path) -> None:
    """Items and numbered clauses begin lines; what goes on below an item belongs to it."""
    lines = (
        "Obligaciones del arrendatario:",
        "1. Pagar la renta.",
        "1.2 Pagar el agua.",
        "a) Cuidar.",
        "• Avisar.",
    )
    assert await text(path, pdfs.drawn(pdfs.written(*lines))) == "\n".join(lines)


async def test_list_with_marks_apart(path: Path) -> None:
    """A number that stands far from its text is no cell of a table."""

    def draw(canvas: Canvas) -> None:
        for number, y in ((1, 700), (2, 686), (3, 672)):
            canvas.drawString(72, y, f"{number}.")
            canvas.drawString(108, y, f"Pagar la cuota número {number} en su día.")

    found = await text(path, pdfs.drawn(draw))
    assert found.split("\n") == [f"{n}. Pagar la cuota número {n} en su día." for n in (1, 2, 3)]


async def test_letters(path: Path) -> None:
    """Ligatures come apart, accents together, º and § stay, and so do Latin-1 fonts."""
    ours = await text(path, pdfs.embedded("La oﬁcina ﬂotante, 1º piso, § 3, ½ UF, Pen\u0303a, $1.000"))
    assert ours == "La oficina flotante, 1º piso, § 3, ½ UF, Peña, $1.000"
    latin = "Señor Muñoz: ¿cuánto dará el 3,5 % según el artículo 5º? Güiña"
    assert await text(path, pdfs.drawn(pdfs.written(latin, font="Times-Roman"))) == latin


def _white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(72, 500, "OCULTO total")


def _tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(72, 500, "OCULTO total")


def _covered(canvas: Canvas) -> None:
    canvas.drawString(72, 500, "OCULTO total")
    canvas.setFillGray(0)
    canvas.rect(60, 480, 300, 40, fill=1)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    canvas.drawString(72, 500, "OCULTO total")


HIDDEN = {
    "blanco": _white,
    "diminuto": _tiny,
    "tapado": _covered,
    "transparente": _transparent,
    "fuera": lambda canvas: canvas.drawString(900, 500, "OCULTO total"),
    "modo_invisible": lambda canvas: pdfs.hidden(canvas, "OCULTO total"),
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
async def test_invisible(path: Path, hide: pdfs.Draw) -> None:
    """What a person does not see is not read, and it is said on which page that was."""

    def draw(canvas: Canvas) -> None:
        pdfs.written(*(f"La renta mensual de la bodega {n} será de $450.000" for n in range(3)))(canvas)
        hide(canvas)

    lectura = await read(path, pdfs.drawn(pdfs.written("Portada"), draw))
    assert "OCULTO" not in lectura.paginas[1].texto
    assert "$450.000" in lectura.paginas[1].texto
    assert lectura.avisos == (Aviso(Nota.INVISIBLE, (2,)),)


async def test_invisible_characters(path: Path) -> None:
    """Zero width, direction marks and the like do not break words, and are told."""
    lectura = await read(path, pdfs.embedded("La ren\u200bta men\u200dsual \u202eserá\u202c $450.000"))
    assert lectura.paginas[0].texto == "La renta mensual será $450.000"
    assert lectura.avisos == (Aviso(Nota.INVISIBLE, (1,)),)


async def test_white_on_black_is_seen(path: Path) -> None:
    """White text is read where it shows."""

    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 690, 400, 30, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(72, 700, "TOTAL A PAGAR")

    lectura = await read(path, pdfs.drawn(draw))
    assert lectura == Lectura((Pagina(1, "TOTAL A PAGAR", False, ()),), ())


@pytest.mark.parametrize("turn", [90, 180, 270])
async def test_turned_pages(path: Path, turn: int) -> None:
    """A page that is shown turned, and text that is drawn turned, read as if they were upright."""

    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.drawString(0, 0, "La renta mensual")
        canvas.drawString(0, -14, "será de $450.000.")

    for rotation in (0, turn):
        content = pdfs.drawn(draw, rotation=rotation)
        assert await text(path, content) == "La renta mensual será de $450.000."


async def test_watermark(path: Path) -> None:
    """A text aslant over the page does not get into the lines below it."""

    def draw(canvas: Canvas) -> None:
        pdfs.written(*pdfs.CLAUSES)(canvas)
        canvas.translate(100, 600)
        canvas.rotate(45)
        canvas.drawString(0, 0, "BORRADOR SIN VALOR")

    *_, last = (await text(path, pdfs.drawn(draw))).split("\n")
    assert last == "BORRADOR SIN VALOR"
