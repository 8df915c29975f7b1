"""The archive's own names in a question: campaigns, formulations and the like that its speeches put in quotation marks.

«六力共建» is no word of any dictionary: by its parts alone a passage on «共建» would do as well. Typed with or without
quotation marks, it is looked for as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.search.kept import Kept
from rag.search.query import Query
from rag.search.store import Store
from rag.text.normalize import CJK
from rag.text.words import STOP_WORDS, Analyzer

SHORTEST, LONGEST, MOST_WORDS = 3, 10, 5
WHOLE = (5, 20)  # characters of what is typed alone and is a formulation as a whole, not the name of a subject
RARE = 5  # passages; what more of them say is a subject, which others put in other words
LOOKED_AT = 20  # passages, of which at least half must put the words in quotation marks
COMMON = 2_000  # passages; a group of words that are all more common than that is no name, and slow to look up
_CHINESE = re.compile(f"[{CJK}]+")
_MARKS = ("“”", "「」", "『』", "《》", "‘’", '""')


def preferred_phrases(
    query: Query, analyzer: Analyzer, store: Store, kept: Kept
) -> tuple[str, ...]:
    """What a question had better find word for word: the archive's own names, and all that it asks for if few say that."""
    whole = query.plain
    if whole == query.core and WHOLE[0] <= len(whole) <= WHOLE[1] and 0 < len(store.containing(whole, RARE + 1)) <= RARE:
        return (whole,)
    return own_names(query.plain, analyzer, store, kept)


def own_names(text: str, analyzer: Analyzer, store: Store, kept: Kept) -> tuple[str, ...]:
    """The names of the archive that a question's words hold, longest first, without overlaps."""
    words = analyzer.cut(text)
    found: list[tuple[int, int]] = []
    for first, last in _groups(words):
        if any(first < end and start < last for start, end in found):
            continue
        if _is_name("".join(words[first:last]), words[first:last], store, kept):
            found.append((first, last))
    return tuple("".join(words[first:last]) for first, last in found)


def _groups(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Neighbouring words that may make a name together, most characters first."""
    groups = []
    for first in range(len(words)):
        for last in range(first + 2, min(first + MOST_WORDS, len(words)) + 1):
            text = "".join(words[first:last])
            if len(text) > LONGEST or not _CHINESE.fullmatch(text):
                break
            if len(text) >= SHORTEST and not STOP_WORDS & {words[first], words[last - 1]}:
                groups.append((first, last))
    return iter(sorted(groups, key=lambda group: (-len("".join(words[slice(*group)])), group)))


def _is_name(text: str, words: Sequence[str], store: Store, kept: Kept) -> bool:
    if all(store.frequency(word) > COMMON for word in words):
        return False
    found = store.containing(text, LOOKED_AT)
    passages = kept.texts(list(kept.passages(set(found)))) if found else []
    quoted = sum(any(f"{marks[0]}{text}{marks[1]}" in passage for marks in _MARKS) for passage in passages)
    return bool(passages) and 2 * quoted >= len(passages)
