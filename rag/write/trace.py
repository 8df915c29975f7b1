"""提法演变: where a formulation and its variants stand, by year and by unit, from the first use to the last."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.errors import UsageError
from rag.search.query import Query
from rag.search.retriever import Retriever
from rag.text.normalize import skeleton
from rag.text.words import Analyzer
from rag.types import Filters, Place, Span
from rag.write.stream import stream_of
from rag.write.texts import Places, SpeechText, speech_texts
from rag.write.variants import occurrences

LEAST, MOST = 2, 40
EXACT, VARIANT, SIMILAR = "exact", "variant", "similar"
SIMILAR_COSINE = 0.7
_PASSAGES = 80
_CLAUSE = re.compile(r"[^，。；：、！？,;:!?\s“”「」『』\"（）()《》]+")
_STOP = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True)
class Occurrence:
    """``text`` is the speech's own wording at ``place``, ``exact`` whether its letters are those of the formulation.

    ``date`` (ISO, possibly only a year) and ``unit`` are None where they are unknown.
    """

    place: Place
    text: str
    exact: bool
    date: str | None
    unit: str | None


@dataclass(frozen=True)
class Cluster:
    """Occurrences whose letters are the same: one wording. ``edits`` is how many letters it is away; 0 for the formulation.

    ``kind`` is exact, variant (letters changed or something put in between) or similar (other words that mean the like;
    found by the encoder, and not counted by year and unit).
    """

    label: str
    kind: str
    edits: int
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True)
class Count:
    """Uses in one year or by one unit: ``exact`` and ``variant`` occurrences in ``speeches`` of ``all_speeches``."""

    key: int | str | None
    exact: int
    variant: int
    speeches: int
    all_speeches: int


@dataclass(frozen=True)
class Trace:
    """``years`` are in order, years without use between the first and the last included; None stands for «unknown».

    ``first`` and ``last`` are uses with a date: of the formulation itself, of its variants where it never stands itself.
    """

    formulation: str
    clusters: tuple[Cluster, ...]
    years: tuple[Count, ...]
    units: tuple[Count, ...]
    undated: Count
    first: Occurrence | None
    last: Occurrence | None

    @property
    def counted(self) -> tuple[Occurrence, ...]:
        return tuple(one for cluster in self.clusters if cluster.kind != SIMILAR for one in cluster.occurrences)

    @property
    def speeches(self) -> int:
        return len({one.place.speech_id for one in self.counted})


def trace(retriever: Retriever, formulation: str) -> Trace:
    """Every occurrence of a formulation and of its variants.

    Raises:
        UsageError: it has fewer than `LEAST` or more than `MOST` letters.
    """
    wanted = skeleton(formulation)
    if not LEAST <= len(wanted) <= MOST:
        raise UsageError(f"提法应有 {LEAST} 到 {MOST} 个字（标点不计），收到 {len(wanted)} 个字。")
    archive = retriever.archive
    with archive.snapshot():
        places = Places(archive)
        texts = list(speech_texts(archive))
        found = _in_texts(texts, wanted, retriever.analyzer, places)
        counted = [one for many in found.values() for one in many]
        similar = _similar(retriever, wanted, counted, {one.speech_id: one for one in texts}, places)
    clusters = [*_clusters(found, wanted), *_similar_clusters(similar)]
    literal = [one for one in counted if one.exact]
    dated = sorted((one for one in literal or counted if one.date), key=_when)
    years = _by_year(counted, texts)
    units = _counts(counted, texts, lambda one: one.unit)
    return Trace(
        formulation.strip(),
        tuple(clusters),
        tuple(years),
        tuple(sorted(units, key=lambda one: (one.key is None, -one.exact - one.variant, str(one.key)))),
        next((one for one in _counts(counted, texts, _year) if one.key is None), _unused(None, texts)),
        dated[0] if dated else None,
        dated[-1] if dated else None,
    )


def _in_texts(
    texts: Sequence[SpeechText], wanted: str, analyzer: Analyzer, places: Places
) -> dict[tuple[str, int], list[Occurrence]]:
    """Occurrences by (letters, edits)."""
    words = [skeleton(word) for word in analyzer.cut(wanted)]
    out: dict[tuple[str, int], list[Occurrence]] = defaultdict(list)
    for speech in texts:
        stream = stream_of(speech.text)
        for start, end, edits in occurrences(stream, wanted, words):
            span = stream.span(start, end)
            if not _STOP.search(speech.text, span.start, span.end):
                out[stream.text[start:end], edits].append(_occurrence(speech, span, places, edits == 0))
    return out


def _similar(
    retriever: Retriever,
    wanted: str,
    counted: Iterable[Occurrence],
    texts: dict[str, SpeechText],
    places: Places,
) -> list[Occurrence]:
    """Clauses of about the formulation's length that mean the like, closest first, without what is counted already."""
    known = defaultdict(list)
    for one in counted:
        known[one.place.speech_id].append(Span(one.place.start, one.place.end))
    found: dict[tuple[str, Span], None] = {}
    for candidate in retriever.rank(Query(wanted, wanted, wanted, expand=False), Filters())[:_PASSAGES]:
        speech = retriever.speech(candidate.row.speech)
        for match in _CLAUSE.finditer(speech.text, candidate.row.start, candidate.row.end):
            span = Span(match.start(), match.end())
            near = any(span.start < other.end and other.start < span.end for other in known[speech.speech_id])
            if not near and len(wanted) / 2 <= len(match[0]) <= max(12, 2 * len(wanted)):
                found[speech.speech_id, span] = None
    if not found:
        return []
    clauses = [texts[speech_id].text[span.start : span.end] for speech_id, span in found]
    vector = retriever.encoder.encode_queries([wanted])[0]
    cosines = (retriever.encoder.encode_passages(clauses) @ vector).tolist()
    best = sorted(zip(cosines, found, strict=True), key=lambda one: (-one[0], one[1]))
    return [_occurrence(texts[i], span, places, exact=False) for cosine, (i, span) in best if cosine >= SIMILAR_COSINE]


def _occurrence(speech: SpeechText, span: Span, places: Places, exact: bool) -> Occurrence:
    date = speech.date or (str(speech.year) if speech.year else None)
    place = places.place(speech.speech_id, span)
    return Occurrence(place, speech.text[span.start : span.end], exact, date, speech.unit)


def _clusters(found: dict[tuple[str, int], list[Occurrence]], wanted: str) -> list[Cluster]:
    """One cluster a wording, the formulation itself first, then by distance and frequency."""
    order = sorted(found.items(), key=lambda one: (one[0][1], -len(one[1]), one[0][0]))
    return [
        Cluster(_label(own), EXACT if letters == wanted else VARIANT, edits, tuple(sorted(own, key=_when)))
        for (letters, edits), own in order
    ]


def _similar_clusters(similar: Sequence[Occurrence]) -> list[Cluster]:
    groups: dict[str, list[Occurrence]] = {}
    for one in similar:
        groups.setdefault(skeleton(one.text), []).append(one)
    return [Cluster(_label(own), SIMILAR, 0, tuple(own)) for own in groups.values()]


def _when(one: Occurrence) -> tuple[bool, str, str, int]:
    """By date, those without one last."""
    return one.date is None, one.date or "", one.place.speech_id, one.place.start


def _label(occurrences: Sequence[Occurrence]) -> str:
    return Counter(one.text for one in occurrences).most_common(1)[0][0]


def _counts(
    counted: Sequence[Occurrence],
    texts: Sequence[SpeechText],
    key_of: Callable[[SpeechText], int | str | None],
) -> list[Count]:
    """One count for each value of the key that occurs among the uses."""
    own = {speech.speech_id: key_of(speech) for speech in texts}
    total = Counter(own.values())
    groups: dict[int | str | None, list[Occurrence]] = defaultdict(list)
    for one in counted:
        groups[own[one.place.speech_id]].append(one)
    out = []
    for key, uses in groups.items():
        literal = sum(one.exact for one in uses)
        speeches = len({one.place.speech_id for one in uses})
        out.append(Count(key, literal, len(uses) - literal, speeches, total[key]))
    return out


def _by_year(counted: Sequence[Occurrence], texts: Sequence[SpeechText]) -> list[Count]:
    """Every year from the first use to the last."""
    found = {one.key: one for one in _counts(counted, texts, _year) if isinstance(one.key, int)}
    years = [key for key in found if isinstance(key, int)]
    return [found.get(n) or _unused(n, texts) for n in range(min(years), max(years) + 1)] if years else []


def _year(speech: SpeechText) -> int | None:
    return speech.year


def _unused(year: int | None, texts: Sequence[SpeechText]) -> Count:
    return Count(year, 0, 0, 0, sum(speech.year == year for speech in texts))
