"""TXT and Markdown: bytes to text by evidence. A decoding that would lose a single byte is refused, never guessed.

Order of evidence: byte order mark; then UTF-8, GB 18030, UTF-16 without mark and Big5, judged by how much of the
outcome is common Chinese; then what charset-normalizer finds.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from rag.errors import ReadError
from rag.ingest.readers.evidence import Weight, is_garbled, weigh
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.types import SourceText, Span

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Tried in this order; a later one wins only by a clear margin.
_CHINESE = ("gb18030", "utf-16-le", "utf-16-be", "big5hkscs")
_MARGIN = 0.1
_SURE = 0.9
_ENOUGH = 0.7
_NOTHING = Weight(0.0, 0.0)
# What English and other western texts need of Windows-1252: typographic quotes, dashes, accented letters.
_WESTERN = frozenset(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xae\xb0\xb7") | set(range(0xC0, 0x100))
_CONVERT = "请用原来的软件打开，另存为 UTF-8 文本后再导入。"
_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+\S")


@dataclass(frozen=True)
class Decoded:
    """Text without byte order mark, the codec that gave it, and remarks for the report."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def read_plain(data: bytes, limits: ReadLimits, deadline: Deadline, markdown: bool = False) -> SourceText:
    """The text of a TXT or MD file, newlines as in the file; Markdown headings (``# …``) are marked."""
    decoded = decode(data)
    limits.check_chars(len(decoded.text))
    deadline.check()
    return SourceText(
        decoded.text,
        "md" if markdown else "txt",
        headings=_markdown_headings(decoded.text) if markdown else (),
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Text of ``data``. ``declared`` (the charset a web page names) counts where Chinese evidence says nothing.

    Raises ReadError ``binary`` for NUL bytes outside UTF-16 and UTF-32, ``encoding`` where nothing fits.
    """
    decoded = _by_mark(data) or _by_evidence(data) or _by_declaration(data, declared) or _by_detector(data)
    if decoded is None:
        raise ReadError("encoding", f"认不出文字编码，硬解会出现乱码，因此没有读入；{_CONVERT}")
    if "\x00" in decoded.text:
        raise ReadError("binary", "文件里有空字节，不是文本文件；请确认选对了文件。")
    if is_garbled(decoded.text):
        raise ReadError("encoding", f"文字多是罕用字，像是存盘时已成乱码，因此没有读入；{_CONVERT}")
    broken = decoded.text.count("\ufffd")
    if broken > len(decoded.text) / 50:
        raise ReadError("encoding", f"文件里有 {broken} 个乱码占位符“\ufffd”，文字已经损坏；请换一份完好的文件。")
    if broken:
        return Decoded(decoded.text, decoded.encoding, (*decoded.notes, f"原文有 {broken} 个乱码占位符“\ufffd”。"))
    return decoded


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            decoded = _strict(data[len(mark) :], encoding)
            if decoded is not None:
                return decoded
    return None


def _by_evidence(data: bytes) -> Decoded | None:
    """The best of the Chinese encodings, or UTF-8 where it fits and no other reading is far more Chinese."""
    utf8 = _strict(data, "utf-8") if b"\x00" not in data else None
    best, best_weight = utf8, _weigh(utf8.text) if utf8 is not None else _NOTHING
    # Bytes of another encoding are valid UTF-8 only by accident, and never make much common Chinese then.
    if utf8 is not None and (len(data) < 16 or (best_weight.share > 0.5 and best_weight.density > 0.3)):
        return utf8
    for encoding in _CHINESE:
        decoded = _strict(data, encoding)
        if decoded is None:
            continue
        weight = _weigh(decoded.text)
        # Against UTF-8 another reading must be sure; among the others, the first wins unless it is clearly beaten.
        fits = utf8 is None or (weight.share >= _SURE and _is_chinese(decoded.text))
        if fits and sum(weight) > sum(best_weight) + (_MARGIN if best else 0.0):
            best, best_weight = decoded, weight
    return best if best is utf8 or best_weight.share >= _ENOUGH else None


def _weigh(text: str) -> Weight:
    """The weight of a decoding; pure ASCII (out of UTF-16) has some, and controls take it all away."""
    # Wrong readings as UTF-16 and GB 18030 are full of controls and NUL.
    if any(char < "\x20" and char not in "\t\n\r\f\v\x1a" for char in text[:4000]):
        return _NOTHING
    # «一» throughout in UTF-16 BE is «N» throughout in UTF-16 LE: Chinese goes first.
    return Weight(_ENOUGH, 0.0) if text.isascii() else weigh(text)


def _is_chinese(text: str) -> bool:
    """True where most of the text is not ASCII. So is English read as UTF-16, hence the caller's score."""
    foreign = sum(char > "\x7f" for char in text)
    return foreign >= 8 and foreign >= len(text) / 2


def _by_declaration(data: bytes, declared: str | None) -> Decoded | None:
    if not declared or b"\x00" in data:
        return None
    try:
        name = codecs.lookup(declared.strip("\"' ")).name
    except LookupError:
        return None
    if name in ("gb2312", "gbk", "hz"):
        name = "gb18030"
    return _strict(data, name) if name not in ("utf-7", "idna", "punycode") else None


def _by_detector(data: bytes) -> Decoded | None:
    """charset-normalizer's answer, for texts that are not Chinese, where it is sure of it."""
    if b"\x00" in data:
        raise ReadError("binary", "文件里有空字节，不是文本文件；请确认选对了文件。")
    foreign = [byte for byte in data if byte > 0x7F]
    if len(foreign) <= len(data) / 8 and set(foreign) <= _WESTERN:
        return _strict(data, "cp1252")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000], threshold=0.1).best()
    if best is None or best.language == "Unknown" or best.coherence < 0.5:
        return None
    # The Latin code pages differ in a few letters that no statistics can tell apart.
    if any(char > "\x7f" and "LATIN" in unicodedata.name(char, "") for char in str(best)):
        return None
    return _strict(data, best.encoding)


def _strict(data: bytes, encoding: str) -> Decoded | None:
    """``data`` decoded without a single replacement; only a character cut off by the end of the file may go."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if not _cut_at_end(data, error):
            return None
        text, kept = data[: error.start].decode(encoding), len(data) - error.start
        return Decoded(text, encoding, (f"文件在最后一个字中间被截断，丢弃末尾 {kept} 个字节。",))
    except (LookupError, ValueError):
        return None


def _cut_at_end(data: bytes, error: UnicodeDecodeError) -> bool:
    reasons = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
    return error.start > 0 and len(data) - error.start <= 3 and error.reason in reasons


def _markdown_headings(text: str) -> tuple[Span, ...]:
    """Lines that begin with ``#`` outside fenced code, without their line ends."""
    spans: list[Span] = []
    at, fenced = 0, False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and _HEADING.match(line):
            indent = len(line) - len(line.lstrip())
            spans.append(Span(at + indent, at + len(line.rstrip())))
        at += len(line)
    return tuple(spans)
