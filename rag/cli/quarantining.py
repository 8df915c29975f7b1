"""The subcommand quarantine: files with a mark of secrecy, which wait for somebody to let them in or throw them away."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.output import Progress, harmless, print_json, print_report
from rag.cli.status import DONE, SOME_FAILED
from rag.config import archive_folder
from rag.contracts import held_json, ingest_json
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.archive.rows import HeldFile


def quarantine(options: Namespace) -> int:
    """Lists, releases or discards.

    Raises:
        UsageError: a number that no file of the quarantine has; nothing is changed.
    """
    from rag.archive.reader import Archive

    # Never the sample: one's own archive may hold nothing but what is in its quarantine.
    folder = archive_folder(options.archive, writing=True)
    held = Archive(folder).held()
    if options.action == "release":
        return _release(folder, _numbers(options.ids, held), options.json)
    if options.action == "discard":
        return _discard(folder, _numbers(options.ids, held), options.json)
    if options.json:
        print_json([held_json(one) for one in held])
        return DONE
    for one in held:
        print(f"{one.id}  {harmless(one.mark)}  {one.added.replace('T', ' ')[:16]}  {harmless(one.shown)}")
    print(f"隔离区有 {len(held)} 个文件" if held else "隔离区里没有文件。")
    return DONE


def _numbers(given: Sequence[str], held: Sequence[HeldFile]) -> list[int]:
    known = {str(one.id): one.id for one in held}
    if unknown := [word for word in given if word not in known]:
        raise UsageError(
            f"隔离区里没有编号为 {'、'.join(map(harmless, unknown))} 的文件，什么也没有做。可用 python -m rag quarantine 查看编号。"
        )
    return [known[word] for word in given]


def _release(folder: Path, numbers: Sequence[int], json: bool) -> int:
    from rag.archive.writer import Writer
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, lasting_name, shared_analyzer

    writer = Writer(folder)
    model = lasting_name(writer.encoder_source())
    encoder, bar = chosen_encoder(model), Progress("放行")
    with Ingester(writer, encoder, shared_analyzer(), model=model, workers=1) as ingester:
        report = ingester.release(numbers, lambda n, total, _: bar(n, total))
    if json:
        print_json(ingest_json(report))
    else:
        print_report(report)
    return SOME_FAILED if report.failed else DONE


def _discard(folder: Path, numbers: Sequence[int], json: bool) -> int:
    from rag.archive.writer import Writer

    gone = Writer(folder).discard(numbers)
    if json:
        print_json({"discarded": [held_json(one) for one in gone]})
        return DONE
    for one in gone:
        print(f"已删除 {harmless(one.shown)}（{harmless(one.mark)}）")
    return DONE
