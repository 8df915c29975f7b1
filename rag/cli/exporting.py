"""The subcommand export: collected quotations as a document."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rag.cli.output import print_json
from rag.cli.status import DONE, SOME_FAILED
from rag.config import SAMPLE_ARCHIVE, archive_folder
from rag.contracts_export import export_json
from rag.errors import UsageError
from rag.types import Hit


def export(options: Namespace) -> int:
    """Status 1 where a quotation is no longer what was collected; the document says so in its place."""
    from rag.archive.reader import Archive
    from rag.write.export import entries
    from rag.write.export_file import rendered, write_file
    from rag.write.export_input import read_items

    items = read_items(_text(options.items), "标准输入" if options.items == "-" else options.items)
    folder = archive_folder(options.archive)
    found = entries(Archive(folder), items, _Nearest(folder), sample=folder.resolve() == SAMPLE_ARCHIVE.resolve())
    write_file(Path(options.out), rendered(found, options.format, options.title))
    if options.json:
        print_json(export_json(options.out, options.format, found))
    else:
        print(f"已导出 {len(found)} 条到 {options.out}")
    for n, one in enumerate(found, 1):
        if one.notice:
            print(f"第 {n} 条：{one.notice}", file=sys.stderr)
    return DONE if all(one.sound for one in found) else SOME_FAILED


class _Nearest:
    """The closest match of some words; opens the encoder only when a quotation has to be looked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, words: str) -> Hit | None:
        from rag.session import Session
        from rag.write.following import nearest_of

        return nearest_of(Session.open(self._folder).retriever)(words)


def _text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"没有 {name} 这个文件；请检查路径。") from error
    except OSError as error:
        raise UsageError(f"无法读取 {name}（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} 不是 UTF-8 编码的 JSON；请用 --json 的输出，或另存为 UTF-8。") from error
