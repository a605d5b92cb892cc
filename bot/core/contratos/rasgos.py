"""What speaks for a sentence of a contract as the answer to a question, as numbers for `modelo`."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.contratos.evidencia import MES, NUMERO, Oracion, trae
from bot.core.contratos.palabras import Vocabulario, halla, raiz
from bot.core.contratos.plano import plegar
from bot.core.contratos.pregunta import Pregunta

_LARGA, _CORTA = 900, 25
_DE_NOMBRE, _DE_FOCO, _DEL_TITULO = 0.65, 0.35, 0.6
# What kind of thing is asked, and the words with which contracts tell it.
_ESPEJOS = tuple(
    (re.compile(rf"\b(?:{pide})"), re.compile(rf"\b(?:{dice})"))
    for pide, dice in (
        (r"pued[oae]\w*|pod(?:emos|ria\w*|ia\w*)|se permit\w+|dejan|tengo permiso|esta prohibid\w+",
         r"podra\w*|puede\w*|prohib\w+|autoriza\w+|permit\w+|admit\w+|no (?:se )?(?:debe|permite)\w*|libre"),
        (r"quien(?:es)? (?:paga|pone|responde|asume|se hace|corre|tiene que|arregla|repara|hace"
         r"|debe|cubre)\w*"
         r"|(?:lo|la|los|las) pag(?:o|amos|an)|de quien es la culpa|quien\b[^?]* paga\w*",
         r"(?:de |por )?(?:cargo|cuenta|costo|costa) (?:exclusiv\w+ )?(?:de|del)\b|seran? de cargo|respond\w+"
         r"|pagara\w*|paga\b|asum\w+|aport\w+|provee\w*|proporcion\w+|suministr\w+"),
        (r"si\b|pasa (?:si|cuando)|que pasa|en caso", r"si\b|en caso|cuando|cada vez|por cada|siempre que"),
        (r"tengo que|hay que|debo|debemos|tenemos que|obligad\w+|obligacion\w*",
         r"debera\w*|deben?\b|se oblig\w+|obligad\w+|obligacion\w*|tiene que|tendra que"),
    )
)  # fmt: skip

NOMBRES = (
    "cerca cerca_pasaje primera puesto cubre foco foco_propio foco_exacto tema tema_titulo tema_calla"
    " sin_tema valor sin_valor unidad citado citado_propio cuando clausula breve larga comparece fila"
    " permiso cargo caso deber seguidas anexo anexo_antes anexo_pedido anexo_deja"
    " cerca_foco cerca_tema cerca2"
).split()


@dataclass(frozen=True, slots=True)
class Peso:
    """What a question's words weigh in one contract; `foco` are those that do not just name the contract.

    `halladas` are the contract's own words for each: the same, and those for the same thing.
    """

    palabras: Mapping[str, float]
    foco: Collection[str]
    halladas: Mapping[str, tuple[frozenset[str], frozenset[str]]]

    def halla(self, stem: str, en: frozenset[str]) -> float:
        """As `palabras.halla`, for words of this contract."""
        same, kin = self.halladas[stem]
        return 0.0 if same.isdisjoint(en) and kin.isdisjoint(en) else 1.0 if not same.isdisjoint(en) else 0.7


@dataclass(frozen=True, slots=True)
class Vista:
    """A sentence as seen from a question: how near it is in meaning (cosines), whether a fact that is asked
    for was read from it, and whether it stands in an annex.

    `antes`: the question asks for what held before annexes.
    """

    oracion: Oracion
    cerca: float
    cerca_pasaje: float
    citado: bool = False
    anexo: bool = False
    antes: bool = False


def pesar(pregunta: Pregunta, nombra: Mapping[str, float], vocabulario: Vocabulario, total: int) -> Peso:
    """Weights for a question's words: rare ones more, those that name the contract or only ask less.

    Args:
        vocabulario: of the contract's `total` sentences.
    """
    weights, foco = {}, []
    for stem in pregunta.palabras:
        share = vocabulario.veces.get(stem, 0) / (total or 1)
        rare = 1.0 if not share else max(0.15, min(1.0, 1.15 - 0.75 * share**0.4))
        weight = pregunta.peso.get(stem, 0.4)
        if nombra.get(stem):
            weights[stem] = (0.2 if nombra[stem] > _DE_NOMBRE else 0.5) * weight * rare
            continue
        weights[stem] = weight * rare
        if weight >= _DE_FOCO:
            foco.append(stem)
    return Peso(weights, foco, {stem: vocabulario.parecidas(stem) for stem in weights})


def mirar(vistas: Sequence[Vista], pregunta: Pregunta, peso: Peso) -> list[tuple[float, ...]]:
    """One row of numbers for each sentence, in the order of `NOMBRES`."""
    nearest = max((one.cerca for one in vistas), default=0.0)
    order = sorted(range(len(vistas)), key=lambda at: -vistas[at].cerca)
    puesto = {at: 1 / (1 + place) for place, at in enumerate(order)}
    asks = [pide.search(pregunta.texto) is not None for pide, _ in _ESPEJOS]
    return [
        (
            one.cerca, one.cerca_pasaje, float(one.cerca == nearest), puesto[at],
            *_rasgos(one, pregunta, peso, asks),
        )
        for at, one in enumerate(vistas)
    ]  # fmt: skip


def _rasgos(vista: Vista, pregunta: Pregunta, peso: Peso, asks: Sequence[bool]) -> tuple[float, ...]:
    oracion = vista.oracion
    cubre = _covers(oracion, peso, peso.palabras)
    foco = _covers(oracion, peso, peso.foco)
    tema, calla, titulo = _topic(oracion, pregunta)
    has_topic = pregunta.tema is not None
    valor = trae(pregunta.valor, oracion.plano)
    propio = bool(pregunta.tema and pregunta.tema.hecho)
    echoes = [
        float(ask and dice.search(oracion.plano) is not None)
        for ask, (_, dice) in zip(asks, _ESPEJOS, strict=True)
    ]
    return (
        cubre[0], foco[0], foco[1], foco[2],
        tema, titulo, calla, float(has_topic and not tema and not titulo),
        max(valor, 0.0), float(valor < 0), _unit(oracion, pregunta),
        vista.citado * (0.3 + foco[0]), float(vista.citado and propio), _time(oracion, pregunta),
        float(bool(pregunta.clausula) and pregunta.clausula == oracion.clausula.split(".")[0]),
        float(len(oracion.plano) < _CORTA and not any(char.isdigit() for char in oracion.plano)),
        float(len(oracion.plano) > _LARGA), float(oracion.orden < 3 and not oracion.clausula),
        float(" | " in oracion.texto), *echoes, _in_a_row(oracion, pregunta, peso),
        float(vista.anexo and not vista.antes), float(vista.anexo and vista.antes),
        float(vista.anexo and pregunta.anexo),
        float(vista.anexo and not vista.antes) * (tema + max(valor, 0)),
        vista.cerca * foco[0], vista.cerca * tema, vista.cerca**2,
    )  # fmt: skip


def _covers(oracion: Oracion, peso: Peso, wanted: Iterable[str]) -> tuple[float, float, float]:
    """The part (0–1) of the words that a sentence has: with its title, alone, literally."""
    total = whole = own = exact = 0.0
    for stem in wanted:
        weight, here = peso.palabras[stem], peso.halla(stem, oracion.raices)
        total += weight
        whole += weight * max(here, _DEL_TITULO * peso.halla(stem, oracion.contexto))
        own += weight * here
        exact += weight * (stem in oracion.raices)
    return (whole / total, own / total, exact / total) if total else (0.0, 0.0, 0.0)


def _topic(oracion: Oracion, pregunta: Pregunta) -> tuple[float, float, float]:
    tema = pregunta.tema
    if tema is None:
        return 0.0, 0.0, 0.0
    if tema.dice.search(oracion.plano):
        quiet = tema.calla and not tema.calla.search(pregunta.texto) and tema.calla.search(oracion.plano)
        return 1.0, float(bool(quiet)), 0.0
    return 0.0, 0.0, float(tema.dice.search(plegar(oracion.titulo)) is not None)


def _unit(oracion: Oracion, pregunta: Pregunta) -> float:
    if not pregunta.unidad:
        return 0.0
    words = re.findall(r"[a-z]+|\d[\d.,]*", oracion.plano)
    numbers = [at for at, word in enumerate(words) if re.fullmatch(NUMERO, word)]
    return float(
        any(halla(pregunta.unidad, {raiz(word) for word in words[at + 1 : at + 4]}) for at in numbers)
    )


def _in_a_row(oracion: Oracion, pregunta: Pregunta, peso: Peso) -> float:
    """Whether two words of the question that say what it is about stand near each other."""
    foco = [stem for stem in pregunta.palabras if stem in peso.foco and stem in oracion.raices]
    return float(len(foco) > 1)


def _time(oracion: Oracion, pregunta: Pregunta) -> float:
    """Rows of a schedule: the one whose period holds the month that is asked for."""
    if pregunta.mes is None and pregunta.hoy and " | " in oracion.texto:
        return _row_now(oracion.plano, pregunta.hoy)
    if pregunta.mes is None or not re.search(rf"\b(?:{MES}|20\d\d)\b", oracion.plano):
        return 0.0
    year, month = pregunta.mes
    if " | " in oracion.texto:
        bounds = _bounds(oracion.plano)
        if bounds and year:
            low, high = bounds
            wanted = (year * 12 + month, year * 12 + (month or 12))
            return 1.0 if low <= wanted[1] and wanted[0] <= high else -0.5
    named = month and any(mes in oracion.plano for mes in [MES.split("|")[month - 1]])
    return 0.3 * bool(named) + 0.2 * (str(year) in oracion.plano)


def _row_now(plano: str, hoy: tuple[int, int]) -> float:
    """The row of today, else the last."""
    bounds = _bounds(plano)
    if bounds is None:
        return 0.0
    now = hoy[0] * 12 + hoy[1]
    return 1.2 if bounds[0] <= now <= bounds[1] else 1.0 + (bounds[0] - now) / 1000


def _bounds(plano: str) -> tuple[int, int] | None:
    names = MES.split("|")
    found = [
        int(match[2]) * 12 + names.index(match[1]) + 1
        for match in re.finditer(rf"\b({MES})(?: de| del)? (20\d\d)", plano)
    ]
    return (min(found), max(found)) if found else None
