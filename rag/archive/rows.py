"""Rows of the archive as dataclasses, and the packing of their compound columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from rag.encoder.base import Vectors
from rag.functions.labels import LABELS, SentenceFunction
from rag.types import Flag, Found, Passage, Piece, Section, Span

_T = TypeVar("_T")
UPLOAD = "upload:"  # stands before the name of a file that came through the browser, instead of a path
Packed = tuple[bytes | None, bytes | None]  # a passage's vector and its sentences' vectors, as they are stored
FIELDS = ("title", "occasion", "speaker", "post", "organisation", "place", "date", "year", "genre", "language")


@dataclass(frozen=True)
class FileInfo:
    """A source file as the archive knows it. ``path`` is absolute and in POSIX form, or «upload:name»."""

    path: str
    name: str
    folder: str
    sha256: str
    data: bytes


@dataclass(frozen=True)
class HeldFile:
    """A file in the quarantine, without its bytes. ``size`` is their number, ``added`` when it came, in ISO form."""

    id: int
    path: str
    name: str
    mark: str
    size: int
    added: str

    @property
    def shown(self) -> str:
        """The path as people read it; of an upload its name."""
        return self.path.removeprefix(UPLOAD)


@dataclass(frozen=True)
class SourceRow:
    """One source file without its bytes and text. ``display`` is its name as citations show it."""

    id: int
    key: str
    path: str
    display: str
    sha256: str
    format: str
    encoding: str | None
    pages: tuple[int, ...]
    notes: tuple[str, ...]
    settings: str
    added_at: str
    changed_at: str
    speeches: int


@dataclass(frozen=True)
class SpeechRow:
    """One speech. ``metadata`` has corrections applied; a corrected entry's ``where`` is «人工更正»."""

    id: int
    speech_id: str
    file: str
    source_id: int
    ordinal: int
    text: str
    content_hash: str
    pieces: tuple[Piece, ...]
    metadata: dict[str, Found]
    sections: tuple[Section, ...]
    flags: tuple[Flag, ...]

    @property
    def title(self) -> str:
        return str(self.metadata["title"].value)

    @property
    def year(self) -> int | None:
        value = self.metadata["year"].value
        return int(value) if value is not None else None


@dataclass(frozen=True)
class SpeechSummary:
    """One speech without its text, for lists. ``flags`` names the kinds of its flags."""

    speech_id: str
    file: str
    ordinal: int
    title: str
    speaker: str | None
    organisation: str | None
    place: str | None
    date: str | None
    year: int | None
    genre: str | None
    chars: int
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Retired:
    """A speech that is no longer in the archive, as it last was. ``source_key`` names its file."""

    speech_id: str
    title: str
    source_key: str
    text: str


class Late(Sequence[_T]):
    """A sequence that is read from its stored form when it is first looked at: of hundreds of candidates few are."""

    __slots__ = ("_found", "_read")

    def __init__(self, read: Callable[[], Sequence[_T]]) -> None:
        self._read = read
        self._found: Sequence[_T] | None = None

    @property
    def _items(self) -> Sequence[_T]:
        if self._found is None:
            self._found = self._read()
        return self._found

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> _T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[_T]: ...

    def __getitem__(self, at: int | slice) -> _T | Sequence[_T]:
        return self._items[at]

    def __iter__(self) -> Iterator[_T]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._items))


class StoredSpans(Late[Span]):
    """Spans of sentences that are stored relative to where their passage starts; as an array they have shape (n, 2)."""

    __slots__ = ("_start", "_stored")

    def __init__(self, stored: str, start: int) -> None:
        super().__init__(partial(load_sentences, stored, start))
        self._stored, self._start = stored, start

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        flat = np.array(json.loads(self._stored), dtype=dtype or np.int64)
        return flat.reshape(-1, 2) + flat.dtype.type(self._start)


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage with its vectors (float32, unit length; sentence_vectors has one row a sentence).

    ``functions`` has one entry a sentence; none at all while they are not known (see `rag.pipeline.labelling`).
    """

    id: int
    speech: int
    start: int
    end: int
    section: tuple[str, ...]
    page: int | None
    sentences: Sequence[Span]
    content_hash: str
    vector: Vectors
    sentence_vectors: Vectors
    functions: Sequence[SentenceFunction] = ()


@dataclass(frozen=True)
class PassageVectors:
    """Vectors of passages (float32, unit length), in the order of ``ids``.

    ``passages`` has shape (n, dimension), zeros where a passage has none yet. ``sentences`` has those of all sentences,
    one below the other: the n-th passage's are rows ``bounds[n]`` to ``bounds[n + 1]``.
    """

    ids: tuple[int, ...]
    passages: Vectors
    sentences: Vectors
    bounds: NDArray[np.int64]

    @classmethod
    def unpacked(cls, packed: Mapping[int, Packed], dimension: int) -> PassageVectors:
        """Vectors in the order of their stored form, all unpacked at once."""
        none, size = bytes(2 * dimension), 2 * max(1, dimension)
        counts = [len(sentences or b"") // size for _, sentences in packed.values()]
        return cls(
            tuple(packed),
            unpack(b"".join([vector or none for vector, _ in packed.values()]), dimension).reshape(-1, max(1, dimension)),
            unpack(b"".join([sentences or b"" for _, sentences in packed.values()]), dimension),
            np.cumsum([0, *counts], dtype=np.int64),
        )


def dump(items: Iterable[Any]) -> str:
    return json.dumps(
        [list(item) if isinstance(item, tuple) else item for item in items], ensure_ascii=False, separators=(",", ":")
    )


def dump_sections(sections: Sequence[Section]) -> str:
    return json.dumps([astuple(section) for section in sections], ensure_ascii=False, separators=(",", ":"))


def load_sections(value: str) -> tuple[Section, ...]:
    return tuple(Section(*row) for row in json.loads(value))


def dump_found(metadata: dict[str, Found]) -> str:
    return json.dumps(
        {key: [f.value, f.where, round(f.confidence, 3)] for key, f in metadata.items()}, ensure_ascii=False
    )


def load_found(value: str) -> dict[str, Found]:
    return {key: Found(*row) for key, row in json.loads(value).items()}


def dump_sentences(passage: Passage) -> str:
    """Sentence spans relative to the passage, flat."""
    return json.dumps([n - passage.start for span in passage.sentences for n in span], separators=(",", ":"))


def load_sentences(value: str, start: int) -> tuple[Span, ...]:
    flat = json.loads(value)
    return tuple(Span(start + a, start + b) for a, b in zip(flat[::2], flat[1::2], strict=True))


def dump_functions(functions: Sequence[SentenceFunction]) -> str:
    """[[number of the label, confidence], …], one entry a sentence."""
    return json.dumps([[LABELS.index(f.label), f.confidence] for f in functions], separators=(",", ":"))


def load_functions(value: str | None) -> tuple[SentenceFunction, ...]:
    return tuple(SentenceFunction(LABELS[n], confidence) for n, confidence in json.loads(value)) if value else ()


def pack(vectors: Vectors) -> bytes:
    """Half-precision little-endian rows: a third decimal of a cosine is all that is lost."""
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def unpack(blob: bytes | None, dimension: int) -> Vectors:
    if not blob:
        return np.zeros((0, dimension), dtype=np.float32)
    return np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(-1, dimension)
