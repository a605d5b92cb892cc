"""How a new model understands what the live one does, message by message."""

from collections.abc import Mapping, Sequence

from bot.core.entrenamiento import Edicion
from bot.core.evaluacion import UNSURE, understood
from bot.services.bandeja import BandejaOculta
from bot.services.ports_entrenamiento import Cambio, Entrenador, Ficha


async def comparar(
    entrenador: Entrenador, bandeja: BandejaOculta, version: str
) -> tuple[dict[str, float], tuple[Cambio, ...]]:
    """How both understand the test split; what of it and of last week's messages they take differently.

    Returns:
        The figures of a `Ficha`, and the differences, what was right and no longer is first.
    """
    split = entrenador.particion()
    week = await bandeja.semana()
    texts = [texto for texto, _ in split] + list(dict.fromkeys(one.ejemplo for one in week))
    before = await entrenador.entender("", texts)
    after = await entrenador.entender(version, texts)
    known: list[Sequence[str]] = [right for _, right in split] + [()] * (len(texts) - len(split))
    changed = [told for told in zip(texts, before, after, known, strict=True) if told[1] != told[2]]
    changed.sort(key=lambda told: _right(told[2], told[3]) - _right(told[1], told[3]))
    changes = [Cambio(texto, one, other, right[0] if right else "") for texto, one, other, right in changed]
    cifras = {"mensajes": float(len(texts) - len(split))}
    if split:
        cifras |= {"particion_vivo": _share(split, before), "particion_nuevo": _share(split, after)}
    return cifras, tuple(changes)


async def validar(
    entrenador: Entrenador, version: str, ediciones: Sequence[Edicion], vivo: Ficha | None
) -> tuple[dict[str, float], dict[str, tuple[int, int]]]:
    """Cross-validate a new model, and the live one if that is not known yet.

    Returns:
        The figures of a `Ficha`, and its `cruzada`.
    """
    before = vivo.cifras.get("cruzada_nuevo") if vivo else None
    if before is None:
        before = _whole(await entrenador.validar(""))
    found = await entrenador.validar(version)
    edited = {one.intent: found[one.intent] for one in ediciones if one.intent in found}
    return {"cruzada_vivo": before, "cruzada_nuevo": _whole(found)}, edited


def _whole(found: Mapping[str, tuple[int, int]]) -> float:
    return sum(right for right, _ in found.values()) / sum(many for _, many in found.values())


def _share(split: Sequence[tuple[str, Sequence[str]]], heard: Sequence[str]) -> float:
    return sum(_right(one, known) for (_, known), one in zip(split, heard, strict=False)) / len(split)


def _right(heard: str, known: Sequence[str]) -> bool:
    return understood(None if heard == UNSURE else heard, known)
