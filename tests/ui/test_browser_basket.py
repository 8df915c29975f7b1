"""素材篮 in a real Chromium: what is collected outlives the page, and leaves it as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
REPORTING = f"/?q={quote('信息报送')}"


STORED = "count => Object.keys(localStorage).filter(key => key.startsWith('yanju.basket.')).length === count"


def collect(page: Page, count: int) -> None:
    """Collects the first quotations of the answer that is shown."""
    for n in range(count):
        page.locator(".quotation").get_by_role("button", name="收入素材篮").first.click()
        page.wait_for_function(STORED, arg=n + 1)


def shown(page: Page, count: int) -> list[str]:
    """The words on the basket's page, once so many are there."""
    from playwright.sync_api import expect

    expect(page.locator(".items .said")).to_have_count(count, timeout=15_000)
    return page.locator(".items .said").all_inner_texts()


def exported(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_what_is_collected_survives_a_reload_and_is_exported(opened: Open, tmp_path: Path) -> None:
    from docx import Document

    page = opened(REPORTING)
    collect(page, 2)
    page.get_by_role("link", name="素材篮").click()
    first, second = shown(page, 2)
    page.get_by_role("button", name="下移").first.click()
    page.locator(".items li").first.get_by_text(second).wait_for()
    page.get_by_role("textbox", name="批注").first.fill("=开头用")
    page.get_by_role("textbox", name="批注").first.press("Enter")
    page.wait_for_function("() => Object.values(localStorage).some(value => value.includes('=开头用'))")

    page.reload()
    assert shown(page, 2) == [second, first]
    assert page.get_by_role("textbox", name="批注").first.input_value() == "=开头用"

    document = Document(str(exported(page, "导出 Word", tmp_path)))
    assert [p.text for p in document.paragraphs if p.style.name == "引文"] == [second, first]
    assert [p.text for p in document.paragraphs if p.style.name == "批注"] == ["批注：=开头用"]
    sources = [p.text for p in document.paragraphs if p.style.name == "出处"]
    assert all("来源文件：" in line for line in sources)
    rows = list(csv.DictReader(io.StringIO(exported(page, "导出 CSV", tmp_path).read_text(encoding="utf-8-sig"))))
    assert [row["引文"] for row in rows] == [second, first]
    assert rows[0]["批注"] == "\u2060=开头用"
    assert second in exported(page, "导出 Markdown", tmp_path).read_text(encoding="utf-8")


def test_two_tabs_lose_nothing(opened: Open) -> None:
    page = opened(REPORTING)
    other = page.context.new_page()
    other.set_default_timeout(15_000)
    other.goto(page.url)
    other.locator(".quotation").first.wait_for()
    page.locator(".quotation").get_by_role("button", name="收入素材篮").first.click()
    other.locator(".quotation").get_by_role("button", name="收入素材篮").last.click()
    page.wait_for_function(STORED, arg=2)
    for tab in (page, other):
        tab.get_by_role("link", name="素材篮").click()
        assert len(shown(tab, 2)) == 2
    page.get_by_role("button", name="移出").first.click()
    assert len(shown(page, 1)) == len(shown(other, 1)) == 1


def test_another_person_s_basket_is_empty(opened: Open) -> None:
    page = opened(REPORTING)
    collect(page, 1)
    other = opened("/basket")
    other.get_by_text("素材篮是空的").wait_for()


def test_nonsense_in_the_browser_s_storage_does_no_harm(opened: Open) -> None:
    page = opened(REPORTING)
    collect(page, 1)
    page.evaluate(
        """() => {
            const [name] = Object.keys(localStorage).filter(key => key.startsWith('yanju.basket.'));
            const scope = name.split('.').slice(0, 3).join('.');
            localStorage.setItem(scope + '.x', '{broken');
            localStorage.setItem(scope + '.y', '{"speech": 5}');
            localStorage.setItem(scope + '.0.9.none', '{"speech": "none", "start": 0, "end": 9, "note": "留着", "rank": 1}');
        }"""
    )
    page.goto(page.url.split("/?")[0] + "/basket")
    page.get_by_text("档案中没有这篇讲话").wait_for()
    assert len(shown(page, 1)) == 1
    assert page.get_by_role("textbox", name="批注").first.input_value() == "留着"


def test_a_note_leaves_the_list_as_it_stands_so_that_no_click_is_lost(opened: Open) -> None:
    page = opened(REPORTING)
    collect(page, 1)
    page.get_by_role("link", name="素材篮").click()
    shown(page, 1)
    page.locator(".items").evaluate("list => { list.dataset.same = 'yes'; }")
    page.get_by_role("textbox", name="批注").fill("开头用")
    page.get_by_role("textbox", name="批注").press("Enter")
    page.wait_for_function("() => Object.values(localStorage).some(value => value.includes('开头用'))")
    page.wait_for_timeout(500)  # the run that the note set off has reached the page
    assert page.locator(".items[data-same=yes]").count() == 1
    page.reload()
    shown(page, 1)
    assert page.get_by_role("textbox", name="批注").input_value() == "开头用"


def test_copied_is_said_although_the_list_is_drawn_anew(opened: Open) -> None:
    page = opened(REPORTING)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    collect(page, 2)
    page.get_by_role("link", name="素材篮").click()
    shown(page, 2)
    page.locator(".items li").first.get_by_role("button", name="复制").click()
    page.get_by_role("button", name="下移").click()
    page.locator(".items li").nth(1).get_by_role("button", name="已复制").wait_for()


def test_the_basket_is_emptied_on_the_second_click_only(opened: Open) -> None:
    page = opened(REPORTING)
    collect(page, 2)
    page.get_by_role("link", name="素材篮").click()
    assert len(shown(page, 2)) == 2
    page.get_by_role("button", name="清空").click()
    page.get_by_role("button", name="确认移除 · 共 2 条").wait_for()
    assert len(shown(page, 2)) == 2
    page.get_by_role("button", name="确认移除").click()
    page.get_by_text("素材篮是空的").wait_for()
