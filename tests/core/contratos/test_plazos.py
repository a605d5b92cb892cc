"""When contracts begin, end, renew themselves and must be given notice of."""

import pytest

from bot.core.contratos.cuotas import find_ultima_cuota
from bot.core.contratos.frases import read_frases
from tests.core.contratos.lectura import contrato, dia, hechos

# clauses | first day | last day named | duration | indefinido, obra, fijo
PLAZOS = """
CUARTO: El presente contrato es indefinido. Se deja constancia que la trabajadora ingresó al servicio el 3 de
marzo de 2025. | 2025-03-03 | - | - | indefinido
PRIMERO: Plazo. El presente contrato comenzará a regir el 1° de marzo de 2024 y terminará el 28 de
febrero de 2025. | 2024-03-01 | 2025-02-28 | - | fijo
SEGUNDO: El plazo de vigencia de este contrato será de un
año contado desde el 1 de marzo de 2024. | 2024-03-01 | - | 1 año | fijo
TERCERO: El contrato tendrá una duración de doce meses a contar de esta fecha. | 2024-01-05 | - | 1 año | fijo
VIGENCIA: Desde el 01/03/2024 hasta el 28/02/2025. | 2024-03-01 | 2025-02-28 | - | fijo
5. Vigencia. Este acuerdo entrará en vigencia el 15.04.2024
y tendrá vigencia hasta el 14.04.2026. | 2024-04-15 | 2026-04-14 | - | fijo
CUARTO: El presente contrato tendrá duración indefinida, a
contar del 2 de mayo de 2023. | 2023-05-02 | - | - | indefinido
QUINTO: El presente contrato es de plazo indefinido. El trabajador ingresó a prestar servicios el 3 de
abril de 2023. | 2023-04-03 | - | - | indefinido
SEXTO: El contrato durará hasta el término de la obra denominada Edificio Sol. | - | - | - | obra
El arriendo es por un año, empieza el 1 de junio del 2024 y
termina el 31 de mayo del 2025. | 2024-06-01 | 2025-05-31 | 1 año | fijo
Te arriendo el local desde el 1 de julio de 2024 por 18 (dieciocho) meses. | 2024-07-01 | - | 18 meses | fijo
SÉPTIMO.- El arrendamiento regirá por el término de tres años, a partir del primero de enero de dos mil
veinticuatro, venciendo en consecuencia el treinta y uno de
diciembre de dos mil veintiséis. | 2024-01-01 | 2026-12-31 | 3 años | fijo
Artículo 3. El contrato regirá entre el 1 de marzo y el 30
de noviembre de 2024. | 2024-03-01 | 2024-11-30 | - | fijo
Plazo: 24 meses, a contar del 1 de agosto de 2024. | 2024-08-01 | - | 2 años | fijo
Fecha de inicio: 01-09-2024
Fecha de término: 31-08-2025 | 2024-09-01 | 2025-08-31 | - | fijo
DURACIÓN. La vigencia del presente instrumento será de seis (6) meses, contados desde la fecha de su
suscripción. | 2024-01-05 | - | 6 meses | fijo
OCTAVO: E1 p1azo del arriendo sera de l2 meses desde el 0l de marzo de 2O24. | 2024-03-01 | - | 1 año | fijo
NOVENO: La información se mantendrá en reserva por un plazo
de cinco años desde el término del contrato. | - | - | - | -
DÉCIMO: La garantía se devolverá dentro del plazo de treinta días contados desde la entrega. | - | - | - | -
PRIMERO: El comodato se extenderá por 5 años a contar del 10
de octubre de 2022. | 2022-10-10 | - | 5 años | fijo
El presente convenio rige a contar del 1 de marzo de 2024 y
hasta diciembre de 2024. | 2024-03-01 | 2024-12-31 | - | fijo
CUARTO: La duración de los servicios será de 90 días
corridos, a partir del 1 de abril de 2024. | 2024-04-01 | - | 90 días | fijo
TERCERO: El presente contrato tendrá vigencia a partir del día 1° de junio de 2024 y por un período de
dos años. | 2024-06-01 | - | 2 años | fijo
PRIMERO: El contrato prometido deberá celebrarse a más
tardar el 30 de junio de 2024. | - | 2024-06-30 | - | fijo
PRIMERO: El plazo para celebrar el contrato prometido vence
el 30 de junio de 2024. | - | 2024-06-30 | - | fijo
5.- El presente contrato durará desde el 4 de marzo de 2024 al 3 de junio de 2024, fecha en la que
terminará sin necesidad de aviso. | 2024-03-04 | 2024-06-03 | - | fijo
SEGUNDO: La póliza tendrá vigencia desde las 12:00 horas del 1 de mayo de 2024 hasta las 12:00 horas del
1 de mayo de 2025. | 2024-05-01 | 2025-05-01 | - | fijo
TERCERO: El plazo de este contrato será de 36 meses contados desde la entrega del vehículo, esto es, el
20 de febrero de 2024. | 2024-02-20 | - | 3 años | fijo
"""


def _casos(tabla: str) -> list[tuple[str, ...]]:
    """Rows of a table; a case may go over several lines."""
    casos, texto = [], ""
    for line in tabla.strip().splitlines():
        texto += ("\n" if texto else "") + line
        if "|" in line:
            casos.append(tuple(part.strip() for part in texto.split("|")))
            texto = ""
    return casos


@pytest.mark.parametrize(("texto", "inicio", "termino", "duracion", "modalidad"), _casos(PLAZOS))
def test_plazo(texto, inicio, termino, duracion, modalidad):
    """A contract's own time is read, and no other time that it names."""
    leido = hechos(texto)

    found = [leido.inicio, leido.termino, leido.duracion, leido.modalidad]
    valores = [dato.valor if dato else None for dato in found]
    assert valores[:2] == [dia(inicio), dia(termino)]
    assert [str(valor or "-") for valor in valores[2:]] == [duracion, modalidad]


# clauses | automatic | each for | times | notice | how
RENOVACIONES = """
Se renovará tácita y sucesivamente por períodos iguales de un año, si ninguna de las partes manifiesta
su voluntad de ponerle término mediante carta certificada con a lo menos sesenta días de anticipación al
vencimiento. | sí | 1 año | - | 60 días | carta certificada
El contrato se entenderá prorrogado automáticamente por igual período, salvo aviso en contrario dado por
correo electrónico con una anticipación mínima de 30 días. | sí | - | - | 30 días | correo electrónico
Si nadie avisa un mes antes, se renueva solo por otro año. | sí | 1 año | - | 1 mes | -
Se renovará automáticamente por una sola vez y por el mismo plazo. | sí | - | 1 | - | -
Será renovable automáticamente por períodos de 6 meses, hasta por dos veces, salvo que una parte
comunique su intención de no perseverar con noventa (90)
días de antelación, por carta notarial. | sí | 6 meses | 2 | 90 días | carta notarial
Este contrato no se renovará automáticamente. | no | - | - | - | -
En ningún caso se entenderá renovado tácitamente. | no | - | - | - | -
Las partes podrán renovarlo de común acuerdo y por escrito. | no | - | - | - | -
El plazo se prorrogará en forma automática y sucesiva por períodos anuales, a menos que cualquiera de
ellas dé aviso por escrito a la otra con tres meses de anticipación. | sí | 1 año | - | 3 meses | por escrito
Al vencimiento del plazo, el contrato se renovará por períodos iguales y sucesivos. Para evitar la
renovación, la parte interesada deberá notificarlo con 15 días hábiles de anticipación mediante carta
certificada. | sí | - | - | 15 días hábiles | carta certificada
Vencido el plazo se entenderá renovado mes a mes. | sí | 1 mes | - | - | -
Las partes prorrogan la competencia a los tribunales de Santiago. | ninguna | - | - | - | -
"""


@pytest.mark.parametrize(("texto", "sola", "periodo", "veces", "aviso", "forma"), _casos(RENOVACIONES))
def test_renovacion(texto, sola, periodo, veces, aviso, forma):
    """Who renews, for how long, how often, and the notice that prevents it."""
    dato = hechos("CUARTO: Renovación. " + texto).renovacion

    if sola == "ninguna":
        assert dato is None
        return
    assert dato is not None
    leida = dato.valor
    assert leida.automatica is (sola == "sí")
    read = [leida.periodo, leida.veces, leida.aviso, leida.forma]
    assert [str(valor or "-") for valor in read] == [periodo, veces, aviso, forma]


AVISOS = """
Cualquiera de las partes podrá poner término anticipado al contrato dando aviso con 30 días de
anticipación. | 30 días
El cliente podrá terminar el contrato en cualquier momento, sin expresión de causa, mediante aviso
escrito con a lo menos sesenta (60) días corridos de anticipación. | 60 días
La mandante podrá desahuciarlo con quince días de aviso. | 15 días
El arrendatario puede dejar el local avisando dos meses antes. | 2 meses
Las partes podrán ponerle término anticipadamente, previo aviso de 3 meses. | 3 meses
El no pago de dos rentas facultará a la arrendadora para poner término inmediato al contrato. | -
"""


@pytest.mark.parametrize(("texto", "aviso"), _casos(AVISOS))
def test_aviso_de_termino(texto, aviso):
    """The notice for ending early is another than the one against renewal."""
    dato = hechos("SÉPTIMO: Término. " + texto).aviso_termino

    assert str(dato.valor if dato else "-") == aviso


CUOTAS = """
El capital se pagará en 24 cuotas mensuales; la primera vence el 5 de febrero de 2024 y la del 5 de enero de
2026 lo extingue. | 2026-01-05
El capital se pagará en cuatro cuotas semestrales: 5 de julio de 2024, 5 de enero de 2025 y las que siguen. |
2026-01-05
El capital se pagará en cuatro cuotas semestrales: 9 de agosto de 2024, 9 de febrero de 2025 y otras. | -
El capital y sus intereses se restituirán en una cuota el 30 de junio de 2025. | 2025-06-30
"""


@pytest.mark.parametrize(("texto", "termino"), _casos(CUOTAS.replace("|\n", "| ")))
def test_a_loan_ends_with_its_last_instalment(texto, termino):
    """If days are missing the end is reckoned from the beginning, or not told at all."""
    frases = read_frases(leida := contrato("MUTUO\n\nSEGUNDO: Restitución. " + texto), leida.cuerpo)
    found = find_ultima_cuota(frases, dia("2024-01-05"))

    assert [dato.valor for dato in found] == [day for day in [dia(termino)] if day]
