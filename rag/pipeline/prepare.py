"""Everything that can be computed of a file before the archive is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.archive.writer import Encoded, Tokens
from rag.encoder.base import Encoder
from rag.functions.classifier import shipped_classifier
from rag.functions.context import passage_functions
from rag.ingest.document import take_apart
from rag.ingest.readers import read_bytes
from rag.text.words import Analyzer, pairs
from rag.types import Document, Passage, Speech


@dataclass(frozen=True)
class Prepared:
    """A document with what the archive stores beside it, one `Encoded` a speech (none before it is encoded)."""

    document: Document
    encoded: tuple[Encoded, ...]


def prepare(data: bytes, name: str, encoder: Encoder | None, analyzer: Analyzer) -> Prepared:
    """Reads, cleans, splits, encodes and tokenizes one file; without an encoder only the first three.

    Raises:
        ReadError: the file cannot be read or holds no text.
    """
    document = take_apart(read_bytes(data, name), name, analyzer)
    return encoded(document, encoder, analyzer) if encoder else Prepared(document, ())


def encoded(document: Document, encoder: Encoder, analyzer: Analyzer) -> Prepared:
    """A document with the vectors and tokens of its speeches."""
    return Prepared(document, tuple(encode_speech(speech, encoder, analyzer) for speech in document.speeches))


def encode_speech(speech: Speech, encoder: Encoder, analyzer: Analyzer) -> Encoded:
    """Vectors, tokens and functions of a speech's passages."""
    texts = [speech.text[p.start : p.end] for p in speech.passages]
    counts = [len(p.sentences) for p in speech.passages]
    vectors = encoder.encode_passages(
        [passage_input(text, p.section) for text, p in zip(texts, speech.passages, strict=True)]
    )
    sentence_vectors = encoder.encode_passages([speech.text[a:b] for p in speech.passages for a, b in p.sentences])
    grouped = np.split(sentence_vectors, np.cumsum(counts[:-1])) if counts else []
    functions = passage_functions(speech.text, speech.passages, shipped_classifier())
    return Encoded(vectors, grouped, [tokens(speech.text, p, analyzer) for p in speech.passages], functions)


def passage_input(text: str, section: Sequence[str]) -> str:
    """What the encoder sees of a passage: its text, preceded by the headings that the text itself does not repeat."""
    missing = [heading for heading in section if heading.rstrip("…") not in text]
    return "\n".join([*missing, text])


def tokens(speech_text: str, passage: Passage, analyzer: Analyzer) -> Tokens:
    """Words and character pairs of a passage for the lexical index.

    The words come one line a sentence, after a first line for the headings that the passage does not repeat; the
    index ignores line breaks, the comparison word by word needs them.
    """
    text = speech_text[passage.start : passage.end]
    headings = [heading for heading in passage.section if heading.rstrip("…") not in text]
    lines = [" ".join(headings), *(speech_text[a:b] for a, b in passage.sentences)]
    return "\n".join(" ".join(analyzer.words(line)) for line in lines), " ".join(pairs(text))
