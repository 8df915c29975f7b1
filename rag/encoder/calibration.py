"""What was fitted for one encoder and is stored in its folder, in ``calibration.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import EncoderError


@dataclass(frozen=True)
class Calibration:
    """``least_nearness``: below this a question counts as unanswered (`rag.answer.refusal.nearness`), None when never
    fitted. ``mix``: weights of the ranking mix by name, empty when never fitted. ``wording_allowance``: how much farther
    away the answer to a request for wording may be. `training.mix` and `training.refusal` make them."""

    least_nearness: float | None = None
    mix: Mapping[str, float] = field(default_factory=dict)
    wording_allowance: float = 0.0

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Reads a model folder; an empty calibration where it has none.

        Raises:
            EncoderError: the file is damaged.
        """
        path = folder / "calibration.json"
        if not path.exists():
            return cls()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            weights = stored.get("mix", {}).get("weights", {})
            allowance = float(stored.get("wording_allowance", 0.0))
            return cls(float(stored["least_nearness"]), {name: float(value) for name, value in weights.items()}, allowance)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderError(f"{path} 已损坏（{error}）。请重新安装模型文件夹。") from error
