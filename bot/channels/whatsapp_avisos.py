"""The utility templates for what people did not just ask for; the first value of each is the taxpayer's name.

Meta refuses bodies that begin or end with a variable, and those with many variables for few words.
"""

from typing import Any

_BODIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "tributa_novedades": (
        "Hola, te escribe Tributa por {{1}}. Avisos nuevos: {{2}}, sobre {{3}}.\n\nResponde a este mensaje y"
        " te muestro lo que necesites.",
        ("Comercial Alerce SpA", "2", "compras por vencer y F29 de octubre"),
    ),
    "tributa_compras_vencen": (
        "Aviso de Tributa para {{1}}: tienes {{2}} por {{3}} en total, sin aceptar ni reclamar. Desde el"
        " {{4}} se dan por aceptadas por ley.\n\nResponde «compras pendientes» y te las muestro.",
        ("Comercial Alerce SpA", "3 compras", "$1.190.000", "24 de noviembre"),
    ),
    "tributa_f29_vence": (
        "Recordatorio de Tributa para {{1}}: el F29 de {{2}} vence el {{3}}. {{4}}\n\nResponde a este mensaje"
        " si quieres ver el detalle de tus ventas y compras de ese mes.",
        ("Comercial Alerce SpA", "octubre de 2026", "viernes 20 de noviembre", "IVA estimado: $184.500."),
    ),
    "tributa_sincronizacion": (
        "Aviso de Tributa para {{1}}: desde el {{2}} no puedo actualizar tu registro del SII. Sigo"
        " intentándolo; mientras tanto mis cifras son de esa fecha.\n\nResponde a este mensaje para verlas.",
        ("Comercial Alerce SpA", "21 de noviembre"),
    ),
    "tributa_clave_rechazada": (
        "Aviso de Tributa para {{1}}: el SII rechazó tu clave tributaria, y para que no la bloquee dejé de"
        " usarla.\n\nResponde «clave del SII» y te envío un enlace seguro para cambiarla.",
        ("Comercial Alerce SpA",),
    ),
    "tributa_respuesta": (
        "Hola, una persona del equipo de Tributa respondió la consulta que hiciste por {{1}}.\n\nResponde a"
        " este mensaje y te llega su respuesta.",
        ("Comercial Alerce SpA",),
    ),
    "tributa_actualizado": (
        "Aviso de Tributa para {{1}}: terminé la actualización con el SII que pediste: {{2}}.\n\nResponde a"
        " este mensaje y te muestro las cifras nuevas.",
        ("Comercial Alerce SpA", "ventas y compras de octubre de 2026"),
    ),
}


def utility(name: str, language: str, text: str, example: tuple[str, ...]) -> dict[str, Any]:
    """A utility template as it is created at Meta."""
    body = {"type": "BODY", "text": text, "example": {"body_text": [list(example)]}}
    return {"name": name, "language": language, "category": "UTILITY", "components": [body]}


def news(language: str) -> dict[str, dict[str, Any]]:
    """All of them, by name."""
    return {name: utility(name, language, *body) for name, body in _BODIES.items()}
