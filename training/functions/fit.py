"""Multinomial logistic regression over n-grams, patterns and the vectors of known words; folded into one table.

Words that the training sentences do not hold are the classifier's blind spot. The token vectors of the shipped
encoder help: a sentence's mean token vector is a feature too. Because all of it is linear, the part of a token
vector in the logits is the same number wherever the token stands; it is added to the token's own n-gram weight when
the model is written, and at run time neither encoder nor tokenizer is needed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.functions.classifier import FunctionClassifier
from rag.functions.labels import LABELS, SentenceInContext
from rag.functions.ngrams import END, SIZES, START, fold, key, keys
from rag.functions.patterns import patterns
from training.functions.data import Labelled

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Recipe:
    """Settings, chosen by cross-validation. The scales weigh the three groups of features against each other."""

    sizes: tuple[int, ...] = (1, 2, 3)
    least_sentences: int = 2
    regularisation: float = 2.0
    gram_scale: float = 1.0
    vector_scale: float = 2.0
    pattern_scale: float = 0.7
    edge_dropout: float = 0.5
    seed: int = 7


@dataclass(frozen=True)
class Vocabulary:
    """``grams`` (ascending keys); ``own``: which of them have a weight of their own; ``vectors``: theirs, or zeros."""

    grams: NDArray[np.uint64]
    own: NDArray[np.bool_]
    vectors: Floats


class TokenVectors:
    """The token table of a static encoder, as far as its tokens are n-grams of at most four characters."""

    def __init__(self, folder: Path) -> None:
        import json

        from safetensors.numpy import load_file

        vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        table = load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float32)
        chosen = {key(fold(token)): row for token, row in vocabulary.items() if self._usable(token)}
        self.keys = np.array(sorted(chosen), dtype=np.uint64)
        self.vectors = table[[chosen[int(k)] for k in self.keys]]

    @staticmethod
    def _usable(token: str) -> bool:
        return len(token) <= max(SIZES) and all("\u4e00" <= char <= "\u9fff" for char in token)


def vocabulary_of(rows: Sequence[Labelled], tokens: TokenVectors, recipe: Recipe) -> Vocabulary:
    """N-grams of enough training sentences, and the encoder's tokens."""
    counts: Counter[int] = Counter()
    for row in rows:
        text = f"{START}{fold(row.sentence.text)}{END}"
        counts.update({key(text[at : at + n]) for n in recipe.sizes for at in range(len(text) - n + 1)})
    own = {gram for gram, count in counts.items() if count >= recipe.least_sentences}
    grams = np.array(sorted(own | {int(k) for k in tokens.keys}), dtype=np.uint64)
    vectors = np.zeros((len(grams), tokens.vectors.shape[1]), dtype=np.float32)
    vectors[np.searchsorted(grams, tokens.keys)] = tokens.vectors
    return Vocabulary(grams, np.isin(grams, np.array(sorted(own), dtype=np.uint64)), vectors)


def gram_matrix(sentences: Sequence[SentenceInContext], vocabulary: Vocabulary) -> Any:
    """Counts of known n-grams over √(their number), sparse, shape (sentences, grams)."""
    from scipy.sparse import csr_matrix, diags

    folded = [fold(sentence.text) for sentence in sentences]
    rows, columns = [], []
    for size in SIZES:
        found, bounds = keys(folded, size)
        at = np.minimum(np.searchsorted(vocabulary.grams, found), len(vocabulary.grams) - 1)
        hit = vocabulary.grams[at] == found
        rows.append(np.repeat(np.arange(len(folded)), np.diff(bounds))[hit[: bounds[-1]]])
        columns.append(at[: bounds[-1]][hit[: bounds[-1]]])
    row, column = np.concatenate(rows), np.concatenate(columns)
    counts = csr_matrix((np.ones(len(row)), (row, column)), shape=(len(folded), len(vocabulary.grams)))
    return diags(1 / np.sqrt(np.maximum(np.bincount(row, minlength=len(folded)), 1))) @ counts


def fit(rows: Sequence[Labelled], tokens: TokenVectors, recipe: Recipe, temperature: float = 1.0) -> FunctionClassifier:
    """A classifier from labelled sentences. ``temperature`` divides the logits (see `measure.temperature_of`)."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    vocabulary = vocabulary_of(rows, tokens, recipe)
    sentences = _with_edges_dropped([row.sentence for row in rows], recipe)
    grams = gram_matrix(sentences, vocabulary)
    dense = np.array([patterns(sentence) for sentence in sentences])
    own = grams[:, vocabulary.own] * recipe.gram_scale
    features = hstack([own, csr_matrix(np.hstack([grams @ vocabulary.vectors * recipe.vector_scale, dense * recipe.pattern_scale]))])
    model = LogisticRegression(C=recipe.regularisation, max_iter=1000, tol=1e-4)
    model.fit(features.tocsr(), [LABELS.index(row.label) for row in rows])
    coefficients = model.coef_.T / temperature
    n, d = own.shape[1], vocabulary.vectors.shape[1]
    weights = vocabulary.vectors @ coefficients[n : n + d] * recipe.vector_scale
    weights[vocabulary.own] += coefficients[:n] * recipe.gram_scale
    return FunctionClassifier(
        vocabulary.grams, weights.astype(np.float16), (coefficients[n + d :] * recipe.pattern_scale).astype(np.float32),
        (model.intercept_ / temperature).astype(np.float32), "unsaved",
    )


def _with_edges_dropped(sentences: Sequence[SentenceInContext], recipe: Recipe) -> list[SentenceInContext]:
    """The place in the speech is hidden for a part of the sentences, so that the words decide."""
    generator = np.random.default_rng(recipe.seed)
    return [
        sentence._replace(first=False, last=False) if generator.random() < recipe.edge_dropout else sentence
        for sentence in sentences
    ]
