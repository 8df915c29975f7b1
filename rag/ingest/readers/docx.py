"""DOCX through python-docx: what Word shows, in document order, with the numbers Word makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rag.errors import ReadError
from rag.ingest.readers.docx_numbering import Numbering, Styles, W, number, switched_on, value
from rag.ingest.readers.docx_package import open_docx, related
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.types import SourceText, Span

if TYPE_CHECKING:
    from docx.document import Document

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHARS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_SKIPPED = frozenset(
    W + name
    for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "delInstrText", "delText", "rt", "annotationRef")
)
_DELETED = frozenset((W + "del", W + "moveFrom"))
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_NOTE_NAMES = {"footnotes": "注", "endnotes": "尾注"}


@dataclass
class _Line:
    """One line of text in parts, each with whether Word generated it."""

    parts: list[tuple[str, bool]] = field(default_factory=list)
    heading: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


def read_docx(data: bytes, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """Paragraphs and tables in order, text boxes and notes after the paragraph they hang on, one line each.

    Cells of a row are separated by tabs. Headers, footers, comments, hidden and deleted text are left out and
    counted in ``notes``. Raises ReadError ``damaged``, ``empty``, ``oversized`` or ``timeout``.
    """
    document = open_docx(data, limits)
    try:
        walker = _Walker(document, deadline)
        lines = list(walker.blocks(document.element.body))
        source = _assemble(lines, walker, _notes(document, walker), limits)
    except (AttributeError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise ReadError("damaged", "DOCX 的结构已损坏；请用 Word 或 WPS 打开修复，另存一份后再导入。") from error
    if not source.text.strip():
        raise ReadError("empty", "文档里没有文字；若内容是图片，请先做文字识别（OCR）再导入。")
    return source


class _Walker:
    """Turns body content into lines; counts what it leaves out."""

    def __init__(self, document: Document, deadline: Deadline) -> None:
        self._deadline = deadline
        self.styles = Styles(next(iter(related(document, "styles")), None))
        self.numbering = Numbering(next(iter(related(document, "numbering")), None), self.styles)
        self._sources = {kind: _by_id(related(document, kind)) for kind in _NOTE_NAMES}
        self._noted = dict.fromkeys(_NOTE_NAMES, 0)
        self._boxes: list[Any] = []
        self._references: list[tuple[str, str]] = []
        self._pending = ""
        self.title: str | None = None
        self.deletions = 0
        self.hidden = 0

    def blocks(self, parent: Any) -> Iterator[_Line]:
        """Lines of the paragraphs and tables in ``parent``."""
        for element in parent:
            if element.tag == W + "p":
                yield from self._paragraph(element)
            elif element.tag == W + "tbl":
                yield from self._table(element)
            elif element.tag in _DELETED:
                self.deletions += 1
            elif element.tag == _MC + "AlternateContent":
                yield from self.blocks(_alternative(element))
            elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
                yield from self.blocks(element)

    def _paragraph(self, element: Any) -> Iterator[_Line]:
        self._deadline.check()
        properties = element.find(W + "pPr")
        text = self._pending + "".join(self._inline(element))
        self._pending = ""
        boxes, self._boxes = self._boxes, []
        references, self._references = self._references, []
        if _mark_deleted(properties):
            # Word runs such a paragraph into the next one.
            self._pending = text
        else:
            yield self._line(text, properties)
        for box in boxes:
            yield from self.blocks(box)
        for kind, key in references:
            yield from self._note(kind, key)

    def _line(self, text: str, properties: Any) -> _Line:
        style_id = value(properties, "pStyle")
        label = self.numbering.label(properties, style_id)
        own_level = number(properties, "outlineLvl")
        level = own_level if own_level is not None else self.styles.outline_level(style_id)
        titled = self.styles.is_title(style_id) and bool(text.strip())
        if titled and self.title is None:
            self.title = " ".join(text.split())
        parts = [(label, True), (text, False)] if label else [(text, False)]
        return _Line(parts, titled or (level is not None and level < 9))

    def _note(self, kind: str, key: str) -> Iterator[_Line]:
        note = self._sources[kind].get(key)
        if note is None:
            return
        self._noted[kind] += 1
        label = f"{_NOTE_NAMES[kind]}{self._noted[kind]}："
        for line in self.blocks(note):
            if line.text.strip():
                line.parts[0] = (line.parts[0][0].lstrip(), line.parts[0][1])
                yield _Line([(label, True), *line.parts] if label else line.parts)
                label = ""

    def _table(self, table: Any) -> Iterator[_Line]:
        for row in _rows(table):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.deletions += 1
                continue
            yield from self._row(row)

    def _row(self, row: Any) -> Iterator[_Line]:
        """One line for a row of short cells; a cell of several paragraphs makes the row a column of lines."""
        cells = [[line for line in self.blocks(cell) if line.text.strip()] for cell in _cells(row)]
        if not any(cells):
            return
        if len(cells) == 1 or any(len(cell) > 1 for cell in cells):
            yield from (line for cell in cells for line in cell)
            return
        parts: list[tuple[str, bool]] = []
        for cell in cells:
            parts += [("\t", False)] if cell is not cells[0] else []
            parts += [(text.replace("\n", " "), generated) for line in cell for text, generated in line.parts]
        yield _Line(parts)

    def _inline(self, parent: Any) -> Iterator[str]:
        """Text of the runs below ``parent``; text boxes and note references are collected on the way."""
        for element in parent:
            tag = element.tag
            if tag in (W + "t", _MATH + "t"):
                yield element.text or ""
            elif tag in _CHARS:
                yield _CHARS[tag]
            elif tag == W + "sym":
                yield _symbol(element)
            elif tag in _DELETED:
                self.deletions += 1
            elif tag == W + "txbxContent":
                self._boxes.append(element)
            elif tag in _NOTES:
                self._references.append((_NOTES[tag], element.get(W + "id") or ""))
            elif tag == _MC + "AlternateContent":
                yield from self._inline(_alternative(element))
            elif tag == W + "r" and switched_on(element, "rPr/vanish"):
                self.hidden += 1
            elif tag not in _SKIPPED and isinstance(tag, str):
                yield from self._inline(element)

    def flush(self) -> Iterator[_Line]:
        """What the last paragraph left to a next one that never came."""
        if self._pending:
            yield _Line([(self._pending, False)])


def _mark_deleted(properties: Any) -> bool:
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _alternative(element: Any) -> Iterable[Any]:
    """The newest rendering on offer: the same text box is stored twice, for new and for old programs."""
    for child in element:
        if child.tag in (_MC + "Choice", _MC + "Fallback") and len(child):
            return child
    return ()


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == W + "tr":
            yield element
        elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins"):
            yield from _rows(element)


def _cells(row: Any) -> Iterator[Any]:
    """Cells of a row; what a vertically merged cell continues in the rows below is not shown."""
    for element in row:
        if element.tag == W + "tc":
            merge = element.find(f"{W}tcPr/{W}vMerge")
            if merge is None or merge.get(W + "val") == "restart":
                yield element
            else:
                yield ()
        elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml"):
            yield from _cells(element)


def _symbol(element: Any) -> str:
    code = element.get(W + "char") or ""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _by_id(roots: list[Any]) -> dict[str, Any]:
    """Notes by id; separators, which Word keeps among them, are of a type of their own."""
    return {
        note.get(W + "id") or "": note for root in roots for note in root if note.get(W + "type") in (None, "normal")
    }


def _notes(document: Document, walker: _Walker) -> tuple[str, ...]:
    notes = []
    margins = {
        " ".join("".join(text.text or "" for text in root.iter(W + "t")).split())
        for kind in ("header", "footer")
        for root in related(document, kind)
    } - {""}
    if margins:
        notes.append("页眉页脚没有计入正文：" + "；".join(sorted(text[:60] for text in margins)))
    comments = sum(len(root.findall(W + "comment")) for root in related(document, "comments"))
    counts = ((walker.deletions, "修订中已删除的文字"), (walker.hidden, "隐藏文字"), (comments, "批注"))
    notes += [f"{count} 处{what}没有读入。" for count, what in counts if count]
    if walker.numbering.unknown:
        notes.append(f"自动编号格式 {'、'.join(sorted(walker.numbering.unknown))} 按阿拉伯数字读入。")
    return tuple(notes)


def _assemble(lines: list[_Line], walker: _Walker, notes: tuple[str, ...], limits: ReadLimits) -> SourceText:
    generated: list[Span] = []
    headings: list[Span] = []
    out: list[str] = []
    at = 0
    for line in (*lines, *walker.flush()):
        start = at
        for text, made in line.parts:
            if made and text:
                generated.append(Span(at, at + len(text)))
            out.append(text)
            at += len(text)
        if line.heading and line.text.strip():
            indent = len(line.text) - len(line.text.lstrip())
            headings.append(Span(start + indent, start + len(line.text.rstrip())))
        out.append("\n")
        at += 1
    limits.check_chars(at)
    return SourceText(
        "".join(out[:-1]),
        "docx",
        generated=tuple(generated),
        headings=tuple(headings),
        title=walker.title,
        notes=notes,
    )
