"""Where one file holds several speeches: finds the line at which each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from rag.ingest.lines import Line
from rag.ingest.marks import (
    Member,
    announced_count,
    collection_member,
    heading_label,
    is_salutation,
    is_title,
    is_wrapped_title,
    numbered_title,
)

COLLECTION_TITLE = "collection title"
COLLECTION_MARK = "collection mark"
CONTENTS = "table of contents"
PREAMBLE = "collection preamble"

MIN_SPEECH = 150
_CLOSING = re.compile(
    r"谢谢(?:大家|各位)|[!！]\s*$|讲完了|完毕|此致|敬礼|(?:我的)?(?:讲话|发言|汇报)(?:到此)?(?:完|结束)"
)
_SIGNED = re.compile(r"\d{4}\s*年|书记|主席|主任|局长|[县市区镇乡]长|经理|代表|[（(].{2,30}[）)]$")
# Under a title of its own, a line that is only a date opens a speech as surely as a greeting does.
_DATE_LINE = re.compile(r"[（(]?(?:\d{4}|[一二][〇零○九一二三四五六七八]{3})年.{1,3}月.{1,3}日[）)]?")
_GREETED = re.compile(
    r"(?:[^。；;，！!？?：:]{0,20}[、，])?同志们[：:，]|各位(?:领导|代表|委员|来宾|同志)[^。：:]{0,20}[：:]"
)
_OPENING = re.compile(
    r"^(?:今天|刚才|这次|现在|首先|在.{0,20}之际|根据|按照|经|时值|为了|很高兴|非常|大家|我|金秋|新春|近年|下面)"
)


@dataclass(frozen=True)
class Part:
    """The lines of one speech. ``member`` is set in a collection whose members are marked."""

    lines: tuple[Line, ...]
    member: Member | None = None
    collection: str = ""
    own_title: str = ""


@dataclass(frozen=True)
class Split:
    parts: tuple[Part, ...]
    removed: dict[int, str]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = field(default=())


def split_speeches(lines: Sequence[Line]) -> Split:
    """Splits a file's content lines (furniture already left out, blank lines left in or out)."""
    content = [line for line in lines if not line.blank]
    marks = _marks(content)
    if marks:
        return _split_at_marks(content, marks)
    starts = _speech_starts(content)
    removed = _leading_matter(content, starts)
    bounds = [len(removed), *starts[1:], len(content)]
    parts = tuple(
        Part(tuple(content[a:b]), own_title=numbered_title(content[a].text)) for a, b in pairwise(bounds) if a < b
    )
    if len(parts) == 1:
        parts = (Part(parts[0].lines),)
    notes = (f"按称呼和标题拆成 {len(parts)} 篇",) if len(parts) > 1 else ()
    return Split(parts, removed, notes)


def _marks(content: Sequence[Line]) -> list[tuple[int, Member]]:
    """Positions of the lines that open collection members, a table of contents left out."""
    found = [(n, member) for n, line in enumerate(content) if (member := collection_member(line.text))]
    if not found:
        return []
    first = found[0][0]
    announced = any((announced_count(line.text) or 0) > 1 and len(line.text) < 60 for line in content[:first])
    if not announced and _is_one_speech(content, found):
        return []
    numbers = [member.number for _, member in found]
    ascending = sum(b == a + 1 for a, b in pairwise(numbers))
    if ascending == 0 and not (announced and numbers[0] == 1):
        return []
    return found


def _is_one_speech(content: Sequence[Line], marks: Sequence[tuple[int, Member]]) -> bool:
    """Whether the marks only count the parts of one speech: it greets its listeners before the first and never again.

    Parts have a subject («第一篇：实干为要»); two that are titled like speeches are speeches, greeting or not.
    """
    greetings = [n for n, line in enumerate(content) if is_salutation(line.text)]
    stops = [*(n for n, _ in marks[1:]), len(content)]
    titled = [
        n
        for (n, member), stop in zip(marks, stops, strict=True)
        if is_title(member.own) and _size(content[n + 1 : stop]) >= MIN_SPEECH
    ]
    return bool(greetings) and greetings[-1] < marks[0][0] and len(titled) < 2


def _size(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _split_at_marks(content: Sequence[Line], marks: Sequence[tuple[int, Member]]) -> Split:
    removed: dict[int, str] = {}
    notes: list[str] = []
    real: list[tuple[int, int, Member]] = []
    stops = [*(n for n, _ in marks[1:]), len(content)]
    last = {member.number: n for n, member in marks}
    for (n, member), stop in zip(marks, stops, strict=True):
        if _size(content[n + 1 : stop]) < MIN_SPEECH and last[member.number] > n:
            removed.update({line.index: CONTENTS for line in content[n:stop]})
        else:
            real.append((n, stop, member))
    head = content[: marks[0][0]]
    parts = _head_part(head, removed)
    naming = [line for line in head if not parts or announced_count(line.text)]
    collection = _collection_title(naming, real[0][2].base)
    for n, stop, member in real:
        mark = content[n]
        if not member.own:
            removed[mark.index] = COLLECTION_MARK
        own = [mark.without(len(mark.text) - len(member.own), COLLECTION_MARK)] if member.own else []
        parts.append(Part((*own, *content[n + 1 : stop]), member, collection, member.own))
    announced = next((c for line in head if (c := announced_count(line.text))), None)
    if announced is not None and announced != len(real):
        notes.append(f"标题称共 {announced} 篇，文件中实有 {len(real)} 篇")
    return Split(
        tuple(parts), removed, tuple(notes), tuple(line.text for line in naming if is_title_of(line, collection))
    )


def is_title_of(line: Line, collection: str) -> bool:
    return bool(collection) and collection in line.text


def _collection_title(head: Sequence[Line], base: str) -> str:
    titled = [line.text for line in head if announced_count(line.text) or is_title(line.text)]
    name = base or (titled[0] if titled else "")
    return re.sub(r"[（(【\[]?\s*(?:精选|最新|通用|推荐|汇编|合集|共|全)?\s*\d+\s*篇\s*[）)】\]]?", "", name).strip()


def _head_part(head: Sequence[Line], removed: dict[int, str]) -> list[Part]:
    """What stands before the first mark: the collection's name and blurb, or a speech of its own."""
    if _size(head) >= MIN_SPEECH and any(is_salutation(line.text) for line in head):
        return [Part(tuple(head))]
    for line in head:
        removed[line.index] = COLLECTION_TITLE if is_title(line.text) or announced_count(line.text) else PREAMBLE
    return []


def _speech_starts(content: Sequence[Line]) -> list[int]:
    """Line positions at which further speeches begin, told from titles and salutations alone."""
    starts = [0]
    sizes = [0, *accumulate(len(line.text) for line in content)]
    for n, line in enumerate(content):
        if not (is_salutation(line.text) or _opens_under_title(content, n)):
            continue
        start = _title_above(content, n)
        before = sizes[start] - sizes[starts[-1]]
        after = sizes[min(n + 40, len(content))] - sizes[n if len(line.text) > 60 else n + 1]
        if before < MIN_SPEECH or after < MIN_SPEECH:
            continue
        if start < n or _reopens(content, n):
            starts.append(start)
    return starts


def _opens_under_title(content: Sequence[Line], n: int) -> bool:
    """Whether a line right under a title is its date, or greets the listeners and goes on («同志们：今天…»)."""
    text = content[n].text
    return n > 0 and is_title(content[n - 1].text) and bool(_DATE_LINE.fullmatch(text) or _GREETED.match(text))


def _leading_matter(content: Sequence[Line], starts: Sequence[int]) -> dict[int, str]:
    """The name and blurb of a collection that stand before the title of its first speech."""
    if len(starts) < 2:
        return {}
    first = next((n for n, line in enumerate(content[: starts[1]]) if is_salutation(line.text)), 0)
    title = _title_above(content, first)
    if title == first or _size(content[:title]) > 400:
        return {}
    return {line.index: COLLECTION_TITLE if is_title(line.text) else PREAMBLE for line in content[:title]}


def _title_above(content: Sequence[Line], salutation: int) -> int:
    """Position of the title that belongs to a salutation (with its date and speaker lines), or the salutation itself."""
    for back in range(1, 5):
        n = salutation - back
        if n < 0 or len(content[n].text) > 60:
            break
        if heading_label(content[n].text):
            return n if 1 < back <= 3 and _SIGNED.search(content[n + 1].text) else salutation
        if is_title(content[n].text):
            if n > 0 and is_wrapped_title(content[n - 1].text, content[n].text):
                return n - 1
            return n
    return salutation


def _reopens(content: Sequence[Line], salutation: int) -> bool:
    previous = content[salutation - 1].text if salutation else ""
    following = content[salutation + 1].text if salutation + 1 < len(content) else ""
    return bool(_CLOSING.search(previous)) and bool(_OPENING.match(following))
