"""Vectors in the archive, and the encoder that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.archive.connect import connect, transaction
from rag.archive.rows import pack
from rag.encoder.base import Vectors
from rag.errors import ArchiveError

# The few passages without vectors, and what filters ask, without reading through the texts and vectors of all rows.
LATER_INDEXES = {
    "passages_unencoded": "CREATE INDEX IF NOT EXISTS passages_unencoded ON passages (id) WHERE vector IS NULL",
    "speeches_facets": "CREATE INDEX IF NOT EXISTS speeches_facets"
    " ON speeches (year, speaker, organisation, place, genre)",
}


class VectorWriter:
    """Write access to the vectors of one archive, which is created when it does not exist yet.

    Vectors of two encoders never mix: a writer stores vectors only while the archive still belongs to the encoder
    that the writer has claimed, whatever other processes do meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.db = connect(self.folder, create=True)
        self._add_indexes()
        self._claimed: str | None = None

    def _add_indexes(self) -> None:
        """Indexes that large archives need and older programs can do without: no reason for a new version."""
        there = {row[0] for row in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        if missing := [statement for name, statement in LATER_INDEXES.items() if name not in there]:
            with transaction(self.db, contents=False):
                for statement in missing:
                    self.db.execute(statement)

    def close(self) -> None:
        self.db.close()

    def encoder_source(self) -> str | None:
        """The name under which the archive's encoder can be loaded, None for the shipped one."""
        row = self.db.execute("SELECT value FROM meta WHERE key = 'encoder_source'").fetchone()
        return (row[0] or None) if row else None

    def claim_encoder(self, name: str, fingerprint: str, dimension: int, source: str | None = None) -> None:
        """Notes which encoder the archive's vectors come from.

        Raises:
            ArchiveError: the archive holds vectors of another encoder.
        """
        if self._stored_fingerprint() != fingerprint:
            with transaction(self.db):
                stored = self._stored_fingerprint()
                if stored not in (None, fingerprint) and self._any_vectors():
                    raise ArchiveError(
                        "档案的向量出自另一个模型（{stored} ≠ {fingerprint}）。请先运行：python -m rag reindex --archive {folder}",
                        stored=stored,
                        fingerprint=fingerprint,
                        folder=self.folder,
                    )
                self._note_encoder(name, fingerprint, dimension, source)
        self._claimed = fingerprint

    def change_encoder(self, name: str, fingerprint: str, dimension: int, source: str | None) -> None:
        """Drops the vectors of any other encoder and notes the new one."""
        with transaction(self.db):
            if self._stored_fingerprint() != fingerprint:
                self.db.execute("UPDATE passages SET vector = NULL, sentence_vectors = NULL")
                self._note_new_vectors()
            self._note_encoder(name, fingerprint, dimension, source)
        self._claimed = fingerprint

    def unencoded(self, limit: int, after: int = 0) -> list[int]:
        """Ids of passages beyond id ``after`` that lack vectors, ascending."""
        query = "SELECT id FROM passages WHERE vector IS NULL AND id > ? ORDER BY id LIMIT ?"
        rows = self.db.execute(query, (after, limit))
        return [row[0] for row in rows]

    def put_vectors(self, rows: Sequence[tuple[int, Vectors, Vectors]]) -> None:
        """Stores (passage id, vector, sentence vectors).

        Raises:
            ArchiveError: another process gave the archive to another encoder.
        """
        with transaction(self.db):
            self._check_claim()
            self.db.executemany(
                "UPDATE passages SET vector = ?, sentence_vectors = ? WHERE id = ?",
                [(pack(v), pack(s), i) for i, v, s in rows],
            )
            self._note_new_vectors()

    def _check_claim(self) -> None:
        """To be called inside the transaction that stores vectors."""
        stored = self._stored_fingerprint()
        if stored != self._claimed:
            raise ArchiveError(
                "另一个程序刚刚更换了档案的向量模型（{claimed} ≠ {stored}），本次写入已取消。请重新运行。",
                claimed=self._claimed,
                stored=stored,
            )

    def _note_new_vectors(self) -> None:
        """Passages that were there already have other vectors now: an index of the old ones cannot be added to."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES ('vectors', lower(hex(randomblob(8))))")

    def _stored_fingerprint(self) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = 'encoder_fingerprint'").fetchone()
        return row[0] if row else None

    def _any_vectors(self) -> bool:
        return self.db.execute("SELECT 1 FROM passages WHERE vector IS NOT NULL LIMIT 1").fetchone() is not None

    def _note_encoder(self, name: str, fingerprint: str, dimension: int, source: str | None) -> None:
        values = {
            "encoder_name": name,
            "encoder_fingerprint": fingerprint,
            "encoder_dimension": str(dimension),
            "encoder_source": source or "",
        }
        self.db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))
