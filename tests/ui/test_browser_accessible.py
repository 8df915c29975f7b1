"""Nothing of ours shuts anybody out: axe-core on every page, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axe import findings, script
from support import FILES, PASSWORD

from rag.archive.reader import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser
ASKED = f"/?q={quote('信息报送')}"
# Address → what must be there before the page is looked at.
PAGES = {
    "/": ".choices button",
    ASKED: ".quotation",
    f"/?q={quote('量子纠错码怎么实现')}": ".refusal, .quotation",
    "/browse": ".name",
    "/read": ".text",
    "/basket": ".items li",
    "/themes": "[data-testid=stMainBlockContainer] .yj",
    "/phrases": "[data-testid=stMainBlockContainer] input",
    "/compare": "[data-testid=stMainBlockContainer] button",
    "/manage": "[data-testid=stTabs], [data-testid=stForm]",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_serious_finding_on_our_components(opened: Open, own_archive: Path, source: str, path: str, scheme: str) -> None:
    page = opened(ASKED)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.locator(".quotation").first.wait_for()
    page.get_by_role("button", name="收入素材篮").first.click()
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('yanju.basket.'))")
    target = path
    if path == "/read":
        speech = next(s for s in Archive(own_archive / "default").speeches() if s.file == FILES[0])
        target = f"/read?speech={quote(speech.speech_id)}&start=40&end=60"
    page.goto(page.url.split("/?")[0] + target)
    page.locator(PAGES[path]).first.wait_for()
    page.wait_for_timeout(600)
    ours, _frame = findings(page, source)
    assert ours == []


def test_no_serious_finding_where_the_archive_is_kept(opened: Open, source: str) -> None:
    page = opened("/manage")
    page.get_by_role("textbox", name="管理员口令").fill(PASSWORD)
    page.get_by_role("button", name="进入").click()
    page.get_by_role("tab", name="状态").click()
    page.get_by_role("button", name="核对档案").click()
    page.get_by_text("档案完好。").or_(page.get_by_text("处问题")).first.wait_for()
    ours, _frame = findings(page, source)
    assert ours == []
