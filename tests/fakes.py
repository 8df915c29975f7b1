"""Doubles and builders that many tests share: an encoder to compute in the head, speeches to write in a line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.encoder.base import Vectors, unit
from rag.encoder.calibration import Calibration
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

AXES = ("信息", "会议", "安全", "作风")


class FakeEncoder:
    """Counts words: a text's vector has one axis a word of ``axes``, holds how often the word occurs, and is scaled to
    length 1. «信息信息会议» over («信息», «会议») is (2, 1)/√5; a text without any of the words is zero."""

    def __init__(self, axes: Sequence[str] = AXES, name: str = "fake") -> None:
        self.axes = tuple(axes)
        self.name = name
        self.texts = 0
        self.encodes_words = False
        self.calibration = Calibration()

    @property
    def dimension(self) -> int:
        return len(self.axes)

    @property
    def fingerprint(self) -> str:
        return f"fake-{hashlib.sha256('|'.join(self.axes).encode()).hexdigest()[:8]}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.count(word) for word in self.axes] for text in texts]
        return unit(np.array(counts, dtype=np.float32).reshape(len(texts), len(self.axes)))


def speech(title: str, *paragraphs: str, date: str = "") -> str:
    """The text of a speech as it stands in a file."""
    head = [title, f"（{date}）"] if date else [title]
    return "\n".join([*head, "同志们：", *paragraphs]) + "\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ingester(folder: Path, analyzer: Analyzer, encoder: FakeEncoder | None = None) -> Ingester:
    return Ingester.open(folder, encoder or FakeEncoder(), analyzer)


def filler(subject: str, count: int = 12) -> str:
    """Prose of about 25 characters a sentence that two subjects share hardly any four characters of."""
    verbs = ("抓紧", "落实", "研究", "检查", "通报", "总结", "部署", "改进", "评估", "公开", "培训", "督办")
    return "".join(
        f"{subject}{verbs[n % 12]}{subject}第{n}件{verbs[(n * 5 + 1) % 12]}{subject}的事。" for n in range(count)
    )


def with_files(folder: Path, analyzer: Analyzer, files: Mapping[str, str]) -> Archive:
    """The archive below ``folder`` after these files, text by name, have been ingested beside those before them."""
    for name, text in files.items():
        write(folder / "source" / name, text)
    with ingester(folder / "archive", analyzer) as put:
        put.ingest_paths([folder / "source"])
    return Archive(folder / "archive")


def fail_after(monkeypatch: pytest.MonkeyPatch, step: str, error: type[BaseException]) -> None:
    """Lets a method of `Writer` do its work and then raise «disk I/O error»."""
    real = getattr(Writer, step)

    def broken(self: Writer, *args: object) -> None:
        real(self, *args)
        raise error("disk I/O error")

    monkeypatch.setattr(Writer, step, broken)
