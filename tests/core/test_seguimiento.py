"""What a message means after others."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.consulta import (
    Asunto,
    Oido,
    find_contraparte,
    find_periodos,
    follow,
    follow_comparacion,
    names_followed_party,
    read_meses,
    read_tipos,
    wants_all_parties,
    wants_all_types,
)
from bot.core.documentos import EstadoCompra, Libro
from bot.core.mensajes import read_months, write_months

HOY = date(2026, 11, 22)
AHORA = datetime(2026, 11, 22, 15, tzinfo=UTC)
OCT = read_months("2026-10")


def _after(previo: str, texto: str, intent: str = "", confianza: float = 0.4, **values: object) -> Asunto:
    nombra = bool(values.pop("nombra", False))
    asunto = Asunto(previo, OCT, **values)  # type: ignore[arg-type]
    return follow(texto, Oido(intent, confianza, nombra), asunto, HOY)


@pytest.mark.parametrize(
    ("previo", "texto", "heard", "intent"),
    [
        ("ventas_resumen", "y en septiembre?", "", "ventas_resumen"),
        ("ventas_resumen", "no, de 2025", "fuera_de_alcance", "ventas_resumen"),
        ("ventas_resumen", "no, julio era", "negar", "ventas_resumen"),
        ("ventas_resumen", "hola, y en marzo?", "saludo", "ventas_resumen"),
        ("compras_detalle", "y la del mes anterior", "compras_comparar", "compras_detalle"),
        ("ventas_resumen", "solo boletas", "fuera_de_alcance", "ventas_resumen"),
        ("compras_resumen", "las exentas nomás", "", "compras_resumen"),
        ("ventas_resumen", "y las compras?", "compras_resumen", "compras_resumen"),
        ("ventas_comparar", "y las compras de esos meses?", "compras_resumen", "compras_comparar"),
        ("ventas_resumen", "y comprao?", "", "compras_resumen"),
        ("ventas_detalle", "no, las que recibí", "", "compras_detalle"),
        ("compras_resumen", "muéstramelas", "fuera_de_alcance", "compras_detalle"),
        ("compras_resumen", "detalle", "ventas_detalle", "compras_detalle"),
        ("compras_resumen", "en excel porfa", "", "compras_detalle"),
        ("compras_detalle", "y cuánto suman", "ventas_resumen", "compras_resumen"),
        ("ventas_detalle", "en total cuánto es", "", "ventas_resumen"),
        ("ventas_resumen", "compáralo con el año pasado", "", "ventas_comparar"),
        ("compras_resumen", "en un gráfico", "ventas_grafico", "compras_grafico"),
        ("ventas_resumen", "¿y quién me compró más?", "ventas_ranking", "ventas_ranking"),
        ("ventas_comparar", "y el peor?", "fuera_de_alcance", "ventas_comparar"),
        ("compras_pendientes", "muéstralas", "", "compras_pendientes"),
        ("compras_pendientes", "y las de octubre?", "", "compras_detalle"),
        ("ventas_resumen", "cuántas boletas fueron", "", "ventas_resumen"),
        ("compras_resumen", "y boletas?", "", "ventas_resumen"),
        ("iva_f29", "y septiembre", "", "iva_f29"),
        ("iva_f29", "por qué subió", "fuera_de_alcance", "iva_f29"),
        ("iva_f29", "¿y las ventas de ese mes?", "ventas_resumen", "ventas_resumen"),
        ("vencimientos", "y el de noviembre?", "", "vencimientos"),
        ("vencimientos", "y cuánto sería?", "fuera_de_alcance", "iva_f29"),
        ("contrato_vigencia", "y si me salgo antes hay multa?", "", "contrato_pregunta"),
        ("contrato_subir", "cuáles tengo ya?", "", "contrato_listar"),
        ("contrato_pregunta", "¿y hasta cuándo dura?", "vencimientos", "contrato_vigencia"),
        ("clave_sii", "¿es seguro?", "afirmar", "clave_sii"),
        ("pregunta_tributaria", "¿y si pago después?", "", "pregunta_tributaria"),
        ("compras_resumen", "y en octubre cuáles fueron", "ventas_resumen", "compras_detalle"),
        ("ventas_resumen", "qué boletas hubo", "", "ventas_detalle"),
        ("ventas_resumen", "lárgame esas facturas", "fuera_de_alcance", "ventas_detalle"),
        ("ventas_resumen", "sorry, abril quise decir", "fuera_de_alcance", "ventas_resumen"),
        ("contrato_listar", "¿y cuál vence antes?", "vencimientos", "contrato_vigencia"),
    ],
)
def test_it_goes_on(previo: str, texto: str, heard: str, intent: str) -> None:
    """An elliptic message asks of what was spoken of, whatever the engine makes of its few words."""
    asked = _after(previo, texto, heard)
    assert (asked.intent, asked.sigue) == (intent, True)


def test_a_book_that_no_word_says() -> None:
    """It is the one spoken of, however sure the engine is of another; words and strangers tell another."""
    for texto in ("detálleme los documentos que suman eso", "total de agosto", "muéstrame las de agosto"):
        assert _after("compras_resumen", texto, "ventas_detalle", 0.99).libro is Libro.COMPRAS
    for texto in ("cuánta plata hice en agosto", "detalle de lo emitido a Forestal Quilaco SpA"):
        assert _after("compras_resumen", texto, "ventas_detalle", 0.99).libro is Libro.VENTAS
    assert (
        _after("iva_f29", "las facturas que me llegaron en agosto", "ventas_detalle", 0.8).libro
        is Libro.COMPRAS
    )


def test_a_due_date_is_of_the_month_whose_tax_was_told() -> None:
    """Unless it names another; a fine for being late is the law's, not a contract's."""
    asked = _after("iva_f29", "y hasta cuándo tengo para pagarlo", "vencimientos", 0.9)
    assert (asked.intent, asked.sigue, asked.periodos) == ("vencimientos", True, OCT)
    assert not _after("iva_f29", "qué vence el próximo mes", "vencimientos", 0.9).sigue
    late = _after("vencimientos", "y si me atraso qué multa hay", "contrato_pregunta", 0.8)
    assert late.intent == "pregunta_tributaria"
    lease = _after("vencimientos", "y la multa del contrato de arriendo?", "contrato_pregunta", 0.8)
    assert lease.intent == "contrato_pregunta"


@pytest.mark.parametrize(
    ("previo", "texto", "heard", "confianza"),
    [
        ("ventas_resumen", "ya gracias", "gracias", 0.9),
        ("ventas_resumen", "te pasaste, gracias maestro", "gracias", 0.98),
        ("ventas_resumen", "no, déjalo así", "negar", 0.8),
        ("ventas_resumen", "oye y a cuánto está la uf", "fuera_de_alcance", 0.7),
        ("ventas_resumen", "¿y va a llover mañana?", "fuera_de_alcance", 0.9),
        ("ventas_resumen", "¿qué es una nota de crédito?", "pregunta_tributaria", 0.9),
        ("ventas_resumen", "¿cuándo vence el contrato del local?", "contrato_vigencia", 0.9),
        ("ventas_resumen", "y el iva cuánto sale?", "iva_f29", 0.7),
        ("compras_detalle", "muéstrame las facturas que hice en octubre", "ventas_detalle", 0.9),
        ("compras_resumen", "cuánto vendí en total", "ventas_resumen", 0.9),
        ("contrato_vigencia", "¿y la multa si pago tarde el IVA?", "pregunta_tributaria", 0.9),
        ("contrato_vigencia", "quiero salir de la cuenta", "cerrar_sesion", 0.7),
        ("iva_f29", "no puedo entrar, mándame el código", "iniciar_sesion", 0.9),
    ],
)
def test_it_is_something_else(previo: str, texto: str, heard: str, confianza: float) -> None:
    """A whole question of another topic, thanks and idle talk are what the engine heard."""
    asked = _after(previo, texto, heard, confianza)
    assert (asked.intent, asked.sigue) == (heard, False)


def test_what_is_kept() -> None:
    """A follow-up keeps types, counterparty and state; a new question none of them, but the months."""
    values = {"tipos": (60, 61), "contraparte": "76192083-9", "estado": EstadoCompra.RECLAMADO}
    kept = _after("compras_detalle", "y en agosto?", **values)
    assert (kept.tipos, kept.contraparte, kept.estado) == tuple(values.values())
    new = _after("compras_detalle", "cuánto compré en total", "compras_resumen", 0.9, **values)
    assert new == Asunto("compras_resumen", OCT)
    other = _after("compras_detalle", "y las ventas?", "ventas_resumen", 0.9, **values)
    assert (other.tipos, other.contraparte, other.estado) == ((60, 61), "", None)
    assert _after("ventas_resumen", "y las compras?", tipos=(39, 41)).tipos == ()
    le = _after("compras_pendientes", "cuánto le compré en total", "compras_resumen", 0.9, **values)
    assert le.contraparte == "76192083-9"


def test_somebody_else() -> None:
    """A name after `y a` changes the counterparty, known or not; one in small talk or alone does not."""
    assert _after("ventas_resumen", "y a palquial cuánto?", "fuera_de_alcance", nombra=True).sigue
    assert _after("ventas_resumen", "palquial?", "", nombra=True).sigue
    assert _after("ventas_resumen", "y a sodimac?", "fuera_de_alcance").sigue
    assert not _after("ventas_resumen", "buenos días vecino", "saludo", 0.7, nombra=True).sigue
    assert names_followed_party("y a sodimac?") == "sodimac"
    assert names_followed_party("y a los de easy chile porfa") == "easy chile"
    assert names_followed_party("y en octubre?") is None


def test_a_topic_is_returned_to() -> None:
    """What was asked of the register waits while something else is spoken of, and for an hour."""
    ventas = Asunto("ventas_resumen", OCT, (33,)).after(Asunto(), AHORA)
    saber = Asunto("pregunta_tributaria").after(ventas, AHORA)
    saber = Asunto.read(Asunto("contrato_listar").after(saber, AHORA).write())
    asked = follow("ok, ¿y en septiembre?", Oido(), saber.at(AHORA + timedelta(minutes=59)), HOY)
    assert (asked.intent, asked.tipos) == ("ventas_resumen", (33,))
    late = saber.at(AHORA + timedelta(minutes=61))
    assert late == Asunto()
    assert follow("¿y en septiembre?", Oido(), late, HOY) == Asunto()


def test_the_slot_holds_json() -> None:
    """What is written is read again, and holds nothing that is empty."""
    asunto = Asunto("compras_detalle", OCT, (33,), "76192083-9", EstadoCompra.PENDIENTE, "c1", hora=AHORA)
    assert Asunto.read(asunto.write()) == asunto
    assert Asunto().write() == {}
    assert Asunto.read(None) == Asunto()


def test_the_contract_is_kept() -> None:
    """A further question about contracts is of the one spoken of."""
    sure = _after("contrato_vigencia", "¿y quién firma?", "contrato_pregunta", 0.9, contrato="c1")
    assert (sure.intent, sure.contrato) == ("contrato_pregunta", "c1")
    lost = _after("contrato_vigencia", "¿y quién es el dueño que firma?", "fuera_de_alcance", contrato="c1")
    assert (lost.intent, lost.contrato) == ("contrato_pregunta", "c1")


def test_a_book_and_a_month_heard_as_small_talk() -> None:
    """`listo, y cómo me fue en ventas` is no question for help."""
    asked = follow("listo, y cómo me fue en ventas este mes?", Oido("ayuda", 0.5), Asunto(), HOY)
    assert asked.intent == "ventas_resumen"


@pytest.mark.parametrize(
    ("texto", "previos", "meses"),
    [
        ("y el mes anterior", "2026-10", "2026-09"),
        ("¿y el anterior a ese?", "2026-08", "2026-07"),
        ("y el mes pasado?", "2026-08", "2026-10"),
        ("¿y del trimestre anterior a ese?", "2026-07..2026-09", "2026-04..2026-06"),
        ("y el siguiente", "2026-04..2026-06", "2026-07..2026-09"),
        ("y las del mes siguiente", "2026-08", "2026-09"),
        ("no, de 2025", "2026-08", "2025-08"),
        ("pero del año pasado", "2026-05", "2025-05"),
        ("¿Y las de 2026?", "2025-03", "2026-03"),
        ("2025?", "2026-01..2026-11", "2025-01..2025-12"),
        ("ahora todo el año 2025", "2026-04..2026-06", "2025-01..2025-12"),
        ("¿y en noviembre de ese año?", "2025-12", "2025-11"),
        ("¿y este noviembre?", "2025-11", "2026-11"),
        ("y en abril?", "2025-03", "2025-04"),
        ("y octubre?", "2025-12", "2026-10"),
        ("y no en agosto, en julio", "2026-08", "2026-07"),
        ("no, julio era", "2026-06", "2026-07"),
        ("y las ventas de esos meses?", "2026-05..2026-06", "2026-05..2026-06"),
        ("ese mes el año pasado?", "2026-10", "2025-10"),
        ("dos meses atrás", "2026-05", "2026-09"),
        ("solo facturas", "2026-05", ""),
    ],
)
def test_months_after_others(texto: str, previos: str, meses: str) -> None:
    """Months that name no place of their own are counted from those spoken of."""
    assert write_months(read_meses(texto, HOY, read_months(previos), sigue=True)) == meses


def test_months_of_a_new_question() -> None:
    """A new question takes a month from before only where it points at it."""
    assert read_meses("cuánto vendí ese mes", HOY, OCT, sigue=False) == OCT
    assert write_months(read_meses("ventas de 2025", HOY, OCT, sigue=False)) == "2025-01..2025-12"


@pytest.mark.parametrize(
    ("texto", "previos", "tipos"),
    [
        ("las exentas", (), (34,)),
        ("las exentas", (39, 41), (41,)),
        ("no, las afectas", (34,), (33,)),
        ("las no afectas", (), (34,)),
        ("solo facturas", (39, 41), (33, 34)),
        ("y en mayo", (33,), ()),
    ],
)
def test_types_after_others(texto: str, previos: tuple[int, ...], tipos: tuple[int, ...]) -> None:
    """`exentas` are those of what was spoken of."""
    assert read_tipos(texto, previos) == tipos


@pytest.mark.parametrize(
    ("texto", "asunto", "antes", "ahora"),
    [
        ("compáralo con el año pasado", Asunto("ventas_resumen", OCT), "2025-10", "2026-10"),
        ("compara con agosto", Asunto("ventas_resumen", OCT), "2026-08", "2026-10"),
        ("compara", Asunto("ventas_resumen", OCT), "2026-09", "2026-10"),
        (
            "compara ambos",
            Asunto("compras_resumen", OCT, antes=read_months("2025-10")),
            "2025-10",
            "2026-10",
        ),
        ("cuál de los dos fue más caro", Asunto("x", read_months("2026-05..2026-06")), "2026-05", "2026-06"),
        (
            "y las compras?",
            Asunto("compras_comparar", read_months("2026-08..2026-09"), antes=read_months("2026-08")),
            "2026-08",
            "2026-09",
        ),
    ],
)
def test_compared_with_what_was_spoken_of(texto: str, asunto: Asunto, antes: str, ahora: str) -> None:
    """The months of before are one side; the two last ones are both."""
    sides = follow_comparacion(texto, HOY, Asunto.read({**asunto.write(), "sigue": True}))
    assert tuple(map(write_months, sides)) == (antes, ahora)


@pytest.mark.parametrize(
    "texto",
    [
        "maestro dígame las ventas",
        "total de mayo y junio juntas",
        "compras con derecho a crédito",
        "ventas en torta",
    ],
)
def test_words_that_name_nobody(texto: str) -> None:
    """How one calls another and what one sells are no clients."""
    nombres = ["MAESTROS UNIDOS LTDA", "JUNTA DE VECINOS EL ALBA"]
    assert find_contraparte(texto, nombres) is None


@pytest.mark.parametrize(
    ("texto", "partes", "tipos"),
    [
        ("y de todos mis proveedores?", True, False),
        ("ya, pero a todas las empresas", True, False),
        ("de cualquier cliente", True, False),
        ("y sumando todo", False, True),
        ("todos los documentos", False, True),
        ("y de todos los meses", False, False),
        ("y las de junio", False, False),
    ],
)
def test_a_turn_can_widen_what_was_asked(texto: str, partes: bool, tipos: bool) -> None:
    """Everybody and every type are asked for in so many words."""
    assert (wants_all_parties(texto), wants_all_types(texto)) == (partes, tipos)


def test_months_compared_are_both_named() -> None:
    """The month that is compared with is in what was understood."""
    said = find_periodos("este mes compré menos que el pasado o no?", HOY)
    assert write_months(said) == "2026-10..2026-11"
