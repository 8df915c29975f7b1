"""What every system is given: the texts of the files, an encoder, and a size for passages."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from rag.encoder.base import Encoder
from rag.errors import ReadError, YanjuError
from rag.evaluate.search_metrics import Ranked
from rag.ingest.readers import read_source
from rag.pipeline.find import find_files

SIZE = 260  # characters of a passage, as in rag.config.Settings.passage_target
DEPTH = 20
INSTALL = "pip install -r benchmarks/requirements.txt"
Searcher = Callable[[str], list[Ranked]]
log = logging.getLogger(__name__)


class PeerMissing(YanjuError):
    """A library that a system needs is not installed."""


@dataclass(frozen=True)
class Corpus:
    """``folder`` as it is for this program; ``texts`` by file name, as our readers give them, for the others."""

    folder: Path
    texts: Mapping[str, str]
    encoder: Encoder
    size: int = SIZE

    @classmethod
    def read(cls, folder: Path, encoder: Encoder) -> Corpus:
        return cls(folder, read_texts(folder), encoder)

    @property
    def characters(self) -> int:
        return sum(map(len, self.texts.values()))


@dataclass(frozen=True)
class System:
    """Something that can be asked. ``build`` is timed; what it returns gives up to `DEPTH` passages, best first."""

    key: str
    name: str
    setup: str
    build: Callable[[Corpus], Searcher]


def read_texts(folder: Path) -> dict[str, str]:
    """The texts of every file of a folder that can be read, by file name."""
    texts: dict[str, str] = {}
    for path in find_files([folder]):
        if isinstance(path, Path):
            try:
                texts[path.name] = read_source(path).text
            except ReadError as error:
                log.warning("%s: %s", path.name, error)
    return texts


def needed(module: str) -> ModuleType:
    """An optional library.

    Raises:
        PeerMissing: it is not installed; the message has the command that installs it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise PeerMissing(f"{error.name} is not installed: {INSTALL}") from error


def sentences(text: str) -> Iterator[str]:
    """Sentences with what ends them; lines end sentences too. Joined, they give the text."""
    yield from re.findall(r"[^。！？；\n]*[。！？；\n]+[”’」』）]*|[^。！？；\n]+$", text)


def chunks(texts: Mapping[str, str], size: int = SIZE) -> list[Ranked]:
    """Runs of whole sentences of up to ``size`` characters: the plain Chinese-aware way to cut a text."""
    out: list[Ranked] = []
    for file, text in texts.items():
        current = ""
        for sentence in sentences(text):
            if current and len(current) + len(sentence) > size:
                out.append(Ranked(file, current))
                current = ""
            current += sentence
        out.append(Ranked(file, current))
    return [chunk for chunk in out if chunk.text.strip()]


def jieba_words(text: str) -> list[str]:
    """jieba's words of more than punctuation, in lower case."""
    import jieba

    return [word.lower() for word in jieba.lcut(text) if re.search(r"\w", word)]


def best(found: Sequence[Ranked]) -> list[Ranked]:
    """The first `DEPTH`, without repeats."""
    return list(dict.fromkeys(found))[:DEPTH]
