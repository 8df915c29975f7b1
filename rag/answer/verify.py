"""The last gate before a quotation is shown."""

from __future__ import annotations

from rag.archive.rows import SpeechRow
from rag.errors import BrokenQuoteError, CitationError
from rag.ingest.assemble import to_source
from rag.text.normalize import without_space
from rag.types import Span


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
    first, last = to_source(speech.pieces, span.start), to_source(speech.pieces, span.end - 1)
    if without_space(source_text[first : last + 1]) != without_space(quote):
        raise BrokenQuoteError(
            "引文中间有被清除的内容（讲话 {speech_id}，{start}–{end}），未整段显示。",
            speech_id=speech.speech_id,
            start=span.start,
            end=span.end,
        )
    return quote


def _from_source(speech: SpeechRow, span: Span, source_text: str) -> str:
    out = []
    for start, source, length in speech.pieces:
        begin, end = max(start, span.start), min(start + length, span.end)
        if begin < end:
            out.append(source_text[source + begin - start : source + end - start])
    return "".join(out)
