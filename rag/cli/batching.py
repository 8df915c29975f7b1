"""The subcommand batch: a whole question file in one process."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rag.cli.output import Progress
from rag.cli.status import DONE, SOME_FAILED
from rag.config import archive_folder
from rag.contracts import Json, answer_json, hit_json
from rag.contracts_phrases import phrase_passage_json
from rag.errors import UsageError
from rag.types import Answer

if TYPE_CHECKING:
    from rag.session import Session


def batch(options: Namespace) -> int:
    from rag.evaluate.questions import read_jsonl
    from rag.session import Session

    rows = read_jsonl(Path(options.questions))
    session = Session.open(archive_folder(options.archive))
    find = _finder(session, options.mode, options.k)
    bar, status = Progress("处理"), DONE
    with _replacing(Path(options.out)) as stream:
        for n, row in enumerate(rows, 1):
            try:
                found = find(row["query"])
            except UsageError as error:
                print(f"{row['id']}：{error}", file=sys.stderr)
                empty = Answer(row["query"], False, (), (), 0)
                found = {"answer": answer_json(empty)} if options.mode == "ask" else {"passages": []}
                status = SOME_FAILED
            stream.write(json.dumps({"id": row["id"], **found}, ensure_ascii=False) + "\n")
            bar(n, len(rows))
    return status


def _finder(session: Session, mode: str, k: int) -> Callable[[str], Json]:
    """What is written of a question's result, by mode."""
    from rag.write.phrases import PhraseFinder

    finder = PhraseFinder(session.retriever)
    ways: dict[str, Callable[[str], Json]] = {
        "ask": lambda query: {"answer": answer_json(session.answerer.ask(query))},
        "search": lambda query: {"passages": [*map(hit_json, session.retriever.search(query, k).hits)]},
        "phrases": lambda query: {"passages": [*map(phrase_passage_json, finder.find(query, k, places=False).phrases)]},
    }
    return ways[mode]


@contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """A file to write that takes the place of ``path`` when all went well, and leaves nothing when not.

    Raises:
        UsageError: the place cannot be written.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "它是文件夹")
        with temporary.open("w", encoding="utf-8") as stream:
            yield stream
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError(f"无法写入 {path}（{error.strerror}）。请换一个位置。") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
