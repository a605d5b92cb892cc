"""How well a sentence of a contract answers a question."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.contratos.fechas import find_fechas
from bot.core.contratos.oraciones import split_oraciones
from bot.core.contratos.palabras import halla, raices, raiz
from bot.core.contratos.plano import plegar
from bot.core.contratos.pregunta import Pregunta
from bot.core.contratos.temas import Valor

_NUMERO = (
    r"(?:\d[\d.,]*|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce"
    r"|quince|dieci\w+"
    r"|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien\w*|\w+cient[oa]s"
    r"|quinient[oa]s|mil)"
)
_MES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_VALOR = {
    Valor.MONTO: rf"\$ ?\d|\bu\.?f\b|unidad\w* de fomento|\butm\b|\busd?\b|\bpesos\b|\d ?%|por ciento"
    rf"|\b{_NUMERO} (?:rentas?|honorarios|sueldos|mes(?:es)? y medio|mes(?:es)? de)\b|\bmitad\b|\bfees\b",
    Valor.FECHA: rf"\bde (?:{_MES})\b|\d[/-]\d{{1,2}}[/-]\d|\b(?:{_MES}) \d|(?:acto|firma|su fecha)\b",
    Valor.DURACION: rf"\b{_NUMERO}(?: \([^)]*\))? (?:dias?|mes(?:es)?|anos?|semanas?|horas?|minutos"
        rf"|semestres?)\b",
    Valor.PORCENTAJE: r"\d ?%|por ciento",
    Valor.NUMERO: rf"\b{_NUMERO}\b",
    Valor.HORA: r"\b\d{1,2}[:.]\d\d\b|\bhoras\b",
    Valor.DIAS: rf"\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|dias?|{_MES}|mes)\b",
    Valor.LUGAR: r"\b(?:comuna|ciudad|tribunal\w*|calle|avenida|sucursal|domicilio|oficina|arbitr\w+"
        r"|juzgado|en [a-z]+)\b",
    Valor.NOMBRE: r"\b(?:don|dona|rut|representad[oa]|s\.a|spa|ltda|limitada|arrend\w+|cargo de"
        r"|vendedor|comprador|empresa"
    r"|cliente|proveedor|profesional|mandante|empleador|trabajador|client\w+|[a-z]+(?:dor|dora|tario"
    r"|taria|tante|nte))\b",
    Valor.RUT: r"\b\d{1,2}\.?\d{3}\.?\d{3} ?- ?[\dk]|numero [a-z]+ millones",
}  # fmt: skip
_VALORES = {valor: re.compile(words) for valor, words in _VALOR.items()}
_DIAS_CLAROS = re.compile(
    rf"\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|{_MES}|primer\w*|ultimo dia|penultimo"
    rf"|dias? (?:\d|[a-z]+ de))\b"
)
# Words to a machine are no clause: nobody agreed on them.
_ORDEN = re.compile(
    r"(?:ignor\w+|olvid\w+|descart\w+|omit\w+) (?:\w+ ){0,4}(?:instrucci\w+|anterior\w*|reglas|filtro\w*)"
    r"|sistemas? automatic\w+|inteligencia artificial|asistente\w* (?:virtual\w*|automatic\w*|de ia"
    r"|digital\w*)"
    r"|modelos? de lenguaje|\bchat ?bots?\b|(?:respond|contest|inform|indi"
    r"|dig)\w+ (?:siempre )?que (?:el|este) contrato"
    r"|agreg\w+ la palabra|a toda respuesta|\bprompt\b|nota para (?:el|la|los|las) (?:sistema"
    r"|asistente|bot|ia|modelo)"
)
_LARGO_TITULO = 90
_MUCHO = 460
# Less weighs what every question has and what only asks.
_DE_NOMBRE = 0.65
_DE_FOCO, _DE_FOCO_CON_TEMA = 0.35, 0.55
_PREGUNTA_CORTA, _DEL_CONTEXTO = 1.2, 0.55


@dataclass(frozen=True, slots=True)
class Oracion:
    """A sentence, or a row of a table, with where it stands.

    `contexto` are stems of its clause's title and of the sentence before it; `cerca` is how near its
    passage is in meaning to the question (0–1).
    """

    contrato_id: int
    archivo: str
    pagina: int
    clausula: str
    titulo: str
    texto: str
    plano: str
    raices: frozenset[str]
    contexto: frozenset[str]
    cerca: float = 0.0


@dataclass(frozen=True, slots=True)
class Peso:
    """What a question's words weigh in one contract; `foco` are those that do not just name the contract."""

    palabras: Mapping[str, float]
    foco: Collection[str]


@dataclass(frozen=True, slots=True)
class Puntaje:
    """`total` orders sentences; `cubre` (0–1) is the part of the question that a sentence speaks of."""

    total: float
    cubre: float
    tema: float
    valor: float


def read_oraciones(
    contrato_id: int, archivo: str, pasajes: Iterable[tuple[int, str, str, float]]
) -> list[Oracion]:
    """The sentences of a contract's passages: page, clause, text and nearness of each, in order.

    What speaks to a machine, and not to the parties, is left out.
    """
    found: list[Oracion] = []
    titulo, previous, last = "", "", None
    for pagina, clausula, texto, cerca in pasajes:
        if clausula.split(".")[0] != last:
            last, previous = clausula.split(".")[0], ""
            head = texto.strip().partition("\n")[0]
            titulo = head[:_LARGO_TITULO] if clausula else ""
        for piece in _pieces(texto):
            flat = plegar(piece)
            if len(piece) < _LARGO_TITULO and not re.search(r"[.;,|]", piece.strip(" .:")) and not clausula:
                titulo = piece
            if len(piece.split()) < 2 or _ORDEN.search(flat):
                continue
            around = raices(f"{titulo} {previous}")
            found.append(
                Oracion(
                    contrato_id, archivo, pagina, clausula, titulo, piece, flat, raices(piece), around, cerca
                )
            )
            previous = piece[-200:]
    return found


def _pieces(texto: str) -> Iterable[str]:
    """Sentences; the rows of a table one by one."""
    for inicio, fin in split_oraciones(texto):
        piece = texto[inicio:fin]
        if " | " not in piece:
            head, _, rest = piece.partition("\n")
            titled = (
                rest and len(head) < _LARGO_TITULO and head[-1] not in ".,;:" and rest.lstrip()[:1].isupper()
            )
            yield from (" ".join(one.split()) for one in ((head, rest) if titled else (piece,)))
            continue
        yield from (" ".join(line.split()) for line in piece.split("\n") if line.strip())


def puntuar(oracion: Oracion, pregunta: Pregunta, peso: Peso, cita: bool = False) -> Puntaje:
    """Weigh a sentence; `cita` tells that a fact asked for was read from it."""
    cubre = _coverage(oracion, peso)
    tema = _topic(oracion, pregunta)
    valor = _value(oracion, pregunta)
    foco = cubre_foco(oracion, peso)
    cited = (1.2 if pregunta.tema and pregunta.tema.hecho else 0.5) * cita * foco
    spoken = 0.5 * foco * bool(peso.foco)
    total = (
        1.5 * cubre
        + 0.6 * tema
        + 0.5 * valor
        + 0.6 * oracion.cerca
        + cited
        + spoken
        + _time(oracion, pregunta)
    )
    if pregunta.clausula and pregunta.clausula == oracion.clausula.split(".")[0]:
        total += 1
    if pregunta.tema and not tema:
        total -= 0.5
    return Puntaje(total - _shape(oracion), cubre, tema, valor)


def cubre_foco(oracion: Oracion, peso: Peso) -> float:
    """The part (0–1) of the words that the question is about which a sentence, or its clause, has."""
    wanted = {stem: peso.palabras[stem] for stem in peso.foco}
    if not wanted:
        return 1.0
    got = sum(
        weight * max(halla(stem, oracion.raices), 0.6 * halla(stem, oracion.contexto))
        for stem, weight in wanted.items()
    )
    return got / sum(wanted.values())


def _coverage(oracion: Oracion, peso: Peso) -> float:
    whole = max(sum(peso.palabras.values()), _PREGUNTA_CORTA)
    got = sum(
        weight
        * max(
            halla(stem, oracion.raices), _DEL_CONTEXTO * (stem in peso.foco) * halla(stem, oracion.contexto)
        )
        for stem, weight in peso.palabras.items()
    )
    return got / whole


def _topic(oracion: Oracion, pregunta: Pregunta) -> float:
    if pregunta.tema is None:
        return 0.0
    if pregunta.tema.dice.search(oracion.plano):
        calla = pregunta.tema.calla
        quiet = calla and not calla.search(pregunta.texto) and calla.search(oracion.plano)
        return 0.3 if quiet else 1.0
    return 0.5 if pregunta.tema.dice.search(plegar(oracion.titulo)) else 0.0


def _value(oracion: Oracion, pregunta: Pregunta) -> float:
    pattern = _VALORES.get(pregunta.valor)
    if pattern is None:
        return 0.0
    if not pattern.search(oracion.plano):
        return -0.3
    if pregunta.valor is Valor.HORA:
        return 1.0 if re.search(r"\d{1,2}[:.]\d\d", oracion.plano) else 0.4
    if pregunta.valor is Valor.DIAS:
        return 1.0 if _DIAS_CLAROS.search(oracion.plano) else 0.3
    if not pregunta.unidad or _counted(oracion.plano, pregunta.unidad):
        return 1.0
    return 0.6 if pregunta.valor is Valor.DURACION else 0.2


def _counted(plano: str, unidad: str) -> bool:
    words = re.findall(r"[a-z]+|\d[\d.,]*", plano)
    numbers = [at for at, word in enumerate(words) if re.fullmatch(_NUMERO, word)]
    return any(halla(unidad, {raiz(word) for word in words[at + 1 : at + 4]}) for at in numbers)


def _time(oracion: Oracion, pregunta: Pregunta) -> float:
    """Rows of a schedule: the one whose period holds the month that is asked for."""
    if pregunta.mes is None and pregunta.hoy and " | " in oracion.texto:
        return _row_now(oracion.plano, pregunta.hoy)
    if pregunta.mes is None or not re.search(rf"\b(?:{_MES}|20\d\d)\b", oracion.plano):
        return 0.0
    year, month = pregunta.mes
    if " | " in oracion.texto:
        bounds = _bounds(oracion.plano)
        if bounds and year:
            low, high = bounds
            wanted = (year * 12 + month, year * 12 + (month or 12))
            return 1.0 if low <= wanted[1] and wanted[0] <= high else -0.5
    named = month and any(mes in oracion.plano for mes in [_MES.split("|")[month - 1]])
    return 0.3 * bool(named) + 0.2 * (str(year) in oracion.plano)


def _row_now(plano: str, hoy: tuple[int, int]) -> float:
    """The row of today, else the last."""
    bounds = _bounds(plano)
    if bounds is None:
        return 0.0
    now = hoy[0] * 12 + hoy[1]
    return 1.2 if bounds[0] <= now <= bounds[1] else 1.0 + (bounds[0] - now) / 1000


def _bounds(plano: str) -> tuple[int, int] | None:
    names = _MES.split("|")
    found = [
        int(match[2]) * 12 + names.index(match[1]) + 1
        for match in re.finditer(rf"\b({_MES})(?: de| del)? (20\d\d)", plano)
    ]
    return (min(found), max(found)) if found else None


def _shape(oracion: Oracion) -> float:
    """Headings and the opening with everybody's data answer little."""
    short = len(oracion.plano) < 25 and not any(char.isdigit() for char in oracion.plano)
    return 0.5 * short + 0.12 * (len(oracion.plano) > 2 * _MUCHO)


def pesar(pregunta: Pregunta, nombra: Mapping[str, float], oraciones: Sequence[Oracion]) -> Peso:
    """Weights for a question's words: rare ones more, those that name the contract or ask for"
    " anything less."""
    size = len(oraciones) or 1
    stems = [oracion.raices for oracion in oraciones]
    weights, foco = {}, []
    for stem in pregunta.palabras:
        times = sum(halla(stem, words) > 0 for words in stems)
        rare = 1.0 if not times else max(0.15, min(1.0, 1.15 - 0.75 * (times / size) ** 0.4))
        weight = pregunta.peso.get(stem, 0.4)
        if nombra.get(stem):
            weights[stem] = (0.2 if nombra[stem] > _DE_NOMBRE else 0.5) * weight * rare
            continue
        weights[stem] = weight * rare
        if weight >= (_DE_FOCO if pregunta.tema is None else _DE_FOCO_CON_TEMA):
            foco.append(stem)
    return Peso(weights, foco)


def recortar(texto: str, cerca_de: Iterable[str], largo: int = _MUCHO) -> str:
    """The part of a long sentence that speaks of the question, in whole words, with `…` at the cuts."""
    if len(texto) <= largo:
        return texto
    wanted = set(cerca_de)
    places = [match.start() for match in re.finditer(r"\S+", texto) if raices(match[0]) & wanted]
    starts = [*places, 0]
    best = max(starts, key=lambda at: sum(at - 60 <= place < at + largo - 120 for place in places))
    start = max(0, min(best - 60, len(texto) - largo))
    start = texto.find(" ", start) + 1 if start else 0
    end = texto.rfind(" ", start, start + largo) if start + largo < len(texto) else len(texto)
    return ("…" if start else "") + texto[start:end] + ("…" if end < len(texto) else "")


def fechas_de(texto: str) -> list[date]:
    """The days that a text names."""
    return [one.valor for one in find_fechas(texto) if one.dia]
