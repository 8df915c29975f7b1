"""What a hostile case is, and the harmless speech that most of them are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fakes import filler, speech

GOOD = speech("在全市信息工作会议上的讲话", filler("信息", 20), filler("安全", 20))
LINE = "信息报送要快而准，值班守住每一个夜晚。"


@dataclass(frozen=True)
class Case:
    """A file to be made and what may become of it: «added», or the reasons for which it may be refused.

    ``note`` is part of a remark that the report must make; ``keeps`` must stand in a speech, ``never`` in none.
    ``long`` cases take minutes or gigabytes and run only with YANJU_LONG=1.
    """

    name: str
    make: Callable[[Path], object]
    expected: tuple[str, ...] = ("added",)
    note: str = ""
    keeps: str = ""
    never: str = ""
    long: bool = False

    def __str__(self) -> str:
        return self.name.encode("ascii", "backslashreplace").decode()[:60]


def of(content: str | bytes | Callable[[], bytes]) -> Callable[[Path], object]:
    """Writes the content when it is wanted: big ones are not kept in memory."""

    def make(path: Path) -> object:
        body = content() if callable(content) else content
        return path.write_bytes(body.encode() if isinstance(body, str) else body)

    return make
