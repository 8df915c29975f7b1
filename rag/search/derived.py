"""Files beside the archive that can be made from it any time: written at a stroke, never believed when they do not fit.

A stamp (JSON) names the file and says which state of the archive it was made of. The file is written under a name of
its own, then the stamp replaces the old one: readers find a stamp with the file it belongs to, or make both anew.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.archive.connect import FILE as ARCHIVE
from rag.archive.reader import Archive

Stamp = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Derived:
    """One kind of derived file: ``<name>-….<suffix>`` with the stamp ``<name>.json``."""

    name: str
    suffix: str
    version: int
    shown: str

    @property
    def stamp(self) -> str:
        return f"{self.name}.json"

    def store(self, folder: Path, write: Callable[[IO[bytes]], object], stamp: Mapping[str, Any]) -> Stamp | None:
        """Writes the file, then its stamp; gives the stamp as stored. A folder that takes no files is no error."""
        path = None
        try:
            path = self._new_file(folder, self.suffix)
            with path.open("wb") as stream:
                write(stream)
            stored = {**stamp, "file": path.name}
            temporary = self._new_file(folder, ".tmp")
            temporary.write_text(json.dumps(stored), encoding="utf-8")
            os.replace(temporary, folder / self.stamp)
        except (OSError, RuntimeError) as error:
            log.warning("%s未能存盘，下次会再建：%s", self.shown, error)
            if path:
                with suppress(OSError):
                    path.unlink()
            return None
        self._sweep(folder, keep=path)
        return stored

    def read(self, folder: Path) -> Stamp | None:
        """The stored stamp, None where there is none of this version.

        Raises:
            OSError, ValueError, TypeError, KeyError: it is damaged.
        """
        try:
            stored = json.loads((folder / self.stamp).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return stored if stored["version"] == self.version else None

    def unreadable(self, error: Exception) -> None:
        log.warning("%s无法读取，重新建立：%s", self.shown, error)

    def _new_file(self, folder: Path, suffix: str) -> Path:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f"{self.name}-", suffix=suffix)
        os.close(handle)
        shutil.copymode(folder / ARCHIVE, name)
        return Path(name)

    def _sweep(self, folder: Path, keep: Path) -> None:
        """Deletes what earlier files have left, as far as the system allows."""
        for path in (*folder.glob(f"{self.name}-*{self.suffix}"), *folder.glob(f"{self.name}-*.tmp")):
            if path != keep:
                with suppress(OSError):
                    path.unlink()


def is_ancestor(stored: Mapping[str, Any], archive: Archive) -> bool:
    """Whether the archive was once in the state that a stamp names (by ``generation`` and ``state``)."""
    return stored["state"] is not None and archive.meta(f"state:{stored['generation']}") == stored["state"]
