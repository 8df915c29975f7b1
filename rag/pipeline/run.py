"""Ingestion: files into the archive, one transaction each, with a report."""

from __future__ import annotations

import hashlib
import logging
import stat
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.archive.holder import noted
from rag.archive.rows import UPLOAD, FileInfo
from rag.archive.writer import Known, Writer
from rag.config import Settings
from rag.encoder.base import Encoder
from rag.errors import ReadError, YanjuError
from rag.functions.classifier import shipped_classifier
from rag.ingest.readers import DEFAULT_LIMITS
from rag.ingest.secrecy import secrecy_mark
from rag.pipeline.find import find_files, readable, unreadable
from rag.pipeline.labelling import label_missing
from rag.pipeline.limits import FileLimits, altered, broke, marked
from rag.pipeline.prepare import Prepared
from rag.pipeline.report import ADDED, FAILED, UNCHANGED, UPDATED, FileReport, IngestReport
from rag.pipeline.workers import InProcess, Preparer, Waiting, WorkerPool
from rag.text.words import Analyzer
from rag.types import Document

Progress = Callable[[int, int, FileReport], None]
AHEAD_BYTES = 64_000_000  # of files that have been read and wait for their turn to be written
log = logging.getLogger(__name__)


@dataclass
class _Job:
    """A file on its way in. ``waiting`` waits for the worker, None while the file seems unchanged; ``released`` says
    that it may go in whatever its mark."""

    info: FileInfo
    shown: str
    waiting: Waiting | None
    released: bool = False


class Ingester:
    """Puts files into one archive with one encoder.

    With ``workers`` above 0, files are read in that many processes at most, each file within ``limits``; with 0 in this
    process, without limits. The archive gets the same rows in the same order either way. Close it when done.
    """

    def __init__(
        self,
        writer: Writer,
        encoder: Encoder,
        analyzer: Analyzer,
        settings: Settings | None = None,
        model: str | None = None,
        *,
        workers: int = 0,
        limits: FileLimits | None = None,
        allow_marked: bool = False,
    ) -> None:
        self.writer = writer
        self.encoder = encoder
        self.analyzer = analyzer
        self.settings = settings or Settings()
        self.allow_marked = allow_marked
        writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension, model)
        writer.claim_functions(shipped_classifier().fingerprint)
        self._preparer: Preparer = (
            WorkerPool(encoder, analyzer, workers, limits) if workers else InProcess(encoder, analyzer)
        )

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, analyzer: Analyzer | None = None, workers: int = 0) -> Ingester:
        return cls(Writer(folder), encoder, analyzer or Analyzer(), workers=workers)

    def close(self) -> None:
        """Ends the workers. The writer stays open."""
        self._preparer.close()

    def __enter__(self) -> Ingester:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ingest_paths(self, paths: Iterable[Path], progress: Progress | None = None) -> IngestReport:
        """Ingests files and folders. What cannot be read is reported and the rest goes on.

        Raises:
            ArchiveError: the archive itself cannot be written.
        """
        started = time.monotonic()
        found = list(find_files(paths))
        report = IngestReport()
        with noted(self.writer.folder):
            label_missing(self.writer)
            for n, one in enumerate(self._in_order(found), 1):
                report.files.append(one)
                if progress:
                    progress(n, len(found), one)
        report.seconds = time.monotonic() - started
        return report

    def ingest_file(self, path: Path) -> FileReport:
        """Ingests one file from disk."""
        return self._finish(self._begin(path))

    def ingest_upload(self, name: str, data: bytes) -> FileReport:
        """Ingests a file that came through the browser; a later upload of the same name replaces it."""
        safe = Path(name.replace("\\", "/")).name or "upload"
        return self._finish(self._job(FileInfo(UPLOAD + safe, safe, "", _sha256(data), data), safe))

    def release(self, numbers: Iterable[int], progress: Progress | None = None) -> IngestReport:
        """Ingests files of the quarantine under their own names and paths. One that cannot be read stays there.

        Raises:
            UsageError: there is none of one of these numbers; nothing is changed.
            ArchiveError: the archive itself cannot be written.
        """
        started = time.monotonic()
        wanted = list(dict.fromkeys(numbers))
        for number in wanted:
            self.writer.held(number)
        report = IngestReport()
        with noted(self.writer.folder):
            for n, number in enumerate(wanted, 1):
                report.files.append(self._release(self.writer.held(number)))
                if progress:
                    progress(n, len(wanted), report.files[-1])
        report.seconds = time.monotonic() - started
        return report

    def _release(self, info: FileInfo) -> FileReport:
        shown = info.path.removeprefix(UPLOAD)
        if _sha256(info.data) != info.sha256:
            return _failed(shown, altered())
        job = self._job(info, shown)
        job.released = True
        return self._finish(job)

    def _in_order(self, found: Sequence[Path | FileReport]) -> Iterator[FileReport]:
        """Reports in the order of the files; workers read some files ahead of the one that is written."""
        begun: deque[_Job | FileReport] = deque()
        for item in found:
            begun.append(item if isinstance(item, FileReport) else self._begin(item))
            while len(begun) > self._preparer.ahead or _bytes(begun) > AHEAD_BYTES:
                yield self._finish(begun.popleft())
        while begun:
            yield self._finish(begun.popleft())

    def _begin(self, path: Path) -> _Job | FileReport:
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
            return _failed(shown, error)
        full = Path(readable(path.resolve()))
        return self._job(FileInfo(full.as_posix(), full.name, full.parent.name, _sha256(data), data), shown)

    def _job(self, info: FileInfo, shown: str) -> _Job:
        unchanged = self._same(self.writer.known(info), info)
        return _Job(info, shown, None if unchanged else self._preparer.submit(info.data, info.name))

    def _same(self, known: Known | None, info: FileInfo) -> bool:
        return bool(known and known.sha256 == info.sha256 and known.settings == self.settings.fingerprint)

    def _finish(self, job: _Job | FileReport) -> FileReport:
        if isinstance(job, FileReport):
            return job
        info = job.info
        known = self.writer.known(info)  # once more: files before this one, and other processes, may have changed it
        if known and self._same(known, info):
            if known.path != info.path:
                self.writer.moved(known, info)
            return self._unchanged(known.id, job.shown)
        try:
            waiting = job.waiting or self._preparer.submit(info.data, info.name)
            prepared = waiting()
            mark = self._mark(prepared.document, job)
        except ReadError as error:
            return _failed(job.shown, error)
        except YanjuError:
            raise
        except Exception as error:  # a fault of ours on one file must not cost the other files
            log.exception("%s", job.shown)
            return _failed(job.shown, broke(error))
        return self._put(job, prepared, known is not None, mark)

    def _mark(self, document: Document, job: _Job) -> str | None:
        """The mark in spite of which a document goes in; raises ReadError where the quarantine holds it."""
        mark = secrecy_mark(document.source.text)
        if mark is None or job.released or self.allow_marked:
            return mark
        number = self.writer.hold(job.info, mark)
        if number is not None:
            raise marked(mark, number, self.writer.folder)
        return None

    def _put(self, job: _Job, prepared: Prepared, update: bool, mark: str | None) -> FileReport:
        document = prepared.document
        ids = self.writer.put(job.info, document, prepared.encoded, self.settings.fingerprint, mark)
        notes = [*document.notes, *self._twin_notes(ids)]
        if mark:
            notes.insert(0, f"文件开头标有「{mark}」，已按要求放行。")
        return FileReport(
            job.shown,
            UPDATED if update else ADDED,
            len(ids),
            self._passages(ids),
            notes=tuple(notes),
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


def _failed(shown: str, error: ReadError) -> FileReport:
    return FileReport(shown, FAILED, reason=error.reason, message=str(error))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bytes(begun: Iterable[_Job | FileReport]) -> int:
    return sum(len(job.info.data) for job in begun if isinstance(job, _Job))
