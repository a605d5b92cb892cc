"""How a new model understands what the live one does, message by message."""

from collections.abc import Sequence

from bot.services.bandeja import BandejaOculta
from bot.services.ports_entrenamiento import Cambio, Entrenador

_UNSURE = "nlu_fallback"


async def comparar(
    entrenador: Entrenador, bandeja: BandejaOculta, version: str
) -> tuple[dict[str, float], tuple[Cambio, ...]]:
    """How both understand the test split; what of it and of last week's messages they take differently.

    Returns:
        The figures of a `Ficha`, and the differences.
    """
    split = entrenador.particion()
    week = await bandeja.semana()
    texts = [texto for texto, _ in split] + list(dict.fromkeys(one.ejemplo for one in week))
    before = await entrenador.entender("", texts)
    after = await entrenador.entender(version, texts)
    known: list[Sequence[str]] = [right for _, right in split] + [()] * (len(texts) - len(split))
    changes = [
        Cambio(texto, one, other, right[0] if right else "")
        for texto, one, other, right in zip(texts, before, after, known, strict=True)
        if one != other
    ]
    cifras = {"mensajes": float(len(texts) - len(split))}
    if split:
        cifras |= {"particion_vivo": _share(split, before), "particion_nuevo": _share(split, after)}
    return cifras, tuple(changes)


def _share(split: Sequence[tuple[str, Sequence[str]]], heard: Sequence[str]) -> float:
    """A message out of scope is understood too when the engine is not sure."""
    right = sum(
        one in known or (one == _UNSURE and "fuera_de_alcance" in known)
        for (_, known), one in zip(split, heard, strict=False)
    )
    return right / len(split)
