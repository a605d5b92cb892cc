"""The service answers as the real one does, and what it serves is the truth."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.documentos import EstadoCompra, Libro, OtroImpuesto, tipo_documento
from bot.core.periodo import Periodo
from bot.core.resumen import FilaResumen, Montos
from bot.core.rut import Rut
from sandbox.demo_datos import DEMO
from tests.sandbox.sii_stage import EMPRESA, MES, PENDIENTE, REGISTRO, Stage, compra, staged, venta

SAMPLES = Path(__file__).parents[1] / "sii" / "data" / "json"
BOLETAS = FilaResumen(tipo_documento(39), Montos(40, 0, 100_000, 19_000, 119_000))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A taxpayer with a few documents."""
    async with staged() as stage:
        stage.sii.registro.put(
            EMPRESA,
            [venta(1), venta(2), venta(3, 61, otros_campos={"detTipoDocRef": "33", "detFolioDocRef": "1"}),
             compra(7), compra(8, estado=REGISTRO, iva_uso_comun=380), compra(9, 914, REGISTRO)],
            [(MES, Libro.VENTAS, None, BOLETAS)],
        )  # fmt: skip
        yield stage


def sample(name: str) -> Any:
    """One of the register's own answers."""
    return json.loads((SAMPLES / f"rcv-{name}.json").read_text(encoding="utf-8"))


def shape(found: Any) -> Any:
    """Keys in their order; lists by the shape of their first row."""
    if isinstance(found, dict):
        return [(key, shape(one)) for key, one in found.items()]
    return [shape(found[0])] if isinstance(found, list) and found else None


def kinds(rows: list[dict[str, Any]]) -> dict[str, set[type]]:
    """Which types each key takes, null apart."""
    return {key: {type(row[key]) for row in rows if row[key] is not None} for key in rows[0]}


@pytest.mark.parametrize("libro", list(Libro))
@pytest.mark.parametrize("call", ["resumen", "detalle"])
async def test_the_shapes_are_the_samples(stage: Stage, libro: Libro, call: str) -> None:
    """Every key of the real answers, in their order, with their types."""
    estado = REGISTRO if libro is Libro.COMPRAS else None
    if call == "resumen":
        got = await stage.resumen(libro, estado)
    else:
        got = await stage.detalle(libro, 33, estado)
    real = sample(f"{call}-{libro.removesuffix('s')}")
    assert shape(got.body) == shape(real)
    theirs, ours = kinds(real["data"]), kinds(got.rows)
    assert {key: one for key, one in ours.items() if theirs[key] and not one <= theirs[key]} == {}
    own = {"detFecAcuse", "detFecReclamado", "detTipoDoc"}
    filled = {key for key, one in ours.items() if one and not theirs[key]}
    assert filled <= own


async def test_the_empty_ones(stage: Stage) -> None:
    """Nothing there is code 3 and null data; a month before the register is refused in its own words."""
    for empty in (
        await stage.resumen(Libro.COMPRAS, EstadoCompra.RECLAMADO),
        await stage.detalle(Libro.VENTAS, 39),
    ):
        assert (empty.status, empty.code, empty.body["data"]) == (200, 3, None)
    old = Periodo(2017, 4)
    assert shape((await stage.ventas(periodo=old)).body) == shape(sample("resumen-vacio"))
    refused = (await stage.detalle(Libro.COMPRAS, 33, REGISTRO, old)).body
    real = sample("detalle-vacio")
    assert shape(refused) == shape(real)
    assert refused["respEstado"] == real["respEstado"]
    assert (await stage.ventas(periodo=MES.plus(1))).code == 99


async def test_values(stage: Stage) -> None:
    """Dates, references, types and parties stand where the register has them."""
    (row,) = (await stage.detalle(Libro.COMPRAS, 33, PENDIENTE)).rows
    assert (row["detTipoDoc"], row["detRutDoc"], row["detDvDoc"]) == (None, 78_333_444, Rut(78_333_444).dv)
    assert (row["detFchDoc"], row["detFecRecepcion"]) == ("05/11/2026", "06/11/2026 09:08:07")
    (nota,) = (await stage.detalle(Libro.VENTAS, 61)).rows
    assert (nota["detTipoDoc"], nota["detTipoDocRef"], nota["detFolioDocRef"]) == (61, 33, 1)
    (comun,) = (await stage.detalle(Libro.COMPRAS, 33, REGISTRO)).rows
    assert (comun["detNroDoc"], comun["detIVAUsoComun"]) == (8, 380)
    plain = (await stage.detalle(Libro.VENTAS, 33)).rows[0]
    assert (plain["detTipoDocRef"], plain["detFolioDocRef"]) == (0, None)


async def test_further_taxes(stage: Stage) -> None:
    """The JSON has their sum; what was withheld has a field of its own."""
    impuestos = (OtroImpuesto(28, 70), OtroImpuesto(15, 30, "19"))
    stage.sii.registro.put(EMPRESA, [compra(20, 46, REGISTRO, otros_impuestos=impuestos)])
    (row,) = (await stage.detalle(Libro.COMPRAS, 46, REGISTRO)).rows
    assert (row["totalDtoiMontoImp"], row["detIVARetTotal"], row["detTasaImp"]) == (70, 30, "19")


async def test_which_types_have_detail(stage: Stage) -> None:
    """Boletas are a row and nothing more; paper has its own kind; the rest is DET_ELE."""
    rows = [*(await stage.ventas()).rows, *(await stage.resumen(Libro.COMPRAS, REGISTRO)).rows]
    keys = ("rsmnTipoDocInteger", "dcvTipoIngresoDoc", "rsmnLink", "rsmnTotDoc")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        (33, "DET_ELE", True, 2),
        (39, "RESUMEN", False, 40),
        (61, "DET_ELE", True, 1),
        (33, "DET_ELE", True, 1),
        (914, "DET_PAP", True, 1),
    ]


async def test_all_types_at_once(stage: Stage) -> None:
    """`dte=0` is only answered in the other shape."""
    refused = await stage.detalle(Libro.VENTAS, 0)
    assert (refused.status, set(refused.body)) == (400, {"code", "message"})
    rows = (await stage.detalle(Libro.VENTAS, 0, tipo="rcv_csv")).rows
    assert [list(row)[:5] for row in rows] == [["dte", "rut", "razon_social", "folio", "fecha"]] * 3


async def test_the_second_version(stage: Stage) -> None:
    """It has another way to show the token, and wraps what the register says."""
    before = await stage.ventas()
    stage.version = 2
    assert (await stage.ventas()).body["data"] == before.body
    wrong = await stage.ventas(token=f"Bearer {stage.sii.token}")
    assert (wrong.status, set(wrong.body)) == (401, {"detail"})


async def served(stage: Stage, rut: Rut, periodo: Periodo, clave: str) -> dict[Any, Any]:
    """All that the calls tell of a month, read as a client would."""
    found: dict[Any, Any] = {}
    for libro, estado in [(Libro.VENTAS, None), *((Libro.COMPRAS, one) for one in EstadoCompra)]:
        who = {"rut": rut, "clave": clave}
        rows = (await stage.resumen(libro, estado, periodo, **who)).rows
        totals = {
            row["rsmnTipoDocInteger"]: (
                row["rsmnTotDoc"], row["rsmnMntExe"], row["rsmnMntNeto"], row["rsmnMntIVA"],
                row["rsmnMntTotal"],
            )
            for row in rows
        }  # fmt: skip
        documents = [
            (
                dte,
                row["detRutDoc"],
                row["detNroDoc"],
                row["detMntTotal"],
                row["detFchDoc"],
                row["detFecAcuse"],
            )
            for dte in (row["rsmnTipoDocInteger"] for row in rows if row["rsmnLink"])
            for row in (await stage.detalle(libro, dte, estado, periodo, **who)).rows
        ]
        found[libro, periodo, estado] = totals, sorted(documents, key=str)
    return found


def true(stage: Stage, rut: Rut, periodo: Periodo) -> dict[Any, Any]:
    """The same, as the register holds it."""
    return {
        parte: (
            {
                fila.tipo.codigo: (
                    fila.montos.cantidad, fila.montos.monto_exento, fila.montos.monto_neto,
                    fila.montos.monto_iva, fila.montos.monto_total,
                )
                for fila in found.filas
            },
            sorted(
                ((one.tipo, one.contraparte_rut.number, one.folio, one.monto_total, f"{one.fecha:%d/%m/%Y}",
                  one.fecha_acuse and f"{one.fecha_acuse:%d/%m/%Y %H:%M:%S}") for one in found.documentos),
                key=str,
            ),
        )
        for parte, found in stage.sii.registro.verdad(rut, [periodo]).items()
    }  # fmt: skip


async def test_what_is_served_is_the_truth(stage: Stage) -> None:
    """Of demo taxpayers, synthetic ones, loaded ones; after a change as well; and both calls agree."""
    for one in DEMO:
        stage.sii.set_clave(one.rut, "x")
    names = {EMPRESA: None, **{one.rut: "x" for one in DEMO}}
    names |= {one.rut: one.clave for one in stage.sii.registro.sinteticos(6)}
    for _ in range(2):
        for rut, clave in names.items():
            for periodo in (MES, MES.plus(-1)):
                got = await served(stage, rut, periodo, clave or "clave-Buena1")
                assert got == true(stage, rut, periodo)
                documents = sum(len(documentos) for _, documentos in got.values())
                assert documents or (rut, periodo) == (EMPRESA, MES.plus(-1))
        stage.sii.registro.avanzar(9)
    assert stage.kinds() == []
