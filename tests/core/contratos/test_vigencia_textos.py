"""Terms in many wordings: whether a contract is in force, until when, and when notice is due at last."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.contratos.vigencia import vigencia
from tests.core.contratos.lectura import dia, hechos

HOY = date(2026, 11, 23)
# The clause of a contract signed on 5 January 2024 | state | last day | last day for the notice
TEXTOS = """
TERCERO: Vigencia. Este contrato empieza a correr el primero de febrero de 2025 y se extiende por tres
años. Si ninguna parte comunica lo contrario con 60 días de anticipación al vencimiento, se renovará por
períodos de un año. | vigente | 2028-01-31 | 2027-12-02

PLAZO: El plazo del arriendo es de 2 años desde el 1 de diciembre de 2024, al cabo de los cuales termina
sin más trámite. | vigente | 2026-11-30 | -

PLAZO: El plazo del arriendo es de 2 años desde el 1 de octubre de 2024, al cabo de los cuales termina
sin más trámite. | vencido | 2026-09-30 | -

QUINTO: Duración. El contrato tiene una vigencia de 12 meses que se cuentan a partir de la firma,
renovables tácitamente por períodos iguales. | vigente | 2027-01-04 | -

CUARTO: Vigencia. La presente licencia se otorga por un plazo de 36 meses, que comienza el 15 de marzo de
2024. | vigente | 2027-03-14 | -

SEXTO: El presente contrato se celebra a plazo indefinido, pudiendo cualquiera de las partes ponerle
término con aviso de 30 días. | indefinido | - | -

SEXTO: Duración del contrato. No tiene fecha de término; rige desde el 1 de marzo de 2022 hasta que una
de las partes decida terminarlo, avisando con 45 días. | indefinido | - | -

SÉPTIMO: La trabajadora prestará servicios hasta el 31 de diciembre de 2026, fecha en que el contrato
termina de pleno derecho. Ingresó el 1 de julio de 2026. | vigente | 2026-12-31 | -

TERCERO: Plazo. El mandato se otorga por ciento ochenta días corridos a contar del 1 de septiembre de
2026. | vigente | 2027-02-27 | -

PRIMERO: Vigencia. La póliza rige desde las 12:00 horas del 10 de enero de 2026 hasta las 12:00 horas del
10 de enero de 2027. | vigente | 2027-01-10 | -

SEGUNDO: Plazo. El comodato durará desde el 1 de enero de 2027 hasta el 31 de diciembre de 2028. |
no_iniciado | 2028-12-31 | -

SEGUNDO: Plazo. La franquicia se concede por cinco años contados desde la apertura del local, ocurrida el
3 de abril de 2023. | vigente | 2028-04-02 | -

CUARTO: Duración. El contrato durará el tiempo que requiera la ejecución de la obra Puente Sur. |
no_se_sabe | - | -

TERCERO: Plazo. El arrendamiento tendrá una duración de un año, contado desde el día 1 de junio de 2025,
prorrogándose automáticamente por períodos de seis meses, salvo que una de las partes notifique a la otra
su decisión de no continuar con 30 días de anticipación. | vigente | 2026-11-30 | 2026-10-31

TERCERO: Plazo. El contrato durará del 1/4/2025 al 31/3/2026 y se renovará por una sola vez, por igual
tiempo, si nadie se opone. | vigente | 2027-03-31 | -

TERCERO: Plazo. El contrato regirá a partir del 1 de abril de 2025, por el lapso de dieciocho meses.
Podrá renovarse si ambas partes lo acuerdan por escrito. | vencido | 2026-09-30 | -

Vigencia | 01-06-2026 al 31-05-2027 | vigente | 2027-05-31 | -

TERCERO: Plazo. El servicio se contrata por un período inicial de doce meses (el "Período Inicial"), que
comienza el 1 de diciembre de 2025. Concluido el Período Inicial, el contrato continuará por períodos
sucesivos de doce meses, a menos que el Cliente manifieste su intención de no continuar al menos 90 días
antes. | vigente | 2026-11-30 | 2026-09-01

OCTAVO: Este contrato comenzará el 1° de enero de 2025 y vencerá el día 31 de diciembre de 2025. Se
entenderá prorrogado por un año, y así sucesivamente, salvo aviso en contrario dado por carta certificada
con tres meses de anticipación. | vigente | 2026-12-31 | 2026-09-30

NOVENO: El presente acuerdo entrará en vigor a su firma y permanecerá vigente por tres años. | vigente |
2027-01-04 | -

TERCERO: El plazo del contrato de trabajo es de un mes y quince días, desde el 15 de octubre de 2026. |
vigente | 2026-11-29 | -

CUARTO: Plazo de ejecución. Los trabajos se iniciarán el 1 de octubre de 2026 y deberán estar concluidos
el 15 de diciembre de 2026. | vigente | 2026-12-15 | -

CUARTO: Plazo. El contrato es por temporada: desde el 1 de diciembre de 2026 hasta el 28 de febrero de
2027, ambos días incluidos. | no_iniciado | 2027-02-28 | -

CUARTO: Plazo. El arriendo es mes a mes, desde el 1 de marzo de 2025, y se renueva cada mes mientras
nadie diga lo contrario con 30 días de aviso. | vigente | 2026-11-30 | 2026-10-31

CUARTO: Vigencia. El contrato tendrá una duración de cinco (5) años, a partir de la fecha de entrega de
los equipos, que se efectuó el 20 de noviembre de 2021. | vencido | 2026-11-19 | -

QUINTO: El contrato se mantendrá en vigor hasta el 30 de junio de 2029 inclusive. | vigente | 2029-06-30
| -

QUINTO: De la duración. La relación que regula este convenio se prolongará por 24 meses, desde el día
siete de enero de dos mil veinticinco. | vigente | 2027-01-06 | -

QUINTO: Plazo. Dura cuatro años y parte el 5 de enero de 2025. Cumplidos, se acaba solo. No hay
renovación. | vigente | 2029-01-04 | -

QUINTO: Plazo. Este contrato se pacta por el término de un semestre, contado desde el 1 de agosto de
2026. | vigente | 2027-01-31 | -

SEGUNDO: Plazo. El presente contrato tendrá una vigencia de dos años a contar del 1 de abril de 2023. Se
renovará automáticamente por períodos iguales de dos años, salvo que alguna de las partes, con una
anticipación mínima de 6 meses a la fecha de expiración del período vigente, comunique por carta su
voluntad de no renovarlo. | vigente | 2027-03-31 | 2026-09-30

SEGUNDO: Plazo. El contrato vence el 1 de diciembre de 2026, y quien no desee su prórroga por otro año
debe comunicarlo con anterioridad de quince días hábiles. Si nada se dice, se prorroga. Inicio: 2 de
diciembre de 2023. | vigente | 2026-12-01 | 2026-11-10

TERCERO: Se deja establecido que las partes quedan obligadas por tres años, es decir, hasta el día 14 de
febrero de 2027. | vigente | 2027-02-14 | -
"""


def _rows(tabla: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in row.rsplit("|", 3)) for row in tabla.strip().split("\n\n")]


@pytest.mark.parametrize(("texto", "estado", "hasta", "aviso"), _rows(TEXTOS))
def test_a_term_as_it_is_worded(texto: str, estado: str, hasta: str, aviso: str) -> None:
    """Words, figures, renewals, notices and conditions are read alike."""
    assert _told(" ".join(texto.split())) == (estado, dia(hasta), dia(aviso))


def test_terms_in_more_wordings() -> None:
    """`plazos.txt` has sentences that were written before the reader had seen any like them."""
    wrong = [
        (texto, _told(texto))
        for texto, estado, hasta, aviso in _rows(
            Path(__file__).with_name("plazos.txt").read_text(encoding="utf-8")
        )
        if _told(texto) != (estado, dia(hasta), dia(aviso))
    ]
    assert wrong == []


def _told(texto: str) -> tuple[str, date | None, date | None]:
    found = vigencia(hechos(texto), [], HOY)
    return found.estado.value, found.hasta, found.ultimo_dia_de_aviso
