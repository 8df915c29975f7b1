"""Where things are, and the settings that change what an archive contains."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_ARCHIVE = ROOT / "index" / "default"
SAMPLE_ARCHIVE = ROOT / "index" / "sample"
SHIPPED_MODEL = "yanju-static"
MODELS = ROOT / "models"

# Raised whenever cleaning, splitting or passages change what they make of the same file.
INGEST_VERSION = 1


@dataclass(frozen=True)
class Settings:
    """What ingestion depends on. Its fingerprint is stored with every source; a stale source is ingested again."""

    ingest_version: int = INGEST_VERSION
    passage_target: int = 260
    passage_max: int = 380

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change with any setting."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


def archive_folder(chosen: str | os.PathLike[str] | None, *, writing: bool = False) -> Path:
    """The archive to use: the chosen one, else the user's own, else the sample while the user has none.

    ``writing`` never falls back to the sample, so that nobody's files end up in it by accident.
    """
    if chosen:
        return Path(chosen)
    if named := os.environ.get("YANJU_ARCHIVE"):
        return Path(named)
    if writing or (DEFAULT_ARCHIVE / "archive.sqlite").exists() or not (SAMPLE_ARCHIVE / "archive.sqlite").exists():
        return DEFAULT_ARCHIVE
    return SAMPLE_ARCHIVE
