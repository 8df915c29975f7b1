"""An opened archive with everything that searching it takes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.answer.compose import Answerer
from rag.archive.reader import Archive
from rag.config import SHIPPED_MODEL
from rag.encoder.base import Encoder
from rag.encoder.load import load_encoder
from rag.errors import UsageError
from rag.search.retriever import Retriever
from rag.search.store import Store
from rag.text.words import Analyzer


@dataclass(frozen=True)
class Session:
    """One archive, ready for questions."""

    archive: Archive
    retriever: Retriever
    answerer: Answerer

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> Session:
        """Opens an archive with the encoder that its vectors come from.

        Raises:
            ArchiveError: there is no usable archive.
            EncoderError: its encoder cannot be loaded.
        """
        archive = Archive(folder)
        known = archive.encoder_fingerprint is not None
        encoder = encoder or chosen_encoder(archive.meta("encoder_source") or (SHIPPED_MODEL if known else None))
        retriever = Retriever(archive, encoder, shared_analyzer(), store=chosen_store(archive))
        return cls(archive, retriever, Answerer(retriever))


def chosen_encoder(name: str | None = None) -> Encoder:
    """The named encoder, else that of the environment variable YANJU_MODEL, else the shipped one.

    Raises:
        UsageError: the environment variable YANJU_THREADS is no number.
        EncoderError: the encoder cannot be loaded.
    """
    threads = os.environ.get("YANJU_THREADS") or "0"
    if not threads.isdecimal():
        raise UsageError("环境变量 YANJU_THREADS 应为整数，实为「{threads}」。", threads=threads)
    device = os.environ.get("YANJU_DEVICE") or None
    return load_encoder(name or os.environ.get("YANJU_MODEL") or None, device=device, threads=int(threads) or None)


def chosen_store(archive: Archive) -> Store | None:
    """Milvus where the environment variable YANJU_MILVUS_URI names one, None for the embedded engine.

    Raises:
        UsageError: pymilvus is missing, or nothing answers at the URI.
        ArchiveError: Milvus does not hold the archive's present state.
    """
    uri = os.environ.get("YANJU_MILVUS_URI")
    if not uri:
        return None
    from rag.search.milvus.store import MilvusStore

    return MilvusStore.open(archive, uri)


def lasting_name(model: str | None) -> str | None:
    """The name under which a model is found again from any working folder; None for the shipped one."""
    name = model or os.environ.get("YANJU_MODEL") or None
    return str(Path(name).resolve()) if name and Path(name).is_dir() else name


@lru_cache(maxsize=1)
def shared_analyzer() -> Analyzer:
    return Analyzer()
