"""Where English words start: at the mean of the Chinese texts that their sentences go with.

The corpora hold English only in articles on technology, so word vectors know «report» as a program's
message. Pairs of an English query and a Chinese text say better what a word is about.
"""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.pairs import Pair

_WORD = re.compile(r"[a-z]{2,}")


def is_english(text: str) -> bool:
    """Whether most of the text is in Latin letters."""
    return sum("a" <= c <= "z" for c in text.lower()) > 0.6 * len(text)


def english_pairs(sources: dict[str, list[Pair]], names: Iterable[str]) -> list[Pair]:
    """Pairs of the named sources whose query is English."""
    return [pair for name in names for pair in sources.get(name, []) if is_english(pair.query)]


def start_english(
    rows: list[str], table: NDArray[np.float32], pairs: list[Pair], tokenizer: Tokenizer, weight: float,
) -> NDArray[np.float32]:
    """The table with the rows of English words that occur in the pairs set anew.

    A word's row is the mean, over the pairs it occurs in, of the unit vector of the Chinese text less the
    mean of all those texts, made unit and scaled by weight / (weight + p), p its share of the English words.
    """
    number = {row: i for i, row in enumerate(rows) if _WORD.fullmatch(row)}
    encodings = tokenizer.encode_batch_fast([pair.positive for pair in pairs], add_special_tokens=False)
    texts = np.array([table[encoding.ids].mean(axis=0) if encoding.ids else np.zeros(table.shape[1])
                      for encoding in encodings], dtype=np.float32)
    texts /= np.maximum(np.linalg.norm(texts, axis=1, keepdims=True), 1e-9)
    texts -= texts.mean(axis=0)
    sums, counts = np.zeros_like(table), np.zeros(len(rows))
    for pair, text in zip(pairs, texts, strict=True):
        for word in set(_WORD.findall(pair.query.lower())) & number.keys():
            sums[number[word]] += text
            counts[number[word]] += 1
    known = np.flatnonzero(counts)
    share = counts[known] / max(1.0, counts.sum())
    unit = sums[known] / np.maximum(np.linalg.norm(sums[known], axis=1, keepdims=True), 1e-9)
    out = table.copy()
    out[known] = unit * (weight / (weight + share))[:, None]
    return out
