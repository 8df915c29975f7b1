"""The original file in a real Chromium: a PDF in a tab of its own at the cited page, anything else as a download."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support import FILES, SPEECHES

from rag.archive.reader import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


def address(own_archive: Path, file: str, words: str = "") -> str:
    speech = next(s for s in Archive(own_archive / "default").speeches() if s.file == file)
    start = speech.text.index(words) if words else 0
    return f"/read?speech={quote(speech.speech_id)}" + (f"&start={start}&end={start + len(words)}" if words else "")


def test_a_pdf_opens_at_the_page_of_the_quotation(opened: Open, own_archive: Path) -> None:
    page = opened(address(own_archive, FILES[0], "第一责任人"))
    page.locator(".pagemark").first.wait_for()
    mark = page.locator(".pagemark").all_inner_texts()
    link = page.get_by_role("link", name=re.compile(r"打开原件第\d+页"))
    number = re.search(r"\d+", link.inner_text())
    assert number is not None
    assert f"第{number[0]}页" in mark
    href = link.get_attribute("href") or ""
    assert href.endswith(f".pdf#page={number[0]}")
    assert link.get_attribute("target") == "_blank"
    response = page.request.get(page.url.split("/read")[0] + href.split("#")[0])
    assert response.headers["content-type"] == "application/pdf"
    assert "content-disposition" not in response.headers
    assert response.body() == (SPEECHES / FILES[0]).read_bytes()


@pytest.mark.parametrize("file", [FILES[0], FILES[1], FILES[3]])
def test_every_original_can_be_downloaded_byte_for_byte(opened: Open, own_archive: Path, file: str, tmp_path: Path) -> None:
    page = opened(address(own_archive, file))
    with page.expect_download() as download:
        page.get_by_role("button", name="下载原件").click()
    assert download.value.suggested_filename == file
    download.value.save_as(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == (SPEECHES / file).read_bytes()
    assert page.get_by_role("link", name=re.compile("打开原件")).count() == (1 if file.endswith(".pdf") else 0)
