"""Functions of sentences in the archive, and the classifier that they come from."""

from __future__ import annotations

from collections.abc import Sequence

from rag.archive.connect import transaction
from rag.archive.rows import dump_functions
from rag.archive.vectors import VectorWriter
from rag.functions.labels import SentenceFunction


class FunctionWriter(VectorWriter):
    """Write access to the functions of sentences. What another classifier found is dropped, never mixed."""

    def claim_functions(self, fingerprint: str) -> None:
        """Notes which classifier the functions come from, and drops those of any other."""
        if self._stored_classifier() == fingerprint:
            return
        with transaction(self.db):
            if self._stored_classifier() != fingerprint:
                self.db.execute("UPDATE passages SET functions = NULL WHERE functions IS NOT NULL")
                self.db.execute("INSERT OR REPLACE INTO meta VALUES ('functions_fingerprint', ?)", (fingerprint,))

    def speeches_without_functions(self, limit: int) -> list[int]:
        """Row ids of speeches with passages whose sentences have no function yet."""
        rows = self.db.execute("SELECT DISTINCT speech FROM passages WHERE functions IS NULL LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def put_functions(self, rows: Sequence[tuple[int, Sequence[SentenceFunction]]]) -> None:
        """Stores (passage id, functions of its sentences)."""
        with transaction(self.db):
            self.db.executemany(
                "UPDATE passages SET functions = ? WHERE id = ?", [(dump_functions(found), i) for i, found in rows]
            )

    def _stored_classifier(self) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = 'functions_fingerprint'").fetchone()
        return row[0] if row else None
