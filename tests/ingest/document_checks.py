"""What must hold of every document, whatever its source: used by the property, seed and sample tests."""

from __future__ import annotations

from rag.text.sentences import sentences
from rag.types import Document, Passage, Speech

MAX_PASSAGE = 400


def check_document(document: Document) -> None:
    check_coverage(document)
    for speech in document.speeches:
        check_pieces(document.source.text, speech)
        check_sections(speech)
        check_passages(speech)
        check_flags(speech)


def check_coverage(document: Document) -> None:
    """Pieces and removals cover every character of the source exactly once."""
    pieces = [(piece.source, piece.source + piece.length) for speech in document.speeches for piece in speech.pieces]
    at = 0
    for start, end in sorted([*pieces, *((removal.start, removal.end) for removal in document.removals)]):
        assert start == at, (
            f"{'lost' if start > at else 'twice'}: {document.source.text[min(at, start) : max(at, start)]!r}"
        )
        assert end > start
        at = end
    assert at == len(document.source.text)
    assert all(removal.reason for removal in document.removals)


def check_pieces(source: str, speech: Speech) -> None:
    """Every piece is verbatim, and what stands between pieces is white space."""
    at = 0
    for start, origin, length in speech.pieces:
        assert speech.text[start : start + length] == source[origin : origin + length]
        assert start >= at
        assert speech.text[at:start] == "" or speech.text[at:start].isspace()
        at = start + length
    assert at == len(speech.text)


def check_sections(speech: Speech) -> None:
    """Sections come in text order, and each lies inside its parent, which begins before it."""
    starts = [section.start for section in speech.sections]
    assert starts == sorted(starts)
    for n, section in enumerate(speech.sections):
        assert 0 <= section.start <= section.heading_end <= section.end <= len(speech.text)
        assert section.start < section.end
        siblings = [other for other in speech.sections[:n] if other.parent == section.parent]
        assert not siblings or siblings[-1].end <= section.start
        if section.parent is None:
            continue
        parent = speech.sections[section.parent]
        assert section.parent < n
        assert parent.level < section.level
        assert parent.start <= section.start
        assert section.end <= parent.end


def check_passages(speech: Speech) -> None:
    """Passages hold whole sentences, in order, without overlap, and none is too long to show."""
    at = 0
    whole = set(sentences(speech.text))
    for passage in speech.passages:
        assert at <= passage.start < passage.end <= len(speech.text)
        assert passage.end - passage.start <= MAX_PASSAGE
        check_sentences(speech, passage, whole)
        at = passage.end
    assert speech.passages, "a speech without passages cannot be found"


def check_sentences(speech: Speech, passage: Passage, whole: set[tuple[int, int]]) -> None:
    assert passage.sentences[0].start == passage.start
    assert passage.sentences[-1].end == passage.end
    at = passage.start
    for span in passage.sentences:
        assert span in whole
        assert at <= span.start < span.end <= passage.end
        assert not speech.text[at : span.start].strip()
        at = span.end


def check_flags(speech: Speech) -> None:
    assert all(0 <= flag.start <= flag.end <= len(speech.text) and flag.note for flag in speech.flags)
