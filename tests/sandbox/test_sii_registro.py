"""Books can be loaded and changed, and synthetic taxpayers live from day to day."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from bot.core.documentos import Documento, EstadoCompra, Libro, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import Rut, check_digit
from sandbox.demo_datos import DEMO, mes_demo
from sandbox.sii import RegistroSimulado
from tests.sandbox.sii_stage import EMPRESA, HOY, MES, PENDIENTE, REGISTRO, compra, venta

VENTAS = (Libro.VENTAS, MES, None)


def registro() -> RegistroSimulado:
    """One of 20 November 2026."""
    return RegistroSimulado(lambda: HOY)


def everything(held: RegistroSimulado, rut: Rut) -> dict[tuple[object, ...], Documento]:
    """All documents of a taxpayer by what identifies them."""
    return {
        (one.libro, one.tipo, one.contraparte_rut, one.folio): one
        for found in held.verdad(rut).values()
        for one in found.documentos
    }


def test_put_change_move_remove() -> None:
    """A document is known by its book, type, counterparty and folio, in whatever state."""
    held = registro()
    held.put(EMPRESA, [venta(1), compra(1), compra(2)])
    held.change(EMPRESA, replace(venta(1), monto_total=5))
    assert held.read(EMPRESA, VENTAS).documentos == (replace(venta(1), monto_total=5),)
    moved = held.move(EMPRESA, compra(1), REGISTRO)
    held.remove(EMPRESA, compra(2))
    assert held.read(EMPRESA, (Libro.COMPRAS, MES, PENDIENTE)).documentos == ()
    in_register = held.read(EMPRESA, (Libro.COMPRAS, MES, REGISTRO))
    assert in_register.documentos == (moved,)
    assert in_register.filas == (FilaResumen(tipo_documento(33), Montos(1, 0, 2_000, 380, 2_380)),)


def test_rows_without_detail() -> None:
    """Totals of boletas stand beside the documents', and a new one takes the place of the old."""
    held = registro()
    for cantidad in (4, 5):
        boletas = FilaResumen(tipo_documento(39), Montos(cantidad, 0, 100, 19, 119))
        held.put(EMPRESA, [venta(1)], [(MES, Libro.VENTAS, None, boletas)])
    found = held.read(EMPRESA, VENTAS)
    assert [(one.tipo.codigo, one.montos.cantidad) for one in found.filas] == [(33, 1), (39, 5)]
    assert len(found.documentos) == 1


def test_what_a_client_can_find() -> None:
    """Paper has no detail that is asked for, boletas have none at all."""
    held = registro()
    boletas = FilaResumen(tipo_documento(39), Montos(4, 0, 100, 19, 119))
    held.put(EMPRESA, [venta(1), venta(2, 30)], [(MES, Libro.VENTAS, None, boletas)])
    found = held.read(EMPRESA, VENTAS)
    assert [found.ingreso(fila.tipo.codigo) for fila in found.filas] == ["DET_PAP", "DET_ELE", "RESUMEN"]
    assert found.electronicos == (venta(1),)


def test_the_truth_names_every_part() -> None:
    """Also months and states in which there is nothing, so that what should not be there shows."""
    held = registro()
    held.put(EMPRESA, [venta(1)])
    assert {len(held.verdad(EMPRESA)), len(held.verdad(EMPRESA, [MES, MES.plus(1)]))} == {5, 10}
    assert len(held.verdad(DEMO[0].rut)) == 24 * 5
    assert held.verdad(Rut(5)) == {}


def test_the_demo_taxpayers() -> None:
    """They are served as the demo loads them, and can be changed like others."""
    held = registro()
    month = mes_demo(DEMO[0], MES, HOY)
    sales = [one for one in month.documentos if one.libro is Libro.VENTAS]
    found = held.read(DEMO[0].rut, VENTAS)
    assert sorted(found.documentos, key=repr) == sorted(sales, key=repr)
    assert sum(fila.montos.cantidad for fila in found.filas) > len(sales)
    held.remove(DEMO[0].rut, sales[0])
    assert len(held.read(DEMO[0].rut, VENTAS).documentos) == len(sales) - 1


def test_synthetic_taxpayers_are_deterministic() -> None:
    """Number and seed say everything: valid RUTs, no two alike, the same books each time."""
    one, again, other = registro(), registro(), RegistroSimulado(lambda: HOY, semilla=1)
    who = one.sinteticos(3_000)
    assert all(str(each.rut) == f"{each.rut.number}-{check_digit(each.rut.number)}" for each in who)
    assert all(Rut.parse(each.rut.pretty) == each.rut for each in who[:50])
    assert len({each.rut for each in who} | {each.rut for each in DEMO}) == 3_002
    assert len({each.clave for each in who}) == 3_000
    rut = who[7].rut
    assert one.clave(rut) == who[7].clave != other.clave(rut)
    assert one.verdad(rut) == again.verdad(rut) != other.verdad(rut)
    assert one.sinteticos(1, desde=7) == [who[7]]


def test_synthetic_books_are_consistent() -> None:
    """No document twice, nothing of the future, totals that add up, a handful a month."""
    held = registro()
    sizes = Counter[int]()
    for one in held.sinteticos(200):
        documents = [each for found in held.verdad(one.rut).values() for each in found.documentos]
        assert len(everything(held, one.rut)) == len(documents)
        for each in documents:
            assert Periodo.of(each.fecha) == each.periodo
            assert each.fecha <= HOY
            assert each.monto_total == each.monto_exento + each.monto_neto + each.monto_iva
        sizes[len(documents)] += 1
    assert max(sizes) <= 20
    assert sum(size * count for size, count in sizes.items()) > 200 * 5


def test_days_pass() -> None:
    """Documents come and go, purchases are accepted or not, acknowledgements change, nobody waits long."""
    held, seen = registro(), Counter[str]()
    who = [one.rut for one in held.sinteticos(150)]
    before = {rut: everything(held, rut) for rut in who}
    for day in range(1, 10):
        assert held.avanzar() == HOY + timedelta(day)
        for rut in who:
            now, old = everything(held, rut), before[rut]
            seen["nuevo"] += len(now.keys() - old.keys())
            seen["retirado"] += len(old.keys() - now.keys())
            for key in now.keys() & old.keys():
                moved = (old[key].estado, now[key].estado)
                seen[f"{moved[0]}>{moved[1]}"] += moved[0] != moved[1]
                acuses = (old[key].fecha_acuse, now[key].fecha_acuse)
                seen["acuse"] += moved[0] == moved[1] and acuses[0] != acuses[1]
            before[rut] = now
    wanted = {
        "nuevo",
        "retirado",
        "acuse",
        "PENDIENTE>REGISTRO",
        "PENDIENTE>RECLAMADO",
        "REGISTRO>NO_INCLUIR",
    }
    assert {kind for kind in wanted if not seen[kind]} == set()
    assert {kind for kind in seen if seen[kind] and kind.startswith(("RECLAMADO", "NO_INCLUIR"))} == set()
    assert not seen["REGISTRO>PENDIENTE"]
    waiting = [one for rut in who for one in before[rut].values() if one.estado is EstadoCompra.PENDIENTE]
    assert waiting
    assert all((held.hoy - one.fecha).days < 8 for one in waiting)


def test_a_day_depends_on_nothing_but_the_day() -> None:
    """Ten days at once or one by one, or starting there: the books are the same."""
    at_once, by_day, there = registro(), registro(), RegistroSimulado(lambda: date(2026, 11, 30))
    rut = at_once.sinteticos(30)[29].rut
    at_once.avanzar(10)
    for _ in range(10):
        by_day.avanzar()
    assert at_once.verdad(rut) == by_day.verdad(rut) == there.verdad(rut)
