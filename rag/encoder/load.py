"""From a model's name to an encoder."""

from __future__ import annotations

from pathlib import Path

from rag.config import MODELS, SHIPPED_MODEL
from rag.encoder.base import Encoder
from rag.encoder.hub import HubEncoder
from rag.encoder.static import StaticEncoder, is_static
from rag.errors import EncoderError


def load_encoder(
    name: str | None = None, *, device: str | None = None, batch_size: int = 32, threads: int | None = None
) -> Encoder:
    """The shipped encoder (``name`` None), a model folder, a folder under ``models/``, or a hub name.

    Raises:
        EncoderError: it cannot be loaded; the message names the way out.
    """
    name = name or SHIPPED_MODEL
    for folder in (Path(name), MODELS / name):
        if folder.is_dir():
            if is_static(folder):
                return StaticEncoder.load(folder)
            return HubEncoder.load(str(folder), device=device, batch_size=batch_size, threads=threads)
    if name == SHIPPED_MODEL:
        raise EncoderError("自带模型不在 {path}。请重新获取程序文件夹。", path=MODELS / SHIPPED_MODEL)
    return HubEncoder.load(name, device=device, batch_size=batch_size, threads=threads)
