"""Makes the pictures in docs/images/: `python docs/screenshots.py` (needs playwright, pillow and a Chromium).

Every page of the application over the sample archive, light and dark, on a wide screen and a phone (a tablet too with `--only`).
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZES = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
QUESTION = "他们对信息报送是怎么讲的"
REFUSED = '"量子纠错码" 怎么实现'
FORMULATION = "长条桌"
WORDING = "形容工作细致不出错的说法"
DRAFT = "信息员是一座城市的守夜人。紧急信息必须在一小时内上报。下一步要建好三个平台、用好四支队伍。"
PASSWORD = "screenshots"
LIMIT = 300_000


@contextmanager
def serving(sample: Path) -> Iterator[str]:
    """The application on the sample archive alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as empty:
        code = (
            "import sys; from pathlib import Path; from rag import config;"
            "config.DEFAULT_ARCHIVE = Path(sys.argv[1]); config.SAMPLE_ARCHIVE = Path(sys.argv[2]);"
            "sys.argv = ['streamlit', 'run', 'app.py', '--server.headless=true', '--server.port=' + sys.argv[3]];"
            "from streamlit.web.cli import main; main()"
        )
        environment = {**os.environ, "YANJU_ADMIN_PASSWORD": PASSWORD}
        command = [sys.executable, "-c", code, empty, str(sample), str(port)]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        try:
            for _ in range(150):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def settled(page: Page) -> None:
    page.wait_for_function("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")
    page.wait_for_timeout(700)


def pictures(browser: Browser, address: str, size: str, scheme: str) -> Iterator[tuple[str, bytes]]:
    """Every page, in one session, as (name, PNG)."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]

    def shot(name: str) -> tuple[str, bytes]:
        settled(page)
        return f"{name}-{size}-{scheme}", page.screenshot()

    page.goto(address)
    page.locator(".choices button").first.wait_for()
    yield shot("start")
    page.goto(f"{address}/?q={quote(QUESTION)}")
    page.locator(".quotation").first.wait_for()
    yield shot("ask")
    page.locator(".chip").first.click()
    yield shot("citation")
    page.locator(".card").get_by_role("link").first.click()
    page.locator("mark.target").first.wait_for()
    page.wait_for_timeout(900)
    yield shot("read")
    page.goto(f"{address}/?q={quote(REFUSED)}")
    page.locator(".refusal").wait_for()
    yield shot("refusal")
    page.goto(f"{address}/?q={quote(QUESTION)}&mode=search&from=2018&to=2021")
    page.locator(".passage").first.wait_for()
    page.get_by_text("筛选（已启用）").click()
    yield shot("search")
    for n in range(3):
        page.locator(".passage").get_by_role("button", name="收入素材篮").first.click()
        page.locator(".passage").get_by_role("button", name="已在素材篮").nth(n).wait_for()
    if size == "phone":
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNav").get_by_text("素材篮").click()
    page.locator(".items li").first.wait_for()
    page.wait_for_timeout(4500)
    yield shot("basket")
    page.goto(f"{address}/browse")
    page.locator(".rows li").first.wait_for()
    yield shot("browse")
    page.goto(f"{address}/manage")
    page.get_by_role("textbox", name="管理员口令").fill(PASSWORD)
    page.get_by_role("button", name="进入").click()
    page.get_by_role("tab").first.wait_for()
    yield shot("manage")
    page.get_by_role("tab", name="移出清单").click()
    yield shot("removals")
    yield from writing(page, address, shot)
    page.close()


def writing(page: Page, address: str, shot: Callable[[str], tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The pages for those who write."""
    page.goto(f"{address}/themes")
    page.locator(".theme").first.wait_for(timeout=60_000)
    yield shot("themes")
    page.locator(".theme").first.click()
    page.get_by_text("代表段落").wait_for(timeout=60_000)
    yield shot("theme")
    page.goto(f"{address}/phrases?q={quote(WORDING)}")
    page.get_by_text("收入素材篮").first.wait_for(timeout=60_000)
    yield shot("phrases")
    page.goto(f"{address}/compare?view=trace&q={quote(FORMULATION)}")
    page.locator(".uses").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    yield shot("trace")
    page.get_by_text("雷同与沿用").last.click()
    page.get_by_text("对照阅读").first.wait_for(timeout=60_000)
    yield shot("reuse")
    page.get_by_text("对稿", exact=True).first.click()
    page.locator("textarea").fill(DRAFT)
    page.get_by_role("button", name="对稿", exact=True).last.click()
    page.get_by_text("先例").first.wait_for(timeout=60_000)
    yield shot("draft")


def smaller(picture: bytes) -> bytes:
    """The picture with 128 colours, which is what a page of text has."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    if out.tell() > LIMIT:
        raise SystemExit(f"a picture has {out.tell()} bytes, more than {LIMIT}")
    return out.getvalue()


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=Path, default=ROOT / "index" / "sample", help="the sample archive")
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--only", nargs="*", default=["wide-light", "wide-dark", "phone-light"])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with serving(options.sample.resolve()) as address, sync_playwright() as playwright:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for wanted in options.only:
            for name, picture in pictures(browser, address, *wanted.split("-")):
                (options.out / f"{name}.png").write_bytes(smaller(picture))
        browser.close()


if __name__ == "__main__":
    main()
