"""Who a message names: a client, a supplier, the other side of a contract; also who was never heard of."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pycrfsuite
from entendimiento import REAL
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from vocabulario import bare

from bot.core.oido import as_heard

ENTITY = "contraparte"
OUTSIDE, BEGIN, INSIDE = "O", "B", "I"
# No name goes on after these.
_ENDS = re.compile(r"[?!¿¡;:\n]")
_FAR, _NEAR = 3, 2
_ARTICLES = frozenset("el la los las lo al a".split())
_CRF = {
    "c1": 0.1,
    "c2": 0.05,
    "max_iterations": 100,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}
_USUAL = ((50, "N"), (10, "n"), (3, "3"), (1, "1"))


class Vista(NamedTuple):
    """What a word shows of itself: as meant, as heard, how it is written, how usual it is outside names."""

    bare: str
    plain: str
    heard: str
    shape: str
    usual: str
    gap: str


def _shape(token: Token, first: bool, shouted: bool) -> str:
    text = token.text
    if not text.isalpha():
        return "digits" if text.isdigit() else "mixed" if any(map(str.isalnum, text)) else "mark"
    if shouted:
        return "shouted"
    if text.isupper() and len(text) > 1:
        return "upper"
    return ("first" if first else "title") if text[0].isupper() else "lower"


def look(text: str, tokens: Sequence[Token], usual: Counter[str], own: Counter[str]) -> list[Vista]:
    """What each word shows of itself.

    Args:
        usual: how often each plain word is written outside names, in the examples.
        own: of those, how often in this message, if it is one of them: one that comes has not been counted.
    """
    upper = sum(token.text.isupper() for token in tokens if len(token.text) > 2)
    shouted = upper > 0 and upper >= sum(token.text.islower() for token in tokens)
    seen, end = [], 0
    for at, token in enumerate(tokens):
        word, plain = bare(token.text), bare(token.lemma)
        others = usual[plain] - own[plain]
        often = next((told for least, told in _USUAL if others >= least), "0")
        shape = _shape(token, at == 0, shouted)
        known = often + ("r" if token.get(REAL) else "-") if token.text.isalpha() else shape
        seen.append(Vista(word, plain, as_heard(word), shape, known, text[end : token.start].strip()[:1]))
        end = token.end
    return seen


def features(seen: Sequence[Vista]) -> list[list[str]]:
    """What the tagger goes by, for each word: the word itself and those around it."""
    return [[*_own(seen, at), *_around(seen, at), *_pairs(seen, at)] for at in range(len(seen))]


def _own(seen: Sequence[Vista], at: int) -> Iterator[str]:
    one = seen[at]
    yield from ("bias", f"w={one.plain}", f"h={one.heard}", f"s={one.shape}", f"u={one.usual}")
    yield from (f"<{one.bare[:3]}", f"{one.bare[-3:]}>", f"{one.bare[-2:]}>", f"su={one.shape}{one.usual}")
    yield f"gap={one.gap}"
    yield f"next={seen[at + 1].gap if at + 1 < len(seen) else ''}"
    yield "first" if at == 0 else "last" if at == len(seen) - 1 else "amid"
    yield f"long={min(len(seen) - 1, 4)}"


def _around(seen: Sequence[Vista], at: int) -> Iterator[str]:
    for step in range(-_FAR, _FAR + 1):
        there = at + step
        if not 0 <= there < len(seen):
            yield f"{step}:none"
        elif step:
            one = seen[there]
            yield f"{step}:w={one.plain}"
            if abs(step) <= _NEAR:
                yield from (f"{step}:s={one.shape}", f"{step}:u={one.usual}", f"{step}:h={one.heard[:5]}")
                yield f"{step}:{one.bare[-3:]}>"


def _pairs(seen: Sequence[Vista], at: int) -> Iterator[str]:
    one = seen[at]
    if at:
        last = seen[at - 1]
        yield from (f"-1w,w={last.plain},{one.plain}", f"-1w,u={last.plain},{one.usual}")
        yield from (f"-1u,u={last.usual},{one.usual}", f"-1s,s={last.shape},{one.shape}")
        yield f"-1h,u={last.heard[:5]},{one.usual}"
        if at > 1:
            before = seen[at - 2]
            yield from (
                f"-2w,-1w={before.plain},{last.plain}",
                f"-2h,-1w,u={before.heard[:5]},{last.plain},{one.usual}",
            )
            yield f"-2w,-1w,u={before.plain},{last.plain},{one.usual}"
    if at + 1 < len(seen):
        after = seen[at + 1]
        yield from (f"u,1w={one.usual},{after.plain}", f"u,1u={one.usual},{after.usual}")
        if at + 2 < len(seen):
            later = seen[at + 2]
            yield from (
                f"1w,2w={after.plain},{later.plain}",
                f"u,1w,2h={one.usual},{after.plain},{later.heard[:5]}",
            )


def _tags(message: Message) -> list[str]:
    marked = [one for one in message.get(ENTITIES, ()) if one["entity"] == ENTITY]
    tags = []
    for token in message.get(TOKENS_NAMES[TEXT]):
        own = [one for one in marked if one["start"] <= token.start and token.end <= one["end"]]
        tags.append((BEGIN if token.start == own[0]["start"] else INSIDE) if own else OUTSIDE)
    return tags


def _outside(message: Message) -> Counter[str]:
    """How often a message has each plain word outside the names that are marked in it."""
    tagged = zip(message.get(TOKENS_NAMES[TEXT]), _tags(message), strict=True)
    return Counter(bare(token.lemma) for token, tag in tagged if tag == OUTSIDE)


def _found(text: str, tokens: Sequence[Token], tags: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The names that the tags mark: without articles before them, with the last dot of `S.A.`."""
    at = 0
    while at < len(tags):
        start, at = at, at + 1
        if tags[start] == OUTSIDE:
            continue
        while (
            at < len(tags)
            and tags[at] == INSIDE
            and not _ENDS.search(text, tokens[at - 1].end, tokens[at].start)
        ):
            at += 1
        while start + 1 < at and bare(tokens[start].text) in _ARTICLES:
            start += 1
        end = tokens[at - 1].end
        if "." in tokens[at - 1].text and text[end : end + 1] == ".":
            end += 1
        yield {
            "entity": ENTITY,
            "start": tokens[start].start,
            "end": end,
            "value": text[tokens[start].start : end],
        }


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PartyExtractor(GraphComponent, EntityExtractorMixin):
    """Marks names with a conditional random field.

    Rasa's own learns it anew from all examples at each start.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How much an example that names somebody weighs beside one that does not.

        `stand_in` stands for what trainers must not see (`bot.core.anonimo`): where it is not marked nobody
        knows whether it was a name. Crfsuite's are the L1 and L2 penalties, how many rounds it learns, and
        what is too rare to go by.
        """
        return {"weight": 2, "stand_in": "quillentue", **_CRF}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        usual: dict[str, int],
        model: bytes,
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._usual = Counter(usual)
        # The tagger reads the bytes as long as it lives.
        self._model, self._tagger = model, pycrfsuite.Tagger()
        if model:
            self._tagger.open_inmemory(model)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PartyExtractor":
        return cls(config, model_storage, resource, {}, b"")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "PartyExtractor":
        with model_storage.read_from(resource) as folder:
            usual = json.loads((folder / "corrientes.json").read_text())
            return cls(config, model_storage, resource, usual, (folder / "partes.crfsuite").read_bytes())

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.nlu_examples if one.get(TOKENS_NAMES[TEXT])]
        outside = [_outside(one) for one in examples]
        usual: Counter[str] = Counter()
        for own in outside:
            usual.update(own)
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params({name: self._config[name] for name in _CRF})
        for one, own in zip(examples, outside, strict=True):
            if own[self._config["stand_in"]]:
                continue
            seen, tags = look(one.get(TEXT), one.get(TOKENS_NAMES[TEXT]), usual, own), _tags(one)
            for _ in range(self._config["weight"] if BEGIN in tags else 1):
                trainer.append(features(seen), tags)
        with self._storage.write_to(self._resource) as folder:
            (folder / "corrientes.json").write_text(json.dumps(usual))
            trainer.train(str(folder / "partes.crfsuite"))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text, tokens = message.get(TEXT), message.get(TOKENS_NAMES[TEXT])
            if not tokens or not self._model:
                continue
            tags = self._tagger.tag(features(look(text, tokens, self._usual, Counter())))
            found = self.add_extractor_name([*_found(text, tokens, tags)])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
