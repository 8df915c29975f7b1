"""Character n-grams as whole numbers: exact, without collisions, many sentences at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIZES = (1, 2, 3, 4)
START, END = "\x02", "\x03"
_BITS = 16  # four characters of the basic plane fill 64 bits exactly
_OUTSIDE = 0xFFFD

_FOLDED = {
    **{ord(c): "0" for c in "0123456789０１２３４５６７８９"},
    **{ord(c): "“" for c in "「『‘\"＂"},
    **{ord(c): "”" for c in "」』’"},
    **dict(zip(map(ord, ",;:!?()"), "，；：！？（）", strict=True)),
    **{ord(c): "" for c in " \t\r\n\u3000\u200b\ufeff"},
    ord(START): "",
    ord(END): "",
}


def fold(text: str) -> str:
    """The copy that features are read from: every digit is «0», quotation marks and widths are one, no white space."""
    return text.translate(_FOLDED)


def key(gram: str) -> int:
    """The number of an n-gram of up to four characters."""
    number = 0
    for char in gram:
        number = number << _BITS | _code(char)
    return number


def keys(folded: Sequence[str], size: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All n-grams of one size of the folded sentences, each set between `START` and `END`, in order.

    Returns:
        keys, and for every sentence the index at which its own begin (one more where the last ends). N-grams that
        reach from one sentence into the next come along; they hold ``END START`` and are in no vocabulary.
    """
    codes = np.frombuffer(
        "".join(f"{START}{text}{END}" for text in folded).encode("utf-32-le", "surrogatepass"), dtype="<u4"
    )
    codes = np.where(codes > 0xFFFF, _OUTSIDE, codes).astype(np.uint64)
    count = max(0, len(codes) - size + 1)
    out = np.zeros(count, dtype=np.uint64)
    for n in range(size):
        out = out << np.uint64(_BITS) | codes[n : n + count]
    ends = np.cumsum([len(text) + 2 for text in folded], dtype=np.int64)
    return out, np.minimum(np.concatenate([[0], ends]), count)


def _code(char: str) -> int:
    return ord(char) if ord(char) <= 0xFFFF else _OUTSIDE
