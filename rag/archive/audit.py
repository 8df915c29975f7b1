"""The log of what was done to the archive."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.archive.functions import FunctionWriter


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class AuditWriter(FunctionWriter):
    """Write access to the log, which only ever grows."""

    def audit(self, action: str, target: str, detail: str) -> None:
        """To be called inside the transaction of what it notes."""
        self.db.execute(
            "INSERT INTO audit (at, action, target, detail) VALUES (?,?,?,?)", (now(), action, target, detail)
        )
