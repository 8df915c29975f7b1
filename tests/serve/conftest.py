"""Fixtures for the tests of the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from fakes import ingester, speech, write
from servers import KEY, OTHER_KEY, serving

from rag.text.words import Analyzer

Served = Callable[..., httpx2.Client]


@pytest.fixture(scope="session")
def keyed(sample_archive: Path) -> Iterator[httpx2.Client]:
    """The sample archive behind two keys; the client sends the first."""
    with serving(sample_archive, YANJU_API_KEYS=f"{KEY}, {OTHER_KEY}", YANJU_API_RATE="600") as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        yield client


@pytest.fixture
def served() -> Iterator[Served]:
    """``served(folder, YANJU_…=…)``: a client of a server on that archive, for one test."""
    with ExitStack() as stack:
        yield lambda archive, **environment: stack.enter_context(serving(archive, **environment))


@pytest.fixture
def small(tmp_path: Path, analyzer: Analyzer) -> Path:
    """An archive of one speech, with the fake encoder."""
    text = speech("在信息会议上的讲话", "信息要快，会议要少，安全要牢。", date="2019年3月5日")
    report = ingester(tmp_path / "archive", analyzer).ingest_paths([write(tmp_path / "信息.txt", text)])
    assert report.speeches == 1
    return tmp_path / "archive"
