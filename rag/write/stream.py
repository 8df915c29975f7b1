"""A text as the stream of its letters, digits and Chinese characters: what copying leaves unchanged.

Punctuation, white space, width and case are left out, as in `rag.text.normalize.skeleton`; every character knows the
offset that it came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rag.text.normalize import skeleton
from rag.types import Span

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int32]

_UNSEEN = 0xFFFFFFFF
_CHARACTERS = 0x110000
_folded = np.full(_CHARACTERS, _UNSEEN, dtype=np.uint32)


@dataclass(frozen=True, eq=False)
class Stream:
    """``codes[i]`` is the folded code point of the i-th character, ``offsets[i]`` where it stands in the text."""

    codes: Codes
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def text(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le")

    def span(self, start: int, end: int) -> Span:
        """Where the stream's ``[start:end]`` stands in the text (``end > start``)."""
        return Span(int(self.offsets[start]), int(self.offsets[end - 1]) + 1)

    def position(self, offset: int) -> int:
        """The first position of the stream that stands at ``offset`` or after it."""
        return int(np.searchsorted(self.offsets, offset))


def stream_of(text: str) -> Stream:
    """The stream of a text. A character that folds into several (㎡) is represented by its first one."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    new = np.unique(codes[_folded[codes] == _UNSEEN])
    for code in new.tolist():
        _folded[code] = ord(skeleton(chr(code))[:1] or "\0")
    folded = _folded[codes]
    offsets = np.flatnonzero(folded).astype(np.int32)
    return Stream(folded[offsets], offsets)
