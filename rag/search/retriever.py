"""Ranked passages for a query: candidates from vectors and words, scored by one mix."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from rag.archive.reader import Archive
from rag.archive.rows import PassageRow, SpeechRow
from rag.encoder.base import Encoder
from rag.errors import ArchiveError
from rag.search.alignment import CACHED_WORDS, QuestionWords, word_numbers
from rag.search.duplicates import group_duplicates
from rag.search.embedded import EmbeddedStore
from rag.search.expansion import Expander, Expansion
from rag.search.kept import Kept
from rag.search.mix import Weights
from rag.search.names import preferred_phrases
from rag.search.query import Query, parse_query
from rag.search.scoring import Candidate, LexicalScores, align, score
from rag.search.spelling import Speller
from rag.search.store import Store
from rag.search.threads import one_thread_for_blas
from rag.search.vocabulary import Vocabulary
from rag.text.normalize import normalize
from rag.text.words import Analyzer
from rag.types import Filters, Hit, Place, Span

DENSE_CANDIDATES = 300
LEXICAL_CANDIDATES = 150
ALIGNED_CANDIDATES = 100
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
        return (*self.query.notices, *told, *(f"{one.word} 同时按「{'」「'.join(one.terms)}」检索" for one in self.expansions))


class Retriever:
    """Search over one archive. Follows changes of the archive by its generation; safe to share between threads."""

    def __init__(
        self,
        archive: Archive,
        encoder: Encoder,
        analyzer: Analyzer,
        weights: Weights | None = None,
        store: Store | None = None,
    ) -> None:
        stored = archive.encoder_fingerprint
        if stored and stored != encoder.fingerprint:
            raise ArchiveError(
                "档案的向量出自另一个模型（{stored} ≠ {fingerprint}）。请运行：python -m rag reindex --archive {folder}",
                stored=stored,
                fingerprint=encoder.fingerprint,
                folder=archive.folder,
            )
        one_thread_for_blas()
        self.archive = archive
        self.encoder = encoder
        self.analyzer = analyzer
        self.weights = weights or Weights.fitted(encoder.calibration.mix)
        self._vocabulary = vocabulary = Vocabulary(archive)
        self._speller = Speller(archive, analyzer, vocabulary)
        self.store = store or EmbeddedStore(archive)
        self._expander = Expander(self.store, encoder, vocabulary) if encoder.encodes_words else None
        self._kept = Kept(archive, analyzer, word_numbers(encoder), archive.generation)
        self._lock = threading.Lock()

    @property
    def kept(self) -> Kept:
        """What has been read of the archive's present generation."""
        with self._lock:
            words = self._kept.words
            full = len(words) > CACHED_WORDS
            if full or self._kept.generation != self.archive.generation:
                words = word_numbers(self.encoder) if full else words
                self._kept = Kept(self.archive, self.analyzer, words, self.archive.generation, self._kept)
            return self._kept

    def prepare(self) -> None:
        """Loads now what the first question would wait for."""
        self.kept.words.numbers(self._vocabulary.words())
        self.kept.prepare()
        self.search("预热")
        self._speller.prepare()

    def search(self, text: str, k: int = 10, filters: Filters | None = None, expand: bool = True) -> Results:
        """The k best passages, near-duplicates collapsed. ``expand`` allows expansions of unknown words.

        Raises:
            UsageError: the query is empty or only excludes.
        """
        filters = filters or Filters()
        with self.archive.snapshot():
            query = self.read(text, expand)
            return self.present(query, self.rank(query, filters), k, filters)

    def read(self, text: str, expand: bool = True) -> Query:
        """A query as it is searched: slips of typing mended where ``expand`` allows it, the archive's own names recognised.

        Raises:
            UsageError: the query is empty or only excludes.
        """
        query = parse_query(text, expand)
        if expand:
            query = query.corrected(self._speller.corrections(query.plain))
        names = preferred_phrases(query, self.analyzer, self.store, self.kept)
        return replace(query, preferred=tuple(dict.fromkeys((*query.preferred, *names))))

    def weighed(self, query: Query) -> QuestionWords:
        """The telling words of a query, weighted by how rare they are in the archive."""
        total = self.archive.remembered("passages", lambda: self.archive.count("passages"))
        return QuestionWords.of(self.analyzer.query_words(query.core), self.store.frequency, total)

    def question_words(self, text: str, expand: bool = True) -> list[str]:
        """The words that a question is about, as they are searched."""
        return self.analyzer.query_words(self.read(text, expand).core)

    def present(self, query: Query, ranked: Sequence[Candidate], k: int, filters: Filters) -> Results:
        """The k first groups of near-identical passages as hits."""
        head = ranked[: max(60, 3 * k)]
        vectors = np.stack([c.row.vector for c in head]) if head else np.zeros((0, 0), dtype=np.float32)
        groups = group_duplicates(lambda n: self.text(head[n].row), vectors, k)
        self.kept.speeches({head[i].row.speech for group in groups for i in group})
        hits = tuple(self._hit(n, [head[i] for i in group]) for n, group in enumerate(groups, 1))
        undated = self.archive.undated() if filters.years else 0
        return Results(query, hits, len({c.row.speech for c in ranked}), undated, self.expansions(query))

    def rank(self, query: Query, filters: Filters) -> list[Candidate]:
        """The candidates of a query, best first, without those that the query or the filters exclude."""
        vector = self.encoder.encode_queries([query.plain])[0]
        dense = self.store.dense(vector, DENSE_CANDIDATES, filters)
        lexical = self._lexical(query)
        wanted = {*dense(), *lexical.ids}
        if filters.contains:
            wanted |= set(self.store.containing(filters.contains, LEXICAL_CANDIDATES * 5))
        kept = self.kept
        scored = score(kept.vectors(self._permitted(wanted, filters)), vector, lexical, self.weights)
        head = scored.candidates(self._head(scored.best_first, query, filters))
        if not head:
            return []
        return align(head, vector, self.weighed(query), kept.lines([c.row for c in head]), kept.words, self.weights)

    def _lexical(self, query: Query) -> LexicalScores:
        words = self.analyzer.query_words(query.core)
        words += [term for expansion in self.expansions(query) for term in expansion.terms]
        return LexicalScores(
            self.store.words(words, LEXICAL_CANDIDATES),
            self.store.pairs(query.core, LEXICAL_CANDIDATES) if self.weights.pairs else {},
            [self.store.containing(phrase, LEXICAL_CANDIDATES) for phrase in (*query.phrases, *query.preferred)],
        )

    def expansions(self, query: Query) -> tuple[Expansion, ...]:
        """The archive's own words that are searched beside words it does not know."""
        if not query.expand or self._expander is None:
            return ()
        return self._expander.expand(self.analyzer.query_words(query.core))

    def _permitted(self, ids: set[int], filters: Filters) -> set[int]:
        """Those of the passages that pass the metadata filters."""
        permitted = self.archive.permitted(filters)
        if permitted is None:
            return ids
        found = np.fromiter(ids, dtype=np.int64)
        return set(found[np.isin(found, permitted)].tolist())

    def _head(self, ids: Sequence[int], query: Query, filters: Filters) -> list[PassageRow]:
        """The first of these passages that hold what the query requires and nothing that it excludes."""
        required = [normalize(p) for p in (*query.phrases, filters.contains) if p]
        excluded = [normalize(w) for w in query.excluded]
        every = not required and not excluded
        ids = ids[:ALIGNED_CANDIDATES] if every else ids
        known = {row.id: row for row in self.kept.passages(ids)}
        rows = [known[i] for i in ids]
        if every:
            return rows
        passing = (
            row
            for row, text in zip(rows, map(normalize, self.kept.texts(rows)), strict=True)
            if all(p in text for p in required) and not any(w in text for w in excluded)
        )
        return list(islice(passing, ALIGNED_CANDIDATES))

    # Presentation

    def speech(self, row_id: int) -> SpeechRow:
        return self.kept.speeches({row_id})[row_id]

    def text(self, row: PassageRow) -> str:
        return self.kept.texts([row])[0]

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
            self.speech(row.speech).text[row.start : row.end],
            best,
            first.parts,
            tuple(self.place(other.row) for other in others),
        )
