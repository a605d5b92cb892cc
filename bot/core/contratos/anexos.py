"""Annexes: what they are, which contract they belong to, and what they change in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.contratos.clausulas import Contrato, Parte
from bot.core.contratos.datos import Dato, Hechos
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.frases import Frase, read_frases
from bot.core.contratos.hechos import read_hechos
from bot.core.contratos.numeros import read_numero, read_ordinal, read_romano
from bot.core.contratos.plano import plegar

_CLASES = tuple(
    (clase, re.compile(words))
    for clase, words in (
        ("finiquito", r"finiquito"),
        ("resciliacion", r"resciliacion"),
        ("termino", r"(?:termino|terminacion)(?: anticipad[oa])?(?: y finiquito)?(?: de| del"
        r"| al)? contrato|carta de termino|aviso de termino"),
        ("prorroga", r"prorroga|renovacion de|extension de"),
        ("cesion", r"cesion de (?:contrato|derechos)"),
        ("addendum", r"adden?dum|adenda"),
        ("modificacion", r"modificacion|modificatori|rectificacion"),
        ("anexo", r"\banexo"),
    )
)  # fmt: skip
# A document that is an annex by what it does, whatever it is called.
_CAMBIA = re.compile(
    r"(?:reempla[cz]|sustitu|modific)\w* [^.]{0,60}(?:clausula|articulo|numeral|inciso|parrafo)"
)
_LO_DEMAS = re.compile(r"(?:todo )?lo (?:demas|no modificado)|demas (?:clausulas|estipulaciones)")
_TITULO = 250
_COMPARECEN = re.compile(r"\b(?:en [a-z ]{3,40}, a|entre|comparece|con fecha|yo)\b")
_ANTECEDENTE = re.compile(
    r"celebra(?:ron|do|da)|suscrib\w+|suscrit[oa]|con fecha|contrato (?:original|primitivo"
    r"|principal)|firma(?:ron|do|da)|de fecha|contrato de [a-z ]{3,50} de(?:l| fecha)?(?: dia)? *\|"
)
_MODIFICA = (
    ("reemplaza", r"reempla[cz]\w*|sustit\w+|queda(?:ra|ndo)? (?:del siguiente tenor|como sigue"
        r"|redactad[oa]|asi)|cambia(?:se|n)?\b"),
    ("elimina", r"elimin\w+|suprim\w+|derog\w+|dej\w+ sin efecto|quita(?:se|n)?\b"),
    ("agrega", r"agreg\w+|incorpor\w+|anad\w+|adicion\w+|complement\w+"),
    ("modifica", r"modific\w+|prorrog\w+|extiend\w+|extender\w*|ampli\w+|rebaj\w+|aument\w+|reduc\w+"
        r"|fij\w+ en|pasa(?:ra)? a ser|sera de|subira|baja(?:ra)? a"),
)  # fmt: skip
_CLAUSULA = re.compile(
    r"(?:clausulas?|articulos?|numeral(?:es)?|punto|letra|parrafo) {1,2}(?:n(?:°|ro\.?"
    r"|umero)? ?)?(?P<n>[a-z0-9.]{1,20})"
)
_NUMERO = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}")
_TEXTO_NUEVO = re.compile(
    r"[\"“«](?P<texto>.{12,}?)[\"”»]?\s*\Z|(?:siguiente|manera|tenor|forma|sigue|texto|asi"
    r"|así)\s?:\s*(?P<resto>.{12,})\Z",
    re.DOTALL,
)
_PRORROGA = re.compile(
    r"prorrog\w+|prorrogue|renov\w+|renueva\w*|extiend\w+|extender\w*|extension|ampli\w+|plazo"
)
_PONE_TERMINO = re.compile(
    r"(?:pon\w+|pus\w+|dar\w*|dan|da)(?:le)?(?: \w+){0,3} (?:termin\w+|fin)\b|resciliar|rescilian"
    r"|resciliacion|finiquit|termin[ao]n? (?:el|la|su) (?:contrato|relacion)"
    r"|contrato dejara de regir|deja\w* sin efecto (?:\w+ ){0,3}contrato"
    r"|contrato (?:\w+ ){0,4}(?:termin|conclu"
    r"|queda(?:ra)? terminado)"
)
_CUANDO = re.compile(
    r"(?:a contar|a partir|con fecha|desde|hasta|efecto|al|el)(?: de| del| el| dia| la| fecha)*$"
    r"|termin\w+[^.]{0,25}$"
)


@dataclass(frozen=True, slots=True)
class Cambio:
    """A clause that an annex changes: `accion` is reemplaza, elimina, agrega or modifica.

    `clausula` is its number (empty if the annex names none), `texto` the new words (empty if there are none).
    """

    accion: str
    clausula: str
    texto: str


@dataclass(frozen=True, slots=True)
class Prorroga:
    """A new end: `hasta` a day, or `duracion` more from `desde` (None: from the end that there was)."""

    hasta: date | None = None
    duracion: Duracion | None = None
    desde: date | None = None


@dataclass(frozen=True, slots=True)
class Anexo:
    """An annex; `hechos` are the facts that it states, `termino` the day on which it ends the contract.

    `contrato_fecha` and `contrato_tipo` say which contract it belongs to.
    """

    clase: str
    fecha: Dato[date] | None
    contrato_fecha: Dato[date] | None
    contrato_tipo: str
    hechos: Hechos
    cambios: tuple[Dato[Cambio], ...]
    prorroga: Dato[Prorroga] | None
    termino: Dato[date] | None


def read_anexo(contrato: Contrato, parte: Parte | None = None) -> Anexo | None:
    """Read a document, or a part of one, as an annex; None if it is none.

    An inventory or a list of prices is an annex too: without changes, extension or end.
    """
    frases = read_frases(contrato, parte or contrato.cuerpo)
    clase = find_clase(frases)
    if not clase:
        return None
    own = [frase for frase in frases if not _is_reference(frase)]
    hechos = read_hechos(own)
    fecha = hechos.firma
    original = _original_date(frases, fecha)
    ended = _end(own, fecha, clase)
    return Anexo(
        clase, fecha, original, hechos.tipo.valor if hechos.tipo else "", hechos,
        tuple(_changes(own)), None if ended else _extension(own, fecha), ended,
    )  # fmt: skip


def find_clase(frases: Sequence[Frase]) -> str:
    """What kind of annex sentences belong to, from their title; empty if to none."""
    head = " ".join(frase.plano for frase in frases[:3])[:_TITULO]
    title = _COMPARECEN.split(head, maxsplit=1)[0]
    named = next((clase for clase, words in _CLASES if words.search(title)), "")
    changes = any(_CAMBIA.search(frase.plano) for frase in frases)
    rest = any(_LO_DEMAS.search(frase.plano) for frase in frases)
    return named or ("modificacion" if changes and rest else "")


def belongs(anexo: Anexo, hechos: Hechos) -> bool:
    """Whether an annex is of a contract: it names the day of its signature, or both have two parties, or one
    and the kind or another of its dates."""
    named = anexo.contrato_fecha.valor if anexo.contrato_fecha else None
    dates = {dato.valor for dato in (hechos.firma, hechos.inicio) if dato}
    if named and dates and named not in dates:
        return False
    ruts = {parte.valor.rut for parte in hechos.partes if parte.valor.rut}
    common = len(ruts & {parte.valor.rut for parte in anexo.hechos.partes})
    same_kind = hechos.tipo is not None and hechos.tipo.valor == anexo.contrato_tipo
    signed = hechos.firma is not None and named == hechos.firma.valor
    return signed or common > 1 or (common == 1 and (named in dates or same_kind))


def find_dueno(anexo: Anexo, cuerpos: Sequence[Hechos]) -> int | None:
    """Which of several contracts an annex is of, by its place; None if that is not clear.

    The date that it names tells more than the kind of contract, and that more than the parties. Of a contract
    whose parties were not understood the kind has to do, if there is but one.
    """
    fits = [at for at, hechos in enumerate(cuerpos) if belongs(anexo, hechos)]
    named = anexo.contrato_fecha.valor if anexo.contrato_fecha else None
    fits = fits or [
        at
        for at, hechos in enumerate(cuerpos)
        if len(hechos.partes) < 2 and not (named and hechos.firma) and anexo.contrato_tipo
        and hechos.tipo and hechos.tipo.valor == anexo.contrato_tipo
    ]  # fmt: skip
    for told in (
        [
            at
            for at in fits
            if named in {dato.valor for dato in (cuerpos[at].firma, cuerpos[at].inicio) if dato}
        ],
        [at for at in fits if (tipo := cuerpos[at].tipo) and tipo.valor == anexo.contrato_tipo],
    ):
        fits = told or fits
    return fits[0] if len(fits) == 1 else None


def _is_reference(frase: Frase) -> bool:
    """A sentence that tells of the contract that is changed: its dates are not the annex's."""
    past = re.search(
        r"celebraron|suscribieron|firmaron|se celebro|contrato (?:original|primitivo)", frase.plano
    )
    return past is not None and bool(frase.clausula) and not _PONE_TERMINO.search(frase.plano)


def _original_date(frases: Sequence[Frase], own: Dato[date] | None) -> Dato[date] | None:
    for frase in frases:
        for fecha in frase.fechas:
            near = frase.antes(fecha.inicio, 120) + " | " + frase.despues(fecha.fin, 80)
            other = own is None or fecha.valor < own.valor
            if other and fecha.dia and _ANTECEDENTE.search(near) and "contrato" in near:
                return frase.dato(fecha.valor, 0.85)
    return None


def _changes(frases: Sequence[Frase]) -> Iterator[Dato[Cambio]]:
    for at, frase in enumerate(frases):
        accion = next((name for name, words in _MODIFICA if re.search(rf"\b(?:{words})", frase.plano)), "")
        if not accion or not (frase.clausula or frase.titulo):
            continue
        numbers = [
            number
            for found in _CLAUSULA.finditer(frase.plano)
            if (number := _clause_number(frase.plano, found))
        ]
        if numbers or accion == "modifica":
            texto = _new_text(frases[at : at + 12], named=bool(numbers))
            for number in numbers or [""]:
                yield frase.dato(
                    Cambio(accion, number, texto if accion != "elimina" else ""), 0.85 if numbers else 0.6
                )


def find_clausulas(texto: str) -> list[str]:
    """The numbers of the clauses that a text names: `¿qué dice la cláusula quinta?` → `["5"]`."""
    plano = plegar(texto)
    return [number for found in _CLAUSULA.finditer(plano) if (number := _clause_number(plano, found))]


def _clause_number(plano: str, found: re.Match[str]) -> str:
    at = found.start("n")
    figures = _NUMERO.match(plano, at)
    if figures:
        return figures[0]
    number = read_ordinal(plano, at) or read_numero(plano, at)
    roman = read_romano(found["n"].rstrip("."))
    value = number.valor if number else roman
    return str(value) if value else ""


def _new_text(frases: Sequence[Frase], *, named: bool) -> str:
    """What the same clause says in quotes or, if it names the clause that it changes, after the colon."""
    own = [
        frase.texto for frase in frases if frase.clausula.split(".")[0] == frases[0].clausula.split(".")[0]
    ]
    found = _TEXTO_NUEVO.search("\n".join(own))
    texto = (found["texto"] or (found["resto"] if named else "")) if found else ""
    return " ".join((texto or "").split()).strip('"“”«»')


def _extension(frases: Sequence[Frase], own: Dato[date] | None) -> Dato[Prorroga] | None:
    for frase in frases:
        word = _PRORROGA.search(frase.plano)
        if not word or re.search(r"prorrog\w+ (?:la )?(?:competencia|jurisdiccion)", frase.plano):
            continue
        after = [fecha for fecha in frase.fechas if fecha.inicio > word.start()]
        until = [
            fecha
            for fecha in after
            if re.search(
                r"hasta[^.;]{0,25}$|(?:vence|termin)\w*[^.;]{0,20}$|\bal(?: dia)? $",
                frase.antes(fecha.inicio, 45),
            )
        ]
        since = [fecha for fecha in after if fecha not in until and (own is None or fecha.valor != own.valor)]
        spans = [
            one.valor
            for one in frase.duraciones
            if not re.match(r" de (?:antic|antel|aviso)", frase.despues(one.fin, 20))
        ]
        longer = word[0] != "plazo" or re.search(
            r"\b(?:nuevo|mayor) plazo|plazo (?:del|de este|de vigencia)", frase.plano
        )
        if until or (
            spans and longer and not re.search(r"automatic|tacit|sucesiv|anticipacion", frase.plano)
        ):
            hasta = until[0].valor if until else None
            prorroga = Prorroga(hasta, None if hasta else spans[0], since[0].valor if since else None)
            return frase.dato(prorroga, 0.9 if hasta else 0.8)
    return None


def _end(frases: Sequence[Frase], own: Dato[date] | None, clase: str) -> Dato[date] | None:
    for frase in frases:
        if (not frase.clausula and len(frase.plano) < 80) or not _PONE_TERMINO.search(frase.plano):
            continue
        dates = [one for one in frase.fechas if own is None or one.valor >= own.valor or clase == "finiquito"]
        marked = [one for one in dates if _CUANDO.search(frase.antes(one.inicio, 40).rstrip())]
        if marked:
            return frase.dato(marked[-1].valor, 0.9)
        if own and re.search(
            r"esta fecha|la fecha|en este acto|por el presente|por este (?:acto|instrumento)|resciliar",
            frase.plano,
        ):
            return frase.dato(own.valor, 0.75)
    ends = clase in {"finiquito", "resciliacion", "termino"}
    return replace(own, confianza=0.55) if ends and own else None
