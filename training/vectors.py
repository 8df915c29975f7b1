"""The start of the token table: word2vec over the corpora, weighted by frequency.

Rows are scaled by a / (a + p), p the token's share of the corpus (Arora et al. 2017, «A simple but
tough-to-beat baseline for sentence embeddings»), so that the plain mean of a text is already a
weighted one.
"""

import logging
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.config import StartConfig, VectorsConfig
from training.errors import TrainingError

log = logging.getLogger(__name__)


def write_tokens(tokenizer: Tokenizer, texts: list[str], path: Path, batch: int = 2000) -> int:
    """One line of row numbers per text; returns the number of tokens."""
    count = 0
    with path.open("w", encoding="ascii") as out:
        for start in range(0, len(texts), batch):
            for encoding in tokenizer.encode_batch_fast(texts[start:start + batch], add_special_tokens=False):
                count += len(encoding.ids)
                out.write(" ".join(map(str, encoding.ids)) + "\n")
    return count


def train_word_vectors(
    tokens: Path, rows: int, config: VectorsConfig, seed: int,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """word2vec (CBOW) over a token file: vectors [rows, dimension] and counts [rows].

    One worker, so equal input gives equal output. Rows that hardly occur start near zero.
    """
    try:
        from gensim.models import Word2Vec
    except ImportError as error:
        raise TrainingError("word vectors need gensim: pip install gensim") from error
    started = time.monotonic()
    model = Word2Vec(
        corpus_file=str(tokens), vector_size=config.dimension, window=config.window, min_count=3, sg=0,
        negative=config.negative, sample=config.sample, workers=1, epochs=config.epochs, alpha=config.rate, seed=seed)
    vectors = np.random.default_rng(seed).normal(0, 0.02, (rows, config.dimension)).astype(np.float32)
    counts = np.zeros(rows, dtype=np.int64)
    for word in model.wv.index_to_key:
        vectors[int(word)] = model.wv[word]
        counts[int(word)] = model.wv.get_vecattr(word, "count")
    log.info("word vectors: %d rows, %d tokens, %.0f s", rows, counts.sum(), time.monotonic() - started)
    return vectors, counts


def start_table(
    vectors: NDArray[np.float32], counts: NDArray[np.int64], config: StartConfig, extra: Iterable[list[int]] = (),
) -> NDArray[np.float32]:
    """Unit rows times a / (a + p), then one row per item of ``extra``: the mean of the rows it names.

    With ``rotate`` the axes are the principal ones, so that the first numbers say most.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    share = counts / max(1, counts.sum())
    table = vectors / np.maximum(lengths, 1e-6) * (config.weight / (config.weight + share))[:, None]
    if config.rotate:
        _, axes = np.linalg.eigh(table.T @ table)
        table = table @ axes[:, ::-1]
    added = [table[pieces].mean(axis=0) if pieces else np.zeros(table.shape[1]) for pieces in extra]
    return np.vstack([table, *added]).astype(np.float32) if added else table.astype(np.float32)
