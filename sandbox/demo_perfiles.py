"""Who the two demo taxpayers are and whom they deal with; every company and person is invented."""

from dataclasses import dataclass, field
from hashlib import blake2b

from bot.core.rut import Rut

EXTRANJERO = Rut(55_555_555)  # the RUT that all foreign buyers share
ADUANA = Rut(60_999_001)  # invented, like all others


def dado(texto: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    return int.from_bytes(blake2b(texto.encode(), digest_size=6).digest()) / 2**48


@dataclass(frozen=True, slots=True)
class Ritmo:
    """How often something happens: `veces` in each month whose index leaves `desfase` modulo `cada`."""

    veces: float
    cada: int = 1
    desfase: int = 0
    fijo: bool = False  # neither season nor chance changes it


MENSUAL = Ritmo(1, fijo=True)


@dataclass(frozen=True, slots=True)
class Recargo:
    """A further tax: its SII code, its weight in thousandths of the neto, its rate as the SII writes it."""

    codigo: int
    por_mil: int
    tasa: str | None = None


@dataclass(frozen=True, slots=True)
class Contraparte:
    """A client or supplier and its usual document: type, amount in CLP before tax, rounding and taxes."""

    nombre: str
    ritmo: Ritmo
    monto: int
    tipo: int = 33
    redondeo: int = 1
    dispersion: float = 0.5  # sigma of the log of the amount
    dia: int = 0  # of the month; 0 is any
    recargos: tuple[Recargo, ...] = ()
    iva: str = "recuperable"  # or no_recuperable, uso_comun
    exento_por_mil: int = 0  # share of the amount that bears no IVA, in a document that does
    rut_fijo: Rut | None = None

    @property
    def rut(self) -> Rut:
        return self.rut_fijo or Rut(76_000_000 + int(dado(f"rut:{self.nombre}") * 3_000_000))


@dataclass(frozen=True, slots=True)
class Nota:
    """Credit or debit notes of type `tipo` that correct documents of type `de`."""

    tipo: int
    de: int
    ritmo: Ritmo


@dataclass(frozen=True, slots=True)
class Boletas:
    """Sales that reach the register as one row: how many a month and their mean in CLP before tax."""

    tipo: int
    cantidad: int
    promedio: int


@dataclass(frozen=True, slots=True)
class Perfil:
    """What a taxpayer sells and buys."""

    clientes: tuple[Contraparte, ...]
    proveedores: tuple[Contraparte, ...]
    notas_ventas: tuple[Nota, ...]
    notas_compras: tuple[Nota, ...]
    boletas: tuple[Boletas, ...] = ()


@dataclass(frozen=True)
class Contribuyente:
    """A demo taxpayer; two are equal if their data are, whatever they trade."""

    rut: Rut
    nombre: str
    telefono: str
    giro: str
    perfil: Perfil = field(repr=False, compare=False)


_DIESEL = (Recargo(28, 138),)
_BENCINA = (Recargo(35, 590),)
_BEBIDAS = (Recargo(27, 100, "10"),)
_CERVEZA_Y_BEBIDAS = (Recargo(26, 120, "20.5"), Recargo(27, 41, "10"))

_FERRETERIA = Perfil(
    clientes=(
        Contraparte("CONSTRUCTORA QUILLENTÚE SPA", Ritmo(8), 310_000, redondeo=10),
        Contraparte("OBRAS MENORES PALQUIAL LTDA", Ritmo(6), 240_000, redondeo=10),
        Contraparte("EDIFICACIONES TRALCAMÁN SPA", Ritmo(5), 420_000, redondeo=10, dispersion=0.7),
        Contraparte("MAESTROS UNIDOS DEL COIHUECAL LTDA", Ritmo(4), 130_000, redondeo=10),
        Contraparte("TECHUMBRES HUALQUEMÍN EIRL", Ritmo(3.5), 180_000, redondeo=10),
        Contraparte("INSTALACIONES SANITARIAS RUNCALÍ SPA", Ritmo(3), 95_000, redondeo=10),
        Contraparte("PINTURAS Y TERMINACIONES MALLOCÓN EIRL", Ritmo(3), 88_000, redondeo=10),
        Contraparte("REMODELACIONES CASA PILGUÉN SPA", Ritmo(2.5), 150_000, redondeo=10),
        Contraparte("GASFITERÍA DON ERMINDO EIRL", Ritmo(2.5), 46_000, redondeo=10),
        Contraparte("ELECTRICIDAD VOLTAMAPU LTDA", Ritmo(2), 72_000, redondeo=10),
        Contraparte("CERRAJERÍA LA TRANQUERA AZUL EIRL", Ritmo(1.5), 38_000, redondeo=10),
        Contraparte("CONDOMINIO PARQUE LOS CHUCAOS DEL ESTERO", Ritmo(1.5), 64_000, redondeo=10),
        Contraparte("JARDINES Y RIEGO NALCAHUE SPA", Ritmo(1.5), 57_000, redondeo=10),
        Contraparte("COLEGIO PARTICULAR ALTO MENOQUÉN", Ritmo(1.2), 110_000, redondeo=10),
        Contraparte("PANADERÍA LA MARRAQUETA DE ORO VIEJO LTDA", Ritmo(0.8), 41_000, redondeo=10),
        Contraparte("TALLER MECÁNICO EL PIÑONAZO SPA", Ritmo(0.8), 52_000, redondeo=10),
        Contraparte("JUNTA DE VECINOS VILLA RAYENCURA", Ritmo(0.6), 35_000, redondeo=10),
        Contraparte("VIVEROS COPIHUAL ALTO LTDA", Ritmo(0.5), 68_000, redondeo=10),
    ),
    proveedores=(
        Contraparte("DISTRIBUIDORA FERREMAPU SPA", Ritmo(5), 620_000),
        Contraparte("CEMENTOS COLIMAHUE S.A.", Ritmo(3.5), 780_000, redondeo=10),
        Contraparte("ACEROS Y PERFILES LLANCAHUEL S.A.", Ritmo(3), 690_000),
        Contraparte("PINTURAS ARREBOLINA S.A.", Ritmo(3), 410_000),
        Contraparte("MADERAS DEL TRUMAOCHE LTDA", Ritmo(3), 540_000, redondeo=100),
        Contraparte("HERRAMIENTAS TITANQUÉN SPA", Ritmo(2), 330_000),
        Contraparte("TORNILLOS Y FIJACIONES EL HILO SIN FIN LTDA", Ritmo(2.5), 115_000),
        Contraparte("PVC Y TUBERÍAS AGUALONCO SPA", Ritmo(2), 280_000),
        Contraparte("MATERIALES ELÉCTRICOS CHISPALHUE LTDA", Ritmo(2), 260_000),
        Contraparte("CERÁMICAS PISOQUIL S.A.", Ritmo(1.5), 450_000),
        Contraparte("SELLANTES Y ADHESIVOS PEGAMALLÍN SPA", Ritmo(1.5), 95_000),
        Contraparte("JARDINERÍA MAYORISTA TERRAHUAL LTDA", Ritmo(1), 140_000),
        Contraparte("TRANSPORTES EL CARRETÓN VELOZ EIRL", Ritmo(1.5), 85_000, redondeo=1_000),
        Contraparte("COMBUSTIBLES RUTA MELIQUÉN SPA", Ritmo(3), 62_000, recargos=_DIESEL),
        Contraparte(
            "SERVICENTRO LA BENCINA FELIZ LTDA", Ritmo(1), 34_000, recargos=_BENCINA, iva="no_recuperable"
        ),
        Contraparte("EMBOTELLADORA BURBUJALPÉN S.A.", Ritmo(1.2), 58_000, recargos=_BEBIDAS),
        Contraparte("ELECTRICIDAD DEL LLANOMAPU S.A.", MENSUAL, 148_000, dispersion=0.08, dia=6),
        Contraparte("AGUAS DE RIOLINCO S.A.", MENSUAL, 32_000, dispersion=0.1, dia=10, redondeo=10),
        Contraparte("TELECOMUNICACIONES ONDAHUE SPA", MENSUAL, 41_990, dispersion=0.0, dia=12, redondeo=10),
        Contraparte("GAS LICUADO FUEGUILLO SPA", Ritmo(0.5), 28_000, redondeo=100),
        Contraparte(
            "INMOBILIARIA PATIO DE LAS TEJAS SPA", MENSUAL, 880_000, 34, 10_000, dispersion=0.0, dia=3
        ),
        Contraparte("CONTABILIDAD CUENTAS CLARAÑÁN LTDA", MENSUAL, 150_000, redondeo=10_000, dispersion=0.0),
        Contraparte("ALARMAS OJO DE PEUCO SPA", MENSUAL, 29_990, dispersion=0.0, dia=15, iva="uso_comun"),
        Contraparte("ÁRIDOS VADO DEL PELLÍN EIRL", Ritmo(1, fijo=True), 90_000, tipo=30, redondeo=5_000),
        Contraparte("CASA DE REMATES EL MARTILLO CHUECO LTDA", Ritmo(1, 24, 9, True), 240_000, 999, 10_000),
    ),
    notas_ventas=(Nota(61, 33, Ritmo(3)), Nota(56, 33, Ritmo(0.5)), Nota(56, 33, Ritmo(1, 6, 2, True))),
    notas_compras=(
        Nota(61, 33, Ritmo(2.5)),
        Nota(56, 33, Ritmo(0.5)),
        Nota(56, 33, Ritmo(1, 6, 4, True)),
        Nota(60, 30, Ritmo(1, 6, 1, True)),
    ),
    boletas=(Boletas(39, 1_150, 7_900), Boletas(41, 24, 5_200), Boletas(48, 1_480, 10_400)),
)

_ESTUDIO = Perfil(
    clientes=(
        Contraparte("CLÍNICA DENTAL SONRISAL DEL MAULLÍN SPA", Ritmo(2), 850_000, redondeo=10_000),
        Contraparte("BODEGAS REFUGIO DEL TRICAHUAL S.A.", Ritmo(3), 1_900_000, redondeo=50_000),
        Contraparte("LOGÍSTICA PUERTO ÑIRECO SPA", Ritmo(2.5), 1_400_000, redondeo=50_000),
        Contraparte("TURISMO GLACIAR QUEULAMÍN LTDA", Ritmo(1.5), 680_000, redondeo=10_000),
        Contraparte(
            "COOPERATIVA LECHERA TREMÚN", Ritmo(1, fijo=True), 1_200_000, redondeo=100_000, dispersion=0.1
        ),
        Contraparte("EDITORIAL HOJA DE MAQUIAL SPA", Ritmo(1.5), 420_000, redondeo=10_000),
        Contraparte("HOTEL CASA LUCHECÁN LTDA", Ritmo(1), 560_000, redondeo=10_000, exento_por_mil=150),
        Contraparte("FUNDACIÓN AULAS DEL ESTERILLO", Ritmo(2), 640_000, 34, 20_000),
        Contraparte("INSTITUTO TÉCNICO RUCALHUÉN", Ritmo(1, fijo=True), 900_000, 34, 50_000, 0.2),
        Contraparte("NORDLYSKA HANTVERK AB", Ritmo(2), 2_100_000, 110, rut_fijo=EXTRANJERO),
        Contraparte("MAPLEWICK & DAUGHTERS HOME GOODS INC", Ritmo(2), 2_600_000, 110, rut_fijo=EXTRANJERO),
        Contraparte("ATELIER BRUMEVAL SARL", Ritmo(1.5), 1_500_000, 110, rut_fijo=EXTRANJERO),
        Contraparte("TIENDA EL TELAR ANDARIEGO LTDA", Ritmo(0.3), 480_000, 43),
        Contraparte("TIENDA EL TELAR ANDARIEGO LTDA", Ritmo(1, 6, 3, True), 620_000, 43),
    ),
    proveedores=(
        Contraparte("NUBES Y SERVIDORES CIRRUMÁN SPA", MENSUAL, 310_000, dispersion=0.08, dia=2),
        Contraparte("OFICINAS COMPARTIDAS EL HORNERO SPA", MENSUAL, 420_000, 34, 10_000, 0.0, 4),
        Contraparte("TELECOMUNICACIONES ONDAHUE SPA", MENSUAL, 36_990, dispersion=0.0, dia=12, redondeo=10),
        Contraparte("ELECTRICIDAD DEL LLANOMAPU S.A.", MENSUAL, 52_000, dispersion=0.1, dia=7),
        Contraparte("ASESORÍAS DEBE Y HABERÁN LTDA", MENSUAL, 220_000, redondeo=10_000, dispersion=0.0),
        Contraparte("LICENCIAS PIXELHUE SPA", Ritmo(2), 130_000, iva="uso_comun"),
        Contraparte("IMPRENTA TINTARRAYÉN LTDA", Ritmo(1.5), 190_000, redondeo=100),
        Contraparte("LANAS Y FIBRAS OVEJERÍA DEL MULCHENAL LTDA", Ritmo(3), 480_000, redondeo=100),
        Contraparte("EMBALAJES CARTONQUÍN SPA", Ritmo(2), 140_000),
        Contraparte("EMBARCADORA MAR DE CHUNGARAL S.A.", Ritmo(3), 390_000, exento_por_mil=600),
        Contraparte("AGENCIA DE ADUANAS BITACURA Y CÍA LTDA", Ritmo(1.5), 180_000),
        Contraparte("COMPUTACIÓN TECLAMAPU SPA", Ritmo(0.8), 520_000),
        Contraparte("ESCUELA DE IDIOMAS LENGUALARGA LTDA", Ritmo(0.5), 240_000, 34, 10_000),
        Contraparte("SERVICENTRO LA BENCINA FELIZ LTDA", Ritmo(1), 38_000, recargos=_BENCINA),
        Contraparte(
            "EVENTOS Y COCTELES TRAGALUZ SPA",
            Ritmo(1, 3, 2, True),
            160_000,
            recargos=_CERVEZA_Y_BEBIDAS,
            iva="no_recuperable",
        ),
        Contraparte("AGRUPACIÓN DE TEJEDORAS RAYÉN DEL LAGO", Ritmo(0.7), 260_000, 46, 5_000),
        Contraparte("AGRUPACIÓN DE TEJEDORAS RAYÉN DEL LAGO", Ritmo(1, 6, 5, True), 340_000, 46, 5_000),
        Contraparte("ADUANA DE DEMOSTRACIÓN", Ritmo(1, 3, 1, True), 3_100_000, 914, rut_fijo=ADUANA),
    ),
    notas_ventas=(
        Nota(61, 33, Ritmo(1)),
        Nota(61, 34, Ritmo(0.2)),
        Nota(56, 33, Ritmo(0.3)),
        Nota(112, 110, Ritmo(0.3)),
        Nota(112, 110, Ritmo(1, 6, 2, True)),
        Nota(111, 110, Ritmo(1, 6, 4, True)),
        Nota(106, 110, Ritmo(1, 12, 6, True)),
    ),
    notas_compras=(Nota(61, 33, Ritmo(1.2)), Nota(56, 33, Ritmo(0.3))),
)

DEMO: tuple[Contribuyente, Contribuyente] = (
    Contribuyente(
        Rut(76_543_210),
        "FERRETERÍA PEHUENQUIL LTDA",
        "+56900000101",
        "Venta al por menor de artículos de ferretería y materiales de construcción",
        _FERRETERIA,
    ),
    Contribuyente(
        Rut(77_654_321),
        "ESTUDIO TELARQUÉN SPA",
        "+56900000102",
        "Diseño, desarrollo de software y exportación de artesanías",
        _ESTUDIO,
    ),
)
