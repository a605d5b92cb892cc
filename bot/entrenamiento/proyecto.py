"""The files of a Rasa project, read and edited as people wrote them: comments, order and quotes stay."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.core.entrenamiento import Acto, Edicion, nameless, unmarked
from bot.core.texto import normalize

# What trainers own, and what a model is made from.
PARTS = ("domain.yml", "config.yml", "data")
_NEW_NLU = Path("data/nlu/entrenadores.yml")
_NEW_RULES = Path("data/rules/entrenadores.yml")
_EMPTY = {_NEW_NLU: 'version: "3.1"\n\nnlu: []\n', _NEW_RULES: 'version: "3.1"\n\nrules: []\n'}


def files_of(project: Path) -> list[Path]:
    """All files of the project, in a fixed order."""
    return [project / "config.yml", project / "domain.yml", *sorted((project / "data").rglob("*.yml"))]


def read_intents(project: Path) -> dict[str, list[str]]:
    """The intents of the domain, each with its examples."""
    found: dict[str, list[str]] = {name: [] for name in _plain(project / "domain.yml")["intents"]}
    for path in sorted((project / "data").rglob("*.yml")):
        for block in _plain(path).get("nlu") or ():
            if "intent" in block:
                found.setdefault(block["intent"], []).extend(_lines(block["examples"]))
    return found


def words_of(intents: Mapping[str, Sequence[str]], times: int) -> frozenset[str]:
    """Words that at least so many examples have, normalized."""
    count: Counter[str] = Counter()
    for examples in intents.values():
        for one in examples:
            count.update(set(re.findall(r"[^\W\d_]+", normalize(nameless(one)))))
    return frozenset(word for word, often in count.items() if often >= times)


def apply(project: Path, ediciones: Sequence[Edicion]) -> None:
    """Make the edits, in order, in the files of the project."""
    for one in ediciones:
        if one.acto is Acto.INTENCION:
            _new_intent(project, one)
        elif one.acto is Acto.EJEMPLO:
            _add_examples(project, one.intent, one.ejemplos)
        else:
            _remove_examples(project, one.intent, one.ejemplos)


def _add_examples(project: Path, intent: str, examples: Sequence[str]) -> None:
    for path, document, block in _blocks(project, intent):
        known = _lines(block["examples"])
        _set_examples(path, document, block, known + [one for one in examples if one not in known])
        return
    path, document = _open(project, _NEW_NLU)
    document["nlu"].append({"intent": intent, "examples": _literal(examples)})
    _save(path, document)


def _remove_examples(project: Path, intent: str, examples: Sequence[str]) -> None:
    for path, document, block in _blocks(project, intent):
        known = _lines(block["examples"])
        gone = set(map(unmarked, examples))
        left = [one for one in known if unmarked(one) not in gone]
        if left != known and left:
            _set_examples(path, document, block, left)


def _new_intent(project: Path, new: Edicion) -> None:
    domain, document = _open(project, Path("domain.yml"))
    if new.intent in document["intents"]:  # somebody has added it meanwhile
        _add_examples(project, new.intent, new.ejemplos)
        return
    document["intents"].append(new.intent)
    answer = f"utter_{new.intent}"
    document["responses"][answer] = [{"text": DoubleQuotedScalarString(new.respuesta.strip())}]
    _save(domain, document)
    _add_examples(project, new.intent, new.ejemplos)
    path, rules = _open(project, _NEW_RULES)
    steps = [{"intent": new.intent}, {"action": answer}]
    rules["rules"].append({"rule": f"Responder {new.intent}", "steps": steps})
    _save(path, rules)


def _blocks(project: Path, intent: str) -> Iterator[tuple[Path, Any, Any]]:
    """Where the examples of an intent are; the file is loaded so that it can be saved again."""
    for path in sorted((project / "data").rglob("*.yml")):
        if f"intent: {intent}\n" in path.read_text():
            document = _yaml(path.read_text()).load(path)
            for block in document.get("nlu") or ():
                if block.get("intent") == intent and "examples" in block:
                    yield path, document, block


def _set_examples(path: Path, document: Any, block: Any, examples: Sequence[str]) -> None:
    block["examples"] = _literal(examples)
    _save(path, document)


def _literal(examples: Sequence[str]) -> LiteralScalarString:
    written: LiteralScalarString = LiteralScalarString("".join(f"- {one}\n" for one in examples))
    return written


def _lines(examples: str) -> list[str]:
    return [line.strip()[1:].strip() for line in examples.splitlines() if line.strip().startswith("-")]


def _open(project: Path, name: Path) -> tuple[Path, Any]:
    path = project / name
    text = path.read_text() if path.exists() else _EMPTY[name]
    document = _yaml(text).load(text)
    for key in ("nlu", "rules"):  # an empty list is written in one line, and so would be what is added to it
        if key in document and not document[key]:
            document[key].fa.set_block_style()
    return path, document


def _save(path: Path, document: Any) -> None:
    text = io.StringIO()
    _keep_anchors(document)
    _yaml(path.read_text() if path.exists() else "").dump(document, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue())


def _yaml(text: str) -> YAML:
    """Written with the indentation that the file has."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    flush = re.search(r"^- ", text, re.M) is not None
    yaml.indent(mapping=2, sequence=2 if flush else 4, offset=0 if flush else 2)
    return yaml


def _keep_anchors(node: Any) -> None:
    """Also those that nothing refers to."""
    if isinstance(node, CommentedBase) and node.anchor.value:
        node.yaml_set_anchor(node.anchor.value, always_dump=True)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _keep_anchors(child)


def _plain(path: Path) -> Any:
    return YAML(typ="safe").load(path)
