"""One archive for many readers: reading in parts, what is no longer there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write
from hypothesis import given
from hypothesis import strategies as st

from rag import config
from rag.errors import ArchiveError, UsageError
from rag.serve import service as module
from rag.serve.service import Service, UnknownSpeechError
from rag.text.words import Analyzer
from rag.types import Filters


@pytest.fixture
def service(small: Path) -> Service:
    return Service(small, FakeEncoder())


def test_reading_on_from_next_gives_the_whole_text(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    one = service.speeches()[0]["speech_id"]
    whole = service.speech(one)["text"]

    @given(step=st.integers(1, len(whole) + 3))
    def reads_on(step: int) -> None:
        monkeypatch.setattr(module, "READ_AT_MOST", step)
        parts, start = list[str](), 0
        while start is not None:
            part = service.read(one, start)
            assert part["text"] == whole[part["start"] : part["end"]]
            parts, start = [*parts, part["text"]], part["next"]
        assert "".join(parts) == whole

    reads_on()


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (10_000, None)])
def test_an_empty_range_is_refused(service: Service, start: int, end: int | None) -> None:
    with pytest.raises(UsageError, match=f"没有第 {start} 到"):
        service.read(service.speeches()[0]["speech_id"], start, end)


def test_a_speech_that_was_replaced_says_so(service: Service, small: Path, analyzer: Analyzer) -> None:
    old = service.speeches()[0]["speech_id"]
    text = speech("在信息会议上的讲话", "安全安全，还是安全，会议可以不开。")
    ingester(small, analyzer).ingest_paths([write(small.parent / "信息.txt", text)])
    with pytest.raises(UnknownSpeechError, match="《在信息会议上的讲话》已不在档案中"):
        service.speech(old)
    assert "安全安全，还是安全" in service.search("安全", 1, Filters())[0]["text"]


def test_the_sample_is_known_as_such(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not service.sample
    monkeypatch.setattr(config, "SAMPLE_ARCHIVE", service.folder)
    assert service.sample


def test_no_archive_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="rag ingest"):
        Service(tmp_path, FakeEncoder())
