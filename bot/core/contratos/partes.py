"""Who contracts: names, RUTs, roles and representatives."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.core.contratos.datos import Dato, ParteContratante
from bot.core.contratos.frases import Frase
from bot.core.contratos.numeros import read_numero
from bot.core.contratos.plano import plegar
from bot.core.errors import RutInvalidError
from bot.core.rut import Rut

_ROLES = (
    "subarrendatari subarrendador arrendatari arrendador empleador trabajador prestador cliente"
    " mandante mandatari"
    " contratista subcontratista proveedor vendedor comprador mutuante mutuari acreedor deudor comodante"
    " comodatari franquiciante franquiciador franquiciad distribuidor licenciante licenciatari transportista"
    " asegurador asegurad contratante agencia anunciante consultor profesional asesor suministrador"
    " suministrad"
    " concedente concesionari cedente cesionari prestatari prestamista transportador porteador"
    " cargador arrendante"
    " propietari duen inquilin"
).split()
_NOMBRE_ROL = {"mutuari": "mutuario", "duen": "dueño", "agencia": "agencia", "anunciante": "anunciante"}
_PARTE_ROL = r"parte (?:divulgadora|reveladora|receptora|emisora)|promitente (?:vendedor|comprador)a?"
_ALGUN_ROL = "|".join(_ROLES)
_ROL = (
    rf"(?P<rol>{_PARTE_ROL}|empresa (?:mandante|usuaria|contratista|principal)"
    rf"|(?:{_ALGUN_ROL})[a-z]{{0,2}}|empresa|sociedad)\b"
)
_ADELANTE = re.compile(
    r"(?:(?:en adelante|en lo sucesivo|denominad[oa]s?|llamad[oa]|y (?:tambien )?como|en calidad de"
    r"|que se denominara)"
    rf"[^.;()]{{0,60}}?|\()[\"' ,]{{0,4}}(?:(?:el|la|los|las) )?[\"' ]{{0,2}}{_ROL}[\"')]{{0,3}}"
)
_OTRO_NOMBRE = re.compile(
    r"[\"' ,]{0,4}(?:o|u|y/o|e|y) (?:simplemente |tambien )?[\"']?(?:el|la) [\"']?[a-z ]{3,40}[\"')]{1,3}"
)
_ETIQUETA = re.compile(rf"(?:^|(?<=[ .]))(?:(?:el|la|parte) )?{_ROL} ?: ?(?=[a-z])")
_RUT = re.compile(r"(?<![\d.])\d{1,2}[.,]?\d{3}[.,]?\d{3} ?- ?[\dk](?![\da-z])")
_RUT_PALABRAS = re.compile(r"(?:numero|n°|nro\.?|rut|identidad) (?=[a-z]{3,12} millones)")
_GUION = re.compile(
    r" ?(?:guion|-|raya) ?(?P<dv>[\dk]|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|ka)\b"
)
_REPRESENTA = re.compile(
    r"represent\w{2,8}(?:,? (?:legal(?:mente)?|convencionalmente|debidamente|en este acto"
    r"|segun se acreditara),?)*"
    r",? (?:por|en este acto por"
    r"|segun se indica por)[: ]|representante legal[:,]? |por intermedio de |compareciendo por "
)
_TRATO = (
    r"(?:(?:don|dona|senora?|sr\.?|sra\.?|srta\.?|d\.|la sociedad|la empresa|la firma|el senor"
    r"|la senora|a|y|entre"
    r"|por una parte|por la otra|de una parte|por otra|otra|el|la|los|su|como|comparecen?|yo|que|son"
    r"|parte|de|su gerente(?: general)?"
    r"|gerente general|titular|es)[,:]? {1,3})"
)
_INICIO = re.compile(rf"[\s,;:.()\"'-]*(?:(?:i{{1,3}}|[abc12])\)\s*)?{_TRATO}{{0,6}}")
_PALABRA = r"[A-ZÁÉÍÓÚÜÑ0-9][\wÁÉÍÓÚÜÑáéíóúüñ.&'’-]*"
_NOMBRE = re.compile(
    rf"{_PALABRA}(?:\s+(?:(?:de|del|la|las|los|y|e|&|da|von|van|San|Santa)\s+){{0,3}}{_PALABRA}){{0,9}}"
)
_FINAL = re.compile(
    r"(?i)[\s,]+(?:RUT|R\.U\.T\.?|C\.?I\.?|C\.?N\.?I\.?|RUN|Rol|C[ée]dula|Representad[ao]|Giro"
    r"|Domicilio)\b.*$"
)
# A party without a role of its own before one that has one.
_OTRA_PARTE = re.compile(r"[,;] y,? (?=don\b|dona\b|por la otra|por otra|de otra)")
_DONDE_EMPIEZA = re.compile(
    r"\bentre\b|comparec\w+|por una parte|de una parte|yo,? |(?:suscriben|celebran"
    r"|contratantes)[: ]|se reunen"
)
_FRONTERA = re.compile(
    r"; ?(?:y,? )?|, y,? | y,? (?=don|dona|por |de |la sociedad|la empresa)|por la otra"
    r"|a (?=la senora|don|dona|el senor)"
)
_CABEZA = 6000


class _Tramo(NamedTuple):
    inicio: int
    fin: int
    rol: str


def find_partes(frases: Sequence[Frase]) -> tuple[Dato[ParteContratante], ...]:
    """The parties, in the order of the text.

    Read from roles ("en adelante el Arrendador"; "ARRENDADOR: …"), else from the RUTs of the first sentences.
    """
    head = _head(frases)
    found: list[Dato[ParteContratante]] = []
    for frase in head:
        tramos = _by_role(frase.plano) or _by_label(frase.plano)
        for tramo in tramos:
            parte = _read(frase, tramo)
            if parte and not any(_same(parte, other.valor) for other in found):
                found.append(frase.dato(parte, 0.9 if parte.rut else 0.65))
    if len(found) < 2:
        found += [
            frase.dato(parte, 0.6)
            for frase in head
            for parte in _by_rut(frase)
            if not any(
                _same(parte, other.valor) or parte.rut == other.valor.rut_representante for other in found
            )
        ]
    return tuple(found[:6])


def _head(frases: Sequence[Frase]) -> list[Frase]:
    head, length = [], 0
    for frase in frases:
        if length > _CABEZA or (frase.clausula and frase.clausula not in {"1", "I", "A"}):
            break
        head.append(frase)
        length += len(frase.plano)
    return head


def _same(one: ParteContratante, other: ParteContratante) -> bool:
    if one.rut and other.rut:
        return one.rut == other.rut
    return plegar(one.nombre) == plegar(other.nombre) or bool(one.rol and one.rol == other.rol)


def _by_role(plano: str) -> list[_Tramo]:
    opening = _DONDE_EMPIEZA.search(plano)
    at = opening.end() if opening else 0
    tramos = []
    for found in _ADELANTE.finditer(plano, at):
        if found.start() - at > 15:
            for other in _OTRA_PARTE.finditer(plano, at, found.start()):
                if _RUT.search(plano, at, other.start()) and _RUT.search(plano, other.end(), found.start()):
                    tramos.append(_Tramo(at, other.start(), ""))
                    at = other.end()
                    break
            tramos.append(_Tramo(at, found.start(), _role(found["rol"])))
        other_name = _OTRO_NOMBRE.match(plano, found.end())
        at = other_name.end() if other_name else found.end()
    return tramos


def _by_label(plano: str) -> list[_Tramo]:
    labels = list(_ETIQUETA.finditer(plano))
    ends = [*(label.start() for label in labels[1:]), len(plano)]
    return [_Tramo(one.end(), end, _role(one["rol"])) for one, end in zip(labels, ends, strict=False)]


def _role(rol: str) -> str:
    """The masculine name of a role: `arrendataria` → `arrendatario`."""
    if rol.startswith(("parte ", "empresa", "sociedad", "agencia")):
        return rol
    word = rol.rsplit(maxsplit=1)[-1]
    stem = next((root for root in _ROLES if word.startswith(root)), word)
    ending = "" if stem[-1] == "r" or stem in {"cliente", "profesional"} or stem.endswith("nte") else "o"
    name = _NOMBRE_ROL.get(stem, stem if stem.endswith(("a", "e", "o", "l")) else stem + ending)
    return "promitente " + name if rol.startswith("promitente") else name


def _read(frase: Frase, tramo: _Tramo) -> ParteContratante | None:
    plano = frase.plano[tramo.inicio : tramo.fin]
    texto = frase.texto[tramo.inicio : tramo.fin]
    represents = _REPRESENTA.search(plano)
    until = represents.start() if represents else len(plano)
    nombre = _name(texto[:until], plano[:until])
    if not nombre:
        return None
    representante = rut_representante = None
    if represents:
        representante = _name(texto[represents.end() :], plano[represents.end() :])
        rut_representante = _first_rut(plano[represents.end() :])
    return ParteContratante(
        nombre, _first_rut(plano[:until]), tramo.rol, representante or "", rut_representante
    )


def _name(texto: str, plano: str) -> str:
    skipped = _INICIO.match(plano)
    found = _NOMBRE.search(texto, skipped.end() if skipped else 0)
    if found is None or found.start() > 120:
        return ""
    name = _FINAL.sub("", " ".join(found[0].split())).strip(" .,;:-")
    company = re.search(r"\b(?:S\.A|E\.I\.R\.L|S\.p\.A|Ltda|SpA)$", name)
    return name + "." * (company is not None and name.endswith(("S.A", "R.L", "p.A", "Ltda")))


def _first_rut(plano: str) -> Rut | None:
    for found in _RUT.finditer(plano):
        try:
            return Rut.parse(found[0].replace(" ", ""))
        except RutInvalidError:
            continue
    return _rut_in_words(plano)


def _rut_in_words(plano: str) -> Rut | None:
    """`once millones doscientos veintidós mil trescientos treinta y tres guión nueve`."""
    for found in _RUT_PALABRAS.finditer(plano):
        number = read_numero(plano, found.end())
        dash = _GUION.match(plano, number.fin) if number else None
        if number and dash:
            digit = read_numero(dash["dv"])
            dv = str(digit.valor) if digit else dash["dv"][0]
            if 10**5 < number.valor < 10**8 and Rut(number.valor).dv == dv.upper():
                return Rut(number.valor)
    return None


def _by_rut(frase: Frase) -> list[ParteContratante]:
    """Names before the RUTs of a sentence that tells no roles."""
    opening = _DONDE_EMPIEZA.search(frase.plano)
    at = opening.end() if opening else 0
    partes = []
    for found in _RUT.finditer(frase.plano, at):
        rut = _first_rut(found[0])
        segment = frase.plano[at : found.start()]
        borders = list(_FRONTERA.finditer(segment))
        start = at + (borders[-1].end() if borders and borders[-1].end() < len(segment) - 8 else 0)
        segment = frase.plano[start : found.start()]
        if rut and not _REPRESENTA.search(frase.plano[at : found.start()]):
            nombre = _name(frase.texto[start : found.start()], segment)
            if nombre and len(nombre) > 3:
                partes.append(ParteContratante(nombre, rut))
        at = found.end()
    return partes
