"""What a message asks for: months, document types, a folio, a counterparty. Standard library only."""

from bot.core.consulta.estado import find_estado
from bot.core.consulta.folio import find_folio
from bot.core.consulta.partes import find_contraparte, may_name_somebody, names_unknown_party
from bot.core.consulta.periodos import find_periodos
from bot.core.consulta.tipos import find_tipos

__all__ = [
    "find_contraparte",
    "find_estado",
    "find_folio",
    "find_periodos",
    "find_tipos",
    "may_name_somebody",
    "names_unknown_party",
]
