"""素材篮: collected quotations, read anew from the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.verify import verified
from rag.archive.places import section_path
from rag.archive.reader import Archive
from rag.archive.rows import SpeechRow
from rag.errors import BrokenQuoteError, CitationError, UsageError
from rag.types import Span
from rag.write.citation import FullCitation, full_citation
from rag.write.following import Fate, Nearest, follow

TITLE = "素材摘编"
MOVED = "所在讲话后来改过，这里是现在文本中的同一句。"
NEAREST = "所在讲话已改动或移除（原题《{title}》），这里是档案中最接近的一处，不是原来的引文。"
GONE = "所在讲话（《{title}》）已从档案中移除，也没有找到相近的原文。"
UNKNOWN = "档案中没有这篇讲话（编号 {speech_id}），可能来自另一个档案。"
BROKEN = "引文中间有清理时移出的内容（如页眉），引用前请核对原件。"


@dataclass(frozen=True)
class Item:
    """What somebody collected: a span of a speech, with a note of their own."""

    speech_id: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """An item as it stands today. ``quote`` equals the speech at ``span``; without a quotation, ``notice`` says why.

    ``speech_id`` and ``span`` are those of what is quoted, which are not the item's where the speech has changed;
    ``heading`` is the innermost one that the quotation stands under, without its number.
    """

    item: Item
    fate: Fate
    quote: str
    speech_id: str
    span: Span
    citation: FullCitation | None
    heading: str = ""
    notice: str = ""

    @property
    def sound(self) -> bool:
        """Whether the words are those that were collected."""
        return bool(self.quote) and self.fate in (Fate.SAME, Fate.MOVED)


def entries(archive: Archive, items: Iterable[Item], nearest: Nearest, *, sample: bool) -> tuple[Entry, ...]:
    """Every item with its words and its citation, in the order given; none is left out.

    Raises:
        UsageError: an item's offsets lie outside its speech.
    """
    return tuple(entry(archive, item, nearest, sample=sample) for item in items)


def entry(archive: Archive, item: Item, nearest: Nearest, *, sample: bool) -> Entry:
    """One item with its words and its citation.

    Raises:
        UsageError: its offsets lie outside the speech.
    """
    if not 0 <= item.start < item.end:
        raise UsageError(
            "引文位置 {start}–{end} 不对（讲话 {speech_id}）：起点应小于终点，且不为负。",
            start=item.start,
            end=item.end,
            speech_id=item.speech_id,
        )
    found = follow(archive, item.speech_id, Span(item.start, item.end), nearest)
    span = found.span or Span(item.start, item.end)
    if found.speech is None:
        text = GONE.format(title=found.title) if found.fate is Fate.GONE else UNKNOWN.format(speech_id=item.speech_id)
        return Entry(item, found.fate, "", item.speech_id, span, None, notice=text)
    speech = found.speech
    if span.end > len(speech.text):
        raise UsageError(
            "引文位置 {start}–{end} 超出讲话 {speech_id}（{n} 字）。",
            start=span.start,
            end=span.end,
            speech_id=speech.speech_id,
            n=len(speech.text),
        )
    quote, doubt = _checked(archive, speech, span)
    told = {Fate.MOVED: MOVED, Fate.NEAREST: NEAREST.format(title=found.title)}.get(found.fate, "")
    cited = full_citation(archive, speech, span.start, sample=sample)
    path = section_path(speech, span.start)
    heading = path[-1].heading if path else ""
    return Entry(item, found.fate, quote, speech.speech_id, span, cited, heading, told + doubt)


def _checked(archive: Archive, speech: SpeechRow, span: Span) -> tuple[str, str]:
    """The words at a span with what must be said about them; no words where they do not equal their source."""
    try:
        return verified(speech, span, archive.source_text(speech.source_id)), ""
    except BrokenQuoteError:
        return speech.text[span.start : span.end], BROKEN
    except CitationError as error:
        return "", str(error)


def runs(found: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Neighbouring entries of one speech together, as (title, entries); the order stays."""
    out: list[tuple[str, list[Entry]]] = []
    for one in found:
        if out and out[-1][1][-1].speech_id == one.speech_id:
            out[-1][1].append(one)
        else:
            out.append((one.citation.title if one.citation else "未找到的引文", [one]))
    return out
