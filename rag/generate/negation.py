"""Whether two texts agree in what they affirm and what they deny, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.normalize import normalize
from rag.text.words import STOP_WORDS, Analyzer
from rag.types import Span

# Compounds with a negating character that deny nothing, or deny twice.
_HARMLESS = re.compile(
    "不得不|不能不|不可不|不会不|不无|无不|无非|莫不|不断|不仅|不但|不只|不光|不单|不同|不少|不管|不论|无论|不久|不时|不惜|不愧|不禁|不由|不妨|差不多"
    "|未来|未必不|非常|非公|除非|并非不|无数|无限|无比|无私|毫不|没收|淹没|埋没|出没|沉没|不可或缺|必不可少|不可缺少|了不起|对不起|不折不扣|不遗余力|坚持不懈|锲而不舍|坚定不移"
)
_DENIAL = re.compile(
    "不|没|未|无|非|别(?=[让把再去做搞怕])|勿|莫|禁止|严禁|禁|杜绝|避免|拒绝|反对|切忌|谢绝|休想|免得|以免|取消|停止|叫停|制止|戒"
)
_CLAUSE = re.compile(r"[;；:：。!！?？\n]+|[,，.](?!\d)")
_DENIALS = re.compile(rf"(?:没有|不[能得会可许准敢该](?!不)|{_DENIAL.pattern})")
_LINE = "\n"
# Where the reach of a negation ends within a clause: «不好看|被调整», «没有完成|的任务».
_BARRIER = re.compile(r"[被就而却则才的\n]")


@dataclass(frozen=True)
class Clause:
    """The telling words of a clause, which of them are denied, and whether anything is. ``text`` is normalised."""

    text: str
    words: frozenset[str]
    denied: frozenset[str]
    negative: bool


def clauses_of(text: str, analyzer: Analyzer) -> tuple[Clause, ...]:
    """The clauses of a text, in order."""
    return tuple(_clause(part, analyzer) for part in _CLAUSE.split(normalize(text)) if part)


def _clause(text: str, analyzer: Analyzer) -> Clause:
    """A word is denied when it stands between a negation and the next barrier, or holds the negation itself."""
    bare, reaches = _plain(text), _reaches(text)
    words, denied, at = set(), set(), 0
    for token in analyzer.cut(text):
        start, at = at, at + len(token)
        word = _DENIAL.sub("", token) if _DENIAL.search(bare[start:at]) else token
        if not re.search(r"\w", word) or word in STOP_WORDS:
            continue
        words.add(word)
        if any(begin <= at and start < end for begin, end in reaches):
            denied.add(word)
    return Clause(text, frozenset(words), frozenset(denied), bool(reaches))


def _reaches(text: str) -> list[Span]:
    """What stands between each negation and the next barrier."""
    bare = _plain(text)
    ends = [match.end() for match in _DENIAL.finditer(bare)]
    barriers = (_BARRIER.search(bare, end) for end in ends)
    return [Span(end, barrier.start() if barrier else len(bare)) for end, barrier in zip(ends, barriers, strict=True)]


def contradicts(claim: Sequence[Clause], evidence: Sequence[Clause]) -> bool:
    """Whether the claim denies what the evidence affirms, or the other way round."""
    said, quoted = (_LINE.join(clause.text for clause in clauses) for clauses in (claim, evidence))
    if _denies_more(said, quoted) or _denies_less(said, quoted):
        return True
    return any(_flips_word(clause, evidence) or _flips_clause(clause, evidence) for clause in claim)


def _denies_more(said: str, quoted: str) -> bool:
    """Whether a negation stands before a character before which none is quoted."""
    return any(said[m.start() : m.end() + 1].rstrip(_LINE) not in quoted for m in _DENIAL.finditer(_plain(said)))


def _denies_less(said: str, quoted: str) -> bool:
    """Whether the claim has what a negation of the evidence stands before, or between, without the negation."""
    bare, reaches = _plain(quoted), _reaches(said)
    found = [*_DENIALS.finditer(bare), *_DENIAL.finditer(bare)]
    denied = [Span(match.end(), match.end() + 1) for match in found]
    for match in found:
        before = quoted[: match.start()].split(_LINE)[-1]
        after = quoted[match.end() :].split(_LINE)[0]
        joined = before[-1:] + after[:1] if after else before[-2:] + _LINE
        if len(joined) > 1 and (before or after) and joined in said + _LINE and joined not in quoted + _LINE:
            return True
        if after and _outside(after[:2], said, reaches) and not _outside(after[:2], quoted, denied):
            return True
    return False


def _outside(words: str, text: str, spans: Sequence[Span]) -> bool:
    """Whether the words begin anywhere in the text outside the spans."""
    begins = [match.start() for match in re.finditer(re.escape(words), text)]
    return any(not any(start <= begin < end for start, end in spans) for begin in begins)


def _plain(text: str) -> str:
    return _HARMLESS.sub(lambda match: "　" * len(match[0]), text)


def _flips_word(claim: Clause, evidence: Sequence[Clause]) -> bool:
    """Whether a word is denied here and only affirmed there, or only denied there and affirmed here."""
    for word in claim.words:
        stances = {word in other.denied for other in evidence if word in other.words}
        if stances and (word in claim.denied) not in stances:
            return True
    return False


def _flips_clause(claim: Clause, evidence: Sequence[Clause]) -> bool:
    """Whether every clause that the claim can come from has the other sign; a denial needs a denial in any case."""
    shared = [len(claim.words & other.words) for other in evidence]
    most = max(shared, default=0)
    if claim.negative:
        return not any(other.negative for other, n in zip(evidence, shared, strict=True) if n or not most)
    return most > 0 and all(other.negative for other, n in zip(evidence, shared, strict=True) if n * 2 >= most)
