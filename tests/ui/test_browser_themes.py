"""专题 in a real Chromium: from the list to a theme, its figures, and the place in the speech."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_from_the_themes_to_the_place_in_the_speech(opened: Open, width: int, height: int) -> None:
    page = opened("/themes", width=width, height=height)
    card = page.locator(".cards .theme").first
    label = card.locator("h3").inner_text()
    card.click()
    page.locator(".passage").first.wait_for()
    assert page.locator("h2").inner_text() == label
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    said = page.locator(".passage .words").first.inner_text()
    address = page.url.split("/", 3)[3]

    page.locator(".passage a.open").first.click()
    page.locator("mark.target").first.wait_for()
    joined = "".join(page.locator("mark.target").evaluate_all("all => all.map(node => node.dataset.t)"))
    assert joined.replace("\n", "") == said.replace("\n", "")

    again = opened(f"/{address}", width=width, height=height)
    again.locator(".passage").first.wait_for()
    assert again.locator("h2").inner_text() == label


def test_figures_are_sorted_by_value_and_downloaded(opened: Open, tmp_path: Path) -> None:
    page = opened("/themes")
    page.locator(".cards .theme").first.click()
    page.get_by_role("link", name="讲到的数字").click()
    head = page.locator("thead th").first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator("tbody tr mark.quote").count() == page.locator("tbody tr").count()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载表格").click()
    download.value.save_as(tmp_path / "数字.csv")
    lines = (tmp_path / "数字.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > page.locator("tbody tr").count()


def test_a_cell_of_the_units_shows_its_sentences(opened: Open) -> None:
    page = opened("/themes?view=units")
    page.locator("td a").first.click()
    page.locator(".passage").first.wait_for()
    assert page.locator("td a[aria-current]").count() == 1
    assert page.locator(".passage").count() == int(page.locator("td a[aria-current]").inner_text())
    assert page.evaluate("window.hacked") is None
