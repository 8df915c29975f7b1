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
    fitted. ``mix``: weights of the ranking mix by name, empty when never fitted. `training.mix` makes them."""

    least_nearness: float | None = None
    mix: Mapping[str, float] = field(default_factory=dict)

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
            return cls(float(stored["least_nearness"]), {name: float(value) for name, value in weights.items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderError(f"{path} 已损坏（{error}）。请重新安装模型文件夹。") from error
