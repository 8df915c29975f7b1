"""What the rest of the package needs of an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.encoder.calibration import Calibration

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Encodes queries and passages into unit vectors of one space.

    ``fingerprint`` changes whenever the same text would get another vector; vectors of different
    fingerprints are never compared.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def encodes_words(self) -> bool:
        """Whether single words are encoded at next to no cost, so that texts can be compared word by word."""
        ...

    @property
    def calibration(self) -> Calibration:
        """What was fitted for this encoder: the refusal threshold and the ranking mix."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of queries, shape (len(texts), dimension)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages or sentences, shape (len(texts), dimension)."""
        ...


def unit(vectors: NDArray[Any]) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    out = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return out / np.maximum(norms, 1e-12)
