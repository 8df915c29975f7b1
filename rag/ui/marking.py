"""Text cut into segments that each carry the marks which cover them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from rag.text.normalize import matching_copy, normalize
from rag.types import Span


class Mark(NamedTuple):
    """A class to show on ``text[start:end]``, with a note to show beside it."""

    start: int
    end: int
    kind: str
    note: str = ""


def segments(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """``text[start:end]`` in order as {"t": text, "at": offset, "c": classes, "n": note}; joined again it is the text."""
    inside = [
        Mark(max(m.start, start), min(m.end, end), m.kind, m.note) for m in marks if m.start < end and m.end > start
    ]
    cuts = sorted({start, end, *(m.start for m in inside), *(m.end for m in inside)})
    out: list[dict[str, Any]] = []
    for a, b in pairwise(cuts):
        over = [m for m in inside if m.start <= a and m.end >= b]
        segment: dict[str, Any] = {"t": text[a:b], "at": a}
        if over:
            segment["c"] = " ".join(dict.fromkeys(m.kind for m in over))
            if note := "；".join(dict.fromkeys(m.note for m in over if m.note)):
                segment["n"] = note
        out.append(segment)
    return out


def word_marks(text: str, words: Sequence[str], offset: int = 0) -> list[Mark]:
    """Marks «word» wherever one of the words stands; single characters only when there is nothing longer."""
    wanted = [word for word in words if len(word) > 1] or list(words)
    copy = matching_copy(text)
    spans = sorted({span for word in wanted for span in copy.find_all(normalize(word))})
    return [Mark(offset + a, offset + b, "word") for a, b in joined(spans)]


def joined(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans with those that overlap or touch made one."""
    out: list[Span] = []
    for span in spans:
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(Span(*span))
    return out
