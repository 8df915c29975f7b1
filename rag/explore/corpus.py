"""The passages of an archive with what exploring them takes; of a large archive, terms come from a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.reader import Archive
from rag.archive.rows import SpeechSummary
from rag.encoder.base import Vectors
from rag.explore.terms import Term, TermTable, candidates, term_table
from rag.text.lexicon import Lexicon, WholeWords, lexicon

SAMPLE = 20_000  # passages that terms and centres are computed from; beyond, nothing visible changes
_BATCH = 2_000
PassageSpan = tuple[int, int, int, int]  # id, row id of the speech, start, end


@dataclass(frozen=True)
class Corpus:
    """Passages in document order, row by row: ``spans`` and ``vectors``, shape (n, dimension).

    ``sampled`` holds the rows that ``terms`` were counted in, evenly spaced, and ``found`` what each of them contains.
    """

    spans: tuple[PassageSpan, ...]
    vectors: Vectors
    speeches: dict[int, SpeechSummary]
    sampled: tuple[int, ...]
    found: tuple[Counter[Term], ...]
    terms: TermTable

    @classmethod
    def read(cls, archive: Archive) -> Corpus:
        """Everything from one state of the archive. A passage without a vector gets zeros."""
        words = lexicon()
        with archive.snapshot():
            spans = archive.passage_spans()
            vectors = _in_order(archive, [span[0] for span in spans])
            speeches = summaries_by_row(archive)
            sampled = range(0, len(spans), max(1, -(-len(spans) // SAMPLE)))
            found, running = _count(archive, [spans[n] for n in sampled], words)
        table = term_table(found, [spans[n][1] for n in sampled], running, words)
        return cls(tuple(spans), vectors, speeches, tuple(sampled), tuple(found), table)


def summaries_by_row(archive: Archive) -> dict[int, SpeechSummary]:
    """Row id of a speech → the speech without its text."""
    rows = dict(archive.db.execute("SELECT speech_id, id FROM speeches"))
    return {rows[one.speech_id]: one for one in archive.summaries()}


def _count(archive: Archive, spans: Sequence[PassageSpan], words: Lexicon) -> tuple[list[Counter[Term]], int]:
    """The candidates that stand in each passage letter by letter, and the number of running words.

    The index's words come without punctuation, and with headings that the passage may not hold: «司机、快递» is no
    term «司机快递».
    """
    whole = WholeWords(words)
    found: list[Counter[Term]] = []
    running = 0
    for at in range(0, len(spans), _BATCH):
        batch = spans[at : at + _BATCH]
        lines = archive.passage_words(span[0] for span in batch)
        texts = archive.speech_texts({span[1] for span in batch})
        for passage, speech, start, end in batch:
            own = [whole(line) for line in lines.get(passage, ())]
            running += sum(map(len, own))
            text = texts[speech][start:end]
            counts = candidates(own, words)
            found.append(Counter({term: n for term, n in counts.items() if "".join(term) in text}))
    return found, max(2, running)


def _in_order(archive: Archive, ids: Iterable[int]) -> Vectors:
    stored, vectors = archive.passage_vectors()
    row = {int(passage): n for n, passage in enumerate(stored)}
    wanted = list(ids)
    out = np.zeros((len(wanted), archive.dimension), dtype=np.float32)
    known = [(n, row[passage]) for n, passage in enumerate(wanted) if passage in row]
    if known:
        to, source = np.array(known).T
        out[to] = vectors[source]
    return out
