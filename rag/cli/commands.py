"""One function a subcommand. Each returns the exit status."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rag.cli.evaluating import compare as compare
from rag.cli.evaluating import eval as eval
from rag.cli.output import Progress, print_answer, print_composition, print_hits, print_json, print_report
from rag.cli.status import DONE, SOME_FAILED
from rag.cli.verifying import verify as verify
from rag.config import archive_folder
from rag.contracts import (
    answer_json,
    composition_json,
    hit_json,
    ingest_json,
    source_json,
    speech_detail_json,
    speech_json,
)
from rag.errors import UsageError
from rag.types import Answer, Filters

if TYPE_CHECKING:
    from rag.generate.compose import Composition
    from rag.generate.settings import GenerationSettings
    from rag.session import Session


def ingest(options: Namespace) -> int:
    from rag.archive.writer import Writer
    from rag.pipeline.run import Ingester
    from rag.session import chosen_encoder, lasting_name, shared_analyzer

    writer = Writer(archive_folder(options.archive, writing=True))
    model = lasting_name(options.model or writer.encoder_source())
    ingester = Ingester(writer, chosen_encoder(model), shared_analyzer(), model=model)
    bar = Progress("导入")
    report = ingester.ingest_paths([Path(path) for path in options.paths], lambda n, total, _: bar(n, total))
    if options.json:
        print_json(ingest_json(report))
    else:
        print_report(report)
    return SOME_FAILED if report.failed else DONE


def search(options: Namespace) -> int:
    from rag.session import Session

    session = Session.open(archive_folder(options.archive))
    results = session.retriever.search(options.query, options.k, filters_of(options), not options.no_expand)
    if options.json:
        print_json([hit_json(hit) for hit in results.hits])
        return DONE
    for notice in results.notices:
        print(notice)
    print_hits(results.hits)
    if not results.hits:
        print("没有符合条件的段落。")
    return DONE


def ask(options: Namespace) -> int:
    from rag.session import Session

    settings = _generation() if options.compose else None
    session = Session.open(archive_folder(options.archive))
    answer = session.answerer.ask(options.query, filters_of(options), not options.no_expand)
    composition = _composed(answer, session, settings) if settings else None
    if options.json:
        print_json(answer_json(answer) | ({"composition": composition_json(composition)} if composition else {}))
        return DONE
    if composition:
        print_composition(composition)
    print_answer(answer)
    return DONE


def _generation() -> GenerationSettings:
    """The model endpoint of the environment.

    Raises:
        UsageError: there is none, or its settings are wrong.
        GenerationError: the client library is missing.
    """
    from rag.generate.client import require_client
    from rag.generate.settings import HOW_TO_SWITCH_ON, GenerationSettings

    settings = GenerationSettings.from_environment()
    if settings is None:
        raise UsageError(HOW_TO_SWITCH_ON)
    require_client()
    return settings


def _composed(answer: Answer, session: Session, settings: GenerationSettings) -> Composition:
    from rag.generate.compose import compose_answer

    return compose_answer(answer, settings, session.retriever.analyzer, session.retriever.encoder)


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


def list(options: Namespace) -> int:
    from rag.archive.reader import Archive

    archive = Archive(archive_folder(options.archive))
    twins = archive.twins()
    speeches = archive.speeches()
    if options.json:
        print_json([speech_json(speech, twins.get(speech.speech_id, [])) for speech in speeches])
        return DONE
    for speech in speeches:
        same = f"  与 {'、'.join(twins[speech.speech_id])} 相同" if speech.speech_id in twins else ""
        print(
            f"{speech.speech_id}  {speech.year or '年份不明'}  {len(speech.text):>6} 字  {speech.title}  ({speech.file}){same}"
        )
    print(f"共 {len(speeches)} 篇")
    return DONE


def show(options: Namespace) -> int:
    from rag.archive.reader import Archive

    archive = Archive(archive_folder(options.archive))
    speech = archive.speech(options.speech_id)
    if options.json:
        print_json(speech_detail_json(speech, archive.twins().get(speech.speech_id, [])))
        return DONE
    known = [
        f"{key}：{found.value}（{found.where}）" for key, found in speech.metadata.items() if found.value is not None
    ]
    print(speech.title, f"[{speech.speech_id}]  {speech.file}", *known, "", speech.text, sep="\n")
    return DONE


def remove(options: Namespace) -> int:
    from rag.archive.reader import Archive
    from rag.archive.writer import Writer

    folder = archive_folder(options.archive)
    archive = Archive(folder)
    writer = Writer(folder)
    paths = (options.target, Path(options.target).resolve().as_posix())
    named = [s for s in archive.sources() if options.target in (s.display, Path(s.path).name) or s.path in paths]
    matches = [s for s in named if options.target == s.display or s.path in paths] or named
    if len(matches) > 1:
        raise UsageError(
            f"有 {len(matches)} 个文件叫 {options.target}，请写明文件夹：{'、'.join(s.display for s in matches)}"
        )
    if matches:
        removed = {"removed": matches[0].display, "speeches": writer.remove_source(matches[0].id)}
    elif any(s.speech_id == options.target for s in archive.speeches()):
        writer.withdraw(options.target)
        removed = {"removed": options.target, "speeches": 1}
    else:
        raise UsageError(f"档案中没有 {options.target}。可用 python -m rag list 查看文件名和讲话编号。")
    if options.json:
        print_json(removed)
    else:
        print(f"已移除 {removed['removed']}（{removed['speeches']} 篇讲话）")
    return DONE


def reindex(options: Namespace) -> int:
    from rag.archive.reader import Archive
    from rag.archive.writer import Writer
    from rag.pipeline.reindex import reindex_archive
    from rag.session import chosen_encoder, lasting_name

    archive = Archive(archive_folder(options.archive))
    model = lasting_name(options.model)
    encoder = chosen_encoder(model)
    bar, total = Progress("重算向量"), archive.count("passages")
    done = reindex_archive(Writer(archive.folder), archive, encoder, model, lambda n: bar(n, total))
    result = {"passages": total, "encoded": done, "encoder": encoder.name}
    if options.json:
        print_json(result)
    else:
        print(f"已用 {encoder.name} 重算 {done} 个段落的向量（共 {total} 个）")
    return DONE


def info(options: Namespace) -> int:
    from rag.archive.reader import Archive

    folder = archive_folder(options.archive)
    archive = Archive(folder)
    facts = {
        "archive": str(folder),
        "sources": archive.count("sources"),
        "speeches": archive.count("speeches"),
        "passages": archive.count("passages"),
        "undated": archive.undated(),
        "generation": archive.generation,
        "encoder": archive.meta("encoder_name"),
        "encoder_fingerprint": archive.encoder_fingerprint,
        "dimension": archive.dimension,
        "bytes": sum(path.stat().st_size for path in Path(folder).iterdir() if path.is_file()),
        "files": [source_json(source) for source in archive.sources()],
    }
    if options.json:
        print_json(facts)
        return DONE
    for key, value in facts.items():
        if key != "files":
            print(f"{key}: {value}")
    for source in archive.sources():
        print(f"  {source.display}  {source.speeches} 篇{'  ' + '；'.join(source.notes) if source.notes else ''}")
    return DONE


def filters_of(options: Namespace) -> Filters:
    """The filters that the command line gives.

    Raises:
        UsageError: the year range is none.
    """
    return Filters(
        years=parse_years(options.year),
        speaker=tuple(options.speaker),
        organisation=tuple(options.organisation),
        place=tuple(options.place),
        genre=tuple(options.genre),
        speech_ids=tuple(options.speech),
        contains=options.contains,
    )


def parse_years(value: str | None) -> tuple[int, int] | None:
    """«2019», «2018-2020», «2018-» and «-2020»."""
    if not value:
        return None
    match = re.fullmatch(r"(\d{4})?\s*(?:([-–—~～至])\s*(\d{4})?)?", value.strip())
    if not match or not (match[1] or match[3]):
        raise UsageError(f"年份应写成 2019 或 2018-2020，收到的是「{value}」。")
    first = int(match[1] or 0)
    last = int(match[3] or 9999) if match[2] else first
    if first > last:
        raise UsageError(f"年份范围颠倒了：{value}。")
    return first, last
