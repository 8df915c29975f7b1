"""What the archive's keeper sees of long work: the check of the archive, files that come in while others read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import FILES, PASSWORD, SPEECHES, build, opener, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    build(tmp_path / "default", (SPEECHES / FILES[2],))
    return tmp_path


@pytest.fixture
def keeper(browser: Browser, kept: Path) -> Iterator[Page]:
    """The keeper's page, after the password."""
    with serving(kept, YANJU_ADMIN_PASSWORD=PASSWORD) as address:
        pages = opener(browser, address)
        page = next(pages)("/manage")
        page.get_by_role("textbox", name="管理员口令").fill(PASSWORD)
        page.get_by_role("button", name="进入").click()
        page.get_by_role("tab", name="状态").wait_for()
        yield page
        next(pages, None)


def test_one_click_checks_the_archive(keeper: Page, kept: Path) -> None:
    keeper.get_by_role("tab", name="状态").click()
    keeper.get_by_role("button", name="核对档案").click()
    keeper.get_by_text("档案完好。").wait_for()
    with sqlite3.connect(kept / "default" / "archive.sqlite") as db:
        db.execute("UPDATE speeches SET text = replace(text, '的', '地') WHERE id = (SELECT min(id) FROM speeches)")
    keeper.get_by_role("button", name="核对档案").click()
    keeper.get_by_text("处问题").wait_for()
    keeper.locator(".rows li").first.wait_for()
    assert keeper.get_by_text("档案完好。").count() == 0


def test_files_come_in_beside_the_pages_and_can_be_stopped(keeper: Page, tmp_path: Path) -> None:
    """The run is shown to whoever keeps the archive, goes on when its page is left, and ends after a file when told to."""
    files = []
    for n in range(120):
        files.append(tmp_path / f"第{n}次.txt")
        files[-1].write_text(f"在第{n}次会议上的讲话\n同志们：\n{'今天的会议要抓紧开。' * 200}第{n}件事要办好。\n", encoding="utf-8")
    keeper.locator("input[type=file]").set_input_files([str(path) for path in files])
    keeper.get_by_role("button", name="开始入库").click()
    keeper.get_by_text(re.compile(r"^[1-9]\d*/120 ")).wait_for(timeout=60_000)
    keeper.get_by_role("link", name="浏览").click()
    keeper.locator(".name").first.wait_for()
    keeper.get_by_role("link", name="档案管理").click()
    keeper.get_by_role("button", name="停止").click()
    keeper.get_by_text("已停止：处理了").wait_for(timeout=60_000)
    keeper.locator(".rows .tag").first.wait_for()
    assert keeper.locator(".rows .tag").count() < 120
    keeper.get_by_role("button", name="收起这份报告").click()
    keeper.get_by_text("已停止：处理了").wait_for(state="detached")
