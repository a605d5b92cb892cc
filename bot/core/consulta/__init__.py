"""What a message asks for: months, document types, a folio, a counterparty. Standard library only."""

from bot.core.consulta.accion import asks_for_lines, asks_to_download, asks_to_erase, asks_why, is_plain_yes
from bot.core.consulta.asunto import Asunto
from bot.core.consulta.cambios import asks_how_it_stands, asks_what_changed, find_desde
from bot.core.consulta.comparacion import (
    EXTREMOS,
    before,
    find_comparacion,
    find_cuantos,
    find_extremo,
    follow_comparacion,
)
from bot.core.consulta.declarado import Declarado, leaves_over, read_declarados, without_previous_month
from bot.core.consulta.desconocidos import find_by_words, find_named, told_party
from bot.core.consulta.estado import find_estado
from bot.core.consulta.exclusion import find_exclusion
from bot.core.consulta.fechas import find_dias, names_days
from bot.core.consulta.folio import find_folio
from bot.core.consulta.libros import find_libro, names_both_books
from bot.core.consulta.montos import find_cantidad, read_monto
from bot.core.consulta.partes import find_contraparte, may_name_somebody, own_words
from bot.core.consulta.periodos import find_periodos
from bot.core.consulta.relativos import read_meses, read_tipos
from bot.core.consulta.seguimiento import follow, names_followed_party
from bot.core.consulta.senales import asks_for_excel, asks_who_owes, book_named, names_iva
from bot.core.consulta.sin_leer import unread_words
from bot.core.consulta.tipos import find_tipos
from bot.core.consulta.todos import wants_all_parties, wants_all_types
from bot.core.consulta.turno import Oido

__all__ = [
    "EXTREMOS",
    "Asunto",
    "Declarado",
    "Oido",
    "asks_for_excel",
    "asks_for_lines",
    "asks_how_it_stands",
    "asks_to_download",
    "asks_to_erase",
    "asks_what_changed",
    "asks_who_owes",
    "asks_why",
    "before",
    "book_named",
    "find_by_words",
    "find_cantidad",
    "find_comparacion",
    "find_contraparte",
    "find_cuantos",
    "find_desde",
    "find_dias",
    "find_estado",
    "find_exclusion",
    "find_extremo",
    "find_folio",
    "find_libro",
    "find_named",
    "find_periodos",
    "find_tipos",
    "follow",
    "follow_comparacion",
    "is_plain_yes",
    "leaves_over",
    "may_name_somebody",
    "names_both_books",
    "names_days",
    "names_followed_party",
    "names_iva",
    "own_words",
    "read_declarados",
    "read_meses",
    "read_monto",
    "read_tipos",
    "told_party",
    "unread_words",
    "wants_all_parties",
    "wants_all_types",
    "without_previous_month",
]
