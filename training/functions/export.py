"""The classifier's folder: weights without pickle, and a config that says what they are for."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rag.functions.classifier import CONFIG, WEIGHTS, FunctionClassifier
from rag.functions.labels import LABELS
from rag.functions.patterns import NAMES
from training.functions.fit import Recipe


def save(model: FunctionClassifier, folder: Path, recipe: Recipe, temperature: float, sentences: int) -> str:
    """Writes what `FunctionClassifier.load` reads; returns the fingerprint."""
    from safetensors.numpy import save as serialised

    folder.mkdir(parents=True, exist_ok=True)
    grams, weights, pattern_weights, bias = model.parts
    tensors = {"grams": grams, "weights": weights.astype(np.float16), "patterns": pattern_weights, "bias": bias}
    raw = serialised({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    (folder / WEIGHTS).write_bytes(raw)
    config = {
        "labels": LABELS, "patterns": NAMES, "recipe": asdict(recipe), "temperature": round(temperature, 4),
        "training_sentences": sentences,
    }
    (folder / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return FunctionClassifier.load(folder).fingerprint
