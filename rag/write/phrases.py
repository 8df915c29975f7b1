"""Finding wording by meaning: sentences that say the thing asked for, the closest first, each with all its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.search.alignment import nearest_words
from rag.search.query import Query
from rag.search.retriever import Retriever
from rag.search.scoring import Candidate
from rag.text.normalize import matching_copy, normalize
from rag.types import Filters, Place, Span
from rag.write.neighbours import with_neighbours
from rag.write.phrase import Phrase, Phrases, check_functions, distinct, function_at, overlap, sound
from rag.write.request import PhraseRequest, read_request
from rag.write.windows import Asked, PhraseWeights, Run, chosen, runs_of

LONGEST = 150
PASSAGES = 60
MOST_PLACES = 200
SPARE = 5  # runs beyond those asked for, in place of ones that are broken in their source or grow into another


class PhraseFinder:
    """Finds phrases in one archive. Safe to share between threads."""

    def __init__(self, retriever: Retriever, weights: PhraseWeights | None = None) -> None:
        self.retriever = retriever
        self.weights = weights or PhraseWeights()

    def find(
        self, text: str, k: int = 20, filters: Filters | None = None, expand: bool = True, places: bool = True
    ) -> Phrases:
        """The k closest phrases. With ``filters.function``, each phrase's own sentence has that function.

        ``places`` looks up everywhere else the same words stand, which takes a lookup a phrase.

        Raises:
            UsageError: the request is empty, only excludes, or names a function that there is not.
            ArchiveError: it is limited to a function, and the archive does not know the functions of all sentences yet.
        """
        filters = filters or Filters()
        check_functions(filters.function)
        request = read_request(text)
        with self.retriever.archive.snapshot():
            query = replace(self.retriever.read(text, expand), core=self.retriever.read(request.thing, expand).core)
            ranked = self.retriever.rank(query, filters)[:PASSAGES]
            runs = self._runs(ranked, self._asked(request, query, filters))
            groups = chosen(runs, k + SPARE, self.weights)
            found: list[Phrase] = []
            for group in groups:
                phrase = self._phrase([runs[i] for i in group], places) if len(found) < k else None
                if phrase and not any(overlap(phrase.context, other.context) for other in found):
                    found.append(replace(phrase, rank=len(found) + 1))
            undated = self.retriever.archive.undated() if filters.years else 0
        notices = (*query.notices, *([f"按年份筛选未计入 {undated} 篇年份不明的讲话"] if undated else []))
        speeches = {place.speech_id for phrase in found for place in (phrase.place, *phrase.also)}
        return Phrases(tuple(found), len(speeches), sum(1 + len(phrase.also) for phrase in found), notices)

    def _asked(self, request: PhraseRequest, query: Query, filters: Filters) -> Asked:
        vector = self.retriever.encoder.encode_queries([query.plain])[0]
        return Asked(vector, self.retriever.weighed(query), request.functions, filters.function)

    def _runs(self, ranked: Sequence[Candidate], asked: Asked) -> list[Run]:
        if not ranked:
            return []
        kept = self.retriever.kept
        lines = kept.lines([c.row for c in ranked])
        near = nearest_words(asked.words, lines.lines, kept.words)
        return [
            run
            for n, candidate in enumerate(ranked)
            for run in runs_of(
                candidate,
                self.retriever.speech(candidate.row.speech).text,
                near[:, lines.bounds[n] : lines.bounds[n + 1]],
                asked,
                self.weights,
                LONGEST,
            )
        ]

    def _phrase(self, group: Sequence[Run], places: bool) -> Phrase | None:
        """The first run of a group as a phrase; None where its sentence is no quotation in the source as a whole."""
        run = group[0]
        row, core = run.candidate.row, run.core_span
        text = self.retriever.speech(row.speech).text
        needed = with_neighbours(text, row.sentences, run.core, LONGEST)
        span = sound(self.retriever, row.speech, needed, core)
        if span is None:
            return None
        wide = sound(self.retriever, row.speech, *_within(run, span), span) or span
        also = [self.retriever.place(other.candidate.row, other.core_span) for other in group[1:]]
        if places:
            also += self._elsewhere(run.words)
        shown = self.retriever.place(row, span)
        return Phrase(
            0, round(run.score, 4), text[span.start : span.end], function_at(row, core.start), shown, core,
            self.retriever.place(row, wide), text[wide.start : wide.end], distinct(also, shown),
        )  # fmt: skip

    def _elsewhere(self, words: str) -> list[Place]:
        """Every place in the archive where these words stand verbatim (width, quotation marks and white space aside)."""
        wanted = normalize(words)
        found = []
        for row in self.retriever.kept.passages(set(self.retriever.store.containing(words, MOST_PLACES))):
            text = self.retriever.text(row)
            for start, end in matching_copy(text).find_all(wanted):
                found.append(self.retriever.place(row, Span(row.start + start, row.start + end)))
        return found


def _within(run: Run, span: Span) -> list[Span]:
    """The parts of a run that hold a span, the longest first."""
    sentences = run.candidate.row.sentences[run.first : run.last + 1]
    parts = [Span(a.start, b.end) for a in sentences for b in sentences if a.start <= span.start and span.end <= b.end]
    return sorted(parts, key=lambda part: part.start - part.end)
