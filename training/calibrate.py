"""What is fitted for an encoder goes into its ``calibration.json``, beside what other fits have put there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def store(fitted: Mapping[str, Any], encoder: Path) -> None:
    """Puts values into the file of an encoder's folder; those of other names stay."""
    path = encoder / "calibration.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**known, **fitted}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
