"""Whether a stored speech agrees with its source, and its passages with it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.identity import content_hash
from rag.archive.passages import batches
from rag.archive.rows import load_functions, load_sections, unpack
from rag.ingest.metadata import read_front
from rag.pipeline.finding import (
    FUNCTIONS,
    PAIRS,
    PASSAGE_HASH,
    PASSAGES,
    PIECES,
    RESTORE,
    SECTIONS,
    SPEECH_HASH,
    TEXT,
    VECTORS,
    WORDS,
    Finding,
)
from rag.pipeline.prepare import tokens
from rag.text.normalize import without_space
from rag.text.words import Analyzer
from rag.types import Passage, Piece, Section, Span

UNIT_TOLERANCE = 0.01  # half precision leaves less


@dataclass(frozen=True)
class StoredSpeech:
    """A speech as its row has it, nothing parsed."""

    id: int
    speech_id: str
    text: str
    content_hash: str
    pieces: str
    sections: str


@dataclass(frozen=True)
class StoredPassage:
    """A passage as its row has it; ``parsed`` is None when its columns make no sense."""

    id: int
    content_hash: str
    vector: bytes | None
    sentence_vectors: bytes | None
    functions: str | None
    parsed: Passage | None


def text_findings(speech: StoredSpeech, pieces: Sequence[Piece] | None, source_text: str) -> Iterator[Finding]:
    """Faults of the text, of its pieces and of its outline."""
    digest = hashlib.sha256(speech.text.encode()).hexdigest()[:8]
    if digest not in speech.speech_id.split("."):
        yield Finding(TEXT, speech.speech_id, f"讲话正文与编号不符，内容已变。{RESTORE}")
    if pieces is None:
        yield Finding(PIECES, speech.speech_id, f"正文与来源的对应关系无法读取。{RESTORE}")
    elif fault := piece_fault(speech.text, pieces, source_text):
        yield Finding(PIECES, speech.speech_id, f"{fault}。{RESTORE}")
    if fault := section_fault(speech.sections, speech.text):
        yield Finding(SECTIONS, speech.speech_id, f"提纲有误：{fault}。{RESTORE}")
    if speech.content_hash != content_hash(speech.text):
        yield Finding(SPEECH_HASH, speech.speech_id, "讲话的内容指纹不对。", True, (speech.id,))


def passages_of(db: sqlite3.Connection, speech: int) -> list[StoredPassage]:
    """The passages of a speech, in order."""
    rows = db.execute(
        'SELECT id, content_hash, vector, sentence_vectors, functions, start, "end", section, sentences FROM passages'
        " WHERE speech = ? ORDER BY start, id",
        (speech,),
    )
    return [StoredPassage(a, b, c, d, e, _parsed(*rest)) for a, b, c, d, e, *rest in rows]


def passage_findings(
    db: sqlite3.Connection, speech: StoredSpeech, analyzer: Analyzer, dimension: int, current: bool
) -> Iterator[Finding]:
    """Faults of a speech's passages and of what the search keeps of them.

    ``current``: this version of the program made the passages, so that it knows where they have to begin.
    """
    found = passages_of(db, speech.id)
    begin = body_start(speech.text) if current else None
    if fault := passage_fault([passage.parsed for passage in found], speech.text, begin):
        yield Finding(PASSAGES, speech.speech_id, f"{fault}。{RESTORE}")
    sound = [(row, p) for row in found if (p := row.parsed) and not _outside(p, speech.text)]
    wrong = [row.id for row, p in sound if row.content_hash != content_hash(speech.text[p.start : p.end])]
    if wrong:
        yield Finding(PASSAGE_HASH, speech.speech_id, f"{len(wrong)} 个段落的内容指纹不对。", True, tuple(wrong))
    expected = {row.id: tokens(speech.text, p, analyzer) for row, p in sound}
    for n, (table, name) in enumerate(((WORDS, "词语"), (PAIRS, "字对"))):
        stored = stored_tokens(db, table, list(expected))
        wrong = [i for i, pair in expected.items() if stored.get(i) != pair[n]]
        if wrong:
            message = f"{len(wrong)} 个段落的{name}索引缺失或与正文不符。"
            yield Finding(table, speech.speech_id, message, True, tuple(wrong))
    wrong = [row.id for row, p in sound if not _encoded(row, len(p.sentences), dimension)]
    if wrong:
        yield Finding(VECTORS, speech.speech_id, f"{len(wrong)} 个段落的向量缺失或损坏。", True, tuple(wrong))
    wrong = [row.id for row, p in sound if not _labelled(row.functions, len(p.sentences))]
    if wrong and _claims_functions(db):
        yield Finding(FUNCTIONS, speech.speech_id, f"{len(wrong)} 个段落的句子功能缺失或损坏。", True, tuple(wrong))


def load_pieces(value: str) -> list[Piece] | None:
    """The pieces of a speech; None when the column makes no sense."""
    try:
        rows = json.loads(value)
        return [Piece(*row) for row in rows] if all(_whole(row) for row in rows) else None
    except (ValueError, TypeError):
        return None


def piece_fault(text: str, pieces: Sequence[Piece], source: str) -> str | None:
    """What is wrong with the first bad piece: not the characters of the source, or visible text that has none."""
    at = 0
    for piece in [*pieces, Piece(len(text), 0, 0)]:
        if piece.start < at or piece.source < 0 or piece.length < 0:
            return f"正文第 {piece.start} 字处与来源的对应关系错乱"
        if without_space(text[at : piece.start]):
            return f"正文第 {at}–{piece.start} 字不在来源中"
        at = piece.start + piece.length
        if at > len(text) or text[piece.start : at] != source[piece.source : piece.source + piece.length]:
            return f"正文第 {piece.start}–{at} 字与来源不一致"
    return None


def section_fault(value: str, text: str) -> str | None:
    """What is wrong with the first bad node of an outline."""
    try:
        nodes = load_sections(value)
        for n, node in enumerate(nodes):
            if not 0 <= node.start <= node.heading_end <= node.end <= len(text):
                return f"「{node.heading}」超出正文"
            if node.parent is not None and not _nested(nodes, n):
                return f"「{node.heading}」不在上级标题之内"
    except (ValueError, TypeError):
        return "无法读取"
    return None


def _nested(nodes: Sequence[Section], n: int) -> bool:
    node, parent = nodes[n], nodes[n].parent
    if parent is None or not 0 <= parent < n:
        return parent is None
    return nodes[parent].start <= node.start and node.end <= nodes[parent].end


def passage_fault(found: Sequence[Passage | None], text: str, begin: int | None) -> str | None:
    """What is wrong with the first bad passage: unreadable, outside the text, or visible text that is in none.

    The text is to be covered from ``begin`` on; from the first passage on when that is not known.
    """
    at = begin if begin is not None else min((p.start for p in found if p), default=0)
    for passage in found:
        if passage is None:
            return "有段落无法读取"
        if fault := _outside(passage, text):
            return fault
        if passage.start < at:
            return f"第 {passage.start}–{at} 字有重复的段落"
        if without_space(text[at : passage.start]):
            return f"第 {at}–{passage.start} 字没有段落"
        at = passage.end
    return f"第 {at}–{len(text)} 字没有段落" if without_space(text[at:]) else None


def body_start(text: str) -> int:
    """Where the passages of a speech begin: title, date and salutation are in none, unless there is nothing else."""
    spans, at = [], 0
    for line in text.split("\n"):
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    front = read_front(text, spans)
    return min((span.start for span in spans if span.start >= front.body_start), default=0)


def _outside(passage: Passage, text: str) -> str | None:
    if not 0 <= passage.start < passage.end <= len(text):
        return f"段落 {passage.start}–{passage.end} 超出正文（{len(text)} 字）"
    at = passage.start
    for start, end in passage.sentences:
        if not at <= start < end <= passage.end:
            return f"句子 {start}–{end} 不在段落 {passage.start}–{passage.end} 之内"
        at = end
    return None if passage.sentences else f"段落 {passage.start}–{passage.end} 没有句子"


def stored_tokens(db: sqlite3.Connection, table: str, ids: Sequence[int]) -> dict[int, str]:
    """Passage id → its row of a full-text table."""
    return {
        row[0]: row[1]
        for batch in batches(ids)
        for row in db.execute(f"SELECT rowid, tokens FROM {table} WHERE rowid IN ({','.join('?' * len(batch))})", batch)
    }


def _parsed(start: object, end: object, section: str, sentences: str) -> Passage | None:
    try:
        headings, flat = json.loads(section), json.loads(sentences)
        if not (isinstance(start, int) and isinstance(end, int) and _whole(flat)):
            return None
        if not all(isinstance(heading, str) for heading in headings):
            return None
        spans = [Span(start + a, start + b) for a, b in zip(flat[::2], flat[1::2], strict=True)]
    except (ValueError, TypeError):
        return None
    return Passage(start, end, tuple(headings), tuple(spans))


def _whole(values: Sequence[object]) -> bool:
    return all(isinstance(value, int) for value in values)


def _labelled(stored: str | None, sentences: int) -> bool:
    """Whether a passage has one function a sentence, each a label with a probability."""
    try:
        functions = load_functions(stored)
        return len(functions) == sentences and all(0 <= float(f.confidence) <= 1 for f in functions)
    except (ValueError, TypeError, IndexError):
        return False


def _claims_functions(db: sqlite3.Connection) -> bool:
    """An archive of an older program has none, and is whole without them."""
    return db.execute("SELECT 1 FROM meta WHERE key = 'functions_fingerprint'").fetchone() is not None


def _encoded(row: StoredPassage, sentences: int, dimension: int) -> bool:
    """Whether a passage has one vector and one a sentence, each of length 1 (or 0, of a text without known words)."""
    for blob, count in ((row.vector, 1), (row.sentence_vectors, sentences)):
        if not isinstance(blob, bytes) or not dimension or len(blob) != 2 * dimension * count:
            return False
        norms = np.linalg.norm(unpack(blob, dimension), axis=1)
        if not np.all((np.abs(norms - 1) < UNIT_TOLERANCE) | (norms == 0)):
            return False
    return True
