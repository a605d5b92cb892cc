"""What is our own in understanding: words as Chileans write them, and a classifier that asks two judges."""

import json
import re
from typing import Any

import numpy as np
from jurado import Jurado, Rasgos
from palabras import plain
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers import LABEL_RANKING_LENGTH
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix, csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize
from vocabulario import Reales, bare, learn, ortografia, spanish

_WORD = re.compile(r"[^\W\d_]+")
# What a token has if it was mistyped: the word that is meant.
_MEANT = "meant"
# Whether a token, as written, is a word of the language.
REAL = "real"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ChileanTokenizer(WhitespaceTokenizer):
    """Words between spaces; the features are made of their plain form, mended if they are mistyped.

    Trained, it knows the words of the training data, which are mended towards, and those of the language.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        esperadas: dict[str, int] | None = None,
        reales: Reales | None = None,
    ) -> None:
        super().__init__(config)
        self._storage, self._resource = storage, resource
        self._reales = reales or Reales(b"")
        self._ortografia = ortografia(esperadas or {}, self._reales)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ChileanTokenizer":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ChileanTokenizer":
        with model_storage.read_from(resource) as folder:
            esperadas = json.loads((folder / "esperadas.json").read_text())
            return cls(
                config, model_storage, resource, esperadas, Reales((folder / "reales.bin").read_bytes())
            )

    def train(self, training_data: TrainingData) -> Resource:
        reales = spanish()
        texts = (bare(one.get(TEXT) or "") for one in training_data.intent_examples)
        esperadas = learn((word for text in texts for word in _WORD.findall(text)), reales)
        with self._storage.write_to(self._resource) as folder:
            (folder / "esperadas.json").write_text(json.dumps(esperadas))
            (folder / "reales.bin").write_bytes(reales.tobytes())
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        tokens = super().tokenize(message, attribute)
        small = sum(token.text.islower() for token in tokens)
        for at, token in enumerate(tokens):
            token.lemma = plain(token.text)
            token.set(REAL, self._reales.has(bare(token.text)))
            # In a message of small letters a capital makes a name, which is nobody's slip.
            named = at and token.text[:1].isupper() and small * 2 > len(tokens)
            if not named and token.lemma == token.text.lower():
                self._mend(token)
        return tokens

    def _mend(self, token: Token) -> None:
        written = bare(token.text)
        meant = self._ortografia.mend(written)
        if meant != written:
            token.set(_MEANT, meant)
            token.lemma = plain(meant)


def meant(message: Message) -> str:
    """The text with its mistyped words mended, and everything else as it was written."""
    text: str = message.get(TEXT)
    for token in reversed(message.get(TOKENS_NAMES[TEXT], ())):
        if token.get(_MEANT):
            text = f"{text[: token.start]}{token.get(_MEANT)}{text[token.end :]}"
    return text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Pistas(RegexFeaturizer):
    """The hints that a message has, as it is meant and not as it was mistyped."""

    def _features_for_patterns(self, message: Message, attribute: str) -> Any:
        if attribute != TEXT or not message.get(TEXT):
            return super()._features_for_patterns(message, attribute)
        text = meant(message)
        # What counts is that a hint is somewhere in the message, not in which word.
        whole = Message({TEXT: text, TOKENS_NAMES[TEXT]: [Token(text, 0)]})
        _, found = super()._features_for_patterns(whole, attribute)
        return coo_matrix((len(message.get(TOKENS_NAMES[TEXT])), found.shape[1])), found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class JuryClassifier(IntentClassifier, GraphComponent):
    """Hands each message's words, hints and vectors to the judges of `jurado` and tells what they say."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`hints` is the alias of the featurizer that finds them; the rest is told in `Jurado`."""
        return {"strength": 60.0, "sharpness": 1.0, "hints": "pistas", "hint_weight": 0.3}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, jury: Jurado | None = None
    ) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._jury = jury or Jurado(config["strength"], config["sharpness"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "JuryClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "JuryClassifier":
        with model_storage.read_from(resource) as folder:
            jury = Jurado.load(folder / "jurado.skops").forget_examples()
            return cls(config, model_storage, resource, jury)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and one.get(TEXT)]
        self._jury.fit(self._features(examples), np.array([one.get(INTENT) for one in examples]))
        with self._storage.write_to(self._resource) as folder:
            self._jury.save(folder / "jurado.skops")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if not messages:
            return messages
        for message, chances in zip(messages, self._jury.predict(self._features(messages)), strict=True):
            best = np.argsort(-chances)[:LABEL_RANKING_LENGTH]
            ranking = [{"name": str(self._jury.intents[at]), "confidence": float(chances[at])} for at in best]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _features(self, messages: list[Message]) -> Rasgos:
        rows = vstack([self._row(message) for message in messages]).tocsr()
        vectors = [message.get_dense_features(TEXT)[1].features for message in messages]
        return Rasgos(rows, np.vstack(vectors))

    def _row(self, message: Message) -> csr_matrix:
        hints = message.get_sparse_features(TEXT, [self._config["hints"]])[1]
        everything = message.get_sparse_features(TEXT)[1]
        if hints is None or everything is None:  # nothing but what no tokenizer takes for a word
            return csr_matrix((1, self._jury.columns))
        marks = csr_matrix(hints.features, dtype=float)
        counts = csr_matrix(everything.features, dtype=float)[:, marks.shape[1] :]
        counts.data = 1 + np.log(counts.data)
        return hstack([marks * self._config["hint_weight"], normalize(counts)])
