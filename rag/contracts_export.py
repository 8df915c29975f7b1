"""What `export` prints as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rag.contracts import Json
from rag.write.export import Entry


def export_json(out: str, format: str, entries: Sequence[Entry]) -> Json:
    """The object that `export --json` prints; ``fate`` is one of same, moved, nearest, gone and unknown."""
    return {"out": out, "format": format, "entries": [entry_json(n, one) for n, one in enumerate(entries, 1)]}


def entry_json(n: int, one: Entry) -> Json:
    """One exported item: what was asked for under ``item``, what stands in the document beside it."""
    item = one.item
    return {
        "n": n,
        "item": {"speech_id": item.speech_id, "start": item.start, "end": item.end, "note": item.note},
        "fate": one.fate.value,
        "speech_id": one.speech_id,
        "start": one.span.start,
        "end": one.span.end,
        "text": one.quote,
        "citation": one.citation.line if one.citation else "",
        "notice": one.notice,
    }
