"""What verification finds."""

from __future__ import annotations

from dataclasses import dataclass

SQLITE, FULL_TEXT, FOREIGN_KEYS, SOURCE = "sqlite", "full-text", "foreign-keys", "source"
COVERAGE, SHA256, PIECES, TEXT, SECTIONS, PASSAGES = "coverage", "sha256", "pieces", "text", "sections", "passages"
SPEECH_HASH, PASSAGE_HASH = "speech-hash", "passage-hash"
WORDS, PAIRS, SURPLUS, VECTORS, FAISS = "words", "pairs", "surplus", "vectors", "faiss"
FUNCTIONS = "functions"

RESTORE = "请用备份恢复档案；没有备份时先 remove 这个文件，再 ingest 原文件。"


@dataclass(frozen=True)
class Finding:
    """One fault. ``check`` is a code, ``target`` names a file, speech or table, ``rows`` the row ids a repair needs."""

    check: str
    target: str
    message: str
    repairable: bool = False
    rows: tuple[int, ...] = ()
