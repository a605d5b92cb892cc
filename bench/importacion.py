"""Importing a big CSV of the register with the command line, beside cl-sii only parsing it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.medidas import Medida, note
from bot.core.documentos import Documento, EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.core.rut import Rut
from bot.settings import ROOT
from sandbox.demo_datos import DEMO, mes_demo
from sandbox.rcv_export import export_rcv

SEPT = Periodo(2026, 9)
SIZES = (10_000, 100_000)
DUENO = "76192083-9"
PARSE = """
import sys
from datetime import datetime
from cl_sii.rcv import parse_csv
from cl_sii.rut import Rut
rows = parse_csv.parse_rcv_compra_registro_csv_file(Rut('76192083-9'), sys.argv[1])
print(sum(1 for row, *_ in rows if row))
"""


def documentos(count: int) -> Iterator[Documento]:
    """As many purchases as asked, made from a month of the demo."""
    mes = mes_demo(DEMO[0], SEPT, SEPT.plus(2).first_day - timedelta(1))
    models = [
        documento
        for documento in mes.documentos
        if documento.estado is EstadoCompra.REGISTRO and not documento.otros_impuestos
    ]
    for number in range(count):
        model = models[number % len(models)]
        yield replace(
            model,
            folio=number + 1,
            contraparte_rut=Rut(60_000_000 + number % 5_000),
            otros_campos={"Tipo Compra": "Del Giro"},
        )


def run(command: list[str], **environment: str) -> tuple[float, float]:
    """Seconds, and the peak memory of the largest process in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        assert process.stderr
        raise RuntimeError(process.stderr.read().decode())
    return time.perf_counter() - began, used.ru_maxrss / 1024


def main() -> None:
    tributa = [sys.executable, "-m", "bot.cli"]
    print("\nImportar un CSV de compras (proceso entero, con su base de datos)")
    print(
        f"{'filas':>9}{'tributa s':>12}{'otra vez s':>12}{'MB':>7}{'cl-sii lee s':>14}{'MB':>7}{'razón':>8}"
    )
    with tempfile.TemporaryDirectory() as name:
        data = {"TRIBUTA_DATA": f"{name}/data"}
        add = [*tributa, "add-contributor", DUENO, "Banco de pruebas", "--password", "x" * 12]
        run(add, **data)
        for size in SIZES:
            file = Path(name) / f"compras_{size}.csv"
            with file.open("w") as out:
                out.writelines(export_rcv(documentos(size), Libro.COMPRAS, EstadoCompra.REGISTRO))
            where = ["--rut", DUENO, "--tipo", "compras", "--periodo", str(SEPT)]
            load = [*tributa, "import-rcv", str(file), *where]
            first, memory = run(load, **data)
            again, _ = run(load, **data)
            peer, peer_memory = run([sys.executable, "-c", PARSE, str(file)])
            ours = f"{size:9}{first:12.1f}{again:12.1f}{memory:7.0f}"
            print(f"{ours}{peer:14.1f}{peer_memory:7.0f}{first / peer:8.2f}")
            note(Medida(f"importar {size:,} filas".replace(",", "."), first, "s", "cl-sii, solo leer", peer))
            note(Medida(f"memoria al importar {size:,} filas".replace(",", "."), memory, "MB"))
