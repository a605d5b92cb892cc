"""The trainers' words: the responses of domain.yml, for what is said without the engine."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


class DomainTexts:
    """Implements the port `Textos`."""

    def __init__(self, domain: Path) -> None:
        read = YAML(typ="safe").load(domain)
        self.responses: Mapping[str, Sequence[Mapping[str, Any]]] = read["responses"]

    def texto(self, nombre: str, /, **params: Any) -> str:
        """One of the response's texts with its `{placeholders}` filled; one that is not given stays empty."""
        choices = self.responses[nombre]
        text: str = random.choice(choices)["text"]  # noqa: S311  (a choice of words)
        return text.format_map(_Params(params)).strip()


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
