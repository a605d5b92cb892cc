"""Whatever the bytes: no surprise, no misread number, and what is exported is read back."""

import codecs
import io
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.documentos import Documento, EstadoCompra, Libro, OtroImpuesto, Rechazo
from bot.core.errors import BotError
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.sii.rcv_csv import check_file_name, read_rcv
from bot.sii.rcv_lines import open_lines, split_fields
from sandbox.rcv_export import export_rcv, headers_of

DATA = Path(__file__).parent / "data"
DUENO = Rut(76192083)
PERIODO = Periodo(2025, 12)
ZONE = ZoneInfo("America/Santiago")
ESTADOS = [None, *EstadoCompra]
SAMPLES = sorted(DATA.glob("*.csv"))


def read(raw: bytes, libro: Libro, estado: EstadoCompra | None = None) -> list[Documento | Rechazo]:
    """Everything that a file gives."""
    return list(read_rcv(io.BytesIO(raw), libro, PERIODO, estado, DUENO))


def book(estado: EstadoCompra | None) -> Libro:
    """Only purchases have a state."""
    return Libro.COMPRAS if estado else Libro.VENTAS


MARKS = st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])


@given(
    raw=st.builds(bytes.__add__, MARKS, st.binary(max_size=300)),
    libro=st.sampled_from(Libro),
    estado=st.sampled_from(ESTADOS),
)
def test_any_bytes(raw: bytes, libro: Libro, estado: EstadoCompra | None) -> None:
    """No bytes raise anything but what a person can be told."""
    with suppress(BotError):
        read(raw, libro, estado)


@given(estado=st.sampled_from(ESTADOS), rows=st.binary(max_size=600))
def test_any_bytes_under_good_headers(estado: EstadoCompra | None, rows: bytes) -> None:
    """Below good headers every line is a document, a rejection or blank; only a NUL refuses the file."""
    raw = ";".join(headers_of(book(estado), estado)).encode() + b"\n" + rows
    with suppress(BotError):
        filas = read(raw, book(estado), estado)
        lineas = {fila.linea for fila in filas if isinstance(fila, Rechazo)}
        assert lineas <= set(range(2, len(raw.splitlines()) + 1))


@given(data=st.data(), path=st.sampled_from(SAMPLES))
def test_damaged_samples(data: st.DataObject, path: Path) -> None:
    """A file with some bytes replaced gives what it can, or says why not."""
    raw = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[place] = data.draw(st.sampled_from(b';"\r\n\0-9\xff\xe1 '))
    with suppress(BotError):
        read(bytes(raw), Libro.VENTAS if "venta" in path.name else Libro.COMPRAS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_cut_at_every_byte(path: Path, end: bytes) -> None:
    """A file cut anywhere gives documents of the whole file, at most without their last taxes: a number
    that lost digits is never taken for one."""
    raw = path.read_bytes().replace(b"\n", end)
    libro = Libro.VENTAS if "venta" in path.name else Libro.COMPRAS
    whole = {fila.folio: fila for fila in read(raw, libro) if isinstance(fila, Documento)}
    start = len(raw.splitlines(keepends=True)[0])
    for cut in range(len(raw)):
        if cut < start - len(end):
            with suppress(BotError):
                assert read(raw[:cut], libro) == []
            continue
        for fila in read(raw[:cut], libro):
            if isinstance(fila, Documento):
                complete = whole[fila.folio]
                taxes = complete.otros_impuestos[: max(1, len(fila.otros_impuestos))]
                assert fila == replace(complete, otros_impuestos=taxes)


@given(raw=st.binary(max_size=200), sizes=st.lists(st.integers(1, 20), max_size=20))
def test_lines_do_not_depend_on_blocks(raw: bytes, sizes: list[int]) -> None:
    """However the bytes arrive, the lines are the same."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(sizes.pop() if sizes else size)

    with suppress(BotError):
        assert [*open_lines(io.BytesIO(raw))] == [*open_lines(Slow(raw))]


@given(text=st.text(alphabet='";a ', max_size=40))
def test_fields_lose_nothing(text: str) -> None:
    """Splitting keeps every letter, and quotes only ever join fields."""
    fields = split_fields(text, 0)
    assert "".join(fields).count("a") == text.count("a")
    assert 1 <= len(fields) <= text.count(";") + 1
    assert len(split_fields(text, text.count(";") + 1)) == text.count(";") + 1


@given(nombre=st.text(max_size=60))
def test_any_file_name(nombre: str) -> None:
    """No name raises anything but what a person can be told."""
    with suppress(BotError):
        check_file_name(nombre, DUENO, Libro.VENTAS, PERIODO, None)


NAMES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)
    .map(str.strip)
    .filter(lambda name: name not in ("null", "-"))
)
# Not the hours that the change of time skips or repeats.
MOMENTS = st.datetimes(datetime(2017, 5, 1), datetime(2030, 1, 1)).map(
    lambda naive: naive.replace(microsecond=0, hour=naive.hour // 2 + 6, tzinfo=ZONE)
)
AMOUNTS = st.integers(-(10**13), 10**13)
TAXES = st.builds(
    OtroImpuesto,
    st.integers(1, 999),
    AMOUNTS,
    st.none() | st.decimals(0, 100, places=3).map(lambda rate: f"{rate:f}"),
)


@cache
def documentos(estado: EstadoCompra | None) -> st.SearchStrategy[list[Documento]]:
    """Documents that such an export can hold, none repeated."""
    nothing: st.SearchStrategy[Any] = st.none()
    zero: st.SearchStrategy[Any] = st.just(0)
    acuse = estado in (None, EstadoCompra.REGISTRO, EstadoCompra.NO_INCLUIR)
    one = st.builds(
        Documento,
        libro=st.just(book(estado)),
        periodo=st.just(PERIODO),
        tipo=st.sampled_from([33, 34, 46, 56, 61, 777]),
        folio=st.integers(1, 2**63 - 1),
        fecha=st.dates(date(1990, 1, 1), date(2025, 12, 31)),
        contraparte_rut=st.integers(1, 99_999_999).filter(lambda body: body != DUENO.number).map(Rut),
        contraparte=NAMES,
        monto_exento=AMOUNTS,
        monto_neto=AMOUNTS,
        monto_iva=AMOUNTS,
        monto_total=AMOUNTS,
        estado=st.just(estado),
        fecha_recepcion=nothing | MOMENTS,
        fecha_acuse=nothing | MOMENTS if acuse else nothing,
        fecha_reclamo=nothing | MOMENTS if estado in (None, EstadoCompra.RECLAMADO) else nothing,
        iva_no_recuperable=AMOUNTS if estado else zero,
        iva_uso_comun=AMOUNTS if estado else zero,
        otros_impuestos=st.lists(TAXES, max_size=4).map(tuple),
        otros_campos=st.dictionaries(
            st.sampled_from(
                ["Codigo IVA No Rec.", "Tipo Compra"] if estado else ["Numero Interno", "IVA propio"]
            ),
            NAMES.filter(lambda value: value not in ("", "0")),
        ),
    )
    return st.lists(one, max_size=5, unique_by=lambda documento: (documento.tipo, documento.folio))


@given(
    data=st.data(),
    estado=st.sampled_from(ESTADOS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_round_trip(data: st.DataObject, estado: EstadoCompra | None, encoding: str) -> None:
    """What is exported is read back the same, whatever the names hold."""
    wanted = data.draw(documentos(estado))
    raw = "".join(export_rcv(wanted, book(estado), estado)).encode(encoding)
    assert read(raw, book(estado), estado) == wanted
