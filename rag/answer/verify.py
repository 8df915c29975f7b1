"""The last gate before a quotation is shown."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.archive.rows import SpeechRow
from rag.errors import BrokenQuoteError, CitationError
from rag.text.normalize import without_space
from rag.types import Span

_EMPHASIS = re.compile(r"\*{2,3}|__")  # marks of Markdown, which its readers do not see


def verified(speech: SpeechRow, span: Span, source_text: str) -> str:
    """The quotation at ``span``, checked against the speech and, character for character, against its source file.

    Raises:
        CitationError: the offsets do not lead to the same characters in the source (white space aside).
        BrokenQuoteError: they do, but with something visible in between that cleaning took out, such as a page header.
    """
    quote = speech.text[span.start : span.end]
    if not quote or not 0 <= span.start < span.end <= len(speech.text):
        raise CitationError(
            "引文位置 {start}–{end} 超出讲话 {speech_id}（{n} 字）。",
            start=span.start,
            end=span.end,
            speech_id=speech.speech_id,
            n=len(speech.text),
        )
    if without_space(quote) != without_space(_from_source(speech, span, source_text)):
        raise CitationError(
            "引文与来源文件 {file} 不一致（讲话 {speech_id}，{start}–{end}），未显示。",
            file=speech.file,
            speech_id=speech.speech_id,
            start=span.start,
            end=span.end,
        )
    if any(without_space(_EMPHASIS.sub("", left_out)) for left_out in _left_out(speech, span, source_text)):
        raise BrokenQuoteError(
            "引文中间有被清除的内容（讲话 {speech_id}，{start}–{end}），未整段显示。",
            speech_id=speech.speech_id,
            start=span.start,
            end=span.end,
        )
    return quote


def _left_out(speech: SpeechRow, span: Span, source_text: str) -> list[str]:
    """What the source has between the pieces of a quotation."""
    inside = [p for p in speech.pieces if p.start < span.end and span.start < p.start + p.length]
    ends = [(a.source + a.length, b.source) for a, b in pairwise(inside)]
    return [source_text[min(bounds) : max(bounds)] for bounds in ends]


def _from_source(speech: SpeechRow, span: Span, source_text: str) -> str:
    out = []
    for start, source, length in speech.pieces:
        begin, end = max(start, span.start), min(start + length, span.end)
        if begin < end:
            out.append(source_text[source + begin - start : source + end - start])
    return "".join(out)
