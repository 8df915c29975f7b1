"""Make the PDF, DOCX, HTML and GB18030 files of the sample archive from the master texts in ``src/``.

    python data/make_formats.py [--out FOLDER] [MASTER.txt …]

A master is plain UTF-8 text: lines ``@key value`` (a key may stand several times), a line ``@@``, then the body, one
paragraph a line:

    # title      = line under the title      H1 … H3 heading      [1] … [3] paragraph that Word numbers
    | a | b |    row of a table              anything else is a paragraph

The same master always gives the same text; files are written beside their final name and then moved.
"""

from __future__ import annotations

import argparse
import html
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
KINDS = re.compile(r"(#|=|H[123]|\[[123]\]) (.*)")
EPOCH = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Master:
    """One master text: its settings and the lines of its body."""

    settings: dict[str, list[str]]
    body: list[str]

    @classmethod
    def load(cls, path: Path) -> Master:
        """Read a master; ValueError when a setting that every master needs is missing."""
        head, found, body = path.read_text(encoding="utf-8").partition("\n@@\n")
        settings: dict[str, list[str]] = {}
        for line in head.splitlines():
            key, _, value = line.removeprefix("@").partition(" ")
            settings.setdefault(key, []).append(value)
        missing = {"output", "format"} - set(settings)
        if missing or not found:
            raise ValueError(f"{path.name}: no {', '.join(sorted(missing)) or '@@ line'} in the head of the master")
        return cls(settings, body.splitlines())

    def one(self, key: str, default: str = "") -> str:
        return self.settings.get(key, [default])[0]

    def blocks(self) -> Iterable[tuple[str, str]]:
        """The body as (kind, text); kind is ``#``, ``=``, ``H1``…, ``[1]``…, ``|`` or ``p``."""
        for line in self.body:
            match = KINDS.fullmatch(line)
            if match:
                yield match[1], match[2]
            elif line.strip():
                yield ("|" if line.startswith("| ") else "p"), line.strip()


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def make_text(master: Master) -> bytes:
    """The body as it stands, in the encoding the master names, with Windows line ends."""
    return "\r\n".join([*master.body, ""]).encode(master.one("encoding", "gb18030"))


def make_pdf(master: Master) -> bytes:
    """A4 pages with running header and footer, set in the standard CID font STSong-Light."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.platypus import SimpleDocTemplate

    registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, leftMargin=80, rightMargin=80, topMargin=90, bottomMargin=80, title=master.one("title", ""), invariant=1
    )

    def furniture(canvas: Any, page: Any) -> None:
        width, height = page.pagesize
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(width / 2, height - 50, master.one("header"))
        canvas.drawCentredString(width / 2, 45, master.one("footer").replace("{page}", str(page.page)))

    document.build(pdf_flow(master), onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def pdf_flow(master: Master) -> list[Any]:
    """The body as reportlab flowables."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table

    size = int(master.one("size", "12"))
    base = ParagraphStyle(
        "p", fontName="STSong-Light", fontSize=size, leading=size * 1.8, wordWrap="CJK", firstLineIndent=2 * size
    )
    centred = ParagraphStyle("=", parent=base, alignment=1, firstLineIndent=0)
    title = ParagraphStyle("#", parent=centred, fontSize=size + 6, leading=(size + 6) * 1.6, spaceAfter=10)
    styles = {"#": title, "=": centred, "H1": ParagraphStyle("H1", parent=base, fontSize=size + 1, spaceBefore=6)}
    flow: list[Any] = []
    rows: list[list[str]] = []
    for kind, text in [*master.blocks(), ("end", "")]:
        if kind == "|":
            rows.append(cells(text))
            continue
        if rows:
            flow.append(
                Table(
                    rows,
                    style=[
                        ("FONT", (0, 0), (-1, -1), "STSong-Light", size - 1),
                        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
                    ],
                )
            )
            rows = []
        if kind != "end":
            flow.append(Paragraph(html.escape(text), styles.get(kind, base)))
    return flow


def make_docx(master: Master) -> bytes:
    """A Word file; ``[1]``…``[3]`` paragraphs carry w:numPr, so their numbers are Word's and not in the text."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = Document()
    number_id = add_numbering(document)
    table: Any = None
    for kind, text in master.blocks():
        if kind == "|":
            row = cells(text)
            table = table or document.add_table(rows=0, cols=len(row), style="Table Grid")
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
            continue
        table = None
        paragraph = document.add_paragraph(text, style={"#": "Title", "H1": "Heading 1", "H2": "Heading 2"}.get(kind))
        if kind in "#=":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if kind.startswith("["):
            number(paragraph, number_id, int(kind[1]) - 1)
    if master.one("header"):
        document.sections[0].header.paragraphs[0].text = master.one("header")
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def add_numbering(document: Any) -> int:
    """Add the list 一、（一）1. to the document; the id that its paragraphs refer to."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for i, (form, text) in enumerate(LEVELS)
    )
    head = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
    root.insert(0, parse_xml(f"{head}{levels}</w:abstractNum>"))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return 90


def number(paragraph: Any, number_id: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = number_id


def settled(package: bytes) -> bytes:
    """The same zip with one fixed time on every entry, so that an unchanged master gives an unchanged file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, EPOCH), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_html(master: Master) -> bytes:
    """A page of an invented web site: navigation, breadcrumbs, article, side column, footer."""
    title = next(text for kind, text in master.blocks() if kind == "#")
    tags = {"#": "h1", "=": 'p class="sub"', "H1": "h2", "H2": "h3", "H3": "h4"}
    article = [tagged(tags.get(kind, "p"), text) for kind, text in master.blocks()]
    nav = "".join(f'<li><a href="#">{html.escape(item)}</a></li>' for item in master.one("nav").split("|"))
    related = "".join(f'<li><a href="#">{html.escape(item)}</a></li>' for item in master.settings.get("related", []))
    encoding = master.one("encoding", "utf-8")
    page = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN">',
        "<head>",
        f'<meta charset="{encoding}">',
        f"<title>{html.escape(title)}-{html.escape(master.one('site'))}</title>",
        "<style>body{font-family:serif} .side{float:right;width:20%}</style>",
        "<script>var hits = 1; function bigger(){document.body.style.zoom=1.2}</script>",
        "</head>",
        "<body>",
        f'<div class="header"><a href="#">{html.escape(master.one("site"))}</a><ul class="nav">{nav}</ul></div>',
        tagged('div class="crumb"', master.one("crumb")),
        '<div class="article">',
        *article[:1],
        tagged('div class="meta"', master.one("meta")),
        *article[1:],
        "</div>",
        tagged('div class="share"', master.one("share")),
        f'<div class="side"><h3>相关阅读</h3><ul>{related}</ul></div>',
        tagged('div class="footer"', master.one("footer")),
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(page).encode(encoding)


def tagged(tag: str, text: str) -> str:
    return f"<{tag}>{html.escape(text, quote=False)}</{tag.split()[0]}>"


MAKERS: dict[str, Callable[[Master], bytes]] = {
    "pdf": make_pdf,
    "docx": make_docx,
    "html": make_html,
    "text": make_text,
}


def make(path: Path, out: Path) -> Path:
    """Make the file of one master in ``out``; returns where it lies."""
    master = Master.load(path)
    if master.one("format") not in MAKERS:
        raise ValueError(f"{path.name}: format {master.one('format')!r} is none of {', '.join(MAKERS)}")
    target = out / master.one("output")
    partial = target.with_name(f".{target.name}.part")
    partial.write_bytes(MAKERS[master.one("format")](master))
    os.replace(partial, target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample archive's files from their master texts.")
    parser.add_argument("masters", nargs="*", type=Path, help="default: every text in src/")
    parser.add_argument("--out", type=Path, default=DATA / "speeches")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.masters or sorted((DATA / "src").glob("*.txt")):
        print(make(path, args.out).name)


if __name__ == "__main__":
    main()
