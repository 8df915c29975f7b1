"""Reports as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.report import Report
from rag.evaluate.report_html import as_html
from rag.evaluate.report_markdown import as_markdown


def write_report(path: Path, report: Report) -> None:
    """Writes Markdown or one HTML file, as the name ends.

    Raises:
        UsageError: the name ends otherwise, or the place cannot be written.
    """
    try:
        path.write_text(renderer(path)(report), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"无法写入 {path}（{error.strerror}）。请换一个位置。") from error


def renderer(path: Path) -> Callable[[Report], str]:
    """What turns a report into the text of a file of this name.

    Raises:
        UsageError: the name ends in neither .html nor .md.
    """
    suffix = path.suffix.lower()
    if suffix in (".html", ".htm"):
        return as_html
    if suffix in (".md", ".markdown"):
        return as_markdown
    raise UsageError(f"报告应以 .html 或 .md 结尾，收到的是「{path.name}」。")
