"""What a query asks for: its core, quoted phrases, excluded words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.errors import UsageError

MAX_QUERY = 2000

_QUOTED = r"\"[^\"]+\"|“[^”]+”|「[^」]+」|『[^』]+』"
_PHRASE = re.compile(_QUOTED)
# Phrases are read first: a minus within quotation marks belongs to them.
_SYNTAX = re.compile(rf"{_QUOTED}|(?:^|(?<=\s))[-－](?=\S)(?P<minus>{_QUOTED}|\S+)")
_MARKS = "\"“”「」『』"
# What people wrap around the thing they ask about. Applied from the outside in until nothing changes.
_WRAPPERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:请问|请|帮我|帮忙|麻烦|我想(?:知道|了解|查|找|看)?|想(?:知道|了解|查|找|看)?|查(?:一下|找|询)?|找(?:一下|找)?|搜(?:一下|索)?|看看|给我(?:找)?|列出|有关)[一下]*[，,：:]?",
        r"^(?:他们|大家|各地|各位领导|领导们?|讲话(?:里|中)?|档案(?:里|中)?|这些讲话|几篇讲话|别的地方|别处|人家)(?=[对在就关怎有都])",
        r"^(?:对于?|关于|就|在|围绕)(?=.{2,}(?:怎|如何|哪|什么|讲|说|要求|看法|论述|表述|方面))",
        r"[？?。！!，,\s]+$",
        r"(?:分别|都|又|具体|到底|究竟)?(?:是|该|应该|应当|要)?(?:怎么|怎样|如何|咋)(?:讲|说|谈|提|论述|表述|要求|看待?|规定|写|做|办|抓|搞|弄)(?:的|呢|好|才好)?$",
        r"(?:有|都有|提了|讲了|说了|提出了?|是|包括)?(?:哪些|什么|哪几[个条点方面]*)(?:具体)?(?:要求|说法|做法|内容|论述|表述|规定|意见|措施|举措|讲话|地方|先例|经验|观点|讲究)?(?:呢|吗)?$",
        r"(?:有没有|有|找)?(?:现成的?|类似的?|相关的?|好的)?(?:句子|金句|说法|表述|例子|先例|提法|话|段落|素材|讲话|论述)(?:吗|呢|没有|可用|可以用|可借鉴)?$",
        r"(?:的)?(?:讲话|论述|表述|情况)$",
        r"^(?:what|how) (?:did|do|does|have|has) (?:they|he|she|the (?:leaders|speakers|officials|speeches)) (?:say|said|talk|speak|mention)(?:ed)? (?:about|on|regarding) ",
    )
)


@dataclass(frozen=True)
class Correction:
    """A mistyped word of a question, and the word of the archive that is searched in its place."""

    written: str
    meant: str


@dataclass(frozen=True)
class Query:
    """``text`` as typed; ``core`` without syntax and wrapping; ``phrases`` must occur verbatim; ``excluded`` must not.

    ``preferred`` phrases are better found verbatim but need not be: in a sentence Chinese quotation marks are mostly
    mere punctuation («“四个安心”是哪四个»). ``expand`` allows the archive's nearest words to stand in for words it does not know. ``corrections`` have been made in ``plain`` and ``core``.
    """

    text: str
    plain: str
    core: str
    expand: bool = True
    phrases: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told, one sentence each."""
        return tuple(f"档案中没有「{one.written}」，已按「{one.meant}」检索" for one in self.corrections)

    def corrected(self, corrections: Iterable[Correction]) -> Query:
        """The query with slips mended, those within its quoted phrases excepted: they are looked for as they stand."""
        made = tuple(c for c in corrections if not any(c.written in phrase for phrase in (*self.phrases, *self.preferred)))
        plain, core = self.plain, self.core
        for one in made:
            plain, core = plain.replace(one.written, one.meant), core.replace(one.written, one.meant)
        return replace(self, plain=plain, core=core, corrections=made)


def parse_query(text: str, expand: bool = True) -> Query:
    """Reads a query.

    Raises:
        UsageError: it is empty, too long, or only excludes.
    """
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        raise UsageError("请输入问题或关键词。")
    if len(text) > MAX_QUERY:
        raise UsageError("问题过长（{n} 字，最多 {most} 字），请缩短。", n=len(text), most=MAX_QUERY)
    excluded, kept = _without_excluded(text)
    phrases, preferred = _quoted_phrases(kept)
    plain = re.sub(r"\s+", " ", kept.translate(dict.fromkeys(map(ord, _MARKS)))).strip()
    if not re.search(r"\w", plain):
        raise UsageError("请至少写一个要找的词，只写排除的词（-词）无法检索。")
    return Query(text, plain, strip_wrapping(plain), expand, phrases, preferred, excluded)


def _without_excluded(text: str) -> tuple[tuple[str, ...], str]:
    """The words after a minus, and the text without them."""
    found = [match for match in _SYNTAX.finditer(text) if match["minus"]]
    excluded = tuple(word for match in found if (word := match["minus"].strip(_MARKS).strip()))
    if not excluded:
        return (), text
    return excluded, _SYNTAX.sub(lambda match: " " if match["minus"] else match[0], text).strip()


def _quoted_phrases(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(required, preferred) phrases: straight quotes always require, Chinese ones where nothing stands beside them."""
    required: list[str] = []
    preferred: list[str] = []
    bare = not re.search(r"\w", _PHRASE.sub("", text))
    for match in _PHRASE.finditer(text):
        phrase = match[0][1:-1].strip()
        if phrase:
            (required if bare or match[0][0] == '"' else preferred).append(phrase)
    return tuple(required), tuple(preferred)


def strip_wrapping(text: str) -> str:
    """The thing asked about, without the words of asking; the text itself when little would be left."""
    current = text
    for _ in range(4):
        before = current
        for pattern in _WRAPPERS:
            shorter = pattern.sub("", current).strip()
            if len(shorter) >= 2:
                current = shorter
        if current == before:
            break
    return current
