"""What ingestion tells about each file."""

from __future__ import annotations

from dataclasses import dataclass, field

ADDED, UPDATED, UNCHANGED, SKIPPED, FAILED = "added", "updated", "unchanged", "skipped", "failed"


@dataclass(frozen=True)
class FileReport:
    """One file's fate. ``reason`` is a code, ``message`` a sentence; both None when all went well."""

    file: str
    status: str
    speeches: int = 0
    passages: int = 0
    reason: str | None = None
    message: str | None = None
    notes: tuple[str, ...] = ()
    speech_ids: tuple[str, ...] = ()
    chars: int = 0


@dataclass
class IngestReport:
    """All files of one run."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, status: str) -> int:
        return sum(report.status == status for report in self.files)

    @property
    def speeches(self) -> int:
        return sum(report.speeches for report in self.files)

    @property
    def failed(self) -> bool:
        return self.count(FAILED) > 0
