"""Which contract an annex belongs to."""

from bot.core.contratos.anexos import find_dueno, read_anexo
from tests.core.contratos.lectura import contrato, hechos

PARTES = "entre Bodegas Sur SpA, RUT 76.192.083-9, y Taller Maipo SpA, RUT 77.456.120-K, "
ANEXO = f"""MODIFICACIÓN DE CONTRATO DE ARRENDAMIENTO

En Santiago, a 10 de marzo de 2026, {PARTES}se modifica el contrato de arriendo de 3 de mayo de 2024.

PRIMERO: Renta. Se reemplaza la cláusula TERCERO: la renta será de $700.000.
"""
CUERPO = """CONTRATO DE ARRENDAMIENTO

En Santiago, a {dia}, {partes}se acuerda:

PRIMERO: Plazo. Rige por un año.
"""


def test_the_date_that_it_names_decides() -> None:
    """Two leases with one party are told apart; a document of neither date belongs to none."""
    annex = read_anexo(contrato(ANEXO))
    assert annex is not None
    old = hechos(CUERPO.format(dia="2 de enero de 2020", partes=PARTES), firma="2 de enero de 2020")
    meant = hechos(CUERPO.format(dia="3 de mayo de 2024", partes=PARTES), firma="3 de mayo de 2024")
    assert find_dueno(annex, [old, meant]) == 1
    assert find_dueno(annex, [old]) is None


def test_an_annex_by_what_it_does() -> None:
    """A document that replaces a clause and keeps the rest is an annex, whatever it is called."""
    texto = ANEXO.replace("MODIFICACIÓN DE CONTRATO DE ARRENDAMIENTO", "ACUERDO CON LOS DUEÑOS")
    keeps = read_anexo(contrato(texto + "\nSEGUNDO: Todo lo demás sigue como está en el contrato.\n"))
    assert keeps is not None and keeps.clase == "modificacion"
    assert read_anexo(contrato(texto)) is None
