"""Takes uploaded files in, in a process of its own: `python -m rag.ui.upload_worker SPOOL ARCHIVE [--allow-marked]`.

The pages stay quick meanwhile, for this process yields to them. SPOOL holds `files.json` (the names, in order) and the
bytes of each file under its number; a file `stop` there ends the run before the next one. Each line on stdout is one JSON
object: {"report": …} for a file, {"error": sentence} when the archive itself cannot be written.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.errors import YanjuError

NAMES, STOP = "files.json", "stop"
NICENESS = 10


def main(spool: Path, archive: Path, allow_marked: bool) -> int:
    """Reports every file on stdout; returns 0, or 1 when the run could not go on."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        _ingest(spool, archive, allow_marked)
    except YanjuError as error:
        _say({"error": str(error)})
        return 1
    return 0


def _ingest(spool: Path, archive: Path, allow_marked: bool) -> None:
    from rag.archive.writer import Writer
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, shared_analyzer

    writer = Writer(archive)
    try:
        encoder = chosen_encoder(writer.encoder_source())
        with Ingester(writer, encoder, shared_analyzer(), workers=1, allow_marked=allow_marked) as ingester:
            for n, name in enumerate(json.loads((spool / NAMES).read_text(encoding="utf-8"))):
                if (spool / STOP).exists():
                    return
                _say({"report": asdict(ingester.ingest_upload(name, (spool / str(n)).read_bytes()))})
    finally:
        writer.close()


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]), "--allow-marked" in sys.argv[3:]))
