"""The subcommand batch: a whole question file in one process."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from typing import IO

from rag.cli.output import Progress
from rag.cli.status import DONE, SOME_FAILED
from rag.config import archive_folder
from rag.contracts import answer_json, hit_json
from rag.errors import UsageError
from rag.types import Answer


def batch(options: Namespace) -> int:
    from rag.evaluate.questions import read_jsonl
    from rag.session import Session

    rows = read_jsonl(Path(options.questions))
    session = Session.open(archive_folder(options.archive))
    bar, status = Progress("处理"), DONE
    with _replacing(Path(options.out)) as stream:
        for n, row in enumerate(rows, 1):
            try:
                if options.mode == "ask":
                    answer = session.answerer.ask(row["query"])
                else:
                    hits = session.retriever.search(row["query"], options.k).hits
            except UsageError as error:
                print(f"{row['id']}：{error}", file=sys.stderr)
                answer, hits, status = Answer(row["query"], False, (), (), 0), (), SOME_FAILED
            found = {"answer": answer_json(answer)} if options.mode == "ask" else {"passages": [*map(hit_json, hits)]}
            stream.write(json.dumps({"id": row["id"], **found}, ensure_ascii=False) + "\n")
            bar(n, len(rows))
    return status


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
