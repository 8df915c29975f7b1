"""Archives of generated speeches: through the whole of ingestion, or, for a million passages, straight through the writer.

The straight way cuts passages as ingestion does but computes words and vectors clause by clause, from a cache: a passage
vector is the length-weighted mean of its clauses' vectors, the functions of its sentences are all the same.
"""

from __future__ import annotations

import hashlib
import resource
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
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
REMEMBERED = 200_000  # clauses
SPEECHES_A_TASK = 8


@dataclass(frozen=True)
class Filled:
    """What filling took. ``straight`` is the second way, whose speed says nothing about ingestion.

    ``cpu_seconds`` are those of all processes together: a busy machine disturbs them less.
    """

    characters: int
    seconds: float
    cpu_seconds: float
    straight: bool
    workers: int


def fill(folder: Path, passages: int, workers: int, straight: bool) -> Filled:
    """Makes an archive of about so many passages in ``folder``."""
    made, count = Speeches(), round(passages / PASSAGES_A_SPEECH)
    if straight:
        started, used = time.perf_counter(), _cpu_seconds()
        characters = _straight(folder, made, count, max(1, workers))
        return Filled(characters, time.perf_counter() - started, _cpu_seconds() - used, True, workers)
    sources = folder.with_name(folder.name + "-sources")
    sources.mkdir(parents=True, exist_ok=True)
    characters = 0
    for n in range(count):
        speech = made.speech(n)
        (sources / speech.name).write_text(speech.text, encoding="utf-8")
        characters += len(speech.text)
    encoder, analyzer = chosen_encoder(), shared_analyzer()
    started, used = time.perf_counter(), _cpu_seconds()
    with Ingester.open(folder, encoder, analyzer, workers=workers) as ingester:
        failed = ingester.ingest_paths([sources]).failed
    if failed:
        raise RuntimeError(f"{failed} generated files were not ingested")
    return Filled(characters, time.perf_counter() - started, _cpu_seconds() - used, False, workers)


def _cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _straight(folder: Path, made: Speeches, count: int, workers: int) -> int:
    """Goes on behind the speeches that an interrupted run has put in; returns the characters of its own."""
    writer, characters, encoder = Writer(folder), 0, chosen_encoder()
    for pragma in ("synchronous = OFF", "cache_size = -200000", "wal_autocheckpoint = 20000"):
        writer.db.execute(f"PRAGMA {pragma}")  # a benchmark's archive may be lost with the machine's power
    writer.claim_encoder(encoder.name, encoder.fingerprint, encoder.dimension)
    writer.claim_functions(shipped_classifier().fingerprint)
    (done,) = writer.db.execute("SELECT count(*) FROM speeches").fetchone()
    for speech, (document, encoded) in _in_order(made, range(done, count), workers):
        data = document.source.text.encode()
        info = FileInfo(f"/made/{speech.name}", speech.name, "made", hashlib.sha256(data).hexdigest(), data)
        writer.put(info, document, [encoded], Settings().fingerprint)
        characters += len(document.source.text)
    writer.close()
    return characters


def _in_order(made: Speeches, numbers: range, workers: int) -> Iterator[tuple[Made, tuple[Document, Encoded]]]:
    """Speeches with what the archive stores of them, computed by processes that stay a little ahead."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[tuple[Made, tuple[Document, Encoded]]]]] = deque()
        for at in range(numbers.start, numbers.stop, SPEECHES_A_TASK):
            waiting.append(pool.submit(_take_apart, made.seed, at, min(numbers.stop, at + SPEECHES_A_TASK)))
            if len(waiting) > 2 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _take_apart(seed: int, first: int, end: int) -> list[tuple[Made, tuple[Document, Encoded]]]:
    speeches, cache = _tools(seed)
    made = [speeches.speech(n) for n in range(first, end)]
    return [(one, _document(one, cache)) for one in made]


@lru_cache(maxsize=1)
def _tools(seed: int) -> tuple[Speeches, _Clauses]:
    return Speeches(seed), _Clauses(chosen_encoder(), shared_analyzer())


class _Clauses:
    """Words and vectors of clauses, each computed once while it is remembered."""

    def __init__(self, encoder: Encoder, analyzer: Analyzer) -> None:
        self.encoder = encoder
        self.words = lru_cache(maxsize=REMEMBERED)(lambda text: " ".join(analyzer.words(text)))
        self.pairs = lru_cache(maxsize=REMEMBERED)(lambda text: " ".join(pairs(text)))
        self._vectors: dict[str, Vectors] = {}

    def vectors(self, clauses: Sequence[str]) -> dict[str, Vectors]:
        """A vector as long as its clause for each, those that are new encoded in one go."""
        if len(self._vectors) > REMEMBERED:
            self._vectors = {}
        new = [clause for clause in dict.fromkeys(clauses) if clause not in self._vectors]
        encoded = self.encoder.encode_passages(new)
        self._vectors.update((c, v * len(c)) for c, v in zip(new, encoded, strict=True))
        return self._vectors


def _document(made: Made, cache: _Clauses) -> tuple[Document, Encoded]:
    text = made.text
    passages, vectors, sentence_vectors, tokens = [], [], [], []
    of = cache.vectors([c for _, paragraphs in made.sections for p in paragraphs for clauses in p for c in clauses])
    for start, section, sentences in _passages(made):
        spans, at = [], start
        for clauses in sentences:
            length = sum(map(len, clauses)) + len(clauses) - 1
            spans.append(Span(at, at + length))
            at += length
        passages.append(Passage(start, at, (section,), tuple(spans)))
        own = np.stack([np.sum([of[c] for c in clauses], axis=0) for clauses in sentences])
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
