"""Ingestion: files into the archive, one transaction each, with a report."""

from __future__ import annotations

import hashlib
import logging
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rag.archive.writer import FileInfo, Writer
from rag.config import Settings
from rag.encoder.base import Encoder
from rag.errors import ReadError, YanjuError
from rag.ingest.readers import DEFAULT_LIMITS
from rag.pipeline.find import find_files, readable, unreadable
from rag.pipeline.prepare import prepare
from rag.pipeline.report import ADDED, FAILED, UNCHANGED, UPDATED, FileReport, IngestReport
from rag.text.words import Analyzer

Progress = Callable[[int, int, FileReport], None]
UPLOAD = "upload:"
log = logging.getLogger(__name__)


class Ingester:
    """Puts files into one archive with one encoder."""

    def __init__(
        self,
        writer: Writer,
        encoder: Encoder,
        analyzer: Analyzer,
        settings: Settings | None = None,
        model: str | None = None,
    ) -> None:
        self.writer = writer
        self.encoder = encoder
        self.analyzer = analyzer
        self.settings = settings or Settings()
        writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension, model)

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, analyzer: Analyzer | None = None) -> Ingester:
        return cls(Writer(folder), encoder, analyzer or Analyzer())

    def ingest_paths(self, paths: Iterable[Path], progress: Progress | None = None) -> IngestReport:
        """Ingests files and folders. What cannot be read is reported and the rest goes on.

        Raises:
            ArchiveError: the archive itself cannot be written.
        """
        started = time.monotonic()
        found = list(find_files(paths))
        report = IngestReport()
        for n, item in enumerate(found, 1):
            one = item if isinstance(item, FileReport) else self.ingest_file(item)
            report.files.append(one)
            if progress:
                progress(n, len(found), one)
        report.seconds = time.monotonic() - started
        return report

    def ingest_file(self, path: Path) -> FileReport:
        """Ingests one file from disk."""
        shown = readable(path)
        try:
            status = path.stat()
            # Reading a pipe or a device might never end.
            if not stat.S_ISREG(status.st_mode):
                return FileReport(shown, FAILED, reason="unreadable", message="不是普通文件，未读取。")
            DEFAULT_LIMITS.check_bytes(status.st_size)
            data = path.read_bytes()
        except OSError as error:
            return unreadable(path, error)
        except ReadError as error:
            return FileReport(shown, FAILED, reason=error.reason, message=str(error))
        full = Path(readable(path.resolve()))
        return self._ingest(FileInfo(full.as_posix(), full.name, full.parent.name, _sha256(data), data), shown)

    def ingest_upload(self, name: str, data: bytes) -> FileReport:
        """Ingests a file that came through the browser; a later upload of the same name replaces it."""
        safe = Path(name.replace("\\", "/")).name or "upload"
        return self._ingest(FileInfo(UPLOAD + safe, safe, "", _sha256(data), data), safe)

    def _ingest(self, info: FileInfo, shown: str) -> FileReport:
        known = self.writer.known(info)
        if known and known.sha256 == info.sha256 and known.settings == self.settings.fingerprint:
            if known.path != info.path:
                self.writer.moved(known, info)
            return self._unchanged(known.id, shown)
        try:
            prepared = prepare(info.data, info.name, self.encoder, self.analyzer)
        except ReadError as error:
            return FileReport(shown, FAILED, reason=error.reason, message=str(error))
        except YanjuError:
            raise
        except Exception as error:  # a fault of ours on one file must not cost the other files
            log.exception("%s", shown)
            message = f"程序处理这个文件时出错（{type(error).__name__}：{error}），已跳过；其他文件不受影响。"
            return FileReport(shown, FAILED, reason="internal", message=message)
        document = prepared.document
        ids = self.writer.put(info, document, prepared.encoded, self.settings.fingerprint)
        return FileReport(
            shown,
            UPDATED if known else ADDED,
            len(ids),
            self._passages(ids),
            notes=(*document.notes, *self._twin_notes(ids)),
            speech_ids=tuple(ids),
            chars=len(document.source.text),
        )

    def _unchanged(self, source: int, shown: str) -> FileReport:
        rows = self.writer.db.execute(
            "SELECT speech_id FROM speeches WHERE source = ? ORDER BY ordinal", (source,)
        ).fetchall()
        ids = tuple(row[0] for row in rows)
        return FileReport(shown, UNCHANGED, len(ids), self._passages(ids), speech_ids=ids)

    def _passages(self, ids: Sequence[str]) -> int:
        count = "SELECT count(*) FROM passages p JOIN speeches s ON s.id = p.speech WHERE s.speech_id = ?"
        return sum(self.writer.db.execute(count, (speech_id,)).fetchone()[0] for speech_id in ids)

    def _twin_notes(self, ids: Sequence[str]) -> list[str]:
        """Names the speeches that have the same text as one of these."""
        notes, told = [], set()
        for speech_id in ids:
            rows = self.writer.db.execute(
                "SELECT a.title, a.ordinal + 1, b.speech_id, b.title, b.ordinal + 1, s.name FROM speeches a"
                " JOIN speeches b ON a.content_hash = b.content_hash AND a.id != b.id JOIN sources s ON s.id = b.source"
                " WHERE a.speech_id = ?",
                (speech_id,),
            ).fetchall()
            for title, ordinal, other, other_title, other_ordinal, file in rows:
                if frozenset((speech_id, other)) not in told:
                    told.add(frozenset((speech_id, other)))
                    notes.append(f"第{ordinal}篇《{title}》与 {file} 第{other_ordinal}篇《{other_title}》内容相同")
        return notes


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
