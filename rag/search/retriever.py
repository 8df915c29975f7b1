"""Ranked passages for a query: candidates from vectors and words, scored by one mix."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow, SpeechRow
from rag.encoder.base import Encoder
from rag.errors import ArchiveError
from rag.search.alignment import QuestionWords, WordVectors
from rag.search.dense import DenseIndex
from rag.search.duplicates import group_duplicates
from rag.search.expansion import Expander, Expansion
from rag.search.lexical import bm25, containing, pair_scores
from rag.search.mix import Weights
from rag.search.query import Query, parse_query
from rag.search.scoring import Candidate, LexicalScores, align, score
from rag.text.normalize import normalize
from rag.text.words import Analyzer
from rag.types import Filters, Hit, Place, Span

DENSE_CANDIDATES = 400
LEXICAL_CANDIDATES = 200
ALIGNED_CANDIDATES = 150
CACHED_PASSAGES = 10_000
SENTENCE_ENDS = "。！？!?；;…”’）"


@dataclass(frozen=True)
class Results:
    """Hits with what must be said about them. ``undated_left_out`` counts speeches that a year filter dropped unseen."""

    query: Query
    hits: tuple[Hit, ...]
    speeches_found: int
    undated_left_out: int = 0
    expansions: tuple[Expansion, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told, one sentence each."""
        told = [f"按年份筛选未计入 {self.undated_left_out} 篇年份不明的讲话"] if self.undated_left_out else []
        return (*told, *(f"{one.word} 同时按「{'」「'.join(one.terms)}」检索" for one in self.expansions))


class Retriever:
    """Search over one archive. Follows changes of the archive by its generation; safe to share between threads."""

    def __init__(self, archive: Archive, encoder: Encoder, analyzer: Analyzer, weights: Weights | None = None) -> None:
        stored = archive.encoder_fingerprint
        if stored and stored != encoder.fingerprint:
            raise ArchiveError(
                f"档案的向量出自另一个模型（{stored} ≠ {encoder.fingerprint}）。"
                f"请运行：python -m rag reindex --archive {archive.folder}"
            )
        self.archive = archive
        self.encoder = encoder
        self.analyzer = analyzer
        self.weights = weights or Weights()
        self._words = WordVectors(encoder) if encoder.encodes_words else None
        self._expander = Expander(archive, self._words) if self._words else None
        self._index: DenseIndex | None = None
        self._speeches: dict[int, SpeechRow] = {}
        self._passages: dict[int, PassageRow] = {}
        self._passage_words: dict[int, list[list[str]]] = {}
        self._cached_generation = -1
        self._lock = threading.Lock()

    @property
    def index(self) -> DenseIndex:
        """The vector index of the archive's present generation."""
        with self._lock:
            if self._index is None or self._index.generation != self.archive.generation:
                self._index = DenseIndex.open(self.archive)
                self._speeches = {}
            if self._index.generation != self._cached_generation or len(self._passages) > CACHED_PASSAGES:
                self._passages, self._passage_words = {}, {}
                self._cached_generation = self._index.generation
            return self._index

    def search(self, text: str, k: int = 10, filters: Filters | None = None, expand: bool = True) -> Results:
        """The k best passages, near-duplicates collapsed. ``expand`` allows expansions of unknown words.

        Raises:
            UsageError: the query is empty or only excludes.
        """
        filters = filters or Filters()
        query = parse_query(text, expand)
        with self.archive.snapshot():
            return self.present(query, self.rank(query, filters), k, filters)

    def present(self, query: Query, ranked: Sequence[Candidate], k: int, filters: Filters) -> Results:
        """The k first groups of near-identical passages as hits."""
        head = ranked[: max(60, 3 * k)]
        vectors = np.stack([c.row.vector for c in head]) if head else np.zeros((0, 0), dtype=np.float32)
        groups = group_duplicates([self.text(c.row) for c in head], vectors, k)
        hits = tuple(self._hit(n, [head[i] for i in group]) for n, group in enumerate(groups, 1))
        undated = self.archive.undated() if filters.years else 0
        return Results(query, hits, len({c.row.speech for c in ranked}), undated, self.expansions(query))

    def rank(self, query: Query, filters: Filters) -> list[Candidate]:
        """The candidates of a query, best first, without those that the query or the filters exclude."""
        allowed = self._allowed(filters)
        vector = self.encoder.encode_queries([query.plain])[0]
        dense = self.index.search(vector, DENSE_CANDIDATES, allowed)
        lexical = self._lexical(query)
        wanted = {*dense, *lexical.ids}
        if filters.contains:
            wanted |= set(containing(self.archive, filters.contains, LEXICAL_CANDIDATES * 5))
        rows = self._rows(wanted if allowed is None else wanted & allowed)
        candidates = score(rows, vector, lexical, self.weights)
        head = [c for c in candidates if self._passes(c, query, filters)][:ALIGNED_CANDIDATES]
        question = QuestionWords.of(self.analyzer.query_words(query.core), self.archive)
        return align(head, question, self._lines([c.row for c in head]), self._words, self.weights)

    def _rows(self, ids: Collection[int]) -> list[PassageRow]:
        """Passages by id, through the cache."""
        cache = self._passages
        cache.update(self.archive.passages(i for i in ids if i not in cache))
        return [cache[i] for i in sorted(ids) if i in cache]

    def _lines(self, rows: Sequence[PassageRow]) -> dict[int, list[list[str]]]:
        """Words of passages, line by line, after the words of their speeches' cards; through the cache."""
        cache = self._passage_words
        cache.update(self.archive.passage_words(row.id for row in rows if row.id not in cache))
        cards = {row.speech: self.analyzer.words(_card(self.speech(row.speech))) for row in rows}
        return {row.id: [cards[row.speech], *cache[row.id]] for row in rows}

    def _lexical(self, query: Query) -> LexicalScores:
        words = self.analyzer.query_words(query.core)
        words += [term for expansion in self.expansions(query) for term in expansion.terms]
        return LexicalScores(
            bm25(self.archive, "words", words, LEXICAL_CANDIDATES),
            pair_scores(self.archive, query.core, LEXICAL_CANDIDATES) if self.weights.pairs else {},
            [containing(self.archive, phrase, LEXICAL_CANDIDATES) for phrase in (*query.phrases, *query.preferred)],
        )

    def expansions(self, query: Query) -> tuple[Expansion, ...]:
        """The archive's own words that are searched beside words it does not know."""
        if not query.expand or self._expander is None:
            return ()
        return self._expander.expand(self.analyzer.query_words(query.core))

    def _allowed(self, filters: Filters) -> set[int] | None:
        limits = replace(filters, contains="")
        if not limits.active:
            return None
        return set(self.archive.passage_ids(self.archive.matching_speeches(limits)))

    def _passes(self, candidate: Candidate, query: Query, filters: Filters) -> bool:
        required = [*query.phrases, *([filters.contains] if filters.contains else [])]
        if not required and not query.excluded:
            return True
        text = normalize(self.text(candidate.row))
        return all(normalize(p) in text for p in required) and not any(normalize(w) in text for w in query.excluded)

    # Presentation

    def speech(self, row_id: int) -> SpeechRow:
        with self._lock:
            cache = (
                self._speeches
            )  # held on to: what an older state of the archive says must not get into a newer cache
            found = cache.get(row_id)
        if found is None:
            found = cache[row_id] = self.archive.speeches([row_id])[0]
        return found

    def text(self, row: PassageRow) -> str:
        return self.speech(row.speech).text[row.start : row.end]

    def place(self, row: PassageRow, span: Span | None = None) -> Place:
        """Where a passage (or a span inside it) stands."""
        speech = self.speech(row.speech)
        start, end = span or (row.start, row.end)
        return Place(speech.speech_id, speech.title, speech.file, speech.year, row.section, start, end, row.page)

    def _best_sentence(self, candidate: Candidate) -> Span:
        """The sentence that meets the question best; a heading only where there is nothing else."""
        row, text = candidate.row, self.speech(candidate.row.speech).text
        merit = candidate.sentence_scores + candidate.sentence_coverage
        order = [row.sentences[int(n)] for n in np.argsort(-merit)]
        whole = (span for span in order if text[span.end - 1] in SENTENCE_ENDS)
        return next(whole, order[0] if order else Span(row.start, row.end))

    def _hit(self, rank: int, group: Sequence[Candidate]) -> Hit:
        first, *others = group
        row = first.row
        best = self._best_sentence(first)
        return Hit(
            rank,
            round(first.score, 4),
            row.id,
            self.place(row),
            self.text(row),
            best,
            first.parts,
            tuple(self.place(other.row) for other in others),
        )


def _card(speech: SpeechRow) -> str:
    """What a catalogue card says of a speech, in one line."""
    values = (speech.metadata[field].value for field in ("title", "organisation", "place", "speaker", "year"))
    return " ".join(str(value) for value in values if value)
