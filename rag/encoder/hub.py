"""Any sentence-transformers model, by hub name or folder, with the prompts its family expects."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.encoder.base import Vectors, unit
from rag.encoder.calibration import Calibration
from rag.errors import EncoderError


@dataclass(frozen=True)
class Prompts:
    """What is put before a query and before a passage."""

    query: str = ""
    passage: str = ""


# The instructions that the models' own cards give; a model that carries prompts of its own keeps those.
FAMILIES: tuple[tuple[str, Prompts], ...] = (
    ("bge-m3", Prompts()),
    ("bge-", Prompts(query="为这个句子生成表示以用于检索相关文章：")),
    ("e5-", Prompts(query="query: ", passage="passage: ")),
    ("gte-", Prompts()),
)


def family_prompts(name: str) -> Prompts:
    """Prompts by the model's name; none for unknown families."""
    base = name.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1].lower()
    return next((prompts for part, prompts in FAMILIES if part in base), Prompts())


class HubEncoder:
    """A `SentenceTransformer` behind the `Encoder` protocol."""

    encodes_words = False
    calibration = Calibration()

    def __init__(self, model: object, name: str, prompts: Prompts, batch_size: int = 32) -> None:
        self._model = model
        self._prompts = prompts
        self._batch = batch_size
        self.name = name
        self.fingerprint = f"hub-{_digest(model, prompts)}"

    @classmethod
    def load(
        cls, name: str, *, device: str | None = None, batch_size: int = 32, threads: int | None = None
    ) -> HubEncoder:
        """Loads a folder or a hub name (from the local cache when offline). Remote code is never run.

        Raises:
            EncoderError: the model cannot be reached or read; the message names the way out.
        """
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError("使用其他模型需要 sentence-transformers：pip install sentence-transformers") from error
        if threads:
            torch.set_num_threads(threads)
        offline = os.environ.get("HF_HUB_OFFLINE") == "1"
        try:
            model = SentenceTransformer(name, device=device or "cpu", trust_remote_code=False)
        except Exception as error:  # the libraries below raise a dozen unrelated types for "cannot load"
            why = "当前为离线模式" if offline else "名称有误，或网络不可用"
            raise EncoderError(
                "无法加载模型 {name}（{why}：{said}）。可在能上网的电脑上下载后，把模型文件夹的路径填在这里，或改用自带的 yanju-static。",
                name=name,
                why=why,
                said=str(error).splitlines()[0][:120],
            ) from error
        own = getattr(model, "prompts", {}) or {}
        given = family_prompts(name)
        passage = own.get("document") or own.get("passage") or given.passage
        return cls(model, Path(name).name or name, Prompts(own.get("query") or given.query, passage), batch_size)

    @property
    def dimension(self) -> int:
        model = self._model
        size = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension  # type: ignore[attr-defined]
        return int(size())

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts.query)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts.passage)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(  # type: ignore[attr-defined]
            [prompt + text for text in texts],
            batch_size=self._batch,
            show_progress_bar=False,
            convert_to_numpy=True,
            prompt="",
        )
        return unit(vectors.reshape(len(texts), -1) if len(texts) else vectors.reshape(0, self.dimension))


def _digest(model: Any, prompts: Prompts) -> str:
    """Hash of weights, vocabulary, pooling and prompts, so that another model under an old name is noticed."""
    import torch

    heads = [sorted(part.get_config_dict().items()) for part in list(model)[1:] if hasattr(part, "get_config_dict")]
    vocabulary = sorted(model.tokenizer.get_vocab().items())
    digest = hashlib.sha256(repr((prompts, model.max_seq_length, heads, vocabulary)).encode())
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:16]
