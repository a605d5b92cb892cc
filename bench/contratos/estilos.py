"""How a contract looks: paper, letters, columns, headers and footers."""

from dataclasses import dataclass
from functools import cached_property

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle

OFICIO = (612.0, 935.0)


@dataclass(frozen=True)
class Layout:
    """One way to set a contract; lengths in points."""

    letra: str
    negrita: str
    cuerpo: float = 10.5
    interlinea: float = 1.35
    papel: tuple[float, float] = LETTER
    margen: float = 62
    justificado: bool = True
    columnas: int = 1
    corrido: bool = False
    encabezado: str = ""
    pie: str = "Página {pagina} de {paginas}"

    @cached_property
    def estilos(self) -> dict[str, ParagraphStyle]:
        lead = self.cuerpo * self.interlinea
        base = ParagraphStyle(
            "cuerpo",
            fontName=self.letra,
            fontSize=self.cuerpo,
            leading=lead,
            spaceAfter=lead * 0.55,
            alignment=TA_JUSTIFY if self.justificado else TA_LEFT,
            embeddedHyphenation=1,
            allowWidows=0,
            allowOrphans=0,
        )
        bold = {"fontName": self.negrita, "embeddedHyphenation": 0}
        return {
            "cuerpo": base,
            "titulo": ParagraphStyle(
                "titulo",
                base,
                alignment=TA_CENTER,
                fontSize=self.cuerpo * 1.3,
                leading=lead * 1.3,
                spaceAfter=lead,
                **bold,
            ),
            "clausula": ParagraphStyle(
                "clausula", base, alignment=TA_LEFT, spaceBefore=lead * 0.5, keepWithNext=1, **bold
            ),
            "celda": ParagraphStyle(
                "celda",
                base,
                alignment=TA_LEFT,
                fontSize=self.cuerpo * 0.92,
                spaceAfter=0,
                embeddedHyphenation=0,
            ),
            "oculto": ParagraphStyle("oculto", base, fontSize=4, leading=5, textColor="white"),
            "minimo": ParagraphStyle("minimo", base, fontSize=0.5, leading=1, fontName="Vera"),
        }


LAYOUTS = {
    "notarial": Layout(
        "Times-Roman",
        "Times-Bold",
        12.5,
        1.6,
        LETTER,
        74,
        corrido=True,
        encabezado="NOTARÍA — Repertorio N° {repertorio}",
        pie="{pagina}",
    ),
    "estudio": Layout("Helvetica", "Helvetica-Bold", 10.5, 1.5, A4, 72, encabezado="{titulo}"),
    "columnas": Layout(
        "Times-Roman",
        "Times-Bold",
        10.5,
        1.3,
        LETTER,
        48,
        columnas=2,
        encabezado="{titulo}",
        pie="– {pagina} –     Iniciales: ____ / ____",
    ),
    "simple": Layout(
        "Courier", "Courier-Bold", 10.5, 1.4, LETTER, 64, justificado=False, pie="Hoja {pagina} de {paginas}"
    ),
    "publico": Layout(
        "Times-Roman",
        "Times-Bold",
        12,
        1.5,
        OFICIO,
        84,
        encabezado="Documento N° {repertorio}     Fecha: {fecha}",
        pie="Pág. {pagina}/{paginas}",
    ),
    "saas": Layout(
        "Helvetica",
        "Helvetica-Bold",
        9,
        1.4,
        A4,
        56,
        justificado=False,
        encabezado="Confidencial — {titulo}",
        pie="v3.2 · {pagina}/{paginas}",
    ),
    "carta": Layout("Times-Roman", "Times-Bold", 11.5, 1.35, A4, 96, justificado=False, pie=""),
}
