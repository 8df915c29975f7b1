"""Starts the application on archives in another folder: `python serve.py FOLDER PORT [streamlit options]`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    from streamlit.web.cli import main as streamlit

    from rag import config

    folder, port, *options = sys.argv[1:]
    config.DEFAULT_ARCHIVE = Path(folder) / "default"
    config.SAMPLE_ARCHIVE = Path(folder) / "sample"
    fixed = ["--server.headless=true", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}", *fixed, *options]
    streamlit()


if __name__ == "__main__":
    main()
