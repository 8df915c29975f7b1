"""Static encoders (a table of token vectors, mean-pooled), run without PyTorch.

The folder is an ordinary sentence-transformers model with one ``StaticEmbedding`` module. Reading its table and
tokenizer directly gives the same vectors and spares the seconds that importing PyTorch takes.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.encoder.base import Vectors, unit
from rag.encoder.calibration import Calibration
from rag.errors import EncoderError

_TABLE = "embedding.weight"
_BATCH = 512


def is_static(folder: Path) -> bool:
    """Whether a folder holds a sentence-transformers model made of one static embedding table."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(modules, list) or len(modules) != 1 or not isinstance(modules[0], dict):
        return False
    return str(modules[0].get("type", "")).endswith("StaticEmbedding")


class StaticEncoder:
    """Mean of token vectors. About a million characters a second on one core."""

    encodes_words = True

    def __init__(
        self,
        table: NDArray[np.floating],
        tokenizer: object,
        name: str,
        fingerprint: str,
        calibration: Calibration | None = None,
        folder: Path | None = None,
    ) -> None:
        if table.ndim != 2:
            raise EncoderError("向量表应为二维，实为 {ndim} 维。请重新获取模型文件夹。", ndim=table.ndim)
        self._table = np.asarray(table, dtype=np.float32)
        self._tokenizer = tokenizer
        self.name = name
        self.fingerprint = fingerprint
        self.calibration = calibration or Calibration()
        self.folder = folder  # where another process can load the same encoder

    @classmethod
    def load(cls, folder: Path, name: str | None = None) -> StaticEncoder:
        """Reads ``model.safetensors``, ``tokenizer.json`` and, where it is there, ``calibration.json``.

        Raises:
            EncoderError: a file is missing or damaged.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load as load_safetensors
        from tokenizers import Tokenizer

        try:
            weights = (folder / "model.safetensors").read_bytes()
            table = load_safetensors(weights)[_TABLE]
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (OSError, KeyError, SafetensorError, struct.error) as error:
            raise EncoderError(
                "模型文件夹 {folder} 不完整（{error}）。请重新安装或换一个模型。", folder=folder, error=error
            ) from error
        except Exception as error:  # the tokenizers library raises bare Exception for a damaged file
            raise EncoderError(
                "模型文件夹 {folder} 的 tokenizer.json 已损坏。请重新安装或换一个模型。", folder=folder
            ) from error
        if table.ndim == 2 and tokenizer.get_vocab_size() > len(table):
            raise EncoderError(
                "模型文件夹 {folder} 的词表与向量表不符（{words} > {rows}）。请重新安装或换一个模型。",
                folder=folder,
                words=tokenizer.get_vocab_size(),
                rows=len(table),
            )
        tokenizer.no_padding()
        tokenizer.no_truncation()
        digest = hashlib.sha256(weights + (folder / "tokenizer.json").read_bytes()).hexdigest()[:16]
        return cls(table, tokenizer, name or folder.name, f"static-{digest}", Calibration.load(folder), folder)

    @property
    def dimension(self) -> int:
        return int(self._table.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at in range(0, len(texts), _BATCH):
            batch = list(texts[at : at + _BATCH])
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)  # type: ignore[attr-defined]
            lengths = np.array([len(e.ids) for e in encodings])
            filled = np.flatnonzero(lengths)
            for n in filled:  # twenty times as fast as one np.add.reduceat over all of them
                np.add.reduce(self._table[encodings[n].ids], axis=0, out=out[at + n])
            out[at : at + len(batch)] /= np.maximum(lengths, 1)[:, None]
        return unit(out)
