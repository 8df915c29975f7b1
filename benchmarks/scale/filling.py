"""Archives of generated speeches: through the whole of ingestion, or, for a million passages, straight through the writer.

The straight way cuts passages as ingestion does but computes words and vectors clause by clause, from a cache: a passage
vector is the length-weighted mean of its clauses' vectors, the functions of its sentences are all the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from benchmarks.scale.speeches import PASSAGES_A_SPEECH, Made, Speeches, written
from rag.archive.rows import FIELDS
from rag.archive.writer import Encoded, FileInfo, Writer
from rag.config import Settings
from rag.encoder.base import Encoder, Vectors, unit
from rag.functions.classifier import shipped_classifier
from rag.functions.labels import LABELS, SentenceFunction
from rag.pipeline.run import Ingester
from rag.session import chosen_encoder, shared_analyzer
from rag.text.words import Analyzer, pairs
from rag.types import Document, Found, Passage, Piece, SourceText, Span, Speech

TARGET = Settings().passage_target


@dataclass(frozen=True)
class Filled:
    """What filling took. ``straight`` is the second way, whose speed says nothing about ingestion."""

    characters: int
    seconds: float
    straight: bool
    workers: int


def fill(folder: Path, passages: int, workers: int, straight: bool) -> Filled:
    """Makes an archive of about so many passages in ``folder``."""
    made, count = Speeches(), round(passages / PASSAGES_A_SPEECH)
    if straight:
        started = time.perf_counter()
        return Filled(_straight(folder, made, count), time.perf_counter() - started, True, 0)
    sources = folder.with_name(folder.name + "-sources")
    sources.mkdir(parents=True)
    characters = 0
    for n in range(count):
        speech = made.speech(n)
        (sources / speech.name).write_text(speech.text, encoding="utf-8")
        characters += len(speech.text)
    started = time.perf_counter()
    with Ingester.open(folder, chosen_encoder(), shared_analyzer(), workers=workers) as ingester:
        failed = ingester.ingest_paths([sources]).failed
    if failed:
        raise RuntimeError(f"{failed} generated files were not ingested")
    return Filled(characters, time.perf_counter() - started, False, workers)


def _straight(folder: Path, made: Speeches, count: int) -> int:
    writer, cache, characters = Writer(folder), _Clauses(chosen_encoder(), shared_analyzer()), 0
    writer.db.execute("PRAGMA synchronous = OFF")  # a benchmark's archive may be lost with the machine's power
    encoder = cache.encoder
    writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension)
    writer.claim_functions(shipped_classifier().fingerprint)
    for n in range(count):
        speech = made.speech(n)
        document, encoded = _document(speech, cache)
        data = document.source.text.encode()
        info = FileInfo(f"/made/{speech.name}", speech.name, "made", hashlib.sha256(data).hexdigest(), data)
        writer.put(info, document, [encoded], Settings().fingerprint)
        characters += len(document.source.text)
    writer.close()
    return characters


class _Clauses:
    """Words and vectors of clauses, each computed once while it is remembered."""

    def __init__(self, encoder: Encoder, analyzer: Analyzer) -> None:
        self.encoder = encoder
        self.words = lru_cache(maxsize=200_000)(lambda text: " ".join(analyzer.words(text)))
        self.pairs = lru_cache(maxsize=200_000)(lambda text: " ".join(pairs(text)))
        self.vector = lru_cache(maxsize=200_000)(lambda text: encoder.encode_passages([text])[0] * len(text))


def _document(made: Made, cache: _Clauses) -> tuple[Document, Encoded]:
    text = made.text
    passages, vectors, sentence_vectors, tokens = [], [], [], []
    for start, section, sentences in _passages(made):
        spans, at = [], start
        for clauses in sentences:
            length = sum(map(len, clauses)) + len(clauses) - 1
            spans.append(Span(at, at + length))
            at += length
        passages.append(Passage(start, at, (section,), tuple(spans)))
        own = np.stack([np.sum([cache.vector(c) for c in clauses], axis=0) for clauses in sentences])
        sentence_vectors.append(unit(own))
        vectors.append(own.sum(axis=0))
        lines = [cache.words(section), *(" ".join(map(cache.words, clauses)) for clauses in sentences)]
        tokens.append(("\n".join(lines), " ".join(cache.pairs(c) for clauses in sentences for c in clauses)))
    title, speaker, date = made.head[0], made.head[1], made.head[2]
    known = {"title": title, "speaker": speaker, "year": int(date[1:5]), "genre": "讲话", "language": "zh"}
    metadata = {field: Found(known.get(field), "made", 1.0) for field in FIELDS}
    speech = Speech(text, (Piece(0, 0, len(text)),), metadata, (), tuple(passages))
    function = SentenceFunction(LABELS[0], 1.0)
    functions = [[function] * len(p.sentences) for p in passages]
    encoded = Encoded(_packed(vectors), sentence_vectors, tokens, functions)
    return Document(SourceText(text, "txt"), (speech,), ()), encoded


def _passages(made: Made) -> Iterator[tuple[int, str, list[tuple[str, ...]]]]:
    """(offset, heading, sentences) of runs of whole sentences of one paragraph, of about the usual length."""
    at = sum(len(line) + 1 for line in made.head)
    for heading, paragraphs in made.sections:
        at += len(heading) + 1
        for paragraph in paragraphs:
            whole = len(written(paragraph))
            share = whole / max(1, round(whole / TARGET))  # pieces of like size, as ingestion makes them
            run: list[tuple[str, ...]] = []
            start, length, done = at, 0, 1
            for clauses in paragraph:
                run.append(clauses)
                length += sum(map(len, clauses)) + len(clauses) - 1
                if start - at + length >= done * share - 1:
                    yield start, heading, run
                    start, length, run, done = start + length, 0, [], done + 1
            if run:
                yield start, heading, run
            at += len(written(paragraph)) + 1


def _packed(vectors: list[Vectors]) -> Vectors:
    return unit(np.stack(vectors))
