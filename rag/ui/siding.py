"""One speech as a side of a comparison: its lines with the shared runs marked, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.types import Span
from rag.ui import reading
from rag.ui.marking import Mark, segments
from rag.write.texts import SpeechText

View = dict[str, Any]


def side(speech: SpeechText, runs: Sequence[tuple[Span, Sequence[Span]]]) -> View:
    """The title, and the text in parts: {"lines": […]} to show, {"lines": […], "folded": characters} to fold.

    A segment's ``run`` is the number of its shared run (from 0), ``same`` whether it stands there letter for letter.
    """
    marks = [Mark(span.start, span.end, f"r{n}") for n, (span, _exact) in enumerate(runs)]
    marks += [Mark(piece.start, piece.end, "same") for _span, exact in runs for piece in exact]
    parts: list[View] = []
    for line in reading.lines(speech.text):
        inside = [mark for mark in marks if mark.start < line.end and mark.end > line.start]
        shown = [_segment(one) for one in segments(speech.text, line.start, line.end, inside)]
        folded = not any("run" in one for one in shown)
        if not parts or ("folded" in parts[-1]) != folded:
            parts.append({"lines": []} | ({"folded": 0} if folded else {}))
        parts[-1]["lines"].append(shown)
        if folded:
            parts[-1]["folded"] += line.end - line.start
    return {"title": speech.title, "file": speech.file, "parts": parts}


def _segment(segment: View) -> View:
    classes = str(segment.pop("c", "")).split()
    run = next((int(one[1:]) for one in classes if one[0] == "r"), None)
    return segment if run is None else {**segment, "run": run, "same": "same" in classes}
