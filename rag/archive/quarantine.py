"""The quarantine: files with a mark of secrecy, kept as they came and read by nobody until they are released.

The bytes of a file are in the archive or in the quarantine, never in both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePosixPath

from rag.archive.audit import AuditWriter, now
from rag.archive.connect import transaction
from rag.archive.rows import FileInfo, HeldFile
from rag.errors import UsageError

_COLUMNS = "id, path, name, mark, length(bytes), added"


def held_files(db: sqlite3.Connection) -> list[HeldFile]:
    """All files in the quarantine, by number."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'quarantine'").fetchone():
        return []  # an older archive that cannot be written
    return [HeldFile(*row) for row in db.execute(f"SELECT {_COLUMNS} FROM quarantine ORDER BY id")]


class QuarantineWriter(AuditWriter):
    """Write access to the quarantine. Nothing of it is text of the archive, so its generation stays."""

    def hold(self, info: FileInfo, mark: str) -> int | None:
        """Puts a file into the quarantine unless it is there already; returns its number.

        None for bytes that are in the archive: those have been let in before.
        """
        with transaction(self.db, contents=False):
            if self.db.execute("SELECT 1 FROM sources WHERE sha256 = ?", (info.sha256,)).fetchone():
                return None
            row = self.db.execute("SELECT id FROM quarantine WHERE sha256 = ?", (info.sha256,)).fetchone()
            if row:
                self.audit("refuse", info.name, mark)
                return int(row[0])
            cursor = self.db.execute(
                "INSERT INTO quarantine (path, name, sha256, mark, bytes, added) VALUES (?,?,?,?,?,?)",
                (info.path, info.name, info.sha256, mark, info.data, now()),
            )
            self.audit("quarantine", info.name, mark)
            return int(cursor.lastrowid or 0)

    def held(self, number: int) -> FileInfo:
        """A file in the quarantine, with its bytes.

        Raises:
            UsageError: there is none of this number.
        """
        row = self.db.execute("SELECT path, name, sha256, bytes FROM quarantine WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise _unknown(number)
        path, name, sha256, data = row
        return FileInfo(path, name, PurePosixPath(path).parent.name, sha256, data)

    def discard(self, numbers: Iterable[int]) -> list[HeldFile]:
        """Deletes files from the quarantine, in one transaction, and overwrites their bytes; returns what they were.

        Raises:
            UsageError: there is none of one of these numbers; all stay.
        """
        self.db.execute("PRAGMA secure_delete = ON")
        with transaction(self.db, contents=False):
            there = {one.id: one for one in held_files(self.db)}
            gone = []
            for number in dict.fromkeys(numbers):
                if number not in there:
                    raise _unknown(number)
                gone.append(there[number])
            for one in gone:
                self.db.execute("DELETE FROM quarantine WHERE id = ?", (one.id,))
                self.audit("discard", one.name, one.mark)
        with suppress(sqlite3.DatabaseError):
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log beside the archive has the bytes too
        return gone

    def _note_release(self, info: FileInfo, mark: str | None) -> None:
        """Takes the file out of the quarantine, inside the transaction that puts it into the archive."""
        row = self.db.execute("SELECT id, mark FROM quarantine WHERE sha256 = ?", (info.sha256,)).fetchone()
        if row:
            self.db.execute("DELETE FROM quarantine WHERE id = ?", (row[0],))
        if mark or row:
            self.audit("release", info.name, mark or row[1])


def _unknown(number: int) -> UsageError:
    return UsageError("隔离区里没有编号为 {number} 的文件。可用 python -m rag quarantine 查看。", number=number)
