"""Brings the catalogues up to date with the code: `python rag/locale/update.py` (needs babel, which trafilatura brings).

New message ids are added to each .po file, ones no longer used are dropped, and the .mo files are compiled anew.
Translate what is new in en/LC_MESSAGES/yanju.po, then run it again.
"""

from __future__ import annotations

import ast
import io
import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
# The parts whose errors the interface shows; a file's own errors (ReadError) it names by their reason.
RAISING = ("archive", "encoder", "functions", "search", "answer", "generate", "write", "ui")
ERRORS = dict.fromkeys(
    ("UsageError", "ArchiveError", "EncoderError", "ClassifierError", "CitationError", "BrokenQuoteError", "GenerationError")
)
LANGUAGES = ("zh_CN", "en")
# What is said of a file or of the archive's state reaches the interface as whole sentences (rag/ui/telling.py).
SAYING = ("answer/years", "ingest/readers/*", "ingest/document", "ingest/nature", "ingest/splitting", "pipeline/find*", "pipeline/limits",
          "pipeline/run", "pipeline/verify*", "pipeline/workers", "search/dense_check", "ui/upload_job")  # fmt: skip


def used() -> list[str]:
    """Every message id that the interface's code passes to `_`, and that errors it can meet are raised with."""
    files = [ROOT / "app.py", *sorted((ROOT / "rag" / "ui").rglob("*.py"))]
    found = {str(m[1]) for file in files for m in extract_from_file("python", str(file), keywords={"_": None, "N_": None})}
    raising = [file for part in RAISING for file in sorted((ROOT / "rag" / part).rglob("*.py"))] + [ROOT / "rag" / "session.py"]
    found |= {str(m[1]) for file in raising for m in extract_from_file("python", str(file), keywords=ERRORS)}
    saying = [file for pattern in SAYING for file in sorted((ROOT / "rag").glob(f"{pattern}.py"))]
    return sorted(found.union(*map(sentences, saying)))


def sentences(file: Path) -> set[str]:
    """The Chinese sentences, with a full stop, of a module; what an f-string puts in becomes {a}, {b}, …"""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    known = {
        name.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for name in node.targets
        if isinstance(name, ast.Name)
    }
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in ast.walk(node)}
    parts = {known.get(part.id) for node in joined for part in ast.walk(node) if isinstance(part, ast.Name)}
    whole = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in inner}
    found = {_template(node, known) for node in joined} | (whole - parts)
    return {text for text in found if re.search("[\u4e00-\u9fff]", text) and text.endswith("。")}


def _template(node: ast.JoinedStr, known: dict[str, str]) -> str:
    out, fields = "", iter("abcdefgh")
    for part in node.values:
        if isinstance(part, ast.Constant):
            out += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            name = part.value.id if isinstance(part.value, ast.Name) else ""
            out += known.get(name) or f"{{{next(fields)}}}"
    return out


def read(language: str) -> Catalog:
    path = HERE / language / "LC_MESSAGES" / "yanju.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def renewed(language: str) -> Catalog:
    """The catalogue with exactly the ids in use; Chinese ones are their own translation."""
    old, new = read(language), Catalog(locale=language, project="Yanju", charset="utf-8", fuzzy=False)
    for message in used():
        known = old.get(message)
        new.add(message, message if language == "zh_CN" else (known.string if known else ""))
    return new


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue, the same for the same translations."""
    bare = Catalog(
        locale=catalogue.locale, charset="utf-8", header_comment="", fuzzy=False, creation_date=WHEN, revision_date=WHEN
    )
    for message in catalogue:
        if message.id and message.string:
            bare.add(message.id, message.string)
    stream = io.BytesIO()
    write_mo(stream, bare)
    return stream.getvalue()


def main() -> None:
    for language in LANGUAGES:
        folder = HERE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = renewed(language)
        text = io.BytesIO()
        write_po(text, catalogue, omit_header=True, no_location=True, width=0)
        header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        (folder / "yanju.po").write_text(header + text.getvalue().decode(), encoding="utf-8")
        (folder / "yanju.mo").write_bytes(compiled(catalogue))
        print(language, len(catalogue), "messages,", sum(not m.string for m in catalogue if m.id), "to translate")


if __name__ == "__main__":
    main()
