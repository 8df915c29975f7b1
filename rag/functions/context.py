"""Sentences with their place in the speech, as the classifier wants them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rag.functions.classifier import FunctionClassifier
from rag.functions.labels import EDGE, SentenceFunction, SentenceInContext
from rag.types import Passage, Span


def in_context(text: str, spans: Sequence[Span]) -> list[SentenceInContext]:
    """The sentences of a whole speech, in order."""
    last = len(spans) - EDGE
    return [SentenceInContext(text[a:b], n < EDGE, n >= last) for n, (a, b) in enumerate(spans)]


def passage_functions(
    text: str, passages: Sequence[Passage], classifier: FunctionClassifier
) -> list[tuple[SentenceFunction, ...]]:
    """The functions of a speech's sentences, passage by passage; ``passages`` are all that it has, in order."""
    found = iter(classifier.classify(in_context(text, [span for p in passages for span in p.sentences])))
    return [tuple(islice(found, len(p.sentences))) for p in passages]
