"""What is asked about the register's sync: to do one, how it stands, or what it changed and since when."""

import re
from datetime import date, timedelta

from bot.core.consulta.letra import plainly

_CHANGED = re.compile(
    r"\b(?:cambi(?:o|os|aron|ado|ando)\b|que (?:hay|hubo|trae|llego|aparecio|paso) de ?nuev[oa]s?"
    r"|(?:hay|hubo|algo|algun[oa]?s?|cuales son l[oa]s) (?:de )?(?:nuev[oa]s?|novedad(?:es)?)|novedad(?:es)?"
    r"|diferencias?|que (?:facturas |documentos |boletas |compras |ventas )?"
    r"(?:nuev[oa]s )?(?:son nuev[oa]s|llegaron|aparecieron|desaparecieron|se agregaron|se modificaron)"
    r"|(?:modifico|agrego|desaparecio|movio)\b)"
)
# "Refresh, for something changed" asks for a sync.
_DO = re.compile(
    r"\b(?:actuali[zs](?:a|ame|alo|alas|alos|ar|en)\b|sincroni[zs](?:a|ame|alo|ar|en)\b|refresca\w*"
    r"|(?:trae|tra(?:e|i)(?:me|lo|las|los|te)|baja|baj(?:a|e)(?:me|lo|las|los)|vuelve|anda|ve|revisa|mira) )"
)
_STANDS = re.compile(
    r"\b(?:cuando|hasta que|de cuando|cada cuanto|a que hora|ya (?:se|esta|termino|llego|bajo)"
    r"|termin(?:o|aste|aron) de|cuanto falta|por ?que no|quedo pegad[oa]|fallo (?:la|el)|estado de|como va"
    r"|esta(?:n)? al dia\b|ultima (?:actualizacion|sincronizacion|vez))"
)
_DAYS = re.compile(r"\b(?:ultimos |hace |desde hace )(\d{1,3}|un|dos|tres|cinco|siete) dias?\b")
_NUMBERS = {"un": 1, "dos": 2, "tres": 3, "cinco": 5, "siete": 7}
_WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")


def asks_what_changed(texto: str) -> bool:
    """`¿qué cambió desde ayer?`, `¿hay documentos nuevos?`."""
    normal = plainly(texto)
    return _CHANGED.search(normal) is not None and _DO.search(normal) is None


def asks_how_it_stands(texto: str) -> bool:
    """`¿cuándo se actualizó por última vez?`, `¿ya terminó?`."""
    normal = plainly(texto)
    return _STANDS.search(normal) is not None and _DO.search(normal) is None


def find_desde(texto: str, hoy: date) -> date:
    """The day since which changes are asked for; yesterday if none is said."""
    normal = plainly(texto)
    if found := _DAYS.search(normal):
        return hoy - timedelta(days=int(_NUMBERS.get(found[1], 0) or found[1]))
    for number, name in enumerate(_WEEKDAYS):
        if re.search(rf"\b{name}\b", normal):
            return hoy - timedelta(days=(hoy.weekday() - number) % 7 or 7)
    if re.search(r"\bante ?ayer\b|\bantes de ayer\b", normal):
        return hoy - timedelta(days=2)
    if re.search(r"\bsemana\b", normal):
        return hoy - timedelta(days=7)
    if re.search(r"\bmes\b", normal):
        return hoy - timedelta(days=30)
    only_today = re.search(r"\bhoy\b", normal) and not re.search(r"\bayer\b", normal)
    return hoy if only_today else hoy - timedelta(days=1)
