"""Make the PDFs of the contracts, and tell on which page each marked sentence stands.

`python -m bench.contratos.hacer FOLDER`
"""

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table
from reportlab.platypus.flowables import Flowable
from reportlab.platypus.tableofcontents import TableOfContents

from bench.contratos.estilos import LAYOUTS, Layout
from bench.contratos.fuentes import MARK, Fuente, load

DPI = 200
ALWAYS = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
PRIMERA_SILABA = re.compile(
    r"(?<=[a-záéíóúñ]{2})(?<=[aeiouáéíóúnrsl])((?:[bcdfgpt][lr]|ch|ll|rr|qu|[bcdfgjlmnñprstvz])[aeiouáéíóú])"
    r"(?=[a-záéíóúñ]{2})"
)


@dataclass(frozen=True)
class Hecho:
    """A contract on paper: the file, and the page (from 1) of each of its marks."""

    fuente: Fuente
    path: Path
    paginas: dict[str, int]


def make_all(folder: Path) -> dict[str, Hecho]:
    """Make every contract in one folder per taxpayer; the same bytes each time."""
    return {fuente.id: make(fuente, folder / fuente.rut) for fuente in load().values()}


def make(fuente: Fuente, folder: Path) -> Hecho:
    """Set one contract, and put it through the scanner if it came from one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / fuente.archivo
    rl_config.invariant = 1
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    paginas = _Documento(fuente, path).write()
    if fuente.escaneado:
        _scan(path, crc32(fuente.id.encode()))
    return Hecho(fuente, path, paginas)


class _Documento(BaseDocTemplate):  # type: ignore[misc]
    """A contract being set: its pages, its marks and its table of contents."""

    def __init__(self, fuente: Fuente, path: Path) -> None:
        self.fuente, self.look = fuente, LAYOUTS[fuente.layout]
        margin = self.look.margen
        super().__init__(str(path), pagesize=self.look.papel, title=path.stem)
        wide, high = self.look.papel[0] - 2 * margin, self.look.papel[1] - 2 * margin
        gap = 18 if self.look.columnas > 1 else 0
        each = (wide - gap * (self.look.columnas - 1)) / self.look.columnas
        frames = [
            Frame(margin + number * (each + gap), margin, each, high, 0, 0, 0, 0)
            for number in range(self.look.columnas)
        ]
        self.addPageTemplates([PageTemplate("hoja", frames)])

    def write(self) -> dict[str, int]:
        marks: dict[str, int] = {}
        self.multiBuild(_story(self.fuente, self.look), canvasmaker=_canvas(self.fuente, self.look, marks))
        return marks

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 — reportlab's hook
        if self.fuente.portada and getattr(flowable, "style", None) is self.look.estilos["clausula"]:
            self.notify("TOCEntry", (0, flowable.getPlainText(), self.page))


def _canvas(fuente: Fuente, look: Layout, marks: dict[str, int]) -> type[Canvas]:
    titulo = re.findall(r"^# (.+)$", fuente.cuerpo, re.MULTILINE)[0].capitalize()
    known = {
        "titulo": titulo,
        "fecha": f"{fuente.fecha:%d-%m-%Y}",
        "repertorio": crc32(fuente.id.encode()) % 9000,
    }

    class Hojas(Canvas):  # type: ignore[misc]
        """A canvas that notes marks, and waits for the last page to number the first."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.hojas: list[dict[str, Any]] = []

        def getNamedCB(self, name: str) -> Any:  # noqa: N802 — reportlab's hook
            if name != "marca":
                return super().getNamedCB(name)
            return lambda canvas, kind, label: marks.__setitem__(label, self.getPageNumber())

        def showPage(self) -> None:  # noqa: N802 — reportlab's hook
            self.hojas.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for hoja in self.hojas:
                self.__dict__.update(hoja)
                self.margins(len(self.hojas))
                super().showPage()
            super().save()

        def margins(self, total: int) -> None:
            wide, high = look.papel
            self.setFont(look.letra, 8)
            told = known | {"pagina": self._pageNumber, "paginas": total}
            self.drawString(look.margen, high - look.margen * 0.6, look.encabezado.format(**told))
            self.drawRightString(wide - look.margen, look.margen * 0.5, look.pie.format(**told))

    return Hojas


def _story(fuente: Fuente, look: Layout) -> list[Flowable]:
    story: list[Flowable] = _cover(fuente, look) if fuente.portada else []
    pending = ""
    for bloque in fuente.bloques:
        if bloque.startswith("## ") and look.corrido:
            pending = f"**{bloque[3:]}** "
        else:
            story += _flow(pending + bloque, look)
            pending = ""
    return story


def _cover(fuente: Fuente, look: Layout) -> list[Flowable]:
    contents = TableOfContents()
    contents.levelStyles = [look.estilos["celda"]]
    title = fuente.bloques[0].removeprefix("# ")
    parties = fuente.bloques[1]
    return [
        Spacer(1, 180),
        *(Paragraph(text, look.estilos["titulo"]) for text in (title, parties, f"{fuente.fecha:%d/%m/%Y}")),
        PageBreak(),
        Paragraph("ÍNDICE", look.estilos["titulo"]),
        contents,
        PageBreak(),
    ]


def _flow(bloque: str, look: Layout) -> list[Flowable]:
    styles = look.estilos
    if bloque == "---salto---":
        return [PageBreak()]
    if bloque.startswith("|"):
        return [_table(bloque, look), Spacer(1, look.cuerpo)]
    if bloque.startswith("@firmas"):
        return [_signatures(bloque.removeprefix("@firmas "), look)]
    if hidden := re.fullmatch(r"\[\[(oculto|minimo): (.*)\]\]", bloque, re.DOTALL):
        # Vera has no zero-width space: it comes out of the PDF as NUL, which no reader expects.
        spread = hidden[2].replace(" ", "\u200b ") if hidden[1] == "minimo" else hidden[2]
        return [Paragraph(spread, styles[hidden[1]])]
    if heading := re.fullmatch(r"(#+) (.*)", bloque):
        return [Paragraph(heading[2], styles["titulo" if heading[1] == "#" else "clausula"])]
    return [Paragraph(_markup(bloque, hyphens=look.justificado), styles["cuerpo"])]


def _markup(text: str, hyphens: bool = False) -> str:
    """The little markup of the sources as reportlab's; soft hyphens where a line may break."""
    pieces = MARK.split(text)
    for index, piece in enumerate(pieces):
        if index % 2:
            pieces[index] = f'<onDraw name="marca" label="{piece}"/>'
        else:
            safe = piece.replace("&", "&amp;").replace("<", "&lt;")
            split = _hyphens(safe) if hyphens else safe
            pieces[index] = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", split)
    return "".join(pieces)


def _hyphens(text: str) -> str:
    """Soft hyphens in all but the last word: before a mark reportlab would drop the space after it."""
    head, last = re.fullmatch(r"(.*?)(\S*\s*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return PRIMERA_SILABA.sub("\u00ad\\1", head) + last


def _table(bloque: str, look: Layout) -> Table:
    rows = [
        [Paragraph(_markup(cell.strip()), look.estilos["celda"]) for cell in line.strip("| ").split("|")]
        for line in bloque.split("\n")
    ]
    frame = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
    return Table(rows, style=frame, repeatRows=1, hAlign="LEFT")


def _signatures(names: str, look: Layout) -> Table:
    lines = [
        [
            Paragraph(f"____________________<br/>{name.strip()}", look.estilos["celda"])
            for name in names.split(";")
        ]
    ]
    return Table(lines, style=[("TOPPADDING", (0, 0), (-1, -1), 40)])


def _scan(path: Path, seed: int) -> None:
    """Turn the pages into slightly crooked, noisy, blurred pictures, as an office scanner would."""
    chance = np.random.default_rng(seed)
    with pypdfium2.PdfDocument(path) as document:
        sheets = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in document]
    pages = [_smudge(sheet, chance) for sheet in sheets]
    pages[0].save(path, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=70, **ALWAYS)


def _smudge(sheet: Image.Image, chance: np.random.Generator) -> Image.Image:
    turned = sheet.rotate(chance.uniform(-0.9, 0.9), Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.35, 0.6)))
    grain = np.asarray(soft, dtype=np.float32) + chance.normal(0, 7, (soft.height, soft.width))
    return Image.fromarray(np.clip(grain - 6, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    for made in make_all(Path(sys.argv[1])).values():
        print(made.path, made.paginas)
