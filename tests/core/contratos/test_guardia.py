"""What a language model may say: the quotes in other order, and nothing else."""

import pytest

from bot.core.contratos.guardia import fiel

CITAS = (
    "La renta mensual será de $450.000, que el Arrendatario pagará al Arrendador dentro de los cinco primeros"
    " días de cada mes.",
    "El atraso dará derecho a una multa de UF 2 por cada día.",
    "El Arrendatario no podrá subarrendar el inmueble sin autorización escrita del Arrendador.",
    "El contrato regirá desde el 1 de marzo de 2024 hasta el 28 de febrero de 2027 y se renovará por doce"
    " meses si nadie da aviso con sesenta días de anticipación.",
    "*$450.000*, según «Arriendo Bodega».",
    "No, «Seguro Camioneta» ya *terminó* el 30-06-2025.",
)

HONEST = (
    "La renta mensual es de $450.000.",
    "La renta mensual es de cuatrocientos cincuenta mil pesos.",
    "Son $450.000, según «Arriendo Bodega».",
    "Según el contrato, el arrendatario no podrá subarrendar el inmueble sin autorización escrita.",
    "El contrato regirá desde el 01-03-2024 hasta el 28-02-2027 y se renovará por 12 meses si nadie da"
    " aviso con 60 días de anticipación.",
    "No, «Seguro Camioneta» ya terminó el 30 de junio de 2025.",
    "El atraso dará una multa de UF 2 por cada día.",
)

LIES = {
    "another amount": "La renta mensual es de $540.000.",
    "an amount in words": "La renta mensual es de cuatrocientos mil pesos.",
    "another currency": "La renta mensual es de UF 450.000.",
    "a bare figure": "La renta mensual es de 450.",
    "a sum": "La renta anual es de $5.400.000.",
    "a percentage": "La renta mensual es de $450.000, un 10% menos.",
    "amounts exchanged": "La renta mensual es de UF 2.",
    "the other's amount": "El atraso dará derecho a una multa de $450.000 por cada día.",
    "another date": "El contrato regirá desde el 1 de marzo de 2024 hasta el 28 de febrero de 2028.",
    "dates exchanged": "El contrato regirá desde el 28 de febrero de 2027 hasta el 1 de marzo de 2024.",
    "a date in figures": "El contrato regirá hasta el 27-02-2027.",
    "another notice": "Se renovará por doce meses si nadie da aviso con treinta días de anticipación.",
    "durations exchanged": "Se renovará por sesenta días si nadie da aviso con doce meses de anticipación.",
    "another name": "Son $450.000, según «Arriendo Oficina».",
    "a name that is nobody's": "La renta mensual será de $450.000 para Inmobiliaria Peumo.",
    "roles exchanged": "La renta mensual será de $450.000, que el Arrendador pagará al Arrendatario.",
    "another's duty": "El Arrendador no podrá subarrendar el inmueble sin autorización escrita.",
    "a denial left out": "El Arrendatario podrá subarrendar el inmueble sin autorización escrita.",
    "a denial put in": "El atraso no dará derecho a una multa de UF 2 por cada día.",
    "a condition turned": "El Arrendatario no podrá subarrendar el inmueble con autorización escrita.",
    "a condition left out": "El contrato se renovará por doce meses.",
    "a condition of a ban left out": "El Arrendatario no podrá subarrendar el inmueble.",
    "yes for no": "Sí, «Seguro Camioneta» ya terminó el 30-06-2025.",
    "in force": "«Seguro Camioneta» está vigente.",
    "advice": "La renta mensual es de $450.000. Conviene negociarla.",
    "a claim": "La renta mensual es de $450.000 y es ilegal.",
    "an address": "Escribe a www.arriendos.cl para pagar la renta mensual.",
    "a telephone": "La renta mensual es de $450.000. Llama al 600 123 4567.",
    "another clause": "La renta mensual es de $450.000, según la cláusula 9.",
    "law": "Según la ley, el Arrendatario no podrá subarrendar el inmueble sin autorización escrita.",
    "letters that hide": "La renta mensual es de $450.000 \u200b\u202e.",
    "letters that look alike": "La rentа mensual es de $450.000.",
    "nothing": "  \n",
    "too much": "La renta mensual es de $450.000. " * 40,
    "how often": "La renta semanal es de $450.000.",
    "before for after": "El arrendatario pagará después de los cinco primeros días de cada mes.",
}


@pytest.mark.parametrize("texto", HONEST)
def test_what_the_quotes_say(texto: str) -> None:
    """Other order, other spelling of values, without what says nothing."""
    assert fiel(texto, CITAS)


@pytest.mark.parametrize("lie", LIES)
def test_lies(lie: str) -> None:
    """Every one that we could think of."""
    assert not fiel(LIES[lie], CITAS)


def test_a_quote_is_faithful_to_itself() -> None:
    """Whatever a contract says may be said."""
    assert all(fiel(cita, CITAS) for cita in CITAS)
