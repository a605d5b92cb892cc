"""The knowledge base is read strictly, and the one we ship is sound."""

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.saber import plain, split_text, vence, vencido
from bot.core.texto import normalize
from bot.rag.saber import SaberInvalidError, check_temas, read_ajenas, read_temas
from bot.rag.saber_busqueda import CHUNK, texts_of
from bot.settings import ROOT
from tests.rag.fichas import HOY, KNOWLEDGE, write_folder


def test_ours_is_sound() -> None:
    """On the day of its review nothing is to be mended, and there are as many topics as promised."""
    assert check_temas(KNOWLEDGE, HOY) == []
    assert len(read_temas(KNOWLEDGE)) >= 48


def test_topics_say_what_they_must() -> None:
    """The golden facts of the law are in the summaries, as people read them."""
    temas = {tema.slug: tema for tema in read_temas(KNOWLEDGE)}
    for slug, words in {
        "retencion-honorarios": ("15,25 % en 2026", "16 % en 2027", "17 % desde 2028"),
        "acuse-reclamo": ("8 días corridos",),
        "f29-plazo": ("día 12", "día 20"),
        "remanente": ("77", "504"),
        "proteccion-datos": ("1 de diciembre de 2026",),
    }.items():
        assert all(word in temas[slug].resumen for word in words), slug
    assert temas["retencion-honorarios"].vigencia == date(2028, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('titulo: "Uno"\n', "", "uno.md: falta el campo «titulo»."),
        ("fecha: 2026-11-23", 'fecha: "ayer"', "uno.md: «fecha» debe ser una fecha"),
        ("fecha: 2026-11-23", "fecha: 2026-11-31", "uno.md: los datos entre «---» no son YAML válido"),
        ("vigencia: indefinida", "vigencia: siempre", "uno.md: «vigencia» debe ser «indefinida» o una fecha"),
        ("tags: [uno]", "tags: uno", "uno.md: «tags» debe ser una lista de textos."),
        ("tags: [uno]", "tags: [uno]\nautor: yo", "uno.md: el campo «autor» no existe."),
        ("tags: [uno]", "tags: [uno", "uno.md: los datos entre «---» no son YAML válido"),
        ("- uno numero 0\n", "- uno numero 1\n", "está repetida en «preguntas»"),
        ("- uno numero 0\n", "- ¿DOS número 0?\n", "dos.md y uno.md: «dos numero 0» está repetida"),
        ('titulo: "Uno"', 'titulo: "Uno que no cabe en un botón"', "uno.md: falta «boton»"),
        ("relacionados: [dos]", "relacionados: [tres]", "«relacionados» nombra «tres», que no es otro tema."),
        ("relacionados: [dos]", "relacionados: [uno]", "«relacionados» nombra «uno», que no es otro tema."),
        ("(dos.md)", "(tres.md)", "uno.md: el enlace «tres.md» no lleva a ningún tema."),
        ("(dos.md)", "(https://inventado.cl/x)", "el enlace «https://inventado.cl/x» no lleva"),
        ("Resumen de uno.", "a" * 401, "uno.md: el resumen tiene 401 caracteres; el máximo es 400."),
        ("Resumen de uno.", "", "uno.md: falta el resumen antes de la primera sección."),
        ("Mira [dos](dos.md).", "", "uno.md: la sección «Más» está vacía."),
        ("fecha: 2026-11-23", "fecha: 2026-11-25", "uno.md: «fecha» está en el futuro (2026-11-25)."),
        ("fecha: 2026-11-23", "fecha: 2025-11-22", "uno.md: venció el 2026-11-22"),
        ("vigencia: indefinida", "vigencia: 2026-11-22", "uno.md: venció el 2026-11-22"),
        ("---\n", "", "uno.md: debe empezar con sus datos entre dos líneas «---»."),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    """One sentence that names file and field."""
    folder = write_folder(tmp_path)
    assert check_temas(folder, HOY) == []
    path = folder / "uno.md"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    problems = check_temas(folder, HOY)
    assert any(told in problem for problem in problems), problems


def test_bytes_that_are_no_text_and_an_empty_folder(tmp_path: Path) -> None:
    """They are problems like others, and loading refuses them."""
    assert "no hay temas" in check_temas(tmp_path, HOY)[-1]
    folder = write_folder(tmp_path)
    (folder / "uno.md").write_bytes(b"---\n\xff\n---\n")
    assert any("uno.md: no se puede leer" in problem for problem in check_temas(folder, HOY))
    with pytest.raises(SaberInvalidError, match=r"uno\.md"):
        read_temas(folder)
    (folder / "ajenas.yml").write_text("una: dos")
    with pytest.raises(SaberInvalidError, match="lista de preguntas"):
        read_ajenas(folder)


def test_age(tmp_path: Path) -> None:
    """A topic holds for the whole of its last day: a year after its review, or when its validity ends."""
    tema = read_temas(write_folder(tmp_path))[0]
    assert vence(tema) == date(2027, 11, 23)
    assert not vencido(tema, date(2027, 11, 23))
    assert vencido(tema, date(2027, 11, 24))


def test_pieces() -> None:
    """Pieces hold whole sentences and at most 500 characters; abbreviations end no sentence."""
    assert [*split_text("Uno dos. Tres del art. 23. Cuatro.", 20)] == [
        "Uno dos.",
        "Tres del art. 23.",
        "Cuatro.",
    ]
    assert plain("Mira los [requisitos](iva.md).") == "Mira los requisitos."
    pieces = [text for tema in read_temas(KNOWLEDGE) for text in texts_of(tema) if not text.pregunta]
    assert max(len(piece.texto) for piece in pieces) <= CHUNK
    assert all(piece.texto.endswith((".", "?", "»", ":")) for piece in pieces)


def test_test_questions_are_not_copied() -> None:
    """What the search is measured with is in no topic and not among the foreign questions."""
    known = {normalize(one).strip("¿? .") for tema in read_temas(KNOWLEDGE) for one in tema.preguntas}
    known |= {normalize(one).strip("¿? .") for one in read_ajenas(KNOWLEDGE)}
    for name in ("preguntas_saber.yml", "preguntas_saber_nuevas.yml"):
        asked = YAML(typ="safe").load((ROOT / "tests" / "rag" / name).read_text())
        assert [one["texto"] for one in asked if normalize(one["texto"]).strip("¿? .") in known] == []
