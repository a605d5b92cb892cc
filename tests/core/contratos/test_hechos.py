"""Kinds, parties, amounts and agreements of contracts."""

from datetime import date

import pytest

from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.estado import Estado
from bot.core.contratos.hechos import extraer
from bot.core.contratos.vigencia import vigencia
from tests.core.contratos.lectura import contrato, hechos

TITULOS = """
CONTRATO DE ARRENDAMIENTO DE LOCAL COMERCIAL | arriendo
CONTRATO DE ARRIENDO DE VEHÍCULO | arriendo
CONTRATO DE PRESTACIÓN DE SERVICIOS PROFESIONALES | servicios
CONTRATO DE PRESTACIÓN DE SERVICIOS A HONORARIOS | honorarios
CONTRATO INDIVIDUAL DE TRABAJO | trabajo
CONTRATO DE TRABAJO POR OBRA O FAENA | trabajo
CONTRATO DE SUMINISTRO | suministro
CONTRATO DE COMPRAVENTA DE VEHÍCULO MOTORIZADO | compraventa
PROMESA DE COMPRAVENTA | promesa
CONTRATO DE MUTUO | mutuo
PRÉSTAMO DE DINERO | mutuo
ACUERDO DE CONFIDENCIALIDAD (NDA) | confidencialidad
CONTRATO DE FRANQUICIA | franquicia
CONTRATO DE DISTRIBUCIÓN | distribucion
CONTRATO DE LEASING | leasing
CONTRATO DE ARRENDAMIENTO CON OPCIÓN DE COMPRA | leasing
CONTRATO DE MANTENCIÓN DE ASCENSORES | mantencion
CONTRATO DE SERVICIOS DE TRANSPORTE | transporte
CONTRATO DE COMODATO | comodato
CONTRATO DE LICENCIA DE SOFTWARE | software
CONTRATO DE SERVICIOS DE PUBLICIDAD | publicidad
PÓLIZA DE SEGURO DE INCENDIO | seguro
C0NTRATO DE ARRENDAMIENT0 | arriendo
"""


@pytest.mark.parametrize("caso", TITULOS.strip().splitlines())
def test_kinds(caso):
    """The kind is the narrowest that the title names."""
    titulo, tipo = (part.strip() for part in caso.split("|"))
    leido = extraer(
        contrato(
            f"{titulo}\n\nEn Santiago, a 5 de enero de 2024, entre las partes se acuerda:\nPRIMERO: Uno."
        )
    )

    assert leido.tipo is not None and leido.tipo.valor == tipo


def test_kind_without_title():
    """Without a title the text tells."""
    for texto, tipo in (
        ("Yo, Ana Pérez Soto, le arriendo mi casa a Luis Rojas Díaz por un año.", "arriendo"),
        ("Por el presente las partes celebran un contrato de comodato sobre un camión.", "comodato"),
        ("El trabajador cumplirá su jornada y el trabajador cuidará las máquinas.", "trabajo"),
    ):
        leido = extraer(contrato(texto))
        assert leido.tipo is not None and leido.tipo.valor == tipo


# how they appear | name, RUT, role, representative; names of all parties are told
COMPARECENCIAS = [
    (
        'entre COMERCIAL ANDES S.A., RUT 76.192.083-9, representada legalmente por don Juan Pablo Soto Vera, '
        'cédula de identidad N° 12.345.678-5, con domicilio en calle Uno, en adelante "el Arrendador", '
        'y doña María Inés Lagos Toro, chilena, casada, C.I. 15.678.901-1, en adelante "la Arrendataria"',
        [("COMERCIAL ANDES S.A.", "76192083-9", "arrendador", "Juan Pablo Soto Vera"),
         ("María Inés Lagos Toro", "15678901-1", "arrendatario", "")],
    ),
    (
        "ARRENDADOR: Pedro Díaz Mora, RUT 12.345.678-5.\nARRENDATARIO: Taller El Rayo Ltda., RUT"
        " 77.456.120-K.",
        [("Pedro Díaz Mora", "12345678-5", "arrendador", ""),
         ("Taller El Rayo Ltda.", "77456120-K", "arrendatario", "")],
    ),
    (
        "comparecen: por una parte la sociedad TRANSPORTES DEL SUR SpA, rol único tributario número"
        " 76.543.210-3, "
        "debidamente representada por su gerente general don Luis Rey Paz, en lo sucesivo denominada"
        " indistintamente "
        'el "Prestador"; y por la otra don Iván Mena Ruiz, C.I. 9.876.543-3, en lo '
        'sucesivo el "Cliente"',
        [("TRANSPORTES DEL SUR SpA", "76543210-3", "prestador", "Luis Rey Paz"),
         ("Iván Mena Ruiz", "9876543-3", "cliente", "")],
    ),
    (
        "Entre: (i) Laboratorio Norte SpA, RUT 76.888.999-6 (la \"Parte Divulgadora\"); y (ii) Ana"
        " Díaz Bravo, "
        "RUT 17.654.321-3 (la \"Parte Receptora\")",
        [("Laboratorio Norte SpA", "76888999-6", "parte divulgadora", ""),
         ("Ana Díaz Bravo", "17654321-3", "parte receptora", "")],
    ),
    (
        "Yo, Juan Soto Vera, rut 10.987.654-2, le arriendo mi bodega a la señora Patricia Núñez"
        " Lara, rut 13.579.246-2.",
        [("Juan Soto Vera", "10987654-2", "", ""), ("Patricia Núñez Lara", "13579246-2", "", "")],
    ),
    (
        "entre don JOSÉ ARAYA TORO, cédula nacional de identidad número once millones doscientos"
        " veintidós mil "
        'trescientos treinta y tres guión nueve, en adelante "el vendedor", y '
        'don Raúl Paz Mora, en adelante "el comprador"',
        [("JOSÉ ARAYA TORO", "11222333-9", "vendedor", ""), ("Raúl Paz Mora", "None", "comprador", "")],
    ),
    (
        "entre Inversiones Sol SpA, RUT 77.OO1.234-l, en adelante el Mutuante, y Sergio Millar"
        " Catalán, cédula de "
        "identidad N° 16.777.216-1, en adelante el Mutuario",
        [("Inversiones Sol SpA", "77001234-1", "mutuante", ""),
         ("Sergio Millar Catalán", "16777216-1", "mutuario", "")],
    ),
    (
        "entre Fundación Río Claro, RUT 65.432.109-4, representada por doña Elena Vidal Mora, y don "
        'Tomás Fica Rey, RUT 15.678.901-1, en adelante "el Profesional"',
        [("Fundación Río Claro", "65432109-4", "", "Elena Vidal Mora"),
         ("Tomás Fica Rey", "15678901-1", "profesional", "")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("texto", "esperadas"), COMPARECENCIAS)
def test_parties(texto, esperadas):
    """Names, RUTs, roles and representatives, however the parties appear."""
    leido = extraer(
        contrato(f"CONTRATO\n\nEn Santiago, a 5 de enero de 2024, {texto}:\n\nPRIMERO: Uno.\nSEGUNDO: Dos.")
    )

    assert [
        (dato.valor.nombre, str(dato.valor.rut), dato.valor.rol, dato.valor.representante)
        for dato in leido.partes
    ] == esperadas


def test_wrong_rut():
    """A RUT with a wrong check digit is none; the party is there all the same."""
    leido = extraer(
        contrato('CONTRATO\nEntre Ana Soto Lara, RUT 12.345.678-9, en adelante "el Cliente", y otros.')
    )

    assert [(dato.valor.nombre, dato.valor.rut) for dato in leido.partes] == [("Ana Soto Lara", None)]


PAGOS = """
Se compromete a remunerarla con $529.000 mensuales, más gratificación legal. | sueldo $529.000 mensual
La renta mensual será de $850.000, que se pagará por anticipado. | renta $850.000 mensual
La renta de arrendamiento será el equivalente en pesos a 25,5 Unidades de Fomento mensuales. | renta UF 25,5 mensual
El trabajador percibirá un sueldo base de $650.000 mensuales. | sueldo $650.000 mensual
Por sus servicios recibirá honorarios por la suma de $1.200.000 brutos al mes. | honorarios $1.200.000 mensual
El precio de la compraventa es la suma de quince millones de pesos. | precio $15.000.000
Se entrega en garantía la suma de $500.000. | garantia $500.000
El canon anual será de UF 120. | renta UF 120 anual
Una asignación de colación de $40.000 y de movilización de $35.000 mensuales. | colacion $40.000, movilizacion $35.000 mensual
La señora me paga 300 lucas al mes. | renta $300.000 mensual
El valor por cada viaje será de $280.000 más IVA. | precio $280.000 por viaje
El franquiciado pagará un derecho de entrada de UF 500 y un royalty mensual de UF 20. | derecho de entrada UF 500, regalia UF 20 mensual
"""  # noqa: E501


@pytest.mark.parametrize("caso", PAGOS.strip().splitlines())
def test_amounts_and_what_for(caso):
    """Each amount has its concept and how often it is paid."""
    texto, esperados = (part.strip() for part in caso.split("|"))
    pagos = [dato.valor for dato in hechos(f"TERCERO: {texto}").pagos]

    found = [f"{pago.concepto} {pago.monto} {pago.periodicidad}".strip() for pago in pagos]
    assert ", ".join(found) == esperados


MULTAS = """
Por cada día de atraso se pagará una multa de 0,5 UF, con un tope de 10 UF. | UF 0,5 None dia UF 10
El incumplimiento dará lugar a una multa de quinientas Unidades de Fomento (UF 500). | UF 500 None - None
Una multa equivalente al 2% del precio por cada día de retraso. | None 2 dia None
Se aplicará una multa diaria de 1 UTM. | UTM 1 None dia None
Si se atrasa en pagar son 5.000 pesos por día. | $5.000 None dia None
A título de cláusula penal pagará 3 UTM por cada evento. | UTM 3 None evento None
"""


@pytest.mark.parametrize("caso", MULTAS.strip().splitlines())
def test_fines(caso):
    """Fines by amount or percentage, per day or once, with what they can be at most."""
    texto, esperada = (part.strip() for part in caso.split("|"))
    multa = hechos(f"QUINTO: Multas. {texto}").multas[0].valor

    assert f"{multa.monto} {multa.porcentaje} {multa.por or '-'} {multa.tope}" == esperada
    assert not hechos(f"QUINTO: Multas. {texto}").pagos


PACTOS = """
Las partes fijan su domicilio en la comuna de Santiago y se someten a sus tribunales. | Santiago | -
Para todos los efectos legales fijan domicilio en la ciudad y comuna de Viña del Mar. | Viña del Mar | -
Las partes se someten a la competencia de los tribunales ordinarios de justicia de Puerto Montt. | Puerto Montt | -
Toda dificultad se resolverá por arbitraje conforme al Reglamento del Centro de Arbitraje y Mediación de Santiago. | - | CAM Santiago
Las dificultades serán resueltas por un árbitro arbitrador, sin forma de juicio. | - | árbitro
Cualquier problema lo vemos en San Bernardo. | San Bernardo | -
"""  # noqa: E501


@pytest.mark.parametrize("caso", PACTOS.strip().splitlines())
def test_courts(caso):
    """Whose courts, or an arbitrator."""
    texto, ciudad, arbitraje = (part.strip() for part in caso.split("|"))
    leido = hechos(f"DÉCIMO: {texto}")

    assert [dato.valor if dato else "-" for dato in (leido.jurisdiccion, leido.arbitraje)] == [
        ciudad,
        arbitraje,
    ]


@pytest.mark.parametrize(
    ("texto", "interes", "reajuste"),
    [
        ("La renta se reajustará cada año según la variación del IPC.", None, "IPC"),
        ("El simple retardo devengará el interés máximo convencional.", "máximo convencional", None),
        ("El capital devengará un interés de 1,2% mensual.", "1,2% mensual", None),
        ("En caso de mora se cobrará el interés corriente.", "corriente", None),
        ("La renta será de UF 12.", None, "UF"),
    ],
)
def test_interest_and_adjustment(texto, interes, reajuste):
    """What is paid for being late, and how amounts grow."""
    leido = hechos(f"CUARTO: {texto}")

    assert [dato.valor if dato else None for dato in (leido.interes, leido.reajuste)] == [interes, reajuste]


def test_contradictions():
    """What contradicts itself is told: words and figures, duration and end."""
    leido = hechos(
        "PRIMERO: La renta será de $500.000 (quinientos cincuenta mil pesos).\n"
        "SEGUNDO: El contrato tendrá una duración de un año, desde el 1 de marzo de 2024 hasta el 30"
        " de junio de 2025."
    )

    assert [dato.clausula for dato in leido.contradicciones] == ["1", "2"]
    assert "$550.000" in leido.contradicciones[0].valor
    assert "30-06-2025" in leido.contradicciones[1].valor


def test_quotes():
    """Every fact has the words that say it, its clause and its page."""
    leido = extraer(
        contrato(
            "CONTRATO\nEntre:\nPRIMERO: Uno.\fSEGUNDO: El plazo del contrato será de un año desde el"
            " 1 de marzo de 2024."
        )
    )

    assert leido.inicio is not None
    assert (leido.inicio.clausula, leido.inicio.pagina) == ("2", 2)
    assert "un año desde el 1 de marzo" in leido.inicio.cita


@pytest.mark.parametrize(
    "texto",
    [
        "¿Qué hacemos?\nSe calibran las máquinas.\n¿Cuánto dura?\nUn año desde el 1 de julio de 2023.",
        "Uno. El equipo\nUn horno.\nDos. El tiempo\nDoce meses, que corren del 1 de julio de 2023.",
        "1) Qué hace\nLleva pan.\n2) Desde cuándo\nDel 1 de julio de 2023 hasta el 30 de junio de 2024.",
    ],
)
def test_the_heading_tells_what_a_term_is(texto: str) -> None:
    """Under a heading that asks how long, few words are the term of the contract."""
    leida = vigencia(hechos(texto), [], date(2023, 8, 1))
    assert (leida.estado, leida.hasta) == (Estado.VIGENTE, date(2024, 6, 30))


def test_a_mail_may_stop_a_renewal() -> None:
    """A notice is found by how it is given, too."""
    leido = hechos(
        "PRIMERO: Duración\n\nUn año desde el 1 de julio de 2023. Se renueva año a año por sí solo. Para que"
        " no se renueve basta un correo con un mes de anticipación al aniversario.\n"
    )
    assert leido.renovacion and leido.renovacion.valor.aviso == Duracion(meses=1)
