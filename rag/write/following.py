"""What has become of a quotation: where it stands today, after its file was ingested again, changed or removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from rag.archive.reader import Archive
from rag.archive.rows import Retired, SpeechRow
from rag.archive.succession import heirs
from rag.errors import UsageError
from rag.search.retriever import Retriever
from rag.text.normalize import matching_copy, normalize
from rag.types import Hit, Span

NEAREST_QUERY = 400  # characters of the old words that the nearest match is searched with
QUERY_SYNTAX = re.compile(r"[\"“”「」『』]|(?:(?<=\s)|^)[-－]")  # a quotation is searched for as words, not as a query
UNMARKED = 200  # characters that stand for a speech of which no place was named

Nearest = Callable[[str], Hit | None]


class Fate(Enum):
    """``SAME``: unchanged. ``MOVED``: the speech changed and still says it. ``NEAREST``: it does not, or is gone, and what
    is shown is another place. ``GONE``: removed without anything near. ``UNKNOWN``: never was in this archive."""

    SAME = "same"
    MOVED = "moved"
    NEAREST = "nearest"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Followed:
    """The speech and the span to show for a place that was saved. ``speech`` is None where there is none.

    ``span`` is None where no place in the speech was named; ``title`` is the saved speech's, empty where it is unknown.
    """

    fate: Fate
    speech: SpeechRow | None
    span: Span | None
    title: str = ""


def follow(archive: Archive, speech_id: str, span: Span | None, nearest: Nearest) -> Followed:
    """Where a saved place stands today. ``nearest`` finds the closest match of some words; called only when needed."""
    try:
        speech = archive.speech(speech_id)
        return Followed(Fate.SAME, speech, span, speech.title)
    except UsageError:
        retired = archive.retired(speech_id)
    if retired is None:
        return Followed(Fate.UNKNOWN, None, None)
    quote = retired.text[span.start : span.end] if span else retired.text[:UNMARKED]
    wanted = normalize(quote)
    heir = _heir(archive, retired)
    if heir and wanted and (found := matching_copy(heir.text).find_all(wanted)):
        return Followed(Fate.MOVED, heir, found[0], retired.title)
    hit = nearest(quote[:NEAREST_QUERY]) if wanted else None
    if hit is None:
        return Followed(Fate.GONE, None, None, retired.title)
    return Followed(Fate.NEAREST, archive.speech(hit.place.speech_id), hit.best, retired.title)


def nearest_of(retriever: Retriever) -> Nearest:
    """The best hit of a search for the words, None where there is nothing to search for."""

    def nearest(words: str) -> Hit | None:
        bare = QUERY_SYNTAX.sub(" ", words)
        try:
            hits = retriever.search(bare, 1).hits
        except UsageError:  # nothing but punctuation
            return None
        return hits[0] if hits else None

    return nearest


def _heir(archive: Archive, retired: Retired) -> SpeechRow | None:
    """The speech of the same file that continues a retired one. A neighbour in its collection is no heir, even where it
    uses the same words: it was somebody else who said them."""
    now = [s for s in archive.speeches() if s.speech_id.startswith(f"{retired.source_key}.")]
    position = heirs([retired.text], [s.text for s in now]).get(0)
    return None if position is None else now[position]
