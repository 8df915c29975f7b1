"""The subcommands that fill, show and keep the archive: ingest, list, show, remove, reindex and info."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rag.cli.output import Progress, print_json, print_report
from rag.cli.status import DONE, SOME_FAILED
from rag.config import archive_folder
from rag.contracts import ingest_json, source_json, speech_detail_json, speech_json
from rag.errors import UsageError

_LABELS = {
    "title": "标题",
    "occasion": "场合",
    "speaker": "讲话人",
    "post": "职务",
    "organisation": "单位",
    "place": "地区",
    "date": "日期",
    "year": "年份",
    "genre": "体裁",
    "language": "语言",
}
_FACTS = {
    "archive": "档案",
    "sources": "文件",
    "speeches": "讲话",
    "passages": "段落",
    "undated": "年份不明的讲话",
    "held": "隔离区的文件",
    "generation": "第几次写入",
    "encoder": "向量模型",
    "encoder_fingerprint": "模型指纹",
    "dimension": "向量维数",
    "bytes": "占用字节",
}


def ingest(options: Namespace) -> int:
    from rag.archive.writer import Writer
    from rag.pipeline.run import Ingester
    from rag.pipeline.workers import worker_count
    from rag.session import chosen_encoder, lasting_name, shared_analyzer

    writer = Writer(archive_folder(options.archive, writing=True))
    model = lasting_name(options.model or writer.encoder_source())
    paths = [Path(path) for path in options.paths]
    workers = worker_count(paths) if options.workers is None else options.workers
    encoder, bar = chosen_encoder(model), Progress("导入")
    with Ingester(
        writer, encoder, shared_analyzer(), model=model, workers=workers, allow_marked=options.allow_marked
    ) as ingester:
        report = ingester.ingest_paths(paths, lambda n, total, _: bar(n, total))
    if options.json:
        print_json(ingest_json(report))
    else:
        print_report(report, options.summary)
    return SOME_FAILED if report.failed else DONE


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
        f"{_LABELS[name]}：{found.value}（{found.where}）"
        for name, found in speech.metadata.items()
        if found.value is not None
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
    from rag.cli.scaling import reindex_with
    from rag.session import chosen_encoder, lasting_name

    archive = Archive(archive_folder(options.archive))
    model = lasting_name(options.model)
    encoder = chosen_encoder(model)
    bar, total = Progress("重算向量"), archive.count("passages")
    done = reindex_with(options, Writer(archive.folder), archive, encoder, model, lambda n: bar(n, total))
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
        "held": len(archive.held()),
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
    for key, label in _FACTS.items():
        if key != "held" or facts[key]:
            print(f"{label}：{facts[key]}")
    for source in archive.sources():
        print(f"  {source.display}  {source.speeches} 篇{'  ' + '；'.join(source.notes) if source.notes else ''}")
    return DONE
