"""The words that the engine mends towards, and those it leaves alone."""

from engine.vocabulario import Reales, bare, learn, ortografia

REALES = Reales.of("Venta ventas renta vence vende compra cobra contrato muestra facturación mañana".split())


def test_the_language_fits_into_hashes() -> None:
    """Words are known without accents and capitals, and verbs with their pronouns; nothing else is."""
    again = Reales(REALES.tobytes())
    assert again.has("facturacion")
    assert again.has("manana")
    assert again.has("muestramelas")
    assert not again.has("vetnas")
    assert bare("Mañana") == "manana"


def test_what_is_learnt_is_no_slip() -> None:
    """Jargon that is written often is a word; a slip of a much commoner one is none."""
    words = ["ventas"] * 40 + ["vence"] * 9 + ["rcv"] * 5 + ["chauchera"] * 2 + ["vetnas"] * 2
    learnt = learn(words, REALES)
    assert {"ventas", "vence", "rcv", "chauchera"} == set(learnt)
    mending = ortografia(learnt, REALES)
    assert mending.mend("vetnas") == "ventas"
    assert [mending.mend(word) for word in ("renta", "vende", "cobra")] == ["renta", "vende", "cobra"]
