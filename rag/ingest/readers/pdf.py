"""PDF through pypdf: the text layer page by page, as pypdf gives it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.errors import ReadError
from rag.ingest.readers.evidence import is_garbled, unreadable_share
from rag.ingest.readers.limits import Deadline, ReadLimits
from rag.types import SourceText

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_OCR = "请先做文字识别（OCR），存为 DOCX、TXT 或带文字层的 PDF 后再导入"
_DAMAGED = "PDF 已损坏，读不出来；请重新下载或从原处另存一份。"
_NEEDS_AES = (
    "PDF 用 AES 加密，解开需要 cryptography 组件（pip install cryptography）；也可以用阅读器打开，另存为未加密的 PDF。"
)
# Form feed joins pages; lone surrogates and NUL cannot be stored.
_UNSTORABLE = {0x0C: "\n", 0x00: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def read_pdf(data: bytes, limits: ReadLimits, deadline: Deadline) -> SourceText:
    """Pages joined by form feeds, ``pages`` holding the offset of each.

    Raises ReadError ``encrypted``, ``damaged``, ``no-text-layer``, ``encoding``, ``oversized`` or ``timeout``.
    """
    reader = _open(data)
    count = _page_count(reader)
    if count > limits.max_pages:
        raise ReadError("oversized", f"PDF 有 {count} 页，超过上限 {limits.max_pages} 页；请拆分后再导入，或调高上限。")
    texts, failed, scanned = _page_texts(reader, count, limits, deadline)
    if len(failed) > count / 2:
        raise ReadError("damaged", _DAMAGED)
    text = "\f".join(texts)
    if not text.strip():
        raise ReadError("no-text-layer", f"PDF 没有文字层，多半是扫描件；{_OCR}。")
    # Fonts without a character map give private-use characters, controls, or ideographs at random.
    if unreadable_share(text) > 0.2 or is_garbled(text):
        raise ReadError("encoding", f"PDF 的文字层读出来是乱码（字体缺少编码对照表）；{_OCR}。")
    starts = itertools.accumulate((len(page) + 1 for page in texts[:-1]), initial=0)
    return SourceText(text, "pdf", pages=tuple(starts), title=_title(reader), notes=_notes(failed, scanned))


@contextmanager
def _typed_errors() -> Iterator[None]:
    """pypdf lets errors of every kind through on broken files: all become ReadErrors."""
    from pypdf.errors import DependencyError

    try:
        yield
    except (ReadError, MemoryError):
        raise
    except DependencyError as error:
        raise ReadError("encrypted", _NEEDS_AES) from error
    except Exception as error:
        raise ReadError("damaged", _DAMAGED) from error


def _open(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    with _typed_errors():
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
    if locked:
        raise ReadError("encrypted", "PDF 设有打开密码；请用密码打开，取消密码后另存一份再导入。")
    return reader


def _page_count(reader: PdfReader) -> int:
    with _typed_errors():
        count = len(reader.pages)
    if not count:
        raise ReadError("empty", "PDF 里一页也没有；请确认文件是否完整。")
    return count


def _page_texts(
    reader: PdfReader, count: int, limits: ReadLimits, deadline: Deadline
) -> tuple[list[str], list[int], list[int]]:
    """The text of every page, the numbers of pages that failed, and of pages that hold an image but no text."""
    texts: list[str] = []
    failed: list[int] = []
    scanned: list[int] = []
    total = 0
    for number in range(1, count + 1):
        deadline.check()
        text = ""
        try:
            with _typed_errors():
                page = reader.pages[number - 1]
                text = _page_text(page, deadline)
                if not text.strip() and _has_image(page):
                    scanned.append(number)
        except ReadError as error:
            if error.reason != "damaged":
                raise
            failed.append(number)
        texts.append(text)
        total += len(text)
        limits.check_chars(total)
    return texts, failed, scanned


def _page_text(page: PageObject, deadline: Deadline) -> str:
    def watch(*_: Any) -> None:
        deadline.check()

    return page.extract_text(visitor_operand_before=watch).translate(_UNSTORABLE)


def _has_image(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    names = objects.get_object() if objects is not None else {}
    return any(names[name].get_object().get("/Subtype") == "/Image" for name in names)


def _title(reader: PdfReader) -> str | None:
    """The title in the document information; hardly ever set with care, so only a hint."""
    try:
        with _typed_errors():
            title = reader.metadata.title if reader.metadata else None
    except ReadError:  # a broken information dictionary must not cost the text
        return None
    title = str(title or "").translate(_UNSTORABLE).removeprefix("Microsoft Word - ").strip()
    return title if title and unreadable_share(title) == 0 else None


def _notes(failed: Sequence[int], scanned: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if failed:
        notes.append(f"第 {_listed(failed)} 页损坏，读不出文字。")
    if scanned:
        notes.append(f"第 {_listed(scanned)} 页只有图片、没有文字层，没有读入；{_OCR}。")
    return tuple(notes)


def _listed(numbers: Sequence[int]) -> str:
    shown = "、".join(str(number) for number in numbers[:10])
    return f"{shown} 等 {len(numbers)}" if len(numbers) > 10 else shown
