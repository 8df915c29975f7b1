"""The trained table as a sentence-transformers folder in float16, with a model card."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.train import Trained
from training.vocabulary import build_tokenizer

log = logging.getLogger(__name__)
MOST_BYTES = 30_000_000
UNUSED = (0, 2, 3, 4)


def export(trained: Trained, folder: Path) -> Path:
    """Write modules.json, tokenizer.json and model.safetensors so that ``SentenceTransformer(folder)`` loads it.

    Raises TrainingError when the weights would exceed 30 MB.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    table = half_precision(trained.table)
    if table.nbytes > MOST_BYTES:
        raise TrainingError(f"the table has {table.nbytes} bytes, the repository allows {MOST_BYTES}: "
                            "lower vocabulary.size or vectors.dimension")
    tokenizer = build_tokenizer(trained.rows)
    module = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(table))
    model = SentenceTransformer(modules=[module], device="cpu")
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), create_model_card=False)
    log.info("exported %d × %d to %s", *table.shape, folder)
    return folder


def half_precision(table: NDArray[np.float32]) -> NDArray[np.float16]:
    """float16 rows, scaled together so that the mean row length is 1; special tokens count nothing."""
    scaled = table / np.linalg.norm(table, axis=1).mean()
    scaled[list(UNUSED)] = 0
    return scaled.astype(np.float16)


def fingerprint(folder: Path) -> str:
    """Sixteen hex digits of tokenizer and weights."""
    digest = hashlib.sha256()
    for name in ("tokenizer.json", "model.safetensors"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def write_card(folder: Path, values: dict[str, Any]) -> None:
    """README.md of the encoder from the card template; ``values`` fill the ``{{name}}`` marks."""
    text = Path(__file__).with_name("card.md").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value if isinstance(value, str) else json.dumps(value))
    (folder / "README.md").write_text(text, encoding="utf-8")
