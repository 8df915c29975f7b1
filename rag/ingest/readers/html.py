"""HTML: all that a browser would show, one block a line; what the extractor takes for furniture is marked."""

from __future__ import annotations

import copy
import re
import unicodedata
from typing import TYPE_CHECKING

from rag.errors import ReadError
from rag.ingest.readers.html_main import Block, main_blocks
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.ingest.readers.plain import Decoded, decode
from rag.types import SourceText, Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(
    {
        "head", "script", "style", "template", "noscript", "iframe", "object", "embed", "audio", "video",
        "canvas", "svg", "math", "datalist", "title", "meta", "link",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup",
        "option", "p", "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Not form: older sites wrap the whole page in one.
_FURNITURE = frozenset(("nav", "aside", "footer", "button", "select", "menu"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(px|pt|em)?\s*(;|!|$)", re.I)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})|<\?xml[^>]{0,100}?encoding=[\"']([\w-]+)", re.I
)
_SPACE = re.compile("[ \t\r\n\f]+")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# Beyond this the extractor takes minutes.
_EXTRACT_CHARS = 3_000_000


def read_html(data: bytes, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """The visible text of a page. ``boilerplate`` is what trafilatura leaves out, ``title`` the page's ``<title>``.

    Raises ReadError ``encoding``, ``damaged``, ``empty``, ``oversized`` or ``timeout``.
    """
    declared = _CHARSET.search(data[:4096])
    name = (declared[1] or declared[2]).decode("ascii") if declared else None
    return read_markup(decode(data, name), limits, deadline)


def read_markup(decoded: Decoded, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """The visible text of a page that has been decoded; see ``read_html``."""
    limits.check_chars(len(decoded.text))
    root = _parse(decoded.text)
    title = _SPACE.sub(" ", root.findtext(".//title") or "").strip() or None
    _drop_unseen(root)
    deadline.check()
    blocks = _Renderer(deadline).render(root)
    if not blocks:
        raise ReadError("empty", "网页里没有看得见的文字；内容可能由脚本生成，请在浏览器里打开，复制为文本后再导入。")
    notes = list(decoded.notes)
    kept: list[bool] | None = None
    if len(decoded.text) <= _EXTRACT_CHARS:
        kept = main_blocks(blocks, copy.deepcopy(root))
    if kept is None:
        notes.append("没有认出网页的正文范围，全部可见文字都已读入。")
    return _assemble(blocks, kept or [True] * len(blocks), title, decoded.encoding, tuple(notes))


def _parse(text: str) -> HtmlElement:
    from lxml import etree, html

    # libxml2 stops at NUL; an XML declaration in a str is an error.
    text = _XML_DECLARATION.sub("", text, count=1).replace("\x00", "\ufffd")
    parser = html.HTMLParser(no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("damaged", "网页内容残缺，解析不了；请在浏览器里打开，另存后再导入。") from error
    # Below its depth limit libxml2 drops text without an error.
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise ReadError("damaged", "网页标签嵌套过深，读出的文字会不全；请在浏览器里打开，复制为文本后再导入。")
    return root


def _drop_unseen(root: HtmlElement) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None or element.tag == "body":
            continue
        if not isinstance(element.tag, str) or _is_unseen(element):
            element.drop_tree()
        elif element.tag in ("p", "div") and _fills_cell(element, parent):
            element.drop_tag()


def _fills_cell(element: HtmlElement, parent: HtmlElement) -> bool:
    """A cell's only paragraph is the cell: it must not break the line of its row."""
    around = (parent.text or "") + (element.tail or "")
    return parent.tag in _CELLS and len(parent) == 1 and not around.strip()


def _is_unseen(element: HtmlElement) -> bool:
    if element.tag in _UNSEEN or "hidden" in element.attrib or _HIDING.search(element.get("style", "")):
        return True
    return element.tag == "input"


class _Renderer:
    """Lays a tree out as a browser would: inline text runs on, blocks and ``<br>`` begin new lines."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._context: list[str] = []

    def render(self, root: HtmlElement) -> list[Block]:
        """The non-empty lines of ``root`` in document order."""
        from lxml import etree

        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                self._start(tag)
                self._text(element.text)
            else:
                self._end(tag)
                self._text(element.tail if element is not root else None)
        self._break()
        return self._blocks

    def _start(self, tag: str) -> None:
        if tag in _BLOCKS or tag == "br":
            self._break()
        self._context.append(tag)

    def _end(self, tag: str) -> None:
        if tag in _CELLS:
            self._parts.append("\t")
        elif tag in _BLOCKS:
            self._break()
        self._context.pop()

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if "pre" in self._context or "textarea" in self._context:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._parts.append(first)
            for line in rest:
                self._break()
                self._parts.append(line)
            return
        self._parts.append(text.replace("\t", " "))
        if "a" in self._context or "button" in self._context:
            self._linked += len(text.strip())

    def _break(self) -> None:
        raw = "".join(self._parts)
        self._parts.clear()
        linked, self._linked = self._linked, 0
        line = raw.rstrip() if "pre" in self._context else _collapse(raw)
        if not line.strip():
            return
        self._deadline.check()
        heading = any(tag in _HEADINGS for tag in self._context)
        furniture = any(tag in _FURNITURE for tag in self._context)
        self._blocks.append(Block(line, heading, furniture, linked > len(line) / 2))


def _collapse(raw: str) -> str:
    """White space as CSS collapses it; tabs, put in by table cells only here, stay between cells."""
    cells = [_SPACE.sub(_one_space, cell).strip(" ") for cell in raw.split("\t")]
    return "\t".join(cells).strip("\t ")


def _one_space(space: re.Match[str]) -> str:
    """A line break between two wide characters is no space."""
    text, start, end = space.string, space.start(), space.end()
    if "\n" in space[0] and start > 0 and end < len(text) and _is_wide(text[start - 1]) and _is_wide(text[end]):
        return ""
    return " "


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _assemble(
    blocks: list[Block], kept: list[bool], title: str | None, encoding: str, notes: tuple[str, ...]
) -> SourceText:
    headings: list[Span] = []
    boilerplate: list[Span] = []
    at = 0
    for block, keep in zip(blocks, kept, strict=True):
        span = Span(at, at + len(block.text))
        if block.heading:
            headings.append(span)
        if not keep:
            boilerplate.append(span)
        at = span.end + 1
    text = "\n".join(block.text for block in blocks)
    return SourceText(
        text,
        "html",
        boilerplate=tuple(boilerplate),
        headings=tuple(headings),
        title=title,
        encoding=encoding,
        notes=notes,
    )
