"""BM25 as an inner product of sparse vectors, made on our side.

A passage's entry for a term is f·(k1+1)/(f + k1·(1−b+b·length/mean)), a question's its inverse document frequency; their
inner product is BM25. Milvus's own BM25 function counts frequencies by segment in its Lite edition, and cuts words itself.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from rag.search.postings import LEAST_IDF, build, contribution, length_norms


def term_number(term: str) -> int:
    """The dimension of a term, from 1 to 2³²−2. Of a hundred thousand terms about one pair shares a number."""
    digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
    return 1 + int.from_bytes(digest, "big") % (2**32 - 3)


def passage_vectors(texts: Sequence[str], mean: float) -> list[dict[int, float]]:
    """Term number → weight of each passage, from its tokens; ``mean`` is the collection's mean length in tokens."""
    postings = build([(np.arange(len(texts), dtype=np.int64), texts)])
    norms = length_norms(postings.lengths, mean)
    out: list[dict[int, float]] = [defaultdict(float) for _ in texts]
    for term in postings.terms:
        rows, counts = postings.of(term)
        number = term_number(term)
        weights = contribution(1.0, counts, norms[rows])
        for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
            out[row][number] += weight
    return [dict(vector) for vector in out]


def question_vector(frequencies: Mapping[str, int], passages: int) -> dict[int, float]:
    """Term number → inverse document frequency, of terms with the number of passages that hold each."""
    out: dict[int, float] = defaultdict(float)
    for term, n in frequencies.items():
        if n:
            out[term_number(term)] += max(math.log((passages - n + 0.5) / (n + 0.5)), LEAST_IDF)
    return dict(out)
