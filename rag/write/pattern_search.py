"""Where an archive uses a pattern: every place, how often, in which speeches, the commonest wordings first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.search.retriever import Retriever
from rag.text.normalize import normalize, skeleton
from rag.types import Filters, Place
from rag.write.patterns import Match, check_members, compile_pattern, matches, parallels
from rag.write.phrase import Phrase, Phrases, check_functions, distinct, function_at, sound

_BATCH = 1000
Matcher = Callable[[str, int, int], Iterable[Match]]


@dataclass(frozen=True)
class _Found:
    """A match; ``key`` is the same for the same words, whatever their punctuation and width."""

    passage: int
    speech: int
    match: Match
    key: str


def find_pattern(retriever: Retriever, pattern: str, k: int = 20, filters: Filters | None = None) -> Phrases:
    """The k commonest wordings that a pattern such as «以*为抓手» matches, each with all its places.

    Raises:
        UsageError: there is nothing in the pattern to look for.
        ArchiveError: it is limited to a function, and the archive does not know the functions of all sentences yet.
    """
    compiled = compile_pattern(pattern)
    return _find(retriever, lambda text, a, b: matches(compiled, text, a, b), compiled.needed, k, filters or Filters())


def find_parallels(retriever: Retriever, least: int = 3, k: int = 20, filters: Filters | None = None) -> Phrases:
    """The k parallels with most members, at least ``least``. Looks at every passage that passes the filters.

    Raises:
        UsageError: there are no parallels of so many members.
        ArchiveError: it is limited to a function, and the archive does not know the functions of all sentences yet.
    """
    check_members(least)
    return _find(retriever, lambda text, a, b: parallels(text, a, b, least), (), k, filters or Filters())


def _find(retriever: Retriever, matcher: Matcher, needed: Sequence[str], k: int, filters: Filters) -> Phrases:
    check_functions(filters.function)
    with retriever.archive.snapshot():
        found = list(_found(retriever, matcher, needed, filters))
        if filters.function:
            found = _of_functions(retriever, found, filters.function)
        groups: dict[str, list[_Found]] = {}
        for one in found:
            groups.setdefault(one.key, []).append(one)
        ordered = sorted(groups.values(), key=_commonest)
        phrases = _shown(retriever, ordered, k)
        undated = retriever.archive.undated() if filters.years else 0
    notices = (f"按年份筛选未计入 {undated} 篇年份不明的讲话",) if undated else ()
    return Phrases(tuple(phrases), len({one.speech for one in found}), len(found), notices)


def _commonest(group: Sequence[_Found]) -> tuple[int, int, int, int]:
    """Most members first (parallels), then most speeches, then most places."""
    return -group[0].match.members, -len({one.speech for one in group}), -len(group), group[0].passage


def _found(retriever: Retriever, matcher: Matcher, needed: Sequence[str], filters: Filters) -> Iterator[_Found]:
    """Every match in the passages that can hold one, in document order."""
    archive, contained = retriever.archive, normalize(filters.contains)
    ids = _candidates(retriever, [*needed, *([filters.contains] if filters.contains else [])], filters)
    spans = archive.passage_spans(ids)
    for at in range(0, len(spans), _BATCH):
        batch = spans[at : at + _BATCH]
        texts = archive.speech_texts({speech for _, speech, _, _ in batch})
        for passage, speech, start, end in batch:
            text = texts[speech]
            if contained and contained not in normalize(text[start:end]):
                continue
            for match in matcher(text, start, end):
                yield _Found(passage, speech, match, skeleton(text[match.span.start : match.span.end]))


def _candidates(retriever: Retriever, needed: Sequence[str], filters: Filters) -> list[int] | None:
    """Ids of the passages that can hold a match; None for all of them."""
    permitted = retriever.archive.permitted(filters)
    ids = None if permitted is None else set(permitted.tolist())
    every = retriever.archive.count("passages")
    for part in sorted(set(needed), key=len, reverse=True):
        having = set(retriever.store.containing(part, every))
        ids = having if ids is None else ids & having
        if not ids:
            return []
    return None if ids is None else sorted(ids)


def _of_functions(retriever: Retriever, found: Sequence[_Found], labels: Sequence[str]) -> list[_Found]:
    rows = retriever.archive.passages({one.passage for one in found})
    functions = (function_at(rows[one.passage], one.match.span.start) for one in found)
    return [one for one, function in zip(found, functions, strict=True) if function and function.label in labels]


def _shown(retriever: Retriever, groups: Sequence[Sequence[_Found]], k: int) -> list[Phrase]:
    out: list[Phrase] = []
    for group in groups:
        if len(out) == k:
            break
        phrase = next((p for one in group if (p := _phrase(retriever, one, group, len(out) + 1))), None)
        if phrase:
            out.append(phrase)
    return out


def _phrase(retriever: Retriever, one: _Found, group: Sequence[_Found], rank: int) -> Phrase | None:
    """A match with its sentence; None where it is no quotation in its source as a whole."""
    row = retriever.kept.passages({one.passage})[0]
    span = sound(retriever, one.speech, one.match.sentence, one.match.span)
    if span is None:
        return None
    text = retriever.speech(one.speech).text[span.start : span.end]
    place = retriever.place(row, span)
    also = distinct([_place(retriever, other) for other in group if other is not one], place)
    function = function_at(row, one.match.span.start)
    return Phrase(rank, float(len(group)), text, function, place, span, place, text, also, one.match.span)


def _place(retriever: Retriever, one: _Found) -> Place:
    return retriever.place(retriever.kept.passages({one.passage})[0], one.match.span)
