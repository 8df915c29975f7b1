"""Archives, servers and sessions that the tests of the interface share."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest
    from playwright.sync_api import Browser, Page
    from streamlit.testing.v1 import AppTest

HERE = Path(__file__).resolve().parent
SPEECHES = HERE.parents[1] / "data" / "speeches"
PASSWORD = "只为测试"
FILES = (
    "云堰市政务信息报送推进会讲话2019.pdf",
    "白禾县总工会第九次代表大会工作报告.docx",
    "办公室工作讲话稿精选3篇.txt",
    "望榆区优化营商环境大会讲话.md",
    "青渚市委办公室2013年信息工作会议讲话.txt",
)
HOSTILE_NAME = "<img src=x onerror='window.hacked=1'> **x** :red[y].txt"
HOSTILE_TITLE = "<script>window.hacked=1</script>**粗体** [链接](javascript:alert(1)) :red[红] $x^2$ `代码`"
HOSTILE_TEXT = f"""在全市档案工作会议上的讲话
2016年5月6日
同志们：
一、{HOSTILE_TITLE}
档案库房的樟脑丸必须每季度更换一次，{HOSTILE_TITLE}，这是防虫的老办法。
<b>库房管理员</b>每天早晚各记录一次温度和湿度，超过界限的当天报告分管领导，不得拖延。
二、经验要推广
各县区要把防虫、防潮、防火的办法写进制度，年底逐一检查，检查结果在全市通报。
"""


def build(folder: Path, files: tuple[Path, ...]) -> None:
    """An archive with the shipped encoder."""
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, shared_analyzer

    report = Ingester.open(folder, chosen_encoder(), shared_analyzer()).ingest_paths(files)
    assert not report.failed, report.files


def build_of(folder: Path, texts: Mapping[str, str]) -> Path:
    """An archive of these files, as if they had been uploaded."""
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, shared_analyzer

    ingester = Ingester.open(folder, chosen_encoder(), shared_analyzer())
    for name, text in texts.items():
        assert ingester.ingest_upload(name, text.encode()).status == "added"
    return folder


def use_archives(monkeypatch: pytest.MonkeyPatch, default: Path, sample: Path) -> None:
    """Makes these the reader's own archive and the sample."""
    from rag import config

    monkeypatch.setattr(config, "DEFAULT_ARCHIVE", default)
    monkeypatch.setattr(config, "SAMPLE_ARCHIVE", sample)
    monkeypatch.delenv("YANJU_ARCHIVE", raising=False)


def started(app: AppTest, params: Mapping[str, str | list[str]]) -> AppTest:
    """The application or page, run once at an address with these parameters."""
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def page_alone(module: str, **params: str | list[str]) -> AppTest:
    """The page that a module draws, without the navigation."""
    from streamlit.testing.v1 import AppTest

    return started(AppTest.from_function(_draw, args=(module,), default_timeout=60), params)


def _draw(module: str) -> None:
    from importlib import import_module

    import_module(module).page()


def shown(app: AppTest, key: str) -> Any:
    """The data that a component was given."""
    for element in app.main:
        if getattr(element, "key", None) == f"component-{key}":
            return json.loads(element.proto.json)
    raise AssertionError(f"no component {key}")


def spoil(folder: Path) -> None:
    """Gives the speech full of markup a title full of it, 10,000 characters long."""
    from rag.archive.reader import Archive
    from rag.archive.writer import Writer

    one = next(speech for speech in Archive(folder).speeches() if "樟脑丸" in speech.text)
    writer = Writer(folder)
    writer.correct(one.speech_id, "title", (HOSTILE_TITLE + "长" * 10_000)[:10_000])
    writer.close()


@contextmanager
def serving(folder: Path, *options: str, **environment: str) -> Iterator[str]:
    """The application on the archives `default` and `sample` of a folder, at the address it yields.

    ``options`` are Streamlit's.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("YANJU_", "STREAMLIT_"))} | environment
    command = [sys.executable, str(HERE / "serve.py"), str(folder), str(port), *options]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=HERE.parents[1])
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
                break
            except OSError:
                assert server.poll() is None, (folder / "server.log").read_text(encoding="utf-8")
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def opener(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    contexts: list[Any] = []
    errors: list[str] = []

    def open_(path: str = "/", width: int = 1280, height: int = 800) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []
