"""对稿与沿用 in a real Chromium: two speeches side by side, one click from 阅读; a formulation; a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from support import HOSTILE_NAME, HOSTILE_TEXT, SPEECHES, build, opener, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
FILES = ("安全生产会讲话(市长).txt", "澜川重机集团安全生产警示大会讲话.docx", "朔岭县防汛讲话汇编(2013-2024).txt")
SIZES = [(1440, 900), (390, 844)]


@pytest.fixture(scope="module")
def sharing(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on an archive whose speeches share passages, with one full of markup among them, twice."""
    folder = tmp_path_factory.mktemp("sharing")
    hostile = folder / HOSTILE_NAME, folder / f"又一份 {HOSTILE_NAME}"
    for path in hostile:
        path.write_text(HOSTILE_TEXT, encoding="utf-8")
    build(folder / "default", (*(SPEECHES / name for name in FILES), *hostile))
    with serving(folder) as address:
        yield address


@pytest.fixture
def shared(browser: Browser, sharing: str) -> Iterator[Open]:
    yield from opener(browser, sharing)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_two_speeches_are_read_side_by_side_and_opened_at_the_run(shared: Open, width: int, height: int) -> None:
    page = shared("/compare?view=reuse", width=width, height=height)
    page.locator(".pairs li").filter(has_text="安全生产").get_by_role("link", name="对照阅读").first.click()
    page.locator(".both mark.shared").first.wait_for()
    sides = page.locator(".both > section")
    assert sides.count() == 2
    marked = ["".join(sides.nth(n).locator("mark.shared").all_inner_texts()) for n in (0, 1)]
    assert marked[0] == marked[1]
    assert fits(page)
    page.locator(".runs button").first.click()
    page.locator("mark.lit").first.wait_for()
    sides.nth(1).locator("a.number").first.click()
    page.locator("mark.target").first.wait_for()
    said = "".join(page.locator("mark.target").evaluate_all("all => all.map(node => node.dataset.t)"))
    assert said.replace("\n", "") == marked[1]
    assert page.title().startswith("在集团安全生产警示教育大会上的讲话")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_formulation_leads_to_its_place(shared: Open, width: int, height: int) -> None:
    page = shared("/compare", width=width, height=height)
    box = page.get_by_role("textbox", name="提法")
    box.fill("安全生产")
    box.press("Enter")
    page.locator(".cluster").first.wait_for()
    assert "q=" + quote("安全生产") in page.url
    page.get_by_test_id("stVegaLiteChart").wait_for()
    assert fits(page)
    page.locator(".cluster a.open").first.click()
    page.locator("mark.target").first.wait_for()
    assert page.locator("mark.target").first.inner_text() == "安全生产"


def test_a_draft_is_checked_and_its_source_opened(shared: Open) -> None:
    page = shared("/compare?view=draft")
    original = "药、身份证、存折放进一个布袋，平时就挂在门后"
    box = page.get_by_role("textbox", name="稿子")
    box.fill(
        f"有位领导讲过，“{original.replace('布袋', '铁盒')}”。\n把面团盖上湿布放在暖和的地方，发到两倍大再排气揉圆。\n"
    )
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    page.locator(".sentences li").first.wait_for()
    assert page.locator(".sentences del").all_inner_texts() == ["布袋"]
    assert page.locator(".sentences ins").all_inner_texts() == ["铁盒"]
    page.locator(".counts").get_by_role("button", name="无先例").click()
    assert page.locator(".sentences li:visible .said").all_inner_texts() == [
        "把面团盖上湿布放在暖和的地方，发到两倍大再排气揉圆。"
    ]
    page.locator(".counts").get_by_role("button", name="引文有误").click()
    page.locator(".sentences li:visible a.open").first.click()
    page.locator("mark.target").first.wait_for()
    assert original in "".join(page.locator("mark.target").all_inner_texts()).replace("\n", "")
    assert "铁盒" not in page.url


def test_markup_in_texts_titles_and_file_names_takes_no_effect(shared: Open) -> None:
    page = shared("/compare?view=reuse")
    page.locator(".pairs li").filter(has_text="两篇几乎相同").get_by_role("link", name="对照阅读").first.click()
    page.locator(".both mark.shared").first.wait_for()
    assert HOSTILE_NAME in page.locator(".both").inner_text()
    traced = shared(f"/compare?view=trace&q={quote('樟脑丸')}")
    traced.locator(".cluster").first.wait_for()
    for one in (page, traced):
        one.wait_for_timeout(300)
        assert one.evaluate("window.hacked") is None
        assert fits(one)
