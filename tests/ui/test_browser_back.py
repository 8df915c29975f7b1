"""The browser's «back» in a real Chromium: one press leads to the page before, as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
WORDING = quote("形容工作细致不出错的说法")
FORMULATION = quote("信息")
ASKED = quote("紧急信息多长时间内必须报告")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (f"/phrases?q={WORDING}", ".phrases a.open"),
        (f"/?q={ASKED}&from=2013", ".quotation a.open"),
        (f"/compare?view=trace&q={FORMULATION}", ".uses a.open"),
    ],
)
def test_back_from_a_speech_shows_the_results_again(opened: Open, address: str, link: str) -> None:
    page = opened(address)
    page.locator(link).first.wait_for()
    before = page.url, page.locator(link).all_inner_texts()
    page.locator(link).first.click()
    page.locator("mark.target").first.wait_for()
    page.go_back()
    page.locator(link).first.wait_for()
    assert (page.url, page.locator(link).all_inner_texts()) == before


def test_pages_from_the_side_bar_keep_their_own_entries(opened: Open) -> None:
    page = opened("/browse?lang=en")
    page.locator(".rows li").first.wait_for()
    for name in ("Phrases", "Collection"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
        page.get_by_role("heading", name=name).wait_for()
    page.go_back()
    page.get_by_role("heading", name="Phrases").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Browse").wait_for()


def test_the_list_of_speeches_stays_narrowed(opened: Open) -> None:
    page = opened("/browse")
    page.get_by_role("textbox", name="题名含有").fill("优化营商环境")
    page.get_by_role("textbox", name="题名含有").press("Enter")
    page.get_by_text("全部共").wait_for()
    narrowed = page.locator(".coverage").inner_text()
    page.locator(".rows a.name").first.click()
    page.locator(".reader").wait_for()
    page.go_back()
    page.locator(".rows li").first.wait_for()
    assert page.get_by_role("textbox", name="题名含有").input_value() == "优化营商环境"
    assert page.locator(".coverage").inner_text() == narrowed


@pytest.mark.parametrize("back", [True, False])
def test_a_draft_and_its_report_are_there_again(opened: Open, back: bool) -> None:
    draft = "库房管理员每天早晚各记录一次温度和湿度，超过界限的当天报告分管领导，不得拖延。"
    page = opened("/compare?view=draft")
    page.locator("textarea").fill(draft)
    page.get_by_role("button", name="对稿", exact=True).last.click()
    page.locator(".sentences a.open").first.click()
    page.locator("mark.target").first.wait_for()
    if back:
        page.go_back()
    else:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="对稿与沿用").click()
    page.locator(".sentences a.open").first.wait_for()
    assert page.locator("textarea").input_value() == draft


def test_on_a_phone_the_side_bar_makes_way_for_the_page(opened: Open) -> None:
    page = opened("/browse", width=390, height=844)
    page.locator(".rows li").first.wait_for()
    expand = page.get_by_test_id("stExpandSidebarButton")
    expand.click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="素材篮").click()
    page.get_by_text("素材篮是空的").wait_for()
    expand.wait_for()
    expand.click()
    page.get_by_test_id("stSidebarCollapseButton").wait_for()
    page.reload()
    expand.wait_for()
