"""Ranked passages for a query: candidates from vectors and words, scored by one mix."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow, SpeechRow
from rag.encoder.base import Encoder, Vectors
from rag.errors import ArchiveError
from rag.search.dense import DenseIndex
from rag.search.duplicates import group_duplicates
from rag.search.lexical import containing, pair_scores, word_scores
from rag.search.mix import Weights, mix
from rag.search.query import Query, parse_query
from rag.text.normalize import normalize
from rag.text.words import Analyzer
from rag.types import Filters, Hit, Place, Span

DENSE_CANDIDATES = 400
LEXICAL_CANDIDATES = 200


@dataclass(frozen=True)
class Candidate:
    """A scored passage before it is made presentable."""

    row: PassageRow
    score: float
    parts: Mapping[str, float]
    sentence_scores: Vectors


@dataclass(frozen=True)
class Results:
    """Hits with what the caller must say about them. ``undated_left_out`` counts speeches a year filter dropped unseen."""

    query: Query
    hits: tuple[Hit, ...]
    speeches_found: int
    undated_left_out: int = 0


class Retriever:
    """Search over one archive. Follows changes of the archive by its generation; safe to share between threads."""

    def __init__(self, archive: Archive, encoder: Encoder, analyzer: Analyzer, weights: Weights | None = None) -> None:
        stored = archive.encoder_fingerprint
        if stored and stored != encoder.fingerprint:
            raise ArchiveError(
                f"档案的向量出自另一个模型（{stored} ≠ {encoder.fingerprint}）。请运行：python -m rag reindex --archive {archive.folder}"
            )
        self.archive = archive
        self.encoder = encoder
        self.analyzer = analyzer
        self.weights = weights or Weights()
        self._index: DenseIndex | None = None
        self._speeches: dict[int, SpeechRow] = {}
        self._lock = threading.Lock()

    @property
    def index(self) -> DenseIndex:
        """The vector index of the archive's present generation."""
        with self._lock:
            if self._index is None or self._index.generation != self.archive.generation:
                self._index = DenseIndex.open(self.archive)
                self._speeches = {}
            return self._index

    def search(self, text: str, k: int = 10, filters: Filters | None = None) -> Results:
        """The k best passages, near-duplicates collapsed.

        Raises:
            UsageError: the query is empty or only excludes.
        """
        return self.search_query(parse_query(text), k, filters or Filters())

    def search_query(self, query: Query, k: int, filters: Filters) -> Results:
        """`search` for a query that has been read already."""
        ranked = self.rank(query, filters)
        groups = self._collapse(ranked, k)
        hits = tuple(self._hit(n, group) for n, group in enumerate(groups, 1))
        undated = self.archive.undated() if filters.years else 0
        return Results(query, hits, len({c.row.speech for c in ranked}), undated)

    def rank(self, query: Query, filters: Filters) -> list[Candidate]:
        """All candidates of a query, best first."""
        allowed = self._allowed(filters)
        vector = self.encoder.encode_queries([query.plain])[0]
        dense = self.index.search(vector, DENSE_CANDIDATES, allowed)
        words = word_scores(self.archive, self.analyzer, query.core, LEXICAL_CANDIDATES)
        pairs = pair_scores(self.archive, query.core, LEXICAL_CANDIDATES) if self.weights.pairs else {}
        phrases = [containing(self.archive, phrase, LEXICAL_CANDIDATES) for phrase in query.phrases]
        wanted = {*dense, *words, *pairs, *(i for found in phrases for i in found)}
        if filters.contains:
            wanted |= set(containing(self.archive, filters.contains, LEXICAL_CANDIDATES * 5))
        rows = self.archive.passages(wanted if allowed is None else wanted & allowed)
        candidates = self._score(list(rows.values()), vector, words, pairs, phrases)
        return [c for c in candidates if self._passes(c, query, filters)]

    def _allowed(self, filters: Filters) -> set[int] | None:
        limits = Filters(**{**filters.__dict__, "contains": ""})
        if not limits.active:
            return None
        return set(self.archive.passage_ids(self.archive.matching_speeches(limits)))

    def _score(
        self,
        rows: Sequence[PassageRow],
        vector: Vectors,
        words: Mapping[int, float],
        pairs: Mapping[int, float],
        phrases: Sequence[Mapping[int, float]],
    ) -> list[Candidate]:
        if not rows:
            return []
        passage = np.stack([row.vector for row in rows]) @ vector
        sentence_scores = [row.sentence_vectors @ vector for row in rows]
        sentence = np.array([scores.max(initial=-1.0) for scores in sentence_scores])
        word = np.array([words.get(row.id, 0.0) for row in rows])
        pair = np.array([pairs.get(row.id, 0.0) for row in rows])
        phrase = np.array([sum(row.id in found for found in phrases) / max(1, len(phrases)) for row in rows])
        total = mix(passage, sentence, word, pair, phrase, self.weights)
        found = [
            Candidate(
                row,
                float(t),
                {"passage": float(p), "sentence": float(s), "words": float(w), "phrase": float(ph)},
                scores,
            )
            for row, t, p, s, w, ph, scores in zip(
                rows, total, passage, sentence, word, phrase, sentence_scores, strict=True
            )
        ]
        return sorted(found, key=lambda c: (-c.score, c.row.id))

    def _passes(self, candidate: Candidate, query: Query, filters: Filters) -> bool:
        required = [*query.phrases, *([filters.contains] if filters.contains else [])]
        if not required and not query.excluded:
            return True
        text = normalize(self.text(candidate.row))
        return all(normalize(p) in text for p in required) and not any(normalize(w) in text for w in query.excluded)

    def _collapse(self, ranked: Sequence[Candidate], k: int) -> list[list[Candidate]]:
        """The first k groups of near-identical passages."""
        head = ranked[: max(60, 3 * k)]
        groups = group_duplicates([self.text(c.row) for c in head])
        return [[head[n] for n in group] for group in groups[:k]]

    # Presentation

    def speech(self, row_id: int) -> SpeechRow:
        with self._lock:
            found = self._speeches.get(row_id)
        if found is None:
            found = self.archive.speeches([row_id])[0]
            with self._lock:
                self._speeches[row_id] = found
        return found

    def text(self, row: PassageRow) -> str:
        return self.speech(row.speech).text[row.start : row.end]

    def place(self, row: PassageRow, span: Span | None = None) -> Place:
        """Where a passage (or a span inside it) stands."""
        speech = self.speech(row.speech)
        start, end = span or (row.start, row.end)
        return Place(speech.speech_id, speech.title, speech.file, speech.year, row.section, start, end, row.page)

    def _hit(self, rank: int, group: Sequence[Candidate]) -> Hit:
        first, *others = group
        row = first.row
        best = (
            row.sentences[int(first.sentence_scores.argmax())]
            if len(first.sentence_scores)
            else Span(row.start, row.end)
        )
        return Hit(
            rank, round(first.score, 4), row.id, self.place(row), self.text(row), best, first.parts,
            tuple(self.place(other.row) for other in others),
        )  # fmt: skip
