"""Keyword search without vectors: bm25s and SQLite's FTS5."""

from __future__ import annotations

import re
import sqlite3

from benchmarks.quality.corpus import DEPTH, Corpus, Searcher, System, chunks, jieba_words
from rag.evaluate.search_metrics import Ranked


def bm25_default(corpus: Corpus) -> Searcher:
    """bm25s with its own tokenizer, which takes a run of Chinese between punctuation marks for one word."""
    import bm25s

    passages = chunks(corpus.texts, corpus.size)
    index = bm25s.BM25()
    index.index(bm25s.tokenize([p.text for p in passages], show_progress=False), show_progress=False)

    def search(query: str) -> list[Ranked]:
        tokens = bm25s.tokenize([query], show_progress=False, return_ids=False)
        return _retrieve(index, passages, tokens)

    return search


def bm25_jieba(corpus: Corpus) -> Searcher:
    import bm25s

    passages = chunks(corpus.texts, corpus.size)
    index = bm25s.BM25()
    index.index([jieba_words(p.text) for p in passages], show_progress=False)
    return lambda query: _retrieve(index, passages, [jieba_words(query)])


def _retrieve(index: object, passages: list[Ranked], tokens: list[list[str]]) -> list[Ranked]:
    """Passages with a score: bm25s fills up with passages that share no word with the question."""
    if not tokens[0]:
        return []
    found, scores = index.retrieve(tokens, k=min(DEPTH, len(passages)), show_progress=False)  # type: ignore[attr-defined]
    return [passages[int(n)] for n, score in zip(found[0], scores[0], strict=True) if score > 0]


def fts5_default(corpus: Corpus) -> Searcher:
    """Every stretch of the question between punctuation marks as a phrase."""
    return _fts5(corpus, lambda query: re.findall(r"\w{3,}", query))


def fts5_trigrams(corpus: Corpus) -> Searcher:
    """Every three characters in a row of the question, any of which may occur."""
    return _fts5(corpus, trigrams)


def trigrams(query: str) -> list[str]:
    runs = re.findall(r"\w{3,}", query)
    return list(dict.fromkeys(run[i : i + 3] for run in runs for i in range(len(run) - 2)))


def _fts5(corpus: Corpus, terms_of: object) -> Searcher:
    passages = chunks(corpus.texts, corpus.size)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE passages USING fts5(text, tokenize='trigram')")
    db.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", ((n, p.text) for n, p in enumerate(passages)))

    def search(query: str) -> list[Ranked]:
        terms = terms_of(query)  # type: ignore[operator]
        if not terms:
            return []
        match = " OR ".join(f'"{term}"' for term in terms)
        sql = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?"
        return [passages[row[0]] for row in db.execute(sql, (match, DEPTH))]

    return search


SYSTEMS = (
    System("bm25s", "bm25s", "its own tokenizer", bm25_default),
    System("bm25s-jieba", "bm25s", "jieba words", bm25_jieba),
    System("fts5", "SQLite FTS5 trigram", "the question's phrases", fts5_default),
    System("fts5-zh", "SQLite FTS5 trigram", "the question's trigrams", fts5_trigrams),
)
