"""What a draft takes from the archive, letter for letter or nearly so, and where it stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.archive.reader import Archive
from rag.text.words import Analyzer
from rag.types import Place, Span
from rag.write.extension import Block
from rag.write.reuse import SharedRun, shared_runs
from rag.write.runs import Run, runs_between
from rag.write.stream import Stream, stream_of
from rag.write.texts import Places, SpeechText, speech_texts
from rag.write.wording import Change, word_diff

SHORTEST = 10
QUOTE_LETTERS = 6
QUOTE_SHARE = 0.6  # of a quotation must be found in one place for that to be its source
ALONE = 8
ALTERED_SHORTEST = 16
ALTERED_SIMILAR = 0.8
_QUOTED = re.compile(r"“[^“”\n]+”|「[^「」\n]+」|『[^『』\n]+』|\"[^\"\n]+\"|‘[^‘’\n]+’")
_MOSTLY = 0.8


@dataclass(frozen=True)
class Reuse:
    """``span`` of the draft stands at ``place`` in the archive as ``text``; ``also`` are further places of the same.

    ``verbatim`` tells that all letters are the same; ``changes`` is the word diff from the archive's wording to the
    draft's, empty where not even punctuation differs. ``exact`` are the letter-for-letter stretches in the draft.
    """

    span: Span
    place: Place
    text: str
    similarity: float
    verbatim: bool
    quoted: bool
    exact: tuple[Span, ...]
    changes: tuple[Change, ...]
    also: tuple[Place, ...] = ()


@dataclass(frozen=True)
class _Match:
    """A run of the draft (as ``a``) with a speech; ``quote`` is the quotation of the draft that it belongs to."""

    speech: SpeechText
    run: SharedRun
    matched: int
    similarity: float
    quote: Span | None = None

    @property
    def span(self) -> Span:
        return self.quote or self.run.a


def reuses_of(text: str, archive: Archive, places: Places, analyzer: Analyzer) -> list[Reuse]:
    """The stretches of a draft that the archive has too, each with its best source, in the order of the draft."""
    matches = _matches(text, archive, quotations(text))
    groups: list[list[_Match]] = []
    for match in sorted(matches, key=lambda one: (-one.matched, -one.similarity, one.speech.id)):
        home = next((group for group in groups if _belongs(match, group[0])), None)
        if home is None:
            groups.append([match])
        elif match.similarity >= home[0].similarity and _mostly_inside(home[0].span, match.span):
            home.append(match)
    return sorted((_reuse(text, group, places, analyzer) for group in groups), key=lambda one: one.span)


def quotations(text: str) -> list[Span]:
    """What stands between quotation marks, without them."""
    return [Span(match.start() + 1, match.end() - 1) for match in _QUOTED.finditer(text)]


def _matches(text: str, archive: Archive, quotes: Sequence[Span]) -> list[_Match]:
    own = stream_of(text)
    bounds = [(own.position(quote.start), own.position(quote.end)) for quote in quotes]
    inner = [(own.span(start, end), start, end) for start, end in bounds if end - start >= QUOTE_LETTERS]
    out = []
    for speech in speech_texts(archive):
        runs = runs_between(own, speech.stream, SHORTEST, ALONE)
        for run in runs:
            out += _quoted(own, speech, run, inner)
        kept = [run for run in runs if _telling(run) and not any(_within(run, a, b) for _, a, b in inner)]
        shared = shared_runs(own, speech.stream, kept)
        out += [_Match(speech, one, run.matched, run.similarity) for one, run in zip(shared, kept, strict=True)]
    return out


def _telling(run: Run) -> bool:
    return run.similarity == 1.0 or (run.length >= ALTERED_SHORTEST and run.similarity >= ALTERED_SIMILAR)


def _within(run: Run, start: int, end: int) -> bool:
    return min(run.end_a, end) - max(run.start_a, start) >= _MOSTLY * (run.end_a - run.start_a)


def _quoted(own: Stream, speech: SpeechText, run: Run, inner: Sequence[tuple[Span, int, int]]) -> list[_Match]:
    """The part of a run that belongs to each quotation, where it is most of the quotation."""
    out = []
    for quote, start, end in inner:
        cut = [
            Block(max(i, start), j + max(i, start) - i, min(i + n, end) - max(i, start))
            for i, j, n in run.blocks
            if min(i + n, end) > max(i, start)
        ]
        part = Run(tuple(cut))
        if not cut or part.matched < QUOTE_SHARE * (end - start):
            continue
        (shared,) = shared_runs(own, speech.stream, [part])
        likeness = 2 * part.matched / (end - start + part.end_b - part.start_b)
        out.append(_Match(speech, shared, part.matched, likeness, quote))
    return out


def _reuse(text: str, group: Sequence[_Match], places: Places, analyzer: Analyzer) -> Reuse:
    best, *others = group
    source, span = best.speech, best.span
    theirs, ours = source.text[best.run.b.start : best.run.b.end], text[span.start : span.end]
    return Reuse(
        span,
        places.place(source.speech_id, best.run.b),
        theirs,
        round(best.similarity, 4),
        best.similarity == 1.0,
        best.quote is not None,
        tuple(own for own, _ in best.run.exact),
        word_diff(theirs, ours, analyzer) if theirs != ours else (),
        tuple(places.place(other.speech.speech_id, other.run.b) for other in others),
    )


def _belongs(match: _Match, first: _Match) -> bool:
    if match.quote or first.quote:
        return match.quote == first.quote
    return _mostly_inside(match.span, first.span)


def _mostly_inside(span: Span, other: Span) -> bool:
    common = min(span.end, other.end) - max(span.start, other.start)
    return common >= _MOSTLY * (span.end - span.start)
