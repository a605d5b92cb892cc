"""Whole contracts, and texts made to be slow."""

import subprocess
import sys
from datetime import date

import pytest

from bot.core.contratos.hechos import extraer
from bot.core.contratos.vigencia import vigencia
from tests.core.contratos.lectura import de_archivo

HOY = date(2026, 11, 23)
# name | kind | clauses | signed | state until | amounts | city or arbitrator
CONTRATOS = """
arriendo_oficina | arriendo | 9 | 2024-03-15 | vigente 2027-03-31 | renta UF 25,5; garantia $1.000.000 | Santiago
trabajo_plazo | trabajo | 7 | 2025-01-02 | vencido 2025-07-01 | sueldo $650.000; colacion $40.000; movilizacion $35.000 | Concepción
servicios_software | software | 5 | 2023-06-10 | vigente 2027-06-09 | precio USD 350 | CAM Santiago
almacen_simple | arriendo | 0 | 2024-05-28 | vigente 2026-11-30 | renta $300.000; garantia $300.000 | San Bernardo
mutuo_ocr | mutuo | 6 | 2022-08-05 | vencido 2024-08-05 | capital $12.000.000; cuota $550.000 | Temuco
nda | confidencialidad | 5 | 2023-11-20 | vencido 2026-11-19 | | Puerto Montt
transporte_notaria | transporte | 6 | 2025-02-28 | vencido 2025-04-30 | precio $280.000 | Rancagua
anexo_prorroga | arriendo | 4 | 2026-01-10 | vigente 2028-03-31 | renta UF 28 |
"""  # noqa: E501


@pytest.mark.parametrize("caso", CONTRATOS.strip().splitlines())
def test_whole_contracts(caso):
    """A whole contract gives its kind, clauses, day of signature, end, amounts and courts."""
    nombre, *esperado = (part.strip() for part in caso.split("|"))
    leido = de_archivo(nombre)
    hechos = extraer(leido)
    leida = vigencia(hechos, [], HOY)
    city = hechos.arbitraje if nombre == "servicios_software" else hechos.jurisdiccion

    assert [
        hechos.tipo.valor if hechos.tipo else "",
        str(sum(not clausula.nivel for clausula in leido.cuerpo.clausulas)),
        str(hechos.firma.valor if hechos.firma else ""),
        f"{leida.estado} {leida.hasta}",
        "; ".join(f"{pago.valor.concepto} {pago.valor.monto}" for pago in hechos.pagos),
        city.valor if city else "",
    ] == esperado
    assert len(hechos.partes) == 2
    assert all(parte.valor.rut for parte in hechos.partes)
    assert not hechos.contradicciones


HOSTILES = [
    "a", "1", " ", "\n", "(", "a) ", "a) x\n", "mil ", "treinta y ", "1.", "$1.000 ", "multa de $1 por dia ",
    "_", "PRIMERO: x\n", "ANEXO 1\n", "1.1 X\n", "12.345.678-5 ", "en adelante el arrendador ", "si pasara ",
    "Ab ", "U.F. ", "representada por ", "domicilio en ", "1 de marzo de 2024 ",
]  # fmt: skip
_LEE = """
import sys
from bot.core.contratos.anexos import read_anexo
from bot.core.contratos.clausulas import read_contrato
from bot.core.contratos.hechos import extraer
from bot.core.contratos.trozos import split_trozos
piece = sys.stdin.read()
leido = read_contrato("x", [(1, piece * (50_000 // len(piece)))])
split_trozos(leido), extraer(leido), read_anexo(leido)
"""


@pytest.mark.parametrize("grupo", range(4))
def test_no_text_is_slow(grupo):
    """Texts of one piece repeated thousands of times are read; a pattern gone wild would take hours."""
    for pieza in HOSTILES[grupo::4]:
        subprocess.run([sys.executable, "-c", _LEE], input=pieza, text=True, check=True, timeout=120)
