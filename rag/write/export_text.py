"""素材篮 as Markdown, as CSV, and as text to paste."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from rag.write.citation import SAMPLE
from rag.write.export import Entry, runs

BOM = "\ufeff"  # by which Excel knows UTF-8
# Invisible, and before it nothing is a formula any more; an apostrophe would show in Excel.
GUARD = "\u2060"
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
COLUMNS = (
    "序号", "引文", "题名", "单位", "讲话人", "职务", "日期", "部分", "页", "来源文件", "批注", "说明", "出处", "示例",
    "讲话编号", "起", "止",
)  # fmt: skip

_MARKUP = re.compile(r"[\\`*_\[\]<>#|~&$^={}!@]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
_BLOCK = re.compile(r"^(\d{1,9})([.)])|^([+\-])")
_EDGE_SPACE = re.compile(r"^\s+|\s+$")  # parsers strip more kinds of space than CommonMark asks for


def markdown_bytes(entries: Sequence[Entry], title: str) -> bytes:
    """CommonMark, UTF-8. Whatever of the archive's own characters Markdown would take for markup is escaped."""
    blocks = [f"# {escaped(title)}"]
    if any(one.citation and one.citation.sample for one in entries):
        blocks.append(escaped(SAMPLE))
    for name, members in runs(entries):
        blocks.append(f"## {escaped(name)}")
        blocks += [block for one in members for block in _blocks(one)]
    return ("\n\n".join(blocks) + "\n").encode()


def _blocks(one: Entry) -> list[str]:
    out = []
    if one.notice:
        out.append(f"**说明：** {escaped(one.notice)}")
    if one.quote:
        out.append("\n>\n".join(f"> {escaped(line)}" for line in one.quote.split("\n") if line.strip()))
    if one.citation:
        out.append(f"—— {escaped(one.citation.line)}")
    if one.item.note:
        out.append(f"**批注：** {escaped(' '.join(one.item.note.split()))}")
    return out


def escaped(line: str) -> str:
    """One line, written so that CommonMark shows exactly its characters."""
    text = _MARKUP.sub(lambda m: f"\\{m[0]}", line)
    text = _BLOCK.sub(lambda m: f"\\{m[3]}" if m[3] else f"{m[1]}\\{m[2]}", text)
    return _EDGE_SPACE.sub(lambda m: "".join(f"&#{ord(c)};" for c in m[0]), text)


def plain_text(one: Entry) -> str:
    """An entry to paste, without its note: what must be said about it, the quotation, its source."""
    lines = (f"（{one.notice}）" if one.notice else "", one.quote, f"——{one.citation.line}" if one.citation else "")
    return "\n".join(line for line in lines if line)


def csv_bytes(entries: Sequence[Entry], title: str) -> bytes:
    """RFC 4180 in UTF-8 with its byte order mark, a row an entry; ``title`` has no place in it.

    A cell that a spreadsheet would take for a formula begins with the invisible U+2060 (see `unguarded`).
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for n, one in enumerate(entries, 1):
        writer.writerow([guarded(str(value)) for value in _row(n, one)])
    return (BOM + stream.getvalue()).encode()


def _row(n: int, one: Entry) -> list[str | int]:
    cited = one.citation
    where: list[str | int] = [""] * 8
    if cited:
        where = [
            cited.title, cited.organisation, cited.speaker, cited.post, cited.date, cited.part, cited.page or "", cited.file,
        ]  # fmt: skip
    line, mark = (cited.line, SAMPLE if cited.sample else "") if cited else ("", "")
    return [n, one.quote, *where, one.item.note, one.notice, line, mark, one.speech_id, one.span.start, one.span.end]


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: where it could (CSV injection, OWASP), the guard stands first."""
    return GUARD + cell if _FORMULA.match(cell) or cell.startswith(GUARD) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell.removeprefix(GUARD)
