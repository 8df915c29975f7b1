"""Speeches that are damaged, made anew from the original file that the archive keeps."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from rag.archive.connect import transaction
from rag.archive.writer import FileInfo, Writer
from rag.config import Settings
from rag.encoder.base import Encoder
from rag.errors import ArchiveError, ReadError
from rag.functions.classifier import shipped_classifier
from rag.pipeline.finding import COVERAGE, PASSAGES, PIECES, RESTORE, SECTIONS, TEXT, Finding
from rag.pipeline.prepare import prepare
from rag.text.words import Analyzer

FROM_ORIGINAL = frozenset({TEXT, PIECES, COVERAGE, SECTIONS, PASSAGES})
_WAY_OUT = "档案里的原文件完好，verify --repair 会用它重新导入。"


def restorable(finding: Finding, source: int) -> Finding:
    """The finding as one that `restore_sources` can do away with, for a source whose original is sound."""
    if finding.repairable or finding.check not in FROM_ORIGINAL:
        return finding
    return replace(finding, message=finding.message.replace(RESTORE, _WAY_OUT), repairable=True, rows=(source,))


def sources_to_restore(findings: Iterable[Finding]) -> list[int]:
    """Row ids of the sources that findings made by `restorable` are about."""
    return sorted({row for finding in findings if finding.check in FROM_ORIGINAL for row in finding.rows})


def restore_sources(writer: Writer, encoder: Encoder, analyzer: Analyzer, sources: Iterable[int]) -> None:
    """Ingests the stored originals of ``sources`` again, one transaction each; ids of unharmed texts stay.

    Raises:
        ArchiveError: the archive cannot be written, or an original cannot be read by this program; the others are done.
    """
    writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension, writer.encoder_source())
    writer.claim_functions(shipped_classifier().fingerprint)
    refused = []
    for source in sources:
        if not original_sound(writer.db, source):
            continue
        info = FileInfo(
            *writer.db.execute(
                "SELECT path, name, folder, sha256, bytes FROM sources WHERE id = ?", (source,)
            ).fetchone()
        )
        try:
            prepared = prepare(info.data, info.name, encoder, analyzer)
        except ReadError as error:
            refused.append(f"{info.name}：{error}")
            continue
        writer.put(info, prepared.document, prepared.encoded, Settings().fingerprint)
    with transaction(writer.db):
        for table in ("words", "pairs"):  # of passages that the damage had taken away
            writer.db.execute(f"DELETE FROM {table} WHERE rowid NOT IN (SELECT id FROM passages)")
    if refused:
        raise ArchiveError("有原文件未能重新导入。{refused}", refused="".join(refused))


def original_sound(db: sqlite3.Connection, source: int) -> bool:
    """Whether the original file of a source is stored as it came."""
    row = db.execute("SELECT sha256, bytes FROM sources WHERE id = ?", (source,)).fetchone()
    return row is not None and hashlib.sha256(row[1]).hexdigest() == row[0]
