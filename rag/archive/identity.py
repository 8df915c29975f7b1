"""Names that last: keys of source files and ids of speeches."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Sequence

from rag.text.normalize import skeleton


def source_key(name: str, sha256: str, taken: Container[str]) -> str:
    """Key of a new source, from its name and first content; a number tells identical copies apart.

    The key is kept when the file later changes or moves, so that ids and citations stay valid.
    """
    base = hashlib.sha256(f"{name}\n{sha256}".encode()).hexdigest()[:8]
    key, n = base, 1
    while key in taken:
        n += 1
        key = f"{base}-{n}"
    return key


def speech_ids(key: str, texts: Sequence[str]) -> list[str]:
    """Public ids of the speeches of one source: key, hash of the text, and the occurrence of a repeated text."""
    seen: Counter[str] = Counter()
    out = []
    for text in texts:
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        seen[digest] += 1
        out.append(f"{key}.{digest}" + (f".{seen[digest]}" if seen[digest] > 1 else ""))
    return out


def content_hash(text: str) -> str:
    """Equal for texts that differ in punctuation, width and white space only."""
    return hashlib.sha256(skeleton(text).encode()).hexdigest()[:16]
