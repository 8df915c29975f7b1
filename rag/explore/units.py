"""Units that a text names: «白禾县», «白禾县总工会», «柳湾村», and the organisations of the archive's own metadata.

Invented and small places stand in no dictionary, so a name is accepted by its shape, and only where the shape leaves
no doubt: characters that the segmenter cannot join into words, between a clear left edge and an administrative ending.
What is missed is missed silently («we do not know»); what is taken is a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.text.lexicon import Lexicon, lexicon

_CJK = "\u4e00-\u9fff"
_ENDING = "自治区|自治州|街道|社区|省|市|县|区|镇|乡|旗|村"
_BODY = (
    "(?:[省市县区镇乡]?委(?:办公室|办公厅|组织部|宣传部|统战部|政法委|老干部局|办|党校)?|人民政府(?:办公室|办公厅)?|政府(?:办公室|办公厅)?"
    "|总工会|工会|纪委监委|纪委|人民法院|法院|人民检察院|检察院|妇联|团委|教育局|财政局|公安局|信访局|档案局|统计局|民政局|卫生局|税务局|大数据局"
    "|住建局|水利局|应急管理局|市场监管局|人社局|第[一二三四五六七八九十]人民医院|人民医院|中医院)?"
)
_NAMED = re.compile(rf"(?=(?P<stem>[{_CJK}]{{2,3}}?)(?P<ending>{_ENDING})(?P<body>{_BODY}))")
# Characters that stand between a name and what is before it, or in no name at all.
_EDGE = frozenset(
    "在到把从由和与对向让给为是有像如及以了请叫学看问的当去来跟同离过就连往至于被将听说谢代表全我本你他各该这那哪每几两一二三四五六七八九十百千万半"
    "不没也都还要会能某另外此其之或者个些家次年月日上下中内里前后左右东西南北大小多少新老旧好坏省市县区镇乡村座谁报欠居其"
)
_LOOSE = frozenset("市县区镇乡村省旗")
_GENERIC_END = re.compile("[城都]市$|[城园地老新片库景山矿灾辖]区$|[农山]村$|[城故]乡$")
MIN_SEEN = 2


class Mention(NamedTuple):
    """``text[start:end]`` names a unit; ``name`` is what stands there."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class UnitNames:
    """The places that an archive names, without what follows them, and the full names that its metadata gives."""

    places: frozenset[str]
    organisations: tuple[str, ...]

    @classmethod
    def learn(cls, texts: Iterable[str], organisations: Iterable[str]) -> UnitNames:
        """Places seen at a clear left edge at least twice, or in a dictionary; organisations are taken as they are."""
        words = lexicon()
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(_places(text, words))
        named = sorted(
            {one for one in organisations if len(one) > 3 and one[0] not in _LOOSE}, key=lambda n: (-len(n), n)
        )
        known = {name for name, count in seen.items() if count >= MIN_SEEN or _in_dictionary(name, words)}
        known |= {m["stem"] + m["ending"] for one in named for m in _NAMED.finditer(one) if m.start() == 0}
        return cls(frozenset(known), tuple(named))

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> list[Mention]:
        """The units named in ``text[start:end]``, in order, none inside another."""
        end = len(text) if end is None else end
        found = [
            Mention(
                m.start(), m.start() + len(m["stem"] + m["ending"] + m["body"]), m["stem"] + m["ending"] + m["body"]
            )
            for m in _NAMED.finditer(text, start, end)
            if m["stem"] + m["ending"] in self.places
        ]
        for name in self.organisations:
            at = text.find(name, start, end)
            while at >= 0:
                found.append(Mention(at, at + len(name), name))
                at = text.find(name, at + len(name), end)
        return _outermost(found)


def _places(text: str, words: Lexicon) -> list[str]:
    """Names at a clear left edge: punctuation, the start, or a character that no name holds."""
    out = []
    for match in _NAMED.finditer(text):
        stem, name = match["stem"], match["stem"] + match["ending"]
        clear = (
            match.start() == 0
            or text[match.start() - 1] in _EDGE
            or not "\u4e00" <= text[match.start() - 1] <= "\u9fff"
        )
        if clear and (_in_dictionary(name, words) or _is_strange(stem, words)) and not _is_common(name, words):
            out.append(name)
    return out


def _in_dictionary(name: str, words: Lexicon) -> bool:
    return words.tag.get(name) == "ns" and name[0] not in _EDGE


def _is_strange(stem: str, words: Lexicon) -> bool:
    """Whether a stem is no run of words: none of its pairs is one, and no character is one that names do not hold."""
    pairs = [stem[n : n + 2] for n in range(len(stem) - 1)]
    return not any(char in _EDGE for char in stem) and not any(
        words.frequency.get(pair) and words.tag[pair] not in ("ns", "nr", "nz", "nrt", "nrfg")
        for pair in (*pairs, stem)
    )


def _is_common(name: str, words: Lexicon) -> bool:
    """Whether the dictionary has a common word for the name or its end («城市», «老城区»)."""
    if _GENERIC_END.search(name):
        return True
    ends = (name, name[-2:], name[-3:])
    return any(words.frequency.get(end, 0) and words.tag[end] not in ("ns", "nr", "nz", "nrt") for end in ends)


def _outermost(found: Sequence[Mention]) -> list[Mention]:
    out: list[Mention] = []
    for one in sorted(set(found), key=lambda m: (m.start, -m.end)):
        if not out or one.start >= out[-1].end:
            out.append(one)
    return out
