"""Public corpora: read the compressed files, clean them, cut them into passages and sentences."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.errors import TrainingError

DOCUMENTS, PARALLEL, PUBLIC, SYNONYMS = (
    f"{name}.jsonl.zst" for name in ("documents", "parallel", "pairs_public", "synonyms"))
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])")
_SPACE = re.compile(r"\s+")
_RESOLUTION = re.compile(r"第十[二三四]届")
_DATELINE = re.compile(r"^(中国网络电视台消息|央视网消息)[(（]新闻联播[)）][:：]")
_CREDITS = re.compile(r"[(（]视频编辑.*")


@dataclass(frozen=True)
class Document:
    """One text of the public corpora; ``source`` is news, law, report or general."""

    source: str
    title: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Paragraphs without inner white space, empty ones left out."""
        return [line for line in (_SPACE.sub("", raw) for raw in self.text.split("\n")) if line]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON Lines file, Zstandard-compressed when its name ends in .zst."""
    if not path.exists():
        raise TrainingError(f"{path} is missing; give the folder of the public corpora with --corpora DIR")
    if path.suffix != ".zst":
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
        return
    try:
        import zstandard
    except ImportError as error:
        raise TrainingError("reading .zst files needs zstandard: pip install zstandard") from error
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_documents(folder: Path, leave_out: Iterable[str] = ()) -> Iterator[Document]:
    """Cleaned documents, sources in ``leave_out`` skipped.

    Resolutions on later government reports carry no year and are dropped with them: reports from
    2016 on are kept for tests elsewhere.
    """
    skip = set(leave_out)
    for row in read_rows(folder / DOCUMENTS):
        late = row["source"] == "report" and not row.get("year") and _RESOLUTION.search(row["title"])
        if row["source"] in skip or late:
            continue
        text = row["text"].replace("\xa0", "")
        if row["source"] == "news":
            text = "\n".join(_CREDITS.sub("", _DATELINE.sub("", line.strip())) for line in text.split("\n"))
        yield Document(row["source"], row["title"], text)


def squash(text: str) -> str:
    """The text without any white space."""
    return _SPACE.sub("", text)


def split_sentences(text: str) -> list[str]:
    """Sentences with their closing mark; nothing is lost."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def cut_passages(paragraphs: Iterable[str], low: int = 25, high: int = 270, longest: int = 600) -> list[str]:
    """Whole paragraphs joined up to ``high`` characters; longer ones cut between sentences."""
    passages: list[str] = []
    current = ""
    for paragraph in paragraphs:
        pieces = split_sentences(paragraph) if len(paragraph) > high else [paragraph]
        if len(pieces) > 1 and current:
            passages.append(current)
            current = ""
        for piece in pieces:
            if current and len(current) + len(piece) > high:
                passages.append(current)
                current = ""
            current += piece
        if len(pieces) > 1:
            passages.append(current)
            current = ""
    passages.append(current)
    return [passage[:longest] for passage in passages if len(passage) >= low]
