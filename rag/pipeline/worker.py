"""python -m rag.pipeline.worker: reads one file after the other, each within limits, for the process that started it.

The messages of `rag.pipeline.wire` come on standard input and go on standard output. The worker ends with its input,
so none outlives the process that started it by more than the file it is at.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from typing import BinaryIO

from rag.encoder.base import Encoder
from rag.encoder.load import load_encoder
from rag.errors import ReadError
from rag.functions.classifier import shipped_classifier
from rag.pipeline.limits import FileLimits, bound_memory, broke, took_too_much
from rag.pipeline.prepare import prepare
from rag.pipeline.wire import Ready, Reply, Setup, Task, receive, send
from rag.text.words import Analyzer

log = logging.getLogger(__name__)


def main() -> int:
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(message)s", stream=sys.stderr)
    tasks, replies = _own_streams()
    setup = receive(tasks, Setup)
    if setup is None:
        return 0
    encoder = load_encoder(setup.model) if setup.model else None
    analyzer = Analyzer(setup.vocabulary)
    _ = analyzer.tokenizer, shipped_classifier()  # loaded now: they are no file's fault
    limits = FileLimits(setup.seconds, setup.memory)
    send(replies, Ready(encoder.fingerprint if encoder else None))
    bound_memory(limits.memory)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        while task := receive(tasks, Task):
            # A thread of its own that needs no interpreter lock: it ends us even inside a C function that never returns.
            faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
            answer(replies, task, encoder, analyzer, limits)
            faulthandler.cancel_dump_traceback_later()
    return 0


def answer(replies: BinaryIO, task: Task, encoder: Encoder | None, analyzer: Analyzer, limits: FileLimits) -> None:
    """Sends one file's reply; whatever goes wrong with the file is a reply too."""
    try:
        send(replies, Reply(prepare(task.data, task.name, encoder, analyzer)))
    except ReadError as error:
        send(replies, Reply(reason=error.reason, message=str(error)))
    except MemoryError:
        refused = took_too_much(limits)
        send(replies, Reply(reason=refused.reason, message=str(refused)))
    except BrokenPipeError:  # whoever asked has gone
        raise
    except Exception as error:  # a fault of ours on one file must not cost the other files
        log.exception("%s", task.name)
        refused = broke(error)
        send(replies, Reply(reason=refused.reason, message=str(refused)))


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the messages alone: whatever a library prints goes to standard error."""
    tasks, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for handle_ in (tasks, replies):
            msvcrt.setmode(handle_, os.O_BINARY)
    return os.fdopen(tasks, "rb"), os.fdopen(replies, "wb")


if __name__ == "__main__":
    raise SystemExit(main())
