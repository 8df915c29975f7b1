"""What other programs may ask of an archive, as the JSON that the command line prints."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from rag import config
from rag.archive.connect import FILE
from rag.archive.reader import Archive
from rag.archive.rows import SpeechSummary
from rag.contracts import Json, answer_json, hit_json, speech_detail_json
from rag.contracts_phrases import phrase_json
from rag.encoder.base import Encoder
from rag.errors import ArchiveError, UsageError
from rag.session import Session
from rag.types import Filters
from rag.write.phrases import PhraseFinder

READ_AT_MOST = 20_000


class UnknownSpeechError(UsageError):
    """There is no speech of that id (any more)."""


@dataclass(frozen=True)
class _Opened:
    identity: tuple[int, int] | None
    source: str | None
    session: Session
    finder: PhraseFinder


class Service:
    """One archive for many readers. Changes of the archive show at once, another file in its place too.

    Safe to share between threads.
    """

    def __init__(self, folder: Path, encoder: Encoder | None = None) -> None:
        """Opens the archive in ``folder``; ``encoder`` stands in for the one that its vectors come from.

        Raises:
            ArchiveError: there is no usable archive.
            EncoderError: its encoder cannot be loaded.
        """
        self.folder = folder
        self._encoder = encoder
        self._lock = threading.Lock()
        self._opened = self._open()

    @property
    def sample(self) -> bool:
        """Whether these are the invented speeches that come with the program."""
        return self.folder.resolve() == config.SAMPLE_ARCHIVE.resolve()

    @property
    def session(self) -> Session:
        return self._now().session

    def _now(self) -> _Opened:
        """The archive as it is now: reopened where the file was replaced or its vectors come from another model."""
        with self._lock:
            held, identity = self._opened, _identity(self.folder)
            if identity is None:
                raise ArchiveError(f"{self.folder} 里的档案不在了。请放回 {FILE}，不必重新启动服务。")
            if held.identity != identity or held.source != held.session.archive.meta("encoder_source"):
                self._opened = self._open()
            return self._opened

    @property
    def archive(self) -> Archive:
        return self.session.archive

    def search(self, query: str, k: int, filters: Filters, expand: bool = True) -> list[Json]:
        """As `search --json`."""
        return [hit_json(hit) for hit in self.session.retriever.search(query, k, filters, expand).hits]

    def ask(self, question: str, filters: Filters, expand: bool = True) -> Json:
        """As `ask --json`."""
        return answer_json(self.session.answerer.ask(question, filters, expand))

    def phrases(self, query: str, k: int, filters: Filters, expand: bool = True) -> list[Json]:
        """As `phrases --json`."""
        return [phrase_json(phrase) for phrase in self._now().finder.find(query, k, filters, expand).phrases]

    def speeches(self, start: int = 0, limit: int | None = None) -> list[Json]:
        """As `list --json`, or a part of it."""
        archive = self.archive
        with archive.snapshot():
            twins = archive.twins()
            summaries = archive.summaries()
        chosen = summaries[start : None if limit is None else start + limit]
        return [_summary_json(one, twins.get(one.speech_id, [])) for one in chosen]

    def speech(self, speech_id: str) -> Json:
        """As `show --json`.

        Raises:
            UnknownSpeechError: there is none of that id; the message says if there was one.
        """
        archive = self.archive
        with archive.snapshot():
            try:
                found = archive.speech(speech_id)
            except UsageError as error:
                gone = archive.retired(speech_id)
                if gone:
                    raise UnknownSpeechError(
                        f"讲话 {speech_id}《{gone.title}》已不在档案中：来源文件改过或已移除，请重新检索。"
                    ) from error
                raise UnknownSpeechError(f"档案中没有编号为 {speech_id} 的讲话，请从讲话列表中取编号。") from error
            return speech_detail_json(found, archive.twins().get(speech_id, []))

    def read(self, speech_id: str, start: int = 0, end: int | None = None) -> Json:
        """Part of a speech, word for word: ``text`` is characters ``start`` to ``end`` (at most READ_AT_MOST of them).

        Raises:
            UnknownSpeechError: there is none of that id.
            UsageError: the speech has no such characters.
        """
        whole = self.speech(speech_id)
        text = whole["text"]
        last = min(len(text) if end is None else end, len(text), start + READ_AT_MOST)
        if not 0 <= start < last:
            raise UsageError(f"讲话 {speech_id} 共 {len(text)} 字，没有第 {start} 到 {end or len(text)} 字。")
        kept = ("speech_id", "title", "file", "year", "speaker", "genre", "chars", "outline")
        rest = last if last < len(text) else None
        return {
            **{key: whole[key] for key in kept},
            "start": start,
            "end": last,
            "text": text[start:last],
            "next": rest,
        }

    def _open(self) -> _Opened:
        identity = _identity(self.folder)
        session = Session.open(self.folder, self._encoder)
        return _Opened(identity, session.archive.meta("encoder_source"), session, PhraseFinder(session.retriever))


def _identity(folder: Path) -> tuple[int, int] | None:
    """Tells an archive from another one put in its place; None where there is none."""
    try:
        found = (folder / FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _summary_json(one: SpeechSummary, twins: list[str]) -> Json:
    return {
        "speech_id": one.speech_id,
        "title": one.title,
        "file": one.file,
        "part": one.ordinal + 1,
        "year": one.year,
        "speaker": one.speaker,
        "genre": one.genre,
        "chars": one.chars,
        "flags": list(one.flags),
        "duplicates": twins,
    }
