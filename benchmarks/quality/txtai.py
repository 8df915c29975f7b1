"""txtai: Segmentation and Embeddings, with the encoder as an external transform."""

from __future__ import annotations

from typing import Any

from benchmarks.quality.corpus import DEPTH, Corpus, Searcher, System, best, needed
from rag.encoder.base import Vectors
from rag.evaluate.search_metrics import Ranked

CHINESE = ["。", "！", "？", "；", "\n"]
# txtai has no place for jieba; overlapping pairs of characters are its own answer to texts without spaces.
PAIRS = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"ngrams": 2}}


def default(corpus: Corpus) -> Searcher:
    return _searcher(corpus, _passages(corpus))


def default_hybrid(corpus: Corpus) -> Searcher:
    return _searcher(corpus, _passages(corpus), hybrid=True)


def chinese(corpus: Corpus) -> Searcher:
    return _searcher(corpus, _passages(corpus, delim=CHINESE))


def chinese_hybrid(corpus: Corpus) -> Searcher:
    """Its default BM25 takes every Chinese character for a word."""
    return _searcher(corpus, _passages(corpus, delim=CHINESE), hybrid=True)


def chinese_pairs(corpus: Corpus) -> Searcher:
    return _searcher(corpus, _passages(corpus, delim=CHINESE), scoring=PAIRS)


def _passages(corpus: Corpus, **options: Any) -> list[Ranked]:
    segment = needed("txtai.pipeline").Segmentation(
        chunker="sentence", tokenizer="character", chunk_size=corpus.size, **options
    )
    return [Ranked(file, piece) for file, text in corpus.texts.items() for piece in segment(text)]


def _searcher(corpus: Corpus, passages: list[Ranked], **options: Any) -> Searcher:
    def transform(texts: list[str]) -> Vectors:
        return corpus.encoder.encode_passages(list(texts))

    embeddings = needed("txtai").Embeddings(method="external", transform=transform, **options)
    embeddings.index((n, passage.text, None) for n, passage in enumerate(passages))
    return lambda query: best([passages[int(n)] for n, _ in embeddings.search(query, DEPTH)])


SYSTEMS = (
    System("txtai", "txtai", "default sentence chunker, vectors", default),
    System("txtai-hybrid", "txtai", "default sentence chunker, hybrid=True", default_hybrid),
    System("txtai-zh", "txtai", "sentences at 。！？；, vectors", chinese),
    System("txtai-zh-hybrid", "txtai", "sentences at 。！？；, hybrid=True", chinese_hybrid),
    System("txtai-zh-pairs", "txtai", "sentences at 。！？；, vectors + BM25 over character pairs", chinese_pairs),
)
