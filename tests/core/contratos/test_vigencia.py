"""Annexes, and whether contracts are in force."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contratos.anexos import Anexo, belongs, read_anexo
from bot.core.contratos.correcciones import completar, corregir, volver
from bot.core.contratos.datos import Dato, Hechos, Renovacion
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.estado import AvisoDado, Estado
from bot.core.contratos.hechos import extraer
from bot.core.contratos.vigencia import vigencia
from tests.core.contratos.lectura import contrato, de_archivo, hechos


def d(texto: str) -> date:
    """A day."""
    return date.fromisoformat(texto)


def dato(valor):
    """A fact that is sure."""
    return Dato(valor, "cita", "1", 1, 0.9)


def anexo(texto: str, titulo: str = "ANEXO DE CONTRATO") -> Anexo:
    """An annex of 10 January 2025 with these clauses."""
    leido = read_anexo(
        contrato(f"{titulo}\n\nEn Santiago, a 10 de enero de 2025, entre las partes se acuerda:\n\n{texto}")
    )
    assert leido is not None
    return leido


ANUAL = Hechos(
    inicio=dato(d("2024-03-01")),
    duracion=dato(Duracion(meses=12)),
    modalidad=dato("fijo"),
    renovacion=dato(Renovacion(automatica=True, aviso=Duracion(dias=60), forma="carta certificada")),
)
SIN_RENOVAR = replace(ANUAL, renovacion=None)

# today | state | until | next renewal | last day of notice
DIAS = """
2024-02-29 | no_iniciado | 2025-02-28 | None | None
2024-03-01 | vigente | 2025-02-28 | 2025-03-01 | 2024-12-30
2025-02-28 | vigente | 2025-02-28 | 2025-03-01 | 2024-12-30
2025-03-01 | vigente | 2026-02-28 | 2026-03-01 | 2025-12-30
2027-06-15 | vigente | 2028-02-29 | 2028-03-01 | 2027-12-31
"""


@pytest.mark.parametrize("caso", DIAS.strip().splitlines())
def test_renewals_up_to_today(caso):
    """A year from 1 March 2024 ends on 28 February 2025 and is renewed as often as needed."""
    hoy, *esperada = (part.strip() for part in caso.split("|"))
    leida = vigencia(ANUAL, [], d(hoy))

    found = [leida.estado, leida.hasta, leida.proxima_renovacion, leida.ultimo_dia_de_aviso]
    assert [str(valor) for valor in found] == esperada
    assert leida.seguro


def test_without_renewal():
    """Without a renewal the contract is over on the day after its last."""
    assert vigencia(SIN_RENOVAR, [], d("2025-02-28")).estado is Estado.VIGENTE
    assert vigencia(SIN_RENOVAR, [], d("2025-03-01")).estado is Estado.VENCIDO


@pytest.mark.parametrize(
    ("aviso", "hoy", "estado", "hasta"),
    [
        ("2024-12-30", "2025-02-01", Estado.VIGENTE, "2025-02-28"),
        ("2024-12-30", "2025-03-01", Estado.TERMINADO, "2025-02-28"),
        ("2024-12-31", "2025-03-01", Estado.VIGENTE, "2026-02-28"),
        ("2025-05-01", "2025-06-01", Estado.VIGENTE, "2026-02-28"),
    ],
)
def test_notices(aviso, hoy, estado, hasta):
    """A notice in time stops the renewal; a late one stops the next."""
    leida = vigencia(ANUAL, [], d(hoy), [AvisoDado(d(aviso))])

    assert (leida.estado, leida.hasta, leida.proxima_renovacion) == (estado, d(hasta), None)


def test_limited_renewals():
    """After the last renewal the contract is over."""
    once = replace(ANUAL, renovacion=dato(Renovacion(automatica=True, periodo=Duracion(meses=6), veces=1)))

    assert vigencia(once, [], d("2025-08-31")).hasta == d("2025-08-31")
    assert vigencia(once, [], d("2025-08-31")).proxima_renovacion is None
    assert vigencia(once, [], d("2025-09-01")).estado is Estado.VENCIDO


@pytest.mark.parametrize(
    ("said", "hasta"),
    [
        ({"termino": d("2027-06-30")}, "2027-06-30"),
        ({"duracion": Duracion(meses=24)}, "2026-02-28"),
        ({"modalidad": "indefinido"}, None),
    ],
)
def test_the_taxpayers_word(said, hasta):
    """It goes before what was read and annexes signed until then; later ones win; it can be taken back."""
    read = replace(SIN_RENOVAR, termino=dato(d("2025-02-28")))
    annex = anexo("SEGUNDO: Se prorroga el plazo hasta el 31 de diciembre de 2026.")
    told = corregir(read, read, said, d("2025-01-10"))

    assert vigencia(told, [annex], d("2025-12-01")).hasta == (d(hasta) if hasta else None)
    assert "como me dijiste el 10-01-2025" in str(vigencia(told, [annex], d("2025-12-01")).por_que)
    earlier = corregir(read, read, said, d("2025-01-09"))
    assert vigencia(earlier, [annex], d("2025-12-01")).hasta == d("2026-12-31")
    assert volver(told, read, said) == read


def test_what_a_statement_leaves_out():
    """A notice is that against the renewal, if there is one; a renewal keeps its period."""
    aviso = {"aviso_termino": Duracion(dias=30)}
    renovacion = replace(ANUAL.renovacion.valor, aviso=Duracion(dias=30))

    assert completar(ANUAL, aviso) == {"renovacion": renovacion}
    assert completar(SIN_RENOVAR, aviso) == aviso
    no = completar(ANUAL, {"renovacion": Renovacion(automatica=False)})
    assert no == {"renovacion": replace(ANUAL.renovacion.valor, automatica=False)}


def test_early_end():
    """An early notice ends the contract after the notice that it asks for."""
    facts = replace(ANUAL, aviso_termino=dato(Duracion(dias=30)))
    avisos = [AvisoDado(d("2024-06-01"), anticipado=True)]

    assert vigencia(facts, [], d("2024-06-15"), avisos).hasta == d("2024-07-01")
    assert vigencia(facts, [], d("2024-07-02"), avisos).estado is Estado.TERMINADO


def test_open_ended_and_unknown():
    """Indefinite contracts have no end; of works nobody knows; nothing known is said to be so."""
    assert vigencia(Hechos(modalidad=dato("indefinido")), [], d("2025-01-01")).estado is Estado.INDEFINIDO
    assert vigencia(Hechos(modalidad=dato("obra")), [], d("2025-01-01")).estado is Estado.NO_SE_SABE
    nada = vigencia(Hechos(), [], d("2025-01-01"))
    assert (nada.estado, nada.seguro) == (Estado.NO_SE_SABE, False)


ANEXOS = """
SEGUNDO: Las partes prorrogan el plazo hasta el 31 de diciembre de 2026. | vigente 2026-12-31
SEGUNDO: Se prorroga el contrato por doce meses, a contar del 1 de marzo de 2025. | vigente 2026-02-28
SEGUNDO: Se extiende la vigencia del contrato por 24 meses contados desde su vencimiento. | vigente 2027-02-28
SEGUNDO: El contrato pasará a tener duración indefinida. | indefinido None
SEGUNDO: Las partes ponen término al contrato a contar del 31 de enero de 2025. | terminado 2025-01-31
SEGUNDO: Las partes vienen en resciliar el contrato, el que termina con esta fecha. | terminado 2025-01-10
SEGUNDO: Reemplázase la cláusula cuarta por la siguiente: "La renta será de UF 30." | vencido 2025-02-28
"""


@pytest.mark.parametrize("caso", ANEXOS.strip().splitlines())
def test_annexes_first(caso):
    """An annex extends, opens or ends the contract, or leaves its time alone."""
    texto, esperada = (part.strip() for part in caso.split("|"))
    leida = vigencia(SIN_RENOVAR, [anexo(texto)], d("2025-12-01"))

    assert f"{leida.estado} {leida.hasta}" == esperada


def test_annexes_by_date():
    """Annexes count in the order of their dates, and not before they are signed."""
    first, second = (
        anexo("1. Se prorroga hasta el 31 de marzo de 2026."),
        anexo("1. Se prorroga hasta el 30 de junio de 2025."),
    )
    first = replace(first, fecha=dato(d("2025-02-01")))

    for anexos in ([first, second], [second, first]):
        assert vigencia(SIN_RENOVAR, anexos, d("2025-02-10")).hasta == d("2026-03-31")
        assert vigencia(SIN_RENOVAR, anexos, d("2025-01-20")).hasta == d("2025-06-30")


def test_extension_of_a_renewed_contract():
    """An extension counts from the end of the period in which it was signed."""
    later = replace(anexo("1. Se prorroga por seis meses más."), fecha=dato(d("2025-12-01")))

    assert vigencia(ANUAL, [later], d("2025-12-15")).hasta == d("2026-08-31")


def test_contradiction_is_said():
    """What contradicts itself makes the answer unsure and is told with its quote."""
    facts = hechos(
        "1. Plazo. El contrato durará un año, desde el 1 de marzo de 2024 hasta el 30 de junio de"
        " 2025.\n2. Fin."
    )
    leida = vigencia(facts, [], d("2025-01-01"))

    assert not leida.seguro
    assert any("pero que termina" in razon.texto and razon.cita for razon in leida.por_que)


def test_what_an_annex_changes():
    """The clause, what is done to it, and its new words."""
    leido = anexo(
        "PRIMERO: Con fecha 15 de marzo de 2024 las partes celebraron un contrato de arriendo.\n"
        'SEGUNDO: Reemplázase la cláusula quinta por la siguiente: "QUINTO: La renta será de UF 30."\n'
        "TERCERO: Elimínase el numeral 5.2 del contrato.\nCUARTO: Se agrega a la cláusula décimo"
        " segunda lo siguiente: Se"
        " permiten mascotas pequeñas."
    )
    cambios = [(one.valor.accion, one.valor.clausula, one.valor.texto) for one in leido.cambios]

    assert cambios == [
        ("reemplaza", "5", "QUINTO: La renta será de UF 30."),
        ("elimina", "5.2", ""),
        ("agrega", "12", "Se permiten mascotas pequeñas."),
    ]
    assert leido.contrato_fecha is not None and leido.contrato_fecha.valor == d("2024-03-15")
    assert leido.fecha is not None and leido.fecha.valor == d("2025-01-10")
    assert [str(pago.valor.monto) for pago in leido.hechos.pagos] == ["UF 30"]


@pytest.mark.parametrize(
    ("titulo", "clase"),
    [
        ("ANEXO DE CONTRATO DE TRABAJO", "anexo"),
        ("ADDENDUM N° 2", "addendum"),
        ("MODIFICACIÓN DE CONTRATO DE SERVICIOS", "modificacion"),
        ("PRÓRROGA DE CONTRATO DE ARRIENDO", "prorroga"),
        ("FINIQUITO DE CONTRATO DE TRABAJO", "finiquito"),
        ("RESCILIACIÓN DE CONTRATO", "resciliacion"),
        ("TÉRMINO DE CONTRATO DE ARRENDAMIENTO", "termino"),
        ("AN3X0 DE CONTRATO", ""),
    ],
)
def test_kinds_of_annex(titulo, clase):
    """The title says what kind of annex a document is; another document is none."""
    leido = read_anexo(
        contrato(f"{titulo}\n\nEn Santiago, a 10 de enero de 2025, entre las partes:\n1. Uno.\n2. Dos.")
    )

    assert (leido.clase if leido else "") == clase


def test_whose_annex():
    """An annex belongs to the contract of its parties and date."""
    extension = read_anexo(de_archivo("anexo_prorroga"))
    assert extension is not None

    assert belongs(extension, extraer(de_archivo("arriendo_oficina")))
    assert not belongs(extension, extraer(de_archivo("servicios_software")))
    assert read_anexo(de_archivo("arriendo_oficina")) is None


@given(
    st.dates(d("2000-01-01"), d("2060-12-31")),
    st.integers(1, 60),
    st.integers(0, 9000),
)
def test_running_period_holds_today(inicio, meses, despues):
    """The period of a contract that renews itself always holds today, and the notice is before its end."""
    facts = replace(ANUAL, inicio=dato(inicio), duracion=dato(Duracion(meses=meses)))
    hoy = inicio + timedelta(days=despues)
    leida = vigencia(facts, [], hoy)

    assert leida.hasta is not None and leida.ultimo_dia_de_aviso is not None
    assert leida.estado is Estado.VIGENTE
    assert hoy <= leida.hasta < Duracion(meses=meses).despues_de(hoy + timedelta(days=4))
    assert leida.ultimo_dia_de_aviso == leida.hasta - timedelta(days=60)
