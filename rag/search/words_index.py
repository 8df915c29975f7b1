"""The inverted lists of an archive's words: derived from it, stored beside it, mapped into memory, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from rag.archive.reader import Archive
from rag.search.derived import Derived, Stamp, is_ancestor
from rag.search.postings import Batch, Postings, Segments, build

DERIVED = Derived("words", ".postings", 1, "词语索引")
REBUILT_SHARE = 0.05
_BATCH = 20_000
_ARRAYS = ("starts", "rows", "counts", "ids", "lengths")


@dataclass(frozen=True)
class WordsIndex:
    """BM25 over the words of one state of the archive. Never changed: other threads may be searching it."""

    generation: int
    stamp: Stamp
    segments: Segments

    @classmethod
    def open(cls, archive: Archive, known: WordsIndex | None = None) -> WordsIndex:
        """The index of the archive's present generation: ``known`` or the stored one with what changed, else a new one."""
        with archive.snapshot():
            now = {"version": DERIVED.version, "generation": archive.generation, "state": archive.meta("state")}
            for find in (lambda: (known.segments.base, known.stamp) if known else None, lambda: _load(archive.folder)):
                found = find()
                current = cls._continuing(*found, archive, now) if found else None
                if current:
                    return current
            base = build(_batches(archive, 0))
            stamp = _store(archive.folder, base, now) or now
        return cls(archive.generation, stamp, Segments(base))

    @classmethod
    def _continuing(cls, base: Postings, stamp: Stamp, archive: Archive, now: Stamp) -> WordsIndex | None:
        if all(stamp[key] == value for key, value in now.items()):
            return cls(archive.generation, stamp, Segments(base))
        if not is_ancestor(stamp, archive):
            return None
        live, last = archive.live_ids(), int(base.ids[-1]) if len(base.ids) else 0
        gone = np.flatnonzero(~np.isin(base.ids, live, assume_unique=True))
        fresh = len(live) - (len(base.ids) - len(gone))
        if fresh + len(gone) > REBUILT_SHARE * len(base.ids):
            return None
        added = build(_batches(archive, last)) if fresh else None
        return cls(archive.generation, stamp, Segments(base, added, gone))


def _batches(archive: Archive, after: int) -> Iterator[Batch]:
    rows = archive.db.execute("SELECT rowid, tokens FROM words WHERE rowid > ? ORDER BY rowid", (after,))
    while batch := rows.fetchmany(_BATCH):
        yield np.array([row[0] for row in batch], dtype=np.int64), [row[1] for row in batch]


def _store(folder: Path, postings: Postings, stamp: Stamp) -> Stamp | None:
    arrays = {name: getattr(postings, name) for name in _ARRAYS}
    arrays["terms"] = np.frombuffer("\n".join(postings.terms).encode(), dtype=np.uint8)
    layout: dict[str, tuple[int, str, int]] = {}
    at = 0
    for name, array in arrays.items():
        layout[name] = (at, str(array.dtype), len(array))
        at += -(-array.nbytes // 8) * 8  # arrays begin at multiples of eight bytes

    def write(stream: IO[bytes]) -> None:
        for name, array in arrays.items():
            stream.write(b"\0" * (layout[name][0] - stream.tell()))
            stream.write(np.ascontiguousarray(array).view(np.uint8).data)

    return DERIVED.store(folder, write, {**stamp, "arrays": layout})


def _load(folder: Path) -> tuple[Postings, Stamp] | None:
    try:
        stored = DERIVED.read(folder)
        return (_mapped(folder / Path(stored["file"]).name, stored["arrays"]), stored) if stored else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        DERIVED.unreadable(error)
        return None


def _mapped(path: Path, layout: dict[str, Any]) -> Postings:
    end = max(at + np.dtype(kind).itemsize * length for at, kind, length in layout.values())
    if path.stat().st_size != end:
        raise ValueError(f"{path.stat().st_size} ≠ {end}")
    arrays = {
        # As plain arrays: a slice of a memmap, which is one itself, takes ten times as long.
        name: np.asarray(np.memmap(path, kind, "r", at, (length,))) if length else np.zeros(0, dtype=kind)
        for name, (at, kind, length) in layout.items()
    }
    terms = arrays.pop("terms").tobytes().decode()
    postings = Postings(tuple(terms.split("\n")) if terms else (), **arrays)
    if int(postings.starts[-1]) != len(postings.rows) or len(postings.terms) + 1 != len(postings.starts):
        raise ValueError("starts")
    return postings
