"""What the name of an exported file says: `RCV_COMPRA_REGISTRO_76354771-K_201906 (1).csv`."""

import re
import unicodedata

from bot.core.documentos import EstadoCompra, Libro
from bot.core.errors import CsvOtherPeriodoError, CsvOtherTaxpayerError, RutInvalidError
from bot.core.periodo import MESES, Periodo
from bot.core.rut import Rut
from bot.sii.rcv_columns import ESTADO_EN_PALABRAS

_LIBROS = {
    Libro.VENTAS: re.compile(r"(?<![a-z])ventas?(?![a-z])"),
    Libro.COMPRAS: re.compile(r"(?<![a-z])compras?(?![a-z])"),
}
# "registro" alone names the whole register, not the state.
_ESTADOS = {
    EstadoCompra.REGISTRO: re.compile(r"compras?[\W_]+(?:en[\W_]+)?registro(?![a-z])"),
    EstadoCompra.PENDIENTE: re.compile(r"(?<![a-z])pendientes?(?![a-z])"),
    EstadoCompra.NO_INCLUIR: re.compile(r"(?<![a-z])no[\W_]*inclui(?:r|d[ao]s?)(?![a-z])"),
    EstadoCompra.RECLAMADO: re.compile(r"(?<![a-z])reclamad[ao]s?(?![a-z])"),
}
_RUT = re.compile(r"(?<![\d.])(\d{7,8}|\d{1,2}\.\d{3}\.\d{3})-([\dk])(?![\da-z])", re.ASCII)
_PERIODO = re.compile(r"(?<!\d)(20\d\d)[-_ ]?(0[1-9]|1[0-2])(?![-_. ]?\d\d)(?!\d)", re.ASCII)
_MES = re.compile(rf"(?<![a-z])({'|'.join(MESES)})[\W_]+(?:del?[\W_]+)?(20\d\d)(?!\d)", re.ASCII)


def check_file_name(
    nombre: str, dueno: Rut, libro: Libro, periodo: Periodo, estado: EstadoCompra | None
) -> None:
    """Refuse a file whose name clearly says that it is another one; a name that says nothing passes.

    Raises:
        CsvOtherTaxpayerError: the name has another RUT (`rut`, as shown to people).
        CsvOtherPeriodoError: it says another month, book or state (`dice`), not what was asked (`pedido`).
    """
    rut, otro_libro, otro_estado, otro_periodo = guess_from_name(nombre)
    if rut not in (None, dueno):
        raise CsvOtherTaxpayerError(rut=rut.pretty if rut else "")
    if libro is Libro.VENTAS:
        estado = None
    same_estado = estado is None or otro_estado in (None, estado)
    if otro_libro in (None, libro) and same_estado and otro_periodo in (None, periodo):
        return
    raise CsvOtherPeriodoError(
        dice=_in_words(otro_libro, otro_estado, otro_periodo), pedido=_in_words(libro, estado, periodo)
    )


def guess_from_name(nombre: str) -> tuple[Rut | None, Libro | None, EstadoCompra | None, Periodo | None]:
    """RUT, book, state and month that a file name says; None for what it does not say, or says twice."""
    name = _plain(nombre)
    libro = _only({libro for libro, words in _LIBROS.items() if words.search(name)})
    estado = None
    if libro is Libro.COMPRAS:
        estado = _only({estado for estado, words in _ESTADOS.items() if words.search(name)})
    return _only(_ruts(name)), libro, estado, _only(_periodos(name))


def _plain(nombre: str) -> str:
    decomposed = unicodedata.normalize("NFKD", nombre.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _only[T](found: set[T]) -> T | None:
    return next(iter(found)) if len(found) == 1 else None


def _ruts(name: str) -> set[Rut]:
    ruts = set()
    for written in _RUT.finditer(name):
        try:
            ruts.add(Rut.parse(written[0]))
        except RutInvalidError:
            continue
    return ruts


def _periodos(name: str) -> set[Periodo]:
    name = _RUT.sub(" ", name)
    written = {Periodo(int(found[1]), int(found[2])) for found in _PERIODO.finditer(name)}
    return written | {Periodo(int(found[2]), MESES.index(found[1]) + 1) for found in _MES.finditer(name)}


def _in_words(libro: Libro | None, estado: EstadoCompra | None, periodo: Periodo | None) -> str:
    """`compras en registro de junio de 2019`, with the parts that are known."""
    que = [libro.value] if libro else []
    if estado:
        que.append(ESTADO_EN_PALABRAS[estado])
    partes = [" ".join(que)] if que else []
    if periodo:
        partes.append(periodo.nombre)
    return " de ".join(partes)
