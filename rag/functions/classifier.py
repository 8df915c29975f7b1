"""The classifier: one linear layer over n-grams and patterns, with numpy alone.

The logit of a label is ``bias + patterns · P + Σ W[n-gram] / √n`` over a sentence's n known n-grams; the weights come
out of `training.functions` with the calibrating temperature already divided out, so that a softmax gives probabilities.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.config import MODELS
from rag.errors import ClassifierError
from rag.functions.labels import LABELS, SentenceFunction, SentenceInContext
from rag.functions.ngrams import SIZES, fold, keys
from rag.functions.patterns import NAMES, patterns

SHIPPED = MODELS / "yanju-functions"
WEIGHTS, CONFIG = "model.safetensors", "config.json"
Floats = NDArray[np.float32]
_BATCH = 512


class FunctionClassifier:
    """Gives every sentence the likeliest of the twelve functions, with a calibrated probability."""

    def __init__(
        self,
        grams: NDArray[np.uint64],
        weights: NDArray[np.floating],
        pattern_weights: Floats,
        bias: Floats,
        fingerprint: str,
    ) -> None:
        """``grams`` (g) are ascending n-gram keys, ``weights`` (g × 12), ``pattern_weights`` (patterns × 12), ``bias`` (12).

        Raises:
            ClassifierError: the parts do not fit each other.
        """
        wanted = ((len(grams), len(LABELS)), (len(NAMES), len(LABELS)), (len(LABELS),))
        found = (weights.shape, pattern_weights.shape, bias.shape)
        if wanted != found or not len(grams) or np.any(grams[1:] <= grams[:-1]):
            raise ClassifierError(
                "句子功能模型的各部分不相配：{found} ≠ {wanted}。请重新获取程序文件夹。", found=found, wanted=wanted
            )
        self._grams = grams
        self._weights = weights.astype(np.float32)
        self._pattern_weights, self._bias = pattern_weights, bias
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> FunctionClassifier:
        """Reads ``model.safetensors`` and ``config.json``.

        Raises:
            ClassifierError: a file is missing or damaged, or was made for other labels or features.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            raw = (folder / WEIGHTS).read_bytes()
            tensors = load(raw)
            config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            parts = tensors["grams"], tensors["weights"], tensors["patterns"], tensors["bias"]
            made_for = tuple(config["labels"]), tuple(config["patterns"])
        except (OSError, KeyError, TypeError, ValueError, SafetensorError, struct.error) as error:
            raise ClassifierError(
                "句子功能模型 {folder} 不完整（{error}）。请重新获取程序文件夹。", folder=folder, error=error
            ) from error
        if made_for != (LABELS, NAMES):
            raise ClassifierError("句子功能模型 {folder} 与本程序的版本不符。请重新获取程序文件夹。", folder=folder)
        return cls(*parts, hashlib.sha256(raw).hexdigest()[:12])

    @property
    def parts(self) -> tuple[NDArray[np.uint64], Floats, Floats, Floats]:
        """Keys, their weights, the weights of the patterns, and the bias: what `load` reads."""
        return self._grams, self._weights, self._pattern_weights, self._bias

    def classify(self, sentences: Sequence[SentenceInContext]) -> list[SentenceFunction]:
        """The likeliest function of each sentence. A low confidence says that it is little more than a guess."""
        out: list[SentenceFunction] = []
        for batch in _batches(sentences):
            chances = self.probabilities(batch)
            best = chances.argmax(axis=1)
            out += [SentenceFunction(LABELS[n], round(float(row[n]), 3)) for n, row in zip(best, chances, strict=True)]
        return out

    def probabilities(self, sentences: Sequence[SentenceInContext]) -> Floats:
        """Probability of each function, shape (sentences, 12), rows sum to 1."""
        if not sentences:
            return np.zeros((0, len(LABELS)), dtype=np.float32)
        logits = self._gram_scores([fold(sentence.text) for sentence in sentences]) + self._bias
        logits += np.array([patterns(sentence) for sentence in sentences], dtype=np.float32) @ self._pattern_weights
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances: Floats = powers / powers.sum(axis=1, keepdims=True)
        return chances

    def _gram_scores(self, folded: Sequence[str]) -> Floats:
        scores = np.zeros((len(folded), len(LABELS)), dtype=np.float32)
        known = np.zeros(len(folded), dtype=np.float32)
        for size in SIZES:
            found, bounds = keys(folded, size)
            if not len(found):
                continue
            at = np.minimum(np.searchsorted(self._grams, found), len(self._grams) - 1)
            hits = np.flatnonzero(self._grams[at] == found)
            bounds = np.searchsorted(hits, bounds)
            scores += np.diff(_running(self._weights[at[hits]])[bounds], axis=0)
            known += np.diff(bounds)
        return (scores / np.sqrt(np.maximum(known, 1))[:, None]).astype(np.float32)


@lru_cache(maxsize=1)
def shipped_classifier() -> FunctionClassifier:
    """The classifier that comes with the program, loaded once a process."""
    return FunctionClassifier.load()


def _running(rows: Floats) -> NDArray[np.float64]:
    """Sums of the first 0, 1, 2, … rows."""
    return np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])


def _batches(sentences: Sequence[SentenceInContext]) -> Iterator[Sequence[SentenceInContext]]:
    return (sentences[at : at + _BATCH] for at in range(0, len(sentences), _BATCH))
