"""The trainers' words and numbers: the responses of domain.yml, for what is said without the engine, and the
thresholds of config.yml."""

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core.duda import Umbrales


class DomainTexts:
    """Implements the port `Textos`."""

    def __init__(self, domain: Path) -> None:
        self.responses = _responses(domain, domain.stat().st_mtime_ns)

    def texto(self, nombre: str, /, **params: Any) -> str:
        """One of the response's texts with its `{placeholders}` filled; one that is not given stays empty."""
        choices = self.responses[nombre]
        text: str = random.choice(choices)["text"]  # noqa: S311  (a choice of words)
        return text.format_map(_Params(params)).strip()


@lru_cache(4)
def _responses(domain: Path, _modified: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Read once as long as the file stays as it is."""
    read: Mapping[str, Sequence[Mapping[str, Any]]] = YAML(typ="safe").load(domain)["responses"]
    return read


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def read_thresholds(config: Path) -> Umbrales:
    """What config.yml says beside the engine's own threshold."""
    pipeline = YAML(typ="safe").load(config)["pipeline"]
    values = next(one for one in pipeline if one["name"] == "FallbackClassifier")
    return Umbrales(values["close"], values["least"], values["person"])
