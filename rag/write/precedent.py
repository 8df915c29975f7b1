"""The sentence of the archive that comes closest to a given one, and whether it is close enough to call a precedent."""

from __future__ import annotations

from dataclasses import dataclass

from rag.archive.rows import SpeechRow
from rag.config import SHIPPED_MODEL
from rag.encoder.base import Encoder
from rag.search.query import MAX_QUERY, Query
from rag.search.retriever import Retriever
from rag.text.normalize import skeleton
from rag.types import Filters, Span

# Fitted by `python -m benchmarks.reuse.precedents`; benchmarks/reuse/PRECEDENTS.md has the figures. For the shipped encoder only.
NO_PRECEDENT = 0.333
LEAST_LETTERS = 8  # shorter sentences («同志们：») are no statement that could have a precedent


@dataclass(frozen=True)
class Precedent:
    """``cosine`` compares the two sentences as wholes; ``coverage`` is how well the given one's words are met, 0 to 1."""

    speech: SpeechRow
    span: Span
    cosine: float
    coverage: float

    @property
    def text(self) -> str:
        return self.speech.text[self.span.start : self.span.end]

    @property
    def closeness(self) -> float:
        """Both together, words counting double: each alone mistakes one kind of stranger for a relative."""
        return (self.cosine + 2 * self.coverage) / 3


def least_closeness(encoder: Encoder) -> float | None:
    """The closeness below which a sentence has no precedent; None for an encoder for which it was never fitted."""
    return NO_PRECEDENT if encoder.name == SHIPPED_MODEL else None


def closest(retriever: Retriever, sentence: str, filters: Filters | None = None) -> Precedent | None:
    """The archive's sentence closest to a sentence; None for a sentence without enough letters, or an empty archive."""
    plain = " ".join(sentence.split())[:MAX_QUERY]
    if len(skeleton(plain)) < LEAST_LETTERS:
        return None
    ranked = retriever.rank(Query(plain, plain, plain, expand=False), filters or Filters())
    found = [
        (float(cosine + 2 * coverage), candidate, n)
        for candidate in ranked
        for n, (cosine, coverage) in enumerate(zip(candidate.sentence_scores, candidate.sentence_coverage, strict=True))
    ]
    if not found:
        return None
    _, candidate, n = max(found, key=lambda one: (one[0], -one[1].row.id, -one[2]))
    return Precedent(
        retriever.speech(candidate.row.speech),
        candidate.row.sentences[n],
        float(candidate.sentence_scores[n]),
        float(candidate.sentence_coverage[n]),
    )
