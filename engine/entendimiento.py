"""What is our own in understanding: words as Chileans write them, and a classifier that asks two judges."""

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
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChileanTokenizer(WhitespaceTokenizer):
    """Words between spaces; the features are made of their plain form."""

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        tokens = super().tokenize(message, attribute)
        for token in tokens:
            token.lemma = plain(token.text)
        return tokens


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
            return cls(config, model_storage, resource, Jurado.load(folder / "jurado.skops"))

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
