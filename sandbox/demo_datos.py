"""Two years of invented books for the two demo taxpayers.

A month depends on the taxpayer and the month alone; `hoy` only cuts it and says what is still pending.
References of notes are in `otros_campos`, under the register's own names.
"""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, tipo_documento
from bot.core.periodo import FIRST_PERIODO, Periodo
from bot.core.resumen import FilaResumen, Montos
from sandbox.demo_perfiles import DEMO, Boletas, Contraparte, Contribuyente, Nota, Ritmo, dado

__all__ = ["DEMO", "Contribuyente", "MesDemo", "mes_demo", "meses_demo"]

SANTIAGO = ZoneInfo("America/Santiago")
DIAS_PARA_RECLAMAR = 8
EXENTOS = {34, 41, 110}
PROPIOS = {46}  # purchases whose document the buyer issues
ANOTADOS_A_MANO = {30, 46, 60, 914}  # nobody waits for their acceptance
DEBITOS = {56, 111}
IVA_RETENIDO_TOTAL = 15  # the only further tax that lowers the total
FERIADOS = {(1, 1), (5, 1), (5, 21), (7, 16), (8, 15), (9, 18), (9, 19), (11, 1), (12, 8), (12, 25)}
ESTACION = (0.94, 0.82, 1.16, 0.98, 1.0, 0.95, 0.97, 1.0, 0.96, 1.05, 1.06, 1.24)


@dataclass(frozen=True)
class MesDemo:
    """One month of both books: documents with detail, and rows of types that come as totals only."""

    periodo: Periodo
    documentos: tuple[Documento, ...]
    filas: tuple[tuple[Libro, EstadoCompra | None, FilaResumen], ...]


def meses_demo(contribuyente: Contribuyente, hoy: date, meses: int = 24) -> Iterator[MesDemo]:
    """The last `meses` months, newest last, ending with the month of `hoy`."""
    ultimo = Periodo.of(hoy)
    for periodo in ultimo.plus(1 - meses).until(ultimo):
        yield mes_demo(contribuyente, periodo, hoy)


def mes_demo(contribuyente: Contribuyente, periodo: Periodo, hoy: date) -> MesDemo:
    """One month as the register shows it on `hoy`; empty if it has not begun."""
    documentos = tuple(
        _con_estado(documento, hoy)
        for libro in Libro
        for documento in (*_facturas(contribuyente, libro, periodo), *_notas(contribuyente, libro, periodo))
        if _recepcion(documento).date() <= hoy
    )
    filas = (_fila(contribuyente, boletas, periodo, hoy) for boletas in contribuyente.perfil.boletas)
    return MesDemo(
        periodo,
        documentos,
        tuple((Libro.VENTAS, None, fila) for fila in filas if fila.montos.cantidad),
    )


def _recepcion(documento: Documento) -> datetime:
    return documento.fecha_recepcion or datetime.combine(documento.fecha, time(12), SANTIAGO)


def _fila(contribuyente: Contribuyente, boletas: Boletas, periodo: Periodo, hoy: date) -> FilaResumen:
    """The row of one type of boletas, cut to the share of the month that has passed."""
    azar = Random(f"{contribuyente.rut}:{periodo}:{boletas.tipo}")
    dias = calendar.monthrange(periodo.year, periodo.month)[1]
    parte = min(max((hoy - periodo.first_day).days + 1, 0), dias) / dias
    cantidad = boletas.cantidad * ESTACION[periodo.month - 1] * azar.uniform(0.95, 1.05) * parte
    monto = round(cantidad) * round(boletas.promedio * _crecimiento(periodo) * azar.uniform(0.97, 1.03))
    exento, neto = (monto, 0) if boletas.tipo in EXENTOS else (0, monto)
    iva = _iva(neto)
    return FilaResumen(
        tipo_documento(boletas.tipo), Montos(round(cantidad), exento, neto, iva, exento + neto + iva)
    )


def _iva(neto: int) -> int:
    """19 % of the neto, halves up."""
    return (neto * 19 + 50) // 100


def _crecimiento(periodo: Periodo, *, anual: bool = False) -> float:
    """6 % a year since 2025, month by month or each January."""
    return float(1.06 ** (periodo.year - 2025 + (0 if anual else (periodo.month - 1) / 12)))


def _cantidad(semilla: str, ritmo: Ritmo, periodo: Periodo) -> int:
    """How many times something of this rhythm happens in a month."""
    if (periodo.year * 12 + periodo.month - 1) % ritmo.cada != ritmo.desfase:
        return 0
    esperadas = ritmo.veces * (1 if ritmo.fijo else ESTACION[periodo.month - 1])
    return int(esperadas + dado(f"{semilla}:{periodo}"))


def _contrapartes(contribuyente: Contribuyente, libro: Libro) -> tuple[Contraparte, ...]:
    perfil = contribuyente.perfil
    return perfil.clientes if libro is Libro.VENTAS else perfil.proveedores


def _correcciones(contribuyente: Contribuyente, libro: Libro) -> tuple[Nota, ...]:
    perfil = contribuyente.perfil
    return perfil.notas_ventas if libro is Libro.VENTAS else perfil.notas_compras


def _origenes(contribuyente: Contribuyente, libro: Libro) -> Iterator[tuple[str, Contraparte | Nota]]:
    """Everything that issues documents of a book, each with its seed."""
    origenes: list[Contraparte | Nota] = [
        *_contrapartes(contribuyente, libro),
        *_correcciones(contribuyente, libro),
    ]
    for n, origen in enumerate(origenes):
        yield f"{contribuyente.rut}:{libro}:{n}", origen


@cache
def _folio_anterior(contribuyente: Contribuyente, libro: Libro, tipo: int, periodo: Periodo) -> int:
    """The last folio of a type that the taxpayer used before a month: counted, so that nothing is kept."""
    if periodo <= FIRST_PERIODO:
        return int(dado(f"{contribuyente.rut}:{tipo}") * 900)
    anterior = periodo.plus(-1)
    return _folio_anterior(contribuyente, libro, tipo, anterior) + sum(
        _cantidad(semilla, origen.ritmo, anterior)
        for semilla, origen in _origenes(contribuyente, libro)
        if origen.tipo == tipo
    )


def _foliados(contribuyente: Contribuyente, documentos: Iterable[Documento]) -> tuple[Documento, ...]:
    """The documents in the order of their reception, numbered by whoever issued them."""
    vistos: Counter[tuple[object, ...]] = Counter()
    foliados = []
    for documento in sorted(documentos, key=_recepcion):
        propio = documento.libro is Libro.VENTAS or documento.tipo in PROPIOS
        clave = (documento.tipo,) if propio else (documento.tipo, documento.contraparte_rut, documento.fecha)
        if propio:
            previo = _folio_anterior(contribuyente, documento.libro, documento.tipo, documento.periodo)
            folio = previo + vistos[clave] + 1
        else:
            folio = _folio_ajeno(documento, vistos[clave])
        vistos[clave] += 1
        foliados.append(replace(documento, folio=folio))
    return tuple(foliados)


def _folio_ajeno(documento: Documento, n: int) -> int:
    """The folio of a supplier that issues so many documents a day; `n` counts the day's own.

    A document of another month's end may share its day: it takes the odd numbers.
    """
    emisor = dado(f"{documento.contraparte_rut}:{documento.tipo}")
    por_dia = 20 + int(emisor * 300) if documento.tipo == 33 else 20
    base = 3_300_000_000 if documento.tipo == 914 else int(emisor * 50_000)
    dias = documento.fecha.toordinal() - FIRST_PERIODO.first_day.toordinal()
    return base + dias * por_dia + 2 * n + (Periodo.of(documento.fecha) != documento.periodo)


def _un_dia(azar: Random, periodo: Periodo, desde: int = 1, cerca_de: int = 0) -> date:
    """A working day of the month from `desde` on, few Saturdays; the nearest to `cerca_de` if given."""
    ultimo = calendar.monthrange(periodo.year, periodo.month)[1]
    dias = [date(periodo.year, periodo.month, dia) for dia in range(desde, ultimo + 1)]
    habiles = [dia for dia in dias if dia.weekday() < 6 and (dia.month, dia.day) not in FERIADOS]
    if cerca_de:
        return min(habiles, key=lambda dia: (dia.weekday() == 5, abs(dia.day - cerca_de)))
    return azar.choices(habiles, [3 if dia.weekday() == 5 else 10 for dia in habiles])[0]


def _momentos(azar: Random, libro: Libro, dia: date, demora: int) -> tuple[date, datetime]:
    """When a document was issued and when the SII received it, which is on `dia`."""
    recepcion = datetime.combine(dia, time(azar.randint(9, 19), azar.randint(0, 59), azar.randint(0, 59)))
    fecha = dia if libro is Libro.VENTAS or azar.random() < 0.6 else dia - timedelta(azar.randint(0, demora))
    return fecha - timedelta(fecha.weekday() == 6), recepcion.replace(tzinfo=SANTIAGO)


@cache
def _facturas(contribuyente: Contribuyente, libro: Libro, periodo: Periodo) -> tuple[Documento, ...]:
    """Every document of a book and month that corrects no other."""
    azar = Random(f"{contribuyente.rut}:{libro}:{periodo}")
    return _foliados(
        contribuyente,
        [
            _factura(azar, libro, periodo, origen)
            for semilla, origen in _origenes(contribuyente, libro)
            if isinstance(origen, Contraparte)
            for _ in range(_cantidad(semilla, origen.ritmo, periodo))
        ],
    )


def _factura(azar: Random, libro: Libro, periodo: Periodo, con: Contraparte) -> Documento:
    fecha, recepcion = _momentos(azar, libro, _un_dia(azar, periodo, cerca_de=con.dia), 4)
    monto = con.monto * _crecimiento(periodo, anual=con.ritmo.fijo) * azar.lognormvariate(0, con.dispersion)
    monto = max(1, round(monto / con.redondeo)) * con.redondeo
    exento = monto if con.tipo in EXENTOS else monto * con.exento_por_mil // 1000
    neto = monto - exento
    iva = _iva(neto)
    recargos = [OtroImpuesto(r.codigo, neto * r.por_mil // 1000, r.tasa) for r in con.recargos]
    total = exento + neto + iva + sum(recargo.valor for recargo in recargos)
    if con.tipo in PROPIOS:
        recargos, total = [OtroImpuesto(IVA_RETENIDO_TOTAL, iva, "19")], total - iva
    return Documento(
        libro, periodo, con.tipo, 0, fecha, con.rut, con.nombre, exento, neto,
        0 if con.iva == "no_recuperable" else iva, total,
        fecha_recepcion=recepcion,
        iva_no_recuperable=iva if con.iva == "no_recuperable" else 0,
        iva_uso_comun=iva if con.iva == "uso_comun" else 0,
        otros_impuestos=tuple(recargos),
    )  # fmt: skip


def _notas(contribuyente: Contribuyente, libro: Libro, periodo: Periodo) -> tuple[Documento, ...]:
    """The notes of a month, each to a document of its own received in the four weeks before.

    The second half of one month and the first of the next can be corrected in the latter, so that no
    document is corrected twice.
    """
    azar = Random(f"{contribuyente.rut}:{libro}:{periodo}:notas")
    por_tipo: defaultdict[int, list[Documento]] = defaultdict(list)
    for origen, segunda_mitad in ((periodo.plus(-1), True), (periodo, False)):
        for documento in _facturas(contribuyente, libro, origen):
            if (_recepcion(documento).day > 15) is segunda_mitad and not documento.otros_impuestos:
                por_tipo[documento.tipo].append(documento)
    for documentos in por_tipo.values():
        azar.shuffle(documentos)
    notas = [
        _nota(azar, periodo, nota.tipo, por_tipo[nota.de].pop())
        for semilla, nota in _origenes(contribuyente, libro)
        if isinstance(nota, Nota)
        for _ in range(min(_cantidad(semilla, nota.ritmo, periodo), len(por_tipo[nota.de])))
    ]
    return _foliados(contribuyente, notas)


def _nota(azar: Random, periodo: Periodo, tipo: int, de: Documento) -> Documento:
    """A correction of `de`: a few percent more if debit, all or a part less if credit."""
    desde = 3 if de.periodo < periodo else _recepcion(de).day + 2
    fecha, recepcion = _momentos(azar, de.libro, _un_dia(azar, periodo, desde), 1)
    porcentaje = azar.randint(2, 8) if tipo in DEBITOS else azar.choice((100, 100, 10, 15, 20, 25, 30, 50))
    exento, neto = (monto * porcentaje // 100 for monto in (de.monto_exento, de.monto_neto))
    iva = _iva(neto)
    return replace(
        de,
        periodo=periodo, tipo=tipo, fecha=fecha, fecha_recepcion=recepcion,
        monto_exento=exento, monto_neto=neto, monto_iva=0 if de.iva_no_recuperable else iva,
        monto_total=exento + neto + iva,
        iva_no_recuperable=iva if de.iva_no_recuperable else 0,
        iva_uso_comun=iva if de.iva_uso_comun else 0,
        otros_campos={"detTipoDocRef": str(de.tipo), "detFolioDocRef": str(de.folio)},
    )  # fmt: skip


def _con_estado(documento: Documento, hoy: date) -> Documento:
    """A purchase as it stands on `hoy`; a sale as it is."""
    if documento.libro is Libro.VENTAS:
        return documento
    recepcion = _recepcion(documento)
    if documento.tipo in ANOTADOS_A_MANO:
        return replace(documento, estado=EstadoCompra.REGISTRO)
    if (hoy - recepcion.date()).days < DIAS_PARA_RECLAMAR:
        return replace(documento, estado=EstadoCompra.PENDIENTE)
    azar = Random(f"{documento.contraparte_rut}:{documento.tipo}:{documento.folio}")
    suerte = azar.random()
    respuesta = recepcion + timedelta(azar.randint(1, 7))
    if documento.tipo == 33 and suerte < 0.025:
        return replace(documento, estado=EstadoCompra.NO_INCLUIR)
    if documento.tipo == 33 and suerte < 0.05:
        return replace(documento, estado=EstadoCompra.RECLAMADO, fecha_reclamo=respuesta)
    return replace(documento, estado=EstadoCompra.REGISTRO, fecha_acuse=_acuse(documento, respuesta, suerte))


def _acuse(documento: Documento, respuesta: datetime, suerte: float) -> datetime | None:
    """When it was acknowledged: always within its month if received at its end, or it would be the next's."""
    ultimo = documento.periodo.plus(1).first_day - timedelta(1)
    if (ultimo - _recepcion(documento).date()).days < DIAS_PARA_RECLAMAR:
        return min(respuesta, datetime.combine(ultimo, time(21), SANTIAGO))
    return respuesta if suerte > 0.6 else None
