"""What a reader may spend on one file, and the clock that holds it to that."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rag.errors import ReadError


@dataclass(frozen=True)
class ReadLimits:
    """Bounds for one file: sizes in bytes, ``max_chars`` in code points, ``seconds`` of wall time.

    ``max_unzipped`` bounds what a DOCX (or another zip container) unpacks to, added up over its members.
    """

    max_bytes: int = 200_000_000
    max_chars: int = 50_000_000
    max_pages: int = 5_000
    max_unzipped: int = 500_000_000
    seconds: float = 120.0

    def check_bytes(self, size: int) -> None:
        """Raise ReadError ``oversized`` for a file of ``size`` bytes that is too big."""
        if size > self.max_bytes:
            raise ReadError(
                "oversized",
                f"文件有 {_megabytes(size)}，超过上限 {_megabytes(self.max_bytes)}；请拆分后再导入，或调高上限。",
            )

    def check_chars(self, count: int) -> None:
        """Raise ReadError ``oversized`` for a text of ``count`` characters that is too long."""
        if count > self.max_chars:
            raise ReadError(
                "oversized", f"正文有 {count} 字，超过上限 {self.max_chars} 字；请拆分后再导入，或调高上限。"
            )

    def check_unzipped(self, size: int) -> None:
        """Raise ReadError ``oversized`` for a container that unpacks to ``size`` bytes and may not."""
        if size > self.max_unzipped:
            raise ReadError(
                "oversized",
                f"文件解压后有 {_megabytes(size)}，超过上限 {_megabytes(self.max_unzipped)}，"
                "可能是压缩炸弹；请确认来源，另存一份后再导入。",
            )


@dataclass(frozen=True)
class Deadline:
    """A moment after which reading one file stops."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds left; negative once the deadline has passed."""
        return self.started + self.seconds - time.monotonic()

    def check(self) -> None:
        """Raise ReadError ``timeout`` once the deadline has passed."""
        if self.left < 0:
            raise timed_out(self.seconds)


def timed_out(seconds: float) -> ReadError:
    """The error for a file that takes longer than ``seconds`` to read."""
    return ReadError("timeout", f"读取超过 {seconds:g} 秒，已停止；请拆分文件或另存一份后再导入，或调高时间上限。")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size} 字节"
