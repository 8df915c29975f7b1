"""Figures and measures gathered over the archive: which number, of what, where; which unit does what."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.explore.figures import Figure, figures
from rag.explore.located import Locator, in_batches
from rag.explore.themes import Theme, Themes
from rag.explore.units import Mention, UnitNames
from rag.text.normalize import skeleton
from rag.text.sentences import sentences
from rag.types import Place, Span

NEAR = 40  # characters: further back, a sentence has usually gone over to another subject
LEARNT_FROM = 2_000  # speeches whose texts names are learnt from; more of them add next to none


@dataclass(frozen=True)
class StatedFigure:
    """A figure of a speech. ``text`` stands at ``place`` and ``clause`` at ``clause_at`` of the same speech.

    ``unit_name`` is the unit whose figure it is as far as the text tells: one that its sentence names (``named``),
    else the one that speaks, else None. ``copies`` counts other speeches with the same clause.
    """

    figure: Figure
    place: Place
    text: str
    clause: str
    clause_at: Span
    unit_name: str | None
    named: bool
    theme: str | None
    copies: int = 0


@dataclass(frozen=True)
class CellPassage:
    """A sentence that names the unit (``named``), or a passage's first one where the unit only speaks."""

    place: Place
    text: str
    named: bool


@dataclass(frozen=True)
class Matrix:
    """Who × what. ``cells`` maps (unit, theme label) to sentences; a unit of None is unknown. Rows: most themes first."""

    units: tuple[str | None, ...]
    labels: tuple[str, ...]
    cells: dict[tuple[str | None, str], tuple[CellPassage, ...]]

    def row_total(self, unit: str | None) -> int:
        return sum(len(found) for (row, _label), found in self.cells.items() if row == unit)


def unit_names(archive: Archive) -> UnitNames:
    """The units that the archive's texts and metadata name."""
    rows = archive.passage_spans()
    ids = sorted({row[1] for row in rows})
    ids = ids[:: max(1, -(-len(ids) // LEARNT_FROM))]
    organisations = [str(name) for name, _count in archive.facet("organisation")]
    return UnitNames.learn((one.text for batch in in_batches(archive, ids) for one in batch), organisations)


def gather_figures(archive: Archive, themes: Themes, names: UnitNames, only: Theme | None = None) -> list[StatedFigure]:
    """The figures of the archive, or of one theme's passages, in document order; a clause said twice comes once."""
    found: dict[tuple[str, str], StatedFigure] = {}
    copies: Counter[tuple[str, str]] = Counter()
    for speech, spans in _by_speech(archive, themes, only):
        locate = Locator.of(archive, speech)
        for start, end, label in spans:
            for one in _stated(speech, locate, (start, end, label), names):
                key = (skeleton(one.clause), skeleton(one.text))
                if key in found:
                    copies[key] += one.place.speech_id != found[key].place.speech_id
                else:
                    found[key] = one
    return [replace(one, copies=copies[key]) for key, one in found.items()]


def gather_matrix(archive: Archive, themes: Themes, names: UnitNames) -> Matrix:
    """Which units the passages of each theme name, or, where they name none, come from."""
    cells: dict[tuple[str | None, str], list[CellPassage]] = {}
    for speech, spans in _by_speech(archive, themes, None):
        locate = Locator.of(archive, speech)
        for start, end, label in spans:
            if label is None:
                continue
            for unit, one in _who(speech, locate, Span(start, end), names):
                cells.setdefault((unit, label), []).append(one)
    width = Counter(unit for unit, _label in cells)
    total: Counter[str | None] = Counter()
    for (unit, _label), passages in cells.items():
        total[unit] += len(passages)
    units = sorted(width, key=lambda unit: (unit is None, -width[unit], -total[unit], unit or ""))
    labels = tuple(theme.label for theme in themes.themes if any(label == theme.label for _unit, label in cells))
    return Matrix(tuple(units), labels, {key: tuple(found) for key, found in cells.items()})


def _by_speech(
    archive: Archive, themes: Themes, only: Theme | None
) -> Iterator[tuple[SpeechRow, list[tuple[int, int, str | None]]]]:
    """(speech, its passages as (start, end, label of the theme)), in document order."""
    label = {p.passage_id: theme.label for theme in themes.themes for p in theme.passages}
    rows = archive.passage_spans([p.passage_id for p in only.passages] if only else None)
    spans: dict[int, list[tuple[int, int, str | None]]] = {}
    for passage, speech, start, end in rows:
        spans.setdefault(speech, []).append((start, end, label.get(passage)))
    for batch in in_batches(archive, spans):
        yield from ((speech, spans[speech.id]) for speech in batch)


def _stated(
    speech: SpeechRow, locate: Locator, passage: tuple[int, int, str | None], names: UnitNames
) -> Iterator[StatedFigure]:
    start, end, label = passage
    found = figures(speech.text, start, end)
    if not found:
        return
    mentions = names.mentions(speech.text, start, end)
    bounds = sentences(speech.text, start, end)
    for one in found:
        sentence = next((s for s in bounds if s.start <= one.start < s.end), Span(start, end))
        named = _nearest(mentions, sentence, one)
        own = speech.metadata["organisation"].value
        yield StatedFigure(
            one,
            locate.place(one.start, one.end),
            speech.text[one.start : one.end],
            speech.text[one.clause.start : one.clause.end],
            one.clause,
            named.name if named else str(own) if own else None,
            named is not None,
            label,
        )


def _nearest(mentions: Sequence[Mention], sentence: Span, figure: Figure) -> Mention | None:
    """The last unit that the figure's sentence names shortly before it, else one within its clause."""
    first = min(figure.clause.start, max(sentence.start, figure.start - NEAR))
    inside = [m for m in mentions if first <= m.start < sentence.end]
    n = bisect_right([m.start for m in inside], figure.start)
    if n:
        return inside[n - 1]
    return next((m for m in inside if m.start < figure.clause.end), None)


def _who(
    speech: SpeechRow, locate: Locator, passage: Span, names: UnitNames
) -> Iterator[tuple[str | None, CellPassage]]:
    bounds = sentences(speech.text, *passage)
    said: set[tuple[str, int]] = set()
    for mention in names.mentions(speech.text, *passage):
        span = next((s for s in bounds if s.start <= mention.start < s.end), passage)
        if (mention.name, span.start) not in said:
            said.add((mention.name, span.start))
            yield mention.name, CellPassage(locate.place(*span), speech.text[span.start : span.end], True)
    if not said and bounds:
        own = speech.metadata["organisation"].value
        span = _telling(bounds)
        yield (str(own) if own else None), CellPassage(locate.place(*span), speech.text[span.start : span.end], False)


def _telling(bounds: Iterable[Span]) -> Span:
    """The longest sentence, the first of equals: the one most likely to say what is done."""
    return max(bounds, key=lambda span: (span.end - span.start, -span.start))
