"""The vector index on disk: a FAISS file with its stamp."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.archive.reader import Archive
from rag.search.ann import Plan
from rag.search.derived import Derived, Stamp

DERIVED = Derived("passages", ".faiss", 5, "向量索引")
STAMP = DERIVED.stamp


def current_stamp(archive: Archive) -> Stamp:
    """What an index of the archive as it is now would say of itself, but for its plan and the name of its file."""
    return {
        "version": DERIVED.version,
        "generation": archive.generation,
        "state": archive.meta("state"),
        "encoder": archive.encoder_fingerprint,
        "vectors": archive.meta("vectors"),
        "passages": archive.count("passages") - archive.unencoded(),
    }


def same(stored: Stamp, now: Stamp) -> bool:
    """Whether a stored stamp says what one made now would."""
    return all(stored[key] == value for key, value in now.items())


def load(folder: Path) -> tuple[Any, Plan, Stamp] | None:
    """The stored index with its plan and stamp, whatever state of the archive it belongs to; None without a sound one."""
    try:
        stored = DERIVED.read(folder)
        if stored is None:
            return None
        plan = Plan(**stored["plan"])
        index = read_index(folder, stored)
        return (index, plan, stored) if index.ntotal == stored["passages"] else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        DERIVED.unreadable(error)
        return None


def read_index(folder: Path, stamp: Stamp) -> Any:
    """The FAISS index that a stamp names.

    Raises:
        OSError, ValueError, TypeError, KeyError, RuntimeError: the stamp or the file is damaged.
    """
    import faiss

    with (folder / Path(stamp["file"]).name).open("rb") as stream:
        # Through Python's own files, because FAISS cannot open every path on Windows.
        return faiss.read_index(faiss.PyCallbackIOReader(stream.read))  # type: ignore[attr-defined]


def store(folder: Path, index: Any, plan: Plan, stamp: Stamp) -> None:
    """Writes the index beside the archive."""
    import faiss

    def write(stream: Any) -> None:
        faiss.write_index(index, faiss.PyCallbackIOWriter(stream.write))  # type: ignore[attr-defined]

    DERIVED.store(folder, write, {**stamp, "plan": plan.as_json()})
