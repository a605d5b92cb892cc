"""Questions as people type them, each with what it means: made from a seed, not from the readers."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.cifras.oraculo import Donde

HOY = date(2026, 11, 22)
MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
VENTAS = {"": (), "solo facturas": (33, 34), "en notas de crédito": (60, 61), "en boletas": (39, 41)}
COMPRAS = {"": (), "solo facturas": (33, 34), "en notas de crédito": (60, 61), "en facturas exentas": (34,)}
ESTADOS = {"reclamadas": "RECLAMADO", "no incluidas": "NO_INCLUIR", "pendientes": "PENDIENTE"}


@dataclass(frozen=True)
class Pregunta:
    """What is typed, the kind of answer, whose books, and what it means.

    `antes` are the months compared with, `cuantos` how many are wanted.
    """

    texto: str
    clase: str
    quien: int
    donde: Donde
    antes: tuple[str, ...] = ()
    cuantos: int = 0


def mes(back: int) -> str:
    """The month so many months ago, `2026-09`."""
    index = HOY.year * 12 + HOY.month - 1 - back
    return f"{index // 12}-{index % 12 + 1:02}"


def nombre(periodo: str) -> str:
    """`septiembre`."""
    return MESES[int(periodo[5:]) - 1]


def periodos(azar: Random) -> tuple[str, tuple[str, ...]]:
    """Words and the months that they mean."""
    back = azar.randrange(1, 12)
    some = mes(back)
    far = mes(azar.randrange(12, 23))
    span = tuple(mes(one) for one in range(back, max(0, back - azar.randrange(1, 4)) - 1, -1))
    year = [f"2026-{month:02}" for month in range(1, 12)]
    quarter = azar.randrange(1, 4)
    last = azar.randrange(2, 9)
    choices: list[tuple[str, Sequence[str]]] = [
        (f"en {nombre(some)}", [some]),
        (f"en {nombre(far)} de {far[:4]}", [far]),
        (f"en {far[5:]}/{far[:4]}", [far]),
        (f"en {nombre(far)[:3]} {far[2:4]}", [far]),
        ("el mes pasado", [mes(1)]),
        ("este mes", [mes(0)]),
        ("el mes antepasado", [mes(2)]),
        (f"hace {last} meses", [mes(last)]),
        (f"en los últimos {last} meses", [mes(one) for one in range(last, 0, -1)]),
        (
            f"en el {('primer', 'segundo', 'tercer')[quarter - 1]} trimestre",
            year[quarter * 3 - 3 : quarter * 3],
        ),
        ("en el primer semestre", year[:6]),
        ("este año", year),
        ("el año pasado", [f"2025-{month:02}" for month in range(1, 13)]),
        ("en todo el 2025", [f"2025-{month:02}" for month in range(1, 13)]),
        (f"de {nombre(span[0])} a {nombre(span[-1])} de {span[-1][:4]}", span),
        (f"entre {nombre(span[0])} y {nombre(span[-1])} de {span[-1][:4]}", span),
    ]
    words, months = azar.choice(choices)
    if words.startswith(("de ", "entre ")) and len(span) == 1:
        return f"en {nombre(some)}", (some,)
    return words, tuple(months)


def dias(azar: Random) -> tuple[str, tuple[date, date]]:
    """Words and the days that they mean."""
    back, count = azar.randrange(1, 20), azar.randrange(2, 20)
    month = date(2026, azar.randrange(1, 11), 1)
    name, last = MESES[month.month - 1], monthrange(2026, month.month)[1]
    first, end = sorted(azar.sample(range(2, last), 2))
    monday = HOY - timedelta(days=HOY.weekday())
    return azar.choice(
        [
            ("ayer", (HOY - timedelta(days=1), HOY - timedelta(days=1))),
            ("hoy", (HOY, HOY)),
            (f"hace {back} días", (HOY - timedelta(days=back), HOY - timedelta(days=back))),
            ("esta semana", (monday, HOY)),
            ("la semana pasada", (monday - timedelta(days=7), monday - timedelta(days=1))),
            (f"en los últimos {count} días", (HOY - timedelta(days=count - 1), HOY)),
            (f"el {first} de {name}", (month.replace(day=first), month.replace(day=first))),
            (f"del {first} al {end} de {name}", (month.replace(day=first), month.replace(day=end))),
            (f"desde el {first} de {name}", (month.replace(day=first), HOY)),
            (f"en la primera quincena de {name}", (month, month.replace(day=15))),
            (f"en la segunda quincena de {name}", (month.replace(day=16), month.replace(day=last))),
        ]
    )


def montos(azar: Random) -> tuple[str, tuple[int, int]]:
    """Words and the amounts that they mean, both ends included."""
    lucas = azar.randrange(5, 90) * 10
    return azar.choice(
        [
            (f"sobre {lucas} lucas", (lucas * 1000, 10**15)),
            (f"de más de ${lucas}.000", (lucas * 1000, 10**15)),
            ("de 1 millón o más", (10**6, 10**15)),
            (f"de menos de {lucas} mil pesos", (0, lucas * 1000)),
            (f"entre {lucas} y {lucas + 200} lucas", (lucas * 1000, (lucas + 200) * 1000)),
        ]
    )


type Partes = dict[str, list[tuple[str, str]]]


class Generador:
    """Questions about both taxpayers; `partes` are short names and RUTs of clients and suppliers of each."""

    def __init__(self, seed: int, partes: Sequence[Partes]) -> None:
        self._azar = Random(seed)
        self._partes = partes

    def make(self, many: int) -> list[Pregunta]:
        """So many, of all kinds."""
        kinds: list[Callable[[int, str], Pregunta]] = [
            self._resumen, self._resumen, self._resumen, self._detalle, self._detalle, self._comparar,
            self._ranking, self._extremo, self._iva, self._lineas, self._causas, self._pendientes,
        ]  # fmt: skip
        return [
            kinds[number % len(kinds)](self._azar.randrange(2), self._azar.choice(["ventas", "compras"]))
            for number in range(many)
        ]

    def _donde(self, quien: int, libro: str, *, days: bool = True) -> tuple[str, Donde]:
        azar, words = self._azar, []
        values: dict[str, object] = {}
        narrowed = azar.random()
        if narrowed < 0.25:
            name, rut = azar.choice(self._partes[quien][libro])
            words.append(f"a {name}")
            values["quien"] = rut
        elif narrowed < 0.45:
            word, tipos = azar.choice(list((VENTAS if libro == "ventas" else COMPRAS).items()))
            words.append(word)
            values["tipos"] = tipos
        elif narrowed < 0.55 and libro == "compras":
            word, estado = azar.choice(list(ESTADOS.items()))
            words.append(word)
            values["estado"] = estado
        elif narrowed < 0.7:
            word, monto = montos(azar)
            words.append(word)
            values["monto"] = monto
        if days and azar.random() < 0.25 and values.get("tipos") != (39, 41):
            when, span = dias(azar)
            values["dias"] = span
        else:
            when, values["meses"] = periodos(azar)
        return " ".join(filter(None, (*words, when))), Donde(libro, **values)  # type: ignore[arg-type]

    def _resumen(self, quien: int, libro: str) -> Pregunta:
        words, donde = self._donde(quien, libro)
        begin = self._azar.choice(
            [f"total de {libro}", f"mis {libro}", f"cuánto fue en {libro}", f"dime las {libro}"]
        )
        return Pregunta(f"{begin} {words}", "resumen", quien, donde)

    def _detalle(self, quien: int, libro: str) -> Pregunta:
        words, donde = self._donde(quien, libro)
        if donde.tipos == (39, 41):
            return self._detalle(quien, libro)
        return Pregunta(f"muéstrame el detalle de {libro} {words}", "detalle", quien, donde)

    def _comparar(self, quien: int, libro: str) -> Pregunta:
        first, second = sorted(self._azar.sample(range(1, 12), 2), reverse=True)
        text = f"compara {libro} de {nombre(mes(second))} con {nombre(mes(first))}"
        return Pregunta(text, "comparar", quien, Donde(libro, (mes(second),)), (mes(first),))

    def _ranking(self, quien: int, libro: str) -> Pregunta:
        words, months = periodos(self._azar)
        count = self._azar.choice([3, 5, 10])
        who = "clientes" if libro == "ventas" else "proveedores"
        return Pregunta(f"top {count} {who} {words}", "ranking", quien, Donde(libro, months), cuantos=count)

    def _extremo(self, quien: int, libro: str) -> Pregunta:
        which = self._azar.choice(["mejor", "peor"])
        year = self._azar.choice(["este año", "el año pasado"])
        months = [f"{2026 - (year != 'este año')}-{month:02}" for month in range(1, 13)]
        donde = Donde(libro, tuple(months[:10] if year == "este año" else months))
        return Pregunta(f"cuál fue mi {which} mes de {libro} {year}", which, quien, donde)

    def _month(self) -> tuple[str, str]:
        some = mes(self._azar.randrange(0, 12))
        return f"{nombre(some)} de {some[:4]}", some

    def _iva(self, quien: int, libro: str) -> Pregunta:
        words, some = self._month()
        return Pregunta(f"cuánto iva me toca por {words}", "iva", quien, Donde("ventas", (some,)))

    def _lineas(self, quien: int, libro: str) -> Pregunta:
        words, some = self._month()
        return Pregunta(f"f29 línea por línea de {words}", "lineas", quien, Donde("ventas", (some,)))

    def _causas(self, quien: int, libro: str) -> Pregunta:
        words, some = self._month()
        return Pregunta(f"por qué cambió mi iva en {words}", "causas", quien, Donde("ventas", (some,)))

    def _pendientes(self, quien: int, libro: str) -> Pregunta:
        donde = Donde("compras", (mes(1), mes(0)), estado="PENDIENTE")
        return Pregunta("qué compras tengo pendientes", "pendientes", quien, donde)
