"""Where an installed program is, and what surrounds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def program(environment: Path, name: str) -> Path:
    return environment / ("Scripts" if sys.platform == "win32" else "bin") / name


def clean(home: Path, **changes: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YANJU_", "PYTHONPATH"))}
    return {**kept, "YANJU_HOME": str(home), "PYTHONUTF8": "1", **changes}
