"""Where things are, and the settings that change what an archive contains."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

VERSION = str(sys.modules["rag"].__version__)
ROOT = Path(__file__).resolve().parent.parent
_SHIPPED = Path(__file__).resolve().parent / "_shipped"  # where a wheel puts what a checkout has beside rag/
INSTALLED = _SHIPPED.is_dir()
ASSETS = _SHIPPED if INSTALLED else ROOT


def home(environment: Mapping[str, str], system: str, installed: bool) -> Path:
    """The folder that holds ``index/``: YANJU_HOME, else the checkout; of an installed program the user's data folder."""
    if named := environment.get("YANJU_HOME"):
        return Path(named).absolute()
    if not installed:
        return ROOT
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "yanju"
    if system == "darwin":
        return Path.home() / "Library" / "Application Support" / "yanju"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "yanju"


HOME = home(os.environ, sys.platform, INSTALLED)
DEFAULT_ARCHIVE = HOME / "index" / "default"
SAMPLE_ARCHIVE = HOME / "index" / "sample"
SAMPLE_SPEECHES = ASSETS / "data" / "speeches"
SHIPPED_MODEL = "yanju-static"
MODELS = ASSETS / "models"
APP = ASSETS / "app.py"
_ARCHIVE_FILE = "archive.sqlite"

# Raised whenever cleaning, splitting or passages change what they make of the same file.
INGEST_VERSION = 3


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
    """The archive to use: the chosen one, else the user's own, else the sample while the user's is missing or empty.

    ``writing`` never falls back to the sample, so that nobody's files end up in it by accident.
    """
    if chosen:
        return Path(chosen)
    if named := os.environ.get("YANJU_ARCHIVE"):
        return Path(named)
    if writing or not _empty(DEFAULT_ARCHIVE) or not (SAMPLE_ARCHIVE / _ARCHIVE_FILE).exists():
        return DEFAULT_ARCHIVE
    return SAMPLE_ARCHIVE


def _empty(folder: Path) -> bool:
    """Whether a folder holds no archive, or one without files. A damaged archive is not empty."""
    path = folder / _ARCHIVE_FILE
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM sources LIMIT 1").fetchone() is None
    except sqlite3.Error:
        return False
