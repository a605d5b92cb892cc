"""The demo books obey the rules that real ones obey."""

from collections import Counter
from datetime import date, timedelta

import pytest

from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from sandbox.demo_datos import (
    ANOTADOS_A_MANO,
    DEBITOS,
    DEMO,
    IVA_RETENIDO_TOTAL,
    Contribuyente,
    MesDemo,
    mes_demo,
    meses_demo,
)

HOY = date(2026, 11, 22)
CODIGOS = {33, 34, 39, 41, 43, 46, 48, 56, 60, 61, 106, 110, 111, 112, 914}  # guías (52) are in no register
NOTAS = {56, 60, 61, 106, 111, 112}
FERRETERIA, ESTUDIO = DEMO
AMBOS = pytest.mark.parametrize("quien", DEMO, ids=["ferreteria", "estudio"])


def documentos(meses: list[MesDemo], libro: Libro) -> list[Documento]:
    """The documents of one book, in all the months."""
    return [documento for mes in meses for documento in mes.documentos if documento.libro is libro]


def tipos(meses: list[MesDemo]) -> set[int]:
    """The codes of documents and of rows."""
    return {d.tipo for mes in meses for d in mes.documentos} | {
        f[2].tipo.codigo for m in meses for f in m.filas
    }


def clave(documento: Documento) -> tuple[int, Rut, int]:
    """What tells a document from all others of its book."""
    return documento.tipo, documento.contraparte_rut, documento.folio


@AMBOS
def test_same_twice(quien: Contribuyente) -> None:
    """The books of a day are always the same."""
    assert list(meses_demo(quien, HOY)) == list(meses_demo(quien, HOY))


@AMBOS
def test_months_end_with_today(quien: Contribuyente) -> None:
    """Twenty-four months come, the newest last, and a month that has not begun is empty."""
    meses = [mes.periodo for mes in meses_demo(quien, HOY)]
    assert meses == list(Periodo(2024, 12).until(Periodo(2026, 11)))
    assert mes_demo(quien, Periodo(2026, 12), HOY) == MesDemo(Periodo(2026, 12), (), ())


@AMBOS
def test_documents_are_unique(quien: Contribuyente) -> None:
    """A folio is used once per type in ventas, and once per type and supplier in compras, in nine years."""
    meses = list(meses_demo(quien, HOY, 110))
    ventas = Counter((d.tipo, d.folio) for d in documentos(meses, Libro.VENTAS))
    compras = Counter(clave(d) for d in documentos(meses, Libro.COMPRAS))
    assert max(ventas.values()) == max(compras.values()) == 1


@AMBOS
def test_own_folios_grow_without_gaps(quien: Contribuyente) -> None:
    """Each type of ventas is one sequence, in the order of the dates."""
    ventas = documentos(list(meses_demo(quien, HOY)), Libro.VENTAS)
    for tipo in {d.tipo for d in ventas}:
        folios = [d.folio for d in sorted(ventas, key=lambda d: d.folio) if d.tipo == tipo]
        assert folios == list(range(folios[0], folios[0] + len(folios)))
        fechas = [d.fecha for d in sorted(ventas, key=lambda d: d.folio) if d.tipo == tipo]
        assert fechas == sorted(fechas)


@AMBOS
def test_ruts_are_valid_and_each_of_one_name(quien: Contribuyente) -> None:
    """Invented RUTs have their check digit, and only foreign buyers share one."""
    meses = list(meses_demo(quien, HOY))
    nombres = {(d.contraparte_rut, d.contraparte) for m in meses for d in m.documentos}
    veces = Counter(rut for rut, _ in nombres)
    assert all(Rut.parse(str(rut)) == rut for rut in (*veces, quien.rut))
    assert [str(rut) for rut, n in veces.items() if n > 1] == (["55555555-5"] if quien is ESTUDIO else [])
    assert 76_000_000 <= quien.rut.number < 79_000_000
    assert len(quien.telefono) == 12
    assert quien.telefono.startswith("+569")


@AMBOS
def test_amounts_add_up(quien: Contribuyente) -> None:
    """The total is exento, neto, 19 % and the further taxes; a retention lowers it."""
    for documento in (d for mes in meses_demo(quien, HOY) for d in mes.documentos):
        otros = sum(
            o.valor * (-1 if o.codigo == IVA_RETENIDO_TOTAL else 1) for o in documento.otros_impuestos
        )
        iva = documento.monto_iva + documento.iva_no_recuperable
        partes = (documento.monto_exento, documento.monto_neto, iva)
        assert documento.monto_total == sum(partes) + otros > 0
        assert min(partes) >= 0
        assert iva == (documento.monto_neto * 19 + 50) // 100
        assert documento.iva_no_recuperable in (0, iva)
        assert documento.iva_uso_comun in (0, iva)


@AMBOS
def test_rows_add_up(quien: Contribuyente) -> None:
    """Rows of boletas have amounts and a total that is their sum."""
    for libro, estado, fila in (f for mes in meses_demo(quien, HOY) for f in mes.filas):
        montos = fila.montos
        assert (libro, estado, fila.tipo.solo_resumen) == (Libro.VENTAS, None, True)
        assert montos.monto_total == montos.monto_exento + montos.monto_neto + montos.monto_iva > 0


def test_every_code_appears() -> None:
    """Any two years show every type of the domain, and one document of a type that nobody knows."""
    for hoy in (HOY, date(2027, 5, 31), date(2028, 2, 29)):
        meses = [mes for quien in DEMO for mes in meses_demo(quien, hoy)]
        assert tipos(meses) >= CODIGOS
        desconocidos = [d for m in meses for d in m.documentos if not tipo_documento(d.tipo).conocido]
        assert len(desconocidos) == 1


def test_further_taxes_appear() -> None:
    """Fuel, drinks, retained IVA, IVA that gives no credit and IVA of shared use are all in the books."""
    meses = [mes for quien in DEMO for mes in meses_demo(quien, HOY)]
    compras = documentos(meses, Libro.COMPRAS)
    assert {o.codigo for d in compras for o in d.otros_impuestos} == {15, 26, 27, 28, 35}
    assert any(d.iva_no_recuperable for d in compras)
    assert any(d.iva_uso_comun for d in compras)
    assert any(d.monto_exento and d.monto_neto for d in compras)


@AMBOS
def test_nothing_after_today(quien: Contribuyente) -> None:
    """On any day of a month nothing comes from the future, and a purchase's answer is past, too."""
    for dia in range(30):
        hoy = HOY + timedelta(dia)
        for documento in mes_demo(quien, Periodo.of(hoy), hoy).documentos:
            momentos = (documento.fecha_recepcion, documento.fecha_acuse, documento.fecha_reclamo)
            assert documento.fecha <= hoy
            assert all(momento.date() <= hoy for momento in momentos if momento)


@AMBOS
def test_received_in_its_month_and_after_its_issue(quien: Contribuyente) -> None:
    """A document belongs to the month in which the SII received it, minutes or days after its issue."""
    for documento in (d for mes in meses_demo(quien, HOY) for d in mes.documentos):
        recepcion = documento.fecha_recepcion
        assert recepcion
        assert recepcion.utcoffset()
        assert Periodo.of(recepcion.date()) == documento.periodo
        assert 0 <= (recepcion.date() - documento.fecha).days <= (0 if documento.libro is Libro.VENTAS else 5)


@AMBOS
def test_notes_correct_an_earlier_document_once(quien: Contribuyente) -> None:
    """A note names a document of the same counterparty, is later, and a credit takes no more than it has."""
    meses = list(meses_demo(quien, HOY, 25))
    for libro in Libro:
        todos = documentos(meses, libro)
        por_clave = {clave(d): d for d in todos}
        notas = [d for d in todos if d.tipo in NOTAS and d.periodo > meses[0].periodo]
        corregidos = []
        for nota in notas:
            campos = nota.otros_campos
            tipo, folio = int(campos["detTipoDocRef"]), int(campos["detFolioDocRef"])
            corregido = por_clave[tipo, nota.contraparte_rut, folio]
            assert corregido.contraparte == nota.contraparte
            assert corregido.fecha <= nota.fecha
            assert nota.monto_total <= corregido.monto_total * (0.09 if nota.tipo in DEBITOS else 1)
            corregidos.append(corregido)
        assert len({clave(d) for d in corregidos}) == len(notas) > 24
        creditos = [(n, d) for n, d in zip(notas, corregidos, strict=True) if n.tipo not in DEBITOS]
        assert {n.monto_total == d.monto_total for n, d in creditos} == {True, False}


@AMBOS
def test_closed_months_do_not_change(quien: Contribuyente) -> None:
    """A closed month is the same on any later day, but for the state of its newest purchases."""
    periodo = Periodo(2026, 10)
    noviembre, diciembre = (mes_demo(quien, periodo, hoy) for hoy in (date(2026, 11, 1), date(2026, 12, 24)))
    assert documentos([noviembre], Libro.VENTAS) == documentos([diciembre], Libro.VENTAS)
    assert noviembre.filas == diciembre.filas
    assert [clave(d) for d in noviembre.documentos] == [clave(d) for d in diciembre.documentos]


@AMBOS
def test_open_month_only_grows(quien: Contribuyente) -> None:
    """What was in the open month yesterday is in it today."""
    antes: set[tuple[int, Rut, int]] = set()
    cantidad = 0
    for dia in range(1, 31):
        mes = mes_demo(quien, Periodo(2026, 11), date(2026, 11, dia))
        ahora = {clave(d) for d in mes.documentos}
        assert antes <= ahora
        assert cantidad <= (cantidad := sum(fila.montos.cantidad for _, _, fila in mes.filas))
        antes = ahora


@AMBOS
def test_states_of_purchases(quien: Contribuyente) -> None:
    """Purchases received less than eight days ago are pending; of the older, a few are out or claimed."""
    compras = documentos(list(meses_demo(quien, HOY)), Libro.COMPRAS)
    for compra in compras:
        assert compra.fecha_recepcion
        reciente = (HOY - compra.fecha_recepcion.date()).days < 8 and compra.tipo not in ANOTADOS_A_MANO
        assert (compra.estado is EstadoCompra.PENDIENTE) is reciente
        assert (compra.fecha_reclamo is not None) is (compra.estado is EstadoCompra.RECLAMADO)
    veces = Counter(compra.estado for compra in compras)
    assert set(veces) == set(EstadoCompra)
    assert veces[EstadoCompra.NO_INCLUIR] + veces[EstadoCompra.RECLAMADO] < len(compras) / 10
    assert all(d.estado is None for d in documentos(list(meses_demo(quien, HOY)), Libro.VENTAS))


@pytest.mark.parametrize(
    ("quien", "ventas", "compras"),
    [(FERRETERIA, (30, 80), (30, 60)), (ESTUDIO, (15, 40), (15, 35))],
    ids=["ferreteria", "estudio"],
)
def test_size_of_a_month(quien: Contribuyente, ventas: tuple[int, int], compras: tuple[int, int]) -> None:
    """Closed months are as long as a small company's."""
    for mes in list(meses_demo(quien, HOY))[:-1]:
        assert ventas[0] <= len(documentos([mes], Libro.VENTAS)) <= ventas[1]
        assert compras[0] <= len(documentos([mes], Libro.COMPRAS)) <= compras[1]


def test_shop_sells_mostly_by_boletas() -> None:
    """Boletas and card receipts are more than the invoices, every month; its suppliers are 25."""
    for mes in meses_demo(FERRETERIA, HOY):
        por_boleta = sum(fila.montos.monto_total for _, _, fila in mes.filas)
        assert por_boleta > sum(d.monto_total for d in documentos([mes], Libro.VENTAS))
    assert len({proveedor.rut for proveedor in FERRETERIA.perfil.proveedores}) == 25


@AMBOS
def test_seasons_and_growth(quien: Contribuyente) -> None:
    """A year sells more than the one before, and February is the slowest month of the boletas."""
    meses = list(meses_demo(quien, HOY))
    mitades = [documentos(meses[:11], Libro.VENTAS), documentos(meses[12:23], Libro.VENTAS)]
    assert sum(d.monto_total for d in mitades[0]) < sum(d.monto_total for d in mitades[1])
    boletas = {m.periodo: sum(f.montos.monto_total for *_, f in m.filas) for m in meses[1:13]}
    assert quien is ESTUDIO or min(boletas, key=lambda p: boletas[p]).month == 2
