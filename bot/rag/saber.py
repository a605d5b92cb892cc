"""Reads the knowledge base, `knowledge/*.md`, strictly: whatever is wrong names its file and its field."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.saber import BOTON_MAXIMO, RESUMEN_MAXIMO, Seccion, Tema, vence, vencido
from bot.core.texto import normalize

AJENAS = "ajenas.yml"
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"\]\(([^)]*)\)")
_SITE = re.compile(r"https://www\.[a-z.]+/?")
_PREGUNTAS = range(6, 31)


class SaberInvalidError(Exception):
    """The knowledge base cannot be read; `problemas` are sentences in Spanish."""

    def __init__(self, problemas: list[str]) -> None:
        super().__init__("\n".join(problemas))
        self.problemas = problemas


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field of the front matter must be; `says` tells it."""

    fits: Callable[[Any], bool]
    says: str
    required: bool = True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_date(value: Any) -> bool:
    return type(value) is date


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)


_FIELDS = {
    "titulo": _Field(_is_text, "debe ser un texto"),
    "boton": _Field(
        lambda value: _is_text(value) and len(value) <= BOTON_MAXIMO,
        f"debe ser un texto de {BOTON_MAXIMO} caracteres o menos",
        required=False,
    ),
    "fuente": _Field(_is_text, "debe ser un texto: la ley y el artículo, o la página del SII"),
    "fecha": _Field(_is_date, "debe ser una fecha, por ejemplo 2026-11-23"),
    "vigencia": _Field(
        lambda value: value == "indefinida" or _is_date(value), "debe ser «indefinida» o una fecha"
    ),
    "tags": _Field(_is_list, "debe ser una lista de textos"),
    "preguntas": _Field(
        lambda value: _is_list(value) and len(value) in _PREGUNTAS,
        f"debe ser una lista de {_PREGUNTAS[0]} a {_PREGUNTAS[-1]} preguntas",
    ),
    "relacionados": _Field(_is_list, "debe ser una lista de temas"),
}


def read_temas(folder: Path) -> tuple[Tema, ...]:
    """All topics of a folder, sorted by slug.

    Raises:
        SaberInvalidError: if a file cannot be read; all problems are in it. Age and links are not looked at.
    """
    temas, problems = _read(folder)
    if problems or not temas:
        raise SaberInvalidError(problems or [f"{folder}: no hay temas."])
    return temas


def read_ajenas(folder: Path) -> tuple[str, ...]:
    """Examples of questions that the knowledge base must not answer.

    Raises:
        SaberInvalidError: if the file is no list of texts.
    """
    path = folder / AJENAS
    try:
        value = YAML(typ="safe").load(path.read_text())
    except (OSError, ValueError, YAMLError):
        value = None
    if not _is_list(value):
        raise SaberInvalidError([f"{path.name}: debe ser una lista de preguntas."])
    return tuple(value)


def check_temas(folder: Path, hoy: date) -> list[str]:
    """Everything that a trainer should mend, in Spanish; empty if all is well."""
    temas, problems = _read(folder)
    known = {tema.slug: tema for tema in temas}
    names = {path.stem for path in folder.glob("*.md")}
    for tema in temas:
        problems += [f"{tema.slug}.md: {problem}" for problem in _check(tema, names, hoy)]
    problems += _duplicates(known)
    try:
        read_ajenas(folder)
    except SaberInvalidError as error:
        problems += error.problemas
    return problems if names else [*problems, f"{folder}: no hay temas."]


def _read(folder: Path) -> tuple[tuple[Tema, ...], list[str]]:
    temas, problems = [], []
    for path in sorted(folder.glob("*.md")):
        try:
            temas.append(_read_tema(path))
        except SaberInvalidError as error:
            problems += [f"{path.name}: {problem}" for problem in error.problemas]
    return tuple(temas), problems


def _read_tema(path: Path) -> Tema:
    front, body = _parts(path)
    problems = list(_wrong_fields(front))
    if not _SLUG.fullmatch(path.stem):
        problems.append("el nombre del archivo lleva solo minúsculas sin tildes, números y guiones.")
    resumen, *parts = re.split(r"^## ", body, flags=re.MULTILINE)
    if not resumen.strip():
        problems.append("falta el resumen antes de la primera sección.")
    secciones = tuple(_seccion(part) for part in parts)
    problems += [f"la sección «{one.titulo}» está vacía." for one in secciones if not one.texto]
    if problems:
        raise SaberInvalidError(problems)
    vigencia = front["vigencia"]
    return Tema(
        slug=path.stem,
        titulo=front["titulo"],
        boton=front.get("boton", front["titulo"]),
        fuente=front["fuente"],
        fecha=front["fecha"],
        vigencia=None if vigencia == "indefinida" else vigencia,
        tags=tuple(front["tags"]),
        preguntas=tuple(front["preguntas"]),
        relacionados=tuple(front["relacionados"]),
        resumen=_paragraph(resumen),
        secciones=secciones,
    )


def _parts(path: Path) -> tuple[dict[str, Any], str]:
    try:
        found = _FRONT.match(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SaberInvalidError(["no se puede leer como texto UTF-8."]) from None
    if not found:
        raise SaberInvalidError(["debe empezar con sus datos entre dos líneas «---»."])
    try:
        front = YAML(typ="safe").load(found[1])
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (línea {mark.line + 2})" if mark else ""
        raise SaberInvalidError([f"los datos entre «---» no son YAML válido{where}."]) from None
    if not isinstance(front, dict):
        raise SaberInvalidError(["los datos entre «---» deben ser «campo: valor»."])
    return front, found[2]


def _wrong_fields(front: Mapping[str, Any]) -> Iterator[str]:
    for name, field in _FIELDS.items():
        if name not in front:
            if field.required:
                yield f"falta el campo «{name}»."
        elif not field.fits(front[name]):
            yield f"«{name}» {field.says}."
    titulo = front.get("titulo")
    if "boton" not in front and _is_text(titulo) and len(str(titulo)) > BOTON_MAXIMO:
        yield f"falta «boton»: el título no cabe en {BOTON_MAXIMO} caracteres."
    for name in front:
        if name not in _FIELDS:
            yield f"el campo «{name}» no existe."


def _seccion(part: str) -> Seccion:
    titulo, _, texto = part.partition("\n")
    return Seccion(titulo.strip(), _paragraph(texto))


def _paragraph(text: str) -> str:
    return " ".join(text.split())


def _check(tema: Tema, names: set[str], hoy: date) -> Iterator[str]:
    if tema.fecha > hoy:
        yield f"«fecha» está en el futuro ({tema.fecha})."
    elif vencido(tema, hoy):
        yield f"venció el {vence(tema)}: revísalo y cambia «fecha» o «vigencia»."
    if len(tema.resumen) > RESUMEN_MAXIMO:
        yield f"el resumen tiene {len(tema.resumen)} caracteres; el máximo es {RESUMEN_MAXIMO}."
    for slug in tema.relacionados:
        if slug not in names or slug == tema.slug:
            yield f"«relacionados» nombra «{slug}», que no es otro tema."
    for target in _LINK.findall(" ".join((tema.resumen, *(one.texto for one in tema.secciones)))):
        if not _SITE.fullmatch(target) and target.removesuffix(".md") not in names:
            yield f"el enlace «{target}» no lleva a ningún tema."


def _duplicates(temas: Mapping[str, Tema]) -> Iterator[str]:
    """Two topics with one question (or button, or title) would be told apart by chance."""
    for what in ("preguntas", "titulo", "boton"):
        seen = defaultdict(list)
        for slug, tema in temas.items():
            value = getattr(tema, what)
            for text in value if isinstance(value, tuple) else (value,):
                seen[normalize(text).strip("¿?¡! .")].append(f"{slug}.md")
        for text, where in seen.items():
            if len(where) > 1:
                yield f"{' y '.join(where)}: «{text}» está repetida en «{what}»."
