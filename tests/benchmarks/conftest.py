"""A folder of three short files, and an encoder that can be computed in the head."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, speech, write

from benchmarks.quality.corpus import Corpus

AXES = ("信息", "会议", "安全", "作风")


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Each file says one thing three times over; 信息 is in a.txt, 安全 in b.txt, 作风 in c.txt."""
    for name, word in (("a.txt", "信息"), ("b.txt", "安全"), ("c.txt", "作风")):
        sentences = [f"各单位要把{word}放在心上第{n}条，{word}的事不能拖。" for n in range(3)]
        write(tmp_path / "files" / name, speech(f"在全市{word}工作座谈上的讲话", "".join(sentences)))
    return Corpus.read(tmp_path / "files", FakeEncoder(AXES))
