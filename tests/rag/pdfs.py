"""Ordinary contracts in PDF, made when they are needed."""

import io
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)

WIDTH, HEIGHT = A4
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=6)
JUSTIFIED = ParagraphStyle("justified", BODY, alignment=TA_JUSTIFY)
HEADING = ParagraphStyle("heading", BODY, fontName="Times-Bold", fontSize=14, leading=18)
CLAUSES = (
    "PRIMERO: El arrendador entrega en arrendamiento el inmueble ubicado en Avenida Providencia N° 1234,"
    " comuna de Providencia, Región Metropolitana, que el arrendatario declara conocer y recibir conforme.",
    "SEGUNDO: La renta mensual será de $450.000, pagadera por anticipado dentro de los cinco primeros días de"
    " cada mes, y se reajustará según la variación del IPC cada doce meses. Así lo acordaron las partes.",
    "TERCERO: El contrato regirá desde el 1 de marzo de 2026 hasta el 28 de febrero de 2027, y se renovará"
    " por períodos iguales si ninguna de las partes avisa a la otra con sesenta días de anticipación.",
)

type Draw = Callable[[Canvas], None]


def drawn(*pages: Draw, rotation: int = 0) -> bytes:
    """A PDF whose pages are drawn by hand, from 10 point Helvetica on."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        canvas.setPageRotation(rotation)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def written(*lines: str, font: str = "Helvetica", size: float = 10) -> Draw:
    """Lines of text, one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, line in enumerate(lines):
            canvas.drawString(2.5 * cm, HEIGHT - 3 * cm - number * 1.25 * size, line)

    return draw


def _built(
    story: Sequence[Flowable], frames: Sequence[Frame], on_page: Callable[..., None] = lambda *_: None
) -> bytes:
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    document.addPageTemplates(PageTemplate("page", list(frames), onPage=on_page))
    document.build(list(story))
    return file.getvalue()


def _whole() -> Frame:
    return Frame(2.5 * cm, 2.5 * cm, WIDTH - 5 * cm, HEIGHT - 5 * cm)


def plain(pages: int = 1, times: int = 1) -> bytes:
    """Clauses in justified paragraphs."""
    story = [
        item
        for _ in range(pages)
        for item in [*([Paragraph(c, JUSTIFIED) for c in CLAUSES] * times), PageBreak()]
    ]
    return _built(story, [_whole()])


def two_columns() -> bytes:
    """A heading over two columns of justified text."""
    top = Frame(2 * cm, HEIGHT - 4 * cm, WIDTH - 4 * cm, 2 * cm)
    columns = [Frame(x, 2 * cm, 8 * cm, HEIGHT - 6.5 * cm) for x in (2 * cm, 11 * cm)]
    left = [Paragraph(clause, JUSTIFIED) for clause in CLAUSES[:2]]
    story = [Paragraph("CONTRATO DE ARRENDAMIENTO ENTRE LAS PARTES QUE SE INDICAN", HEADING), FrameBreak()]
    return _built([*story, *left, FrameBreak(), Paragraph(CLAUSES[2], JUSTIFIED)], [top, *columns])


def table() -> bytes:
    """A table between paragraphs; one of its cells has two lines."""
    long = Paragraph("Mantención preventiva y correctiva de ascensores y montacargas", BODY)
    data = [
        ["Servicio", "Precio", "Frecuencia"],
        ["Aseo", "$120.000", "Semanal"],
        [long, "$450.000", "Mensual"],
        ["Jardín", "$80.000", "Quincenal"],
    ]
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "Times-Roman", 11)]
    grid = Table(data, colWidths=[6 * cm, 4 * cm, 4 * cm], style=style)
    return _built([Paragraph(CLAUSES[0], BODY), grid, Paragraph(CLAUSES[1], BODY)], [_whole()])


def headed(pages: int = 4) -> bytes:
    """Each page has a header, a footer with its number, and an annex's own title above."""

    def on_page(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(2.5 * cm, HEIGHT - 1.2 * cm, "Contrato 55 — Comercial Alerce SpA")
        canvas.drawString(2.5 * cm, HEIGHT - 1.7 * cm, f"Anexo {'ABCDEFGH'[document.page]}")
        canvas.drawString(2.5 * cm, 1.2 * cm, f"Rol 1234-5 · Página {document.page} de {pages}")
        canvas.drawString(WIDTH - 3 * cm, 0.7 * cm, str(document.page))

    story = [item for n in range(pages) for item in (Paragraph(f"{CLAUSES[n % 3]}", BODY), PageBreak())]
    return _built(story, [_whole()], on_page)


def embedded(*lines: str) -> bytes:
    """Text in an embedded TrueType font, which has any character."""
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        fonts = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"  # type: ignore[union-attr, arg-type]
        pdfmetrics.registerFont(TTFont("DejaVu", fonts / "DejaVuSans.ttf"))
    return drawn(written(*lines, font="DejaVu"))


def scanned(
    source: bytes, turn: int = 0, askew: float = 0.6, dpi: int = 200, layer: str = "", stamp: str = ""
) -> bytes:
    """Another PDF printed and scanned: an image a page, with noise, a little askew, on its side by `turn`."""
    pages = []
    for page in pdfium.PdfDocument(source):
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        image = image.rotate(askew, fillcolor=255, resample=Image.Resampling.BICUBIC).rotate(
            turn, expand=True
        )
        noise = Image.effect_noise(image.size, 24).filter(ImageFilter.GaussianBlur(0.7))
        pages.append(Image.blend(image, noise, 0.12))
    return drawn(*(picture(page, dpi, layer, stamp) for page in pages))


def picture(image: Image.Image, dpi: int, layer: str = "", stamp: str = "") -> Draw:
    """An image as large as its page, with a text that nobody sees behind it and one over it."""

    def draw(canvas: Canvas) -> None:
        size = (image.width * 72 / dpi, image.height * 72 / dpi)
        canvas.setPageSize(size)
        file = io.BytesIO()
        image.convert("L").save(file, "JPEG", quality=70)
        canvas.drawImage(ImageReader(file), 0, 0, *size)
        canvas.drawString(72, 30, stamp)
        if layer:
            hidden(canvas, layer)

    return draw


def hidden(canvas: Canvas, text: str, y: float = 400) -> None:
    """Text in invisible mode, as OCR leaves it behind a scan."""
    line = canvas.beginText(72, y)
    line.setTextRenderMode(3)
    line.textOut(text)
    line.setTextRenderMode(0)
    canvas.drawText(line)


def merged(*files: bytes) -> bytes:
    """Several PDFs in one."""
    writer = pypdf.PdfWriter()
    for content in files:
        writer.append(io.BytesIO(content))
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
