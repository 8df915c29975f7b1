"""BM25 over words and over character pairs, by SQLite's FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from rag.archive.reader import Archive
from rag.errors import ArchiveError
from rag.text.words import Analyzer, pairs

MAX_TERMS = 60


def bm25(archive: Archive, table: str, terms: Sequence[str], limit: int) -> dict[int, float]:
    """Passage id → BM25 score (k1 = 1.2, b = 0.75; higher is better) of the best passages for any of the terms.

    FTS5 gives the score with its sign turned; see https://www.sqlite.org/fts5.html#the_bm25_function
    """
    if table not in ("words", "pairs"):
        raise ValueError(f"no such lexical table: {table}")
    if not terms:
        return {}
    return _run(archive, table, " OR ".join(_quoted(term) for term in terms[:MAX_TERMS]), limit)


def frequency(archive: Archive, term: str) -> int:
    """Number of passages that hold a word of a question («3.5» too, which the index takes apart)."""
    return int(archive.db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (_quoted(term),)).fetchone()[0])


def word_scores(archive: Archive, analyzer: Analyzer, text: str, limit: int) -> dict[int, float]:
    return bm25(archive, "words", analyzer.query_words(text), limit)


def pair_scores(archive: Archive, text: str, limit: int) -> dict[int, float]:
    return bm25(archive, "pairs", list(dict.fromkeys(pairs(text))), limit)


def containing(archive: Archive, phrase: str, limit: int) -> dict[int, float]:
    """Passages that contain a phrase (width, case and punctuation aside), with their BM25 score.

    Words of letters and numbers are found from their beginnings on. A single character has no score (0).
    """
    terms = pairs(phrase)
    if terms and _lone(terms[0]):
        # It may be the last character of a run in the text, which has no term of its own there.
        if len(terms) == 1:
            return _with_character(archive, terms[0], limit)
        terms = terms[1:]
    if not terms:
        return {}
    prefix = " *" if _lone(terms[-1]) or terms[-1].isascii() else ""
    return _run(archive, "pairs", " + ".join(_quoted(term) for term in terms) + prefix, limit)


def _lone(term: str) -> bool:
    return len(term) == 1 and not term.isascii()


def _with_character(archive: Archive, character: str, limit: int) -> dict[int, float]:
    rows = archive.db.execute(
        "SELECT p.id FROM passages p JOIN speeches s ON s.id = p.speech"
        ' WHERE instr(substr(s.text, p.start + 1, p."end" - p.start), ?) ORDER BY p.id LIMIT ?',
        (character, limit),
    )
    return {row[0]: 0.0 for row in rows}


def _run(archive: Archive, table: str, match: str, limit: int) -> dict[int, float]:
    try:
        rows = archive.db.execute(
            f"SELECT rowid, -rank FROM {table} WHERE {table} MATCH ? ORDER BY rank, rowid LIMIT ?", (match, limit)
        ).fetchall()
    except sqlite3.DatabaseError as error:
        raise ArchiveError(
            "全文索引无法读取（{error}）。可运行：python -m rag verify --repair --archive {folder}",
            error=error,
            folder=archive.folder,
        ) from error
    return dict(rows)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
