"""What is our own in understanding: words as Chileans write them, and a classifier that weighs hints."""

from typing import Any

import numpy as np
from palabras import plain
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
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
class WeighingClassifier(LogisticRegressionClassifier):
    """Logistic regression, one intent against the rest, on messages of equal length and hints beside them.

    Intents are not balanced: what is out of scope has the most examples and is to win when in doubt.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` is scikit-learn's C; `hints` is the alias of the featurizer that finds them."""
        own = {"strength": 60.0, "hints": "pistas", "hint_weight": 0.3}
        return {**LogisticRegressionClassifier.get_default_config(), **own}

    def __init__(self, config: dict[str, Any], *rest: Any) -> None:
        super().__init__(config, *rest)
        self.clf = LogisticRegression(
            C=self.config["strength"],
            solver="liblinear",
            max_iter=self.config["max_iter"],
            random_state=self.config["random_state"],
        )

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 (Rasa's name)
        return vstack([self._row(message) for message in messages]).tocsr()

    def _row(self, message: Message) -> csr_matrix:
        hints = message.get_sparse_features(TEXT, [self.config["hints"]])[1]
        everything = message.get_sparse_features(TEXT)[1]
        if hints is None or everything is None:  # nothing but what no tokenizer takes for a word
            return csr_matrix((1, self.clf.n_features_in_))
        marks = csr_matrix(hints.features, dtype=float)
        counts = csr_matrix(everything.features, dtype=float)[:, marks.shape[1] :]
        counts.data = 1 + np.log(counts.data)
        return hstack([marks * self.config["hint_weight"], normalize(counts)])
