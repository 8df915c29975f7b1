"""对稿: a draft held against the archive, sentence by sentence. Nothing of the draft is kept, written or logged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from rag.errors import ReadError, UsageError
from rag.ingest.document import take_apart
from rag.ingest.readers import read_bytes, read_source
from rag.search.retriever import Retriever
from rag.text.normalize import without_space
from rag.text.sentences import sentences
from rag.text.words import Analyzer
from rag.types import Place, SourceText, Span
from rag.write.precedent import closest, least_closeness
from rag.write.quoting import Reuse, reuses_of
from rag.write.stream import stream_of
from rag.write.texts import Places

LONGEST = 60_000
VERBATIM, ALTERED, PRECEDENT, NO_PRECEDENT, UNJUDGED = "verbatim", "altered", "precedent", "no-precedent", "unjudged"
_MOSTLY = 0.8
_HALF = 0.5
_LETTER = re.compile(r"\w")


@dataclass(frozen=True)
class Draft:
    """``text`` is what is checked; ``notes`` say what reading left out of the file."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nearest:
    """The archive's sentence that comes closest, with its closeness (0 to 1)."""

    place: Place
    text: str
    closeness: float


@dataclass(frozen=True)
class CheckedSentence:
    """``text`` is the draft's ``[start:end]``; ``status`` the strongest thing that can be said of the sentence.

    verbatim: most of it stands in the archive letter for letter. altered: half of it does with changes. precedent: the
    archive says something close. no-precedent: it does not. unjudged: too short, or the encoder was never calibrated.
    """

    span: Span
    text: str
    status: str
    nearest: Nearest | None


@dataclass(frozen=True)
class DraftReport:
    """The whole check. ``reuses`` are in the order of the draft."""

    draft: Draft
    sentences: tuple[CheckedSentence, ...]
    reuses: tuple[Reuse, ...]
    threshold: float | None

    @property
    def misquotations(self) -> tuple[Reuse, ...]:
        """What the draft puts between quotation marks and the archive has otherwise."""
        return tuple(one for one in self.reuses if one.quoted and not one.verbatim)

    def count(self, status: str) -> int:
        return sum(one.status == status for one in self.sentences)


def pasted(text: str) -> Draft:
    """A draft as it was typed or pasted.

    Raises:
        UsageError: it holds nothing to check, or too much.
    """
    if not _LETTER.search(text):
        raise UsageError("稿子是空的，请粘贴正文或选择文件。")
    if len(text) > LONGEST:
        raise UsageError(f"稿子过长（{len(text)} 字，最多 {LONGEST} 字），请分段核对。")
    return Draft(text)


def uploaded(data: bytes, name: str, analyzer: Analyzer) -> Draft:
    """A draft read from a file, with page headers, furniture and hard line breaks taken out as at ingestion.

    Raises:
        ReadError: the file cannot be read.
        UsageError: it is too long.
    """
    try:
        return _cleaned(read_bytes(data, name), name, analyzer)
    except ReadError as error:
        raise ReadError(error.reason, f"{PurePath(name).name}：{error}") from error


def draft_file(path: Path, analyzer: Analyzer) -> Draft:
    """`uploaded` for a file on disk."""
    try:
        return _cleaned(read_source(path), path.name, analyzer)
    except ReadError as error:
        raise ReadError(error.reason, f"{path.name}：{error}") from error


def _cleaned(source: SourceText, name: str, analyzer: Analyzer) -> Draft:
    document = take_apart(source, name, analyzer)
    draft = pasted("\n\n".join(speech.text for speech in document.speeches))
    removed = sum(len(without_space(source.text[one.start : one.end])) for one in document.removals)
    notes = (*document.notes, *((f"读入时清理了 {removed} 个字符（页眉、页码、重复的题名等）",) if removed else ()))
    return Draft(draft.text, notes)


def check_draft(retriever: Retriever, draft: Draft, progress: Callable[[int, int], None] | None = None) -> DraftReport:
    """Holds a draft against the archive: verbatim and altered runs, and each sentence's closest precedent."""
    archive = retriever.archive
    with archive.snapshot():
        places = Places(archive)
        reuses = reuses_of(draft.text, archive, places, retriever.analyzer)
        threshold = least_closeness(retriever.encoder)
        spans = sentences(draft.text)
        checked = []
        for n, span in enumerate(spans, 1):
            checked.append(_checked(retriever, places, draft.text, span, reuses, threshold))
            if progress:
                progress(n, len(spans))
    return DraftReport(draft, tuple(checked), tuple(reuses), threshold)


def _checked(
    retriever: Retriever, places: Places, text: str, span: Span, reuses: Sequence[Reuse], threshold: float | None
) -> CheckedSentence:
    said = text[span.start : span.end]
    found = closest(retriever, said)
    nearest = None
    if found:
        nearest = Nearest(places.place(found.speech.speech_id, found.span), found.text, round(found.closeness, 4))
    exact = [piece for one in reuses if one.verbatim for piece in one.exact]
    if share(text, span, exact) >= _MOSTLY:
        status = VERBATIM
    elif share(text, span, [one.span for one in reuses]) >= _HALF:
        status = ALTERED
    elif nearest is None or threshold is None:
        status = UNJUDGED
    else:
        status = PRECEDENT if nearest.closeness >= threshold else NO_PRECEDENT
    return CheckedSentence(span, said, status, nearest)


def share(text: str, span: Span, parts: Sequence[Span]) -> float:
    """The share of a sentence's letters that the parts cover."""
    offsets = stream_of(text[span.start : span.end]).offsets + span.start
    covered = sum(any(part.start <= at < part.end for part in parts) for at in offsets.tolist())
    return covered / len(offsets) if len(offsets) else 0.0
