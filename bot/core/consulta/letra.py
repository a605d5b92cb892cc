"""A message with its mistyped words mended, for those who read a closed set of words in it."""

import re
from functools import lru_cache

from bot.core.anonimo_listas import PERSON_NAMES
from bot.core.consulta.palabras import NOMBRES_DE_PILA, ORDINARIAS
from bot.core.consulta.vocabulario import CAMBIAN, COSAS, ORDINARIAS_DE_CHARLA
from bot.core.ortografia import Ortografia
from bot.core.texto import normalize

_PALABRA = re.compile(r"[^\W\d_]+")
_LARGO = 4_000
# What is read: periods, books, kinds of documents and of answers; the commoner lines first.
_ESPERADAS = (
    """
    enero febrero marzo abril junio julio agosto septiembre octubre noviembre diciembre ventas compras
    vendi compre facturas factura boletas pasado semana trimestre cuanto
    """,
    """
    lunes martes miercoles jueves viernes sabado domingo anteayer ayer ultimo ultima ultimos ultimas
    pasada anterior anteriores actual semestre bimestre cuatrimestre quincena venta vendido vendimos
    compra comprado compramos facture facturado facturamos emitidas recibidas recibi clientes
    proveedores impuesto boleta
    """,
    """
    cliente proveedor impuestos credito debito notas exentas afectas comparar compara comparacion
    grafico graficos ranking detalle listado resumen total cuantos cuantas cuanta pendientes planilla
    planillas mejores vence veintinueve
    """,
)
# Words of the language that are near to one of those.
_REALES = frozenset(
    """
    acosto actua actuad actuan actuar actuas afectan afectar afeitas agoto alistado angosto bandido
    barril bendigo bendijo bendito benditos benita benitas bentos bese beta betas bienes bimestres
    bolera boletee boletea boleto boletos bolita bolitas boneta boneta caliente calientes canta cantas
    canto cantos cebado comera comeras comere comparsa copra creditor cuantia cuantias cuarta cuartas
    cuartos cuentos debuto delito derrito devino devoto domino dominio encerro encero enebro enervo
    enterro fabril factual fractura fracturado fracture fracturas grafito habil hallar halle hallen
    halles herrero impuesta impuestas jueces julios julo junior juno lisiado luches lunches maltes
    mantes marche marches marcho mares marro martas marte maso mates mazo memores octubres palada papada
    pasador pasmada pasmado patada pausada pausado pavada pisada pisado posada posado presumen probador
    probadores quincenas rankings recibid recibiras salado sanado sequestre serrana serrano vendado
    vende veneta venero veta vetas violeta violetas voltea voluta zafado
    """.split()
)
_CONOCIDAS = ORDINARIAS | ORDINARIAS_DE_CHARLA | CAMBIAN | COSAS | NOMBRES_DE_PILA | PERSON_NAMES | _REALES
# Words of one sound or two, which are near to too many others to be mended; "76.192.083-k" keeps its k.
_ABREVIADAS = {
    short: word
    for word, shorts in {
        "que": "q k ke",
        "y": "i",
        "de": "d",
        "por": "x",
        "para": "pa",
        "porfa": "xfa",
        "tambien": "tb tbn tmb tbm",
        "a mi": "ami",
        "ahora": "aora haora",
        "hice": "hize hise ise ize",
        "hicieron": "hisieron isieron icieron hizieron",
    }.items()
    for short in shorts.split()
}
_ABREVIADA = re.compile(rf"(?<![\w./&-])(?<!\bn )(?:{'|'.join(_ABREVIADAS)})(?![\w./&-])")
_ORTOGRAFIA = Ortografia(
    {word: 10 ** (2 - at) for at, line in enumerate(_ESPERADAS) for word in line.split()},
    _CONOCIDAS.__contains__,
)


@lru_cache(maxsize=512)
def as_meant(texto: str) -> str:
    """`cuatno vendi en ocutbre` is `cuanto vendi en octubre`; names, numbers and real words stay as typed.

    A word with a capital in a message of small letters is a name.
    """
    words = list(_PALABRA.finditer(texto[:_LARGO]))
    small = sum(word[0].islower() for word in words)
    for at, word in reversed(list(enumerate(words))):
        plain = normalize(word[0])
        named = at and word[0][0].isupper() and small * 2 > len(words)
        meant = plain if named else _ORTOGRAFIA.mend(plain)
        if meant != plain:
            texto = f"{texto[: word.start()]}{meant}{texto[word.end() :]}"
    return texto


def plainly(texto: str) -> str:
    """The message as it is meant, normalized: `i las q hize` is `y las que hice`."""
    return _ABREVIADA.sub(lambda found: _ABREVIADAS[found[0]], normalize(as_meant(texto)))
