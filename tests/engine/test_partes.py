"""Who messages name, known or not, as the trained model hears it."""

import pytest

from bot.cli.evaluar import evaluate
from bot.programs import MODEL
from tests.nlu import particion

# Of the known cases, how many may be misheard: names missed or cut, and names where there are none.
MISSED, INVENTED = 0.1, 0.04


@pytest.mark.engine
def test_names_are_told_from_other_words() -> None:
    """Persons, trades and companies in any case and place; goods, places, ways of selling are none."""
    messages = particion.read("partes.yml")
    heard = [caso.contraparte for caso in evaluate(messages, MODEL)]
    named, unnamed = particion.contrapartes(messages, heard)
    print(named, *named.faltas, unnamed, *unnamed.faltas, sep="\n  ")
    assert len(named.faltas) <= named.todos * MISSED
    assert len(unnamed.faltas) <= unnamed.todos * INVENTED
