"""Results as JSON: the contracts that other programs rely on."""

from __future__ import annotations

from typing import Any

from rag.archive.rows import HeldFile, SourceRow, SpeechRow
from rag.generate.compose import Composition
from rag.pipeline.report import FileReport, IngestReport
from rag.types import Answer, Hit, Place

Json = dict[str, Any]


def place_json(place: Place) -> Json:
    return {
        "speech_id": place.speech_id,
        "title": place.title,
        "file": place.file,
        "year": place.year,
        "section": list(place.section),
        "start": place.start,
        "end": place.end,
        "page": place.page,
    }


def hit_json(hit: Hit) -> Json:
    """One entry of `search`."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        **place_json(hit.place),
        "text": hit.text,
        "best": {"start": hit.best.start, "end": hit.best.end},
        "duplicates": [
            {"speech_id": p.speech_id, "start": p.start, "end": p.end, "file": p.file} for p in hit.duplicates
        ],
    }


def answer_json(answer: Answer) -> Json:
    """The object that `ask` prints."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "points": [
            {
                "heading": point.heading,
                "quotes": [
                    {"text": q.text, "citation": q.citation, "start": q.start, "end": q.end, "also": list(q.also)}
                    for q in point.quotes
                ],
            }
            for point in answer.points
        ],
        "citations": [{"n": c.n, **place_json(c.place)} for c in answer.citations],
        "coverage": {
            "speeches_found": answer.speeches_found,
            "speeches_cited": answer.speeches_cited,
            "quotes": answer.quotes,
        },
        "nearest": [hit_json(hit) for hit in answer.nearest],
        "notices": list(answer.notices),
    }


def composition_json(composition: Composition) -> Json:
    """What `ask --compose` adds to the answer under the key ``composition``."""
    return {
        "sentences": [{"text": s.text, "citations": list(s.citations)} for s in composition.sentences],
        "removed": composition.removed,
        "notice": composition.notice,
        "model": composition.model,
    }


def speech_json(speech: SpeechRow, twins: list[str]) -> Json:
    """One entry of `list`."""
    values = {key: found.value for key, found in speech.metadata.items()}
    return {
        "speech_id": speech.speech_id,
        "title": speech.title,
        "file": speech.file,
        "part": speech.ordinal + 1,
        "year": speech.year,
        "speaker": values["speaker"],
        "genre": values["genre"],
        "chars": len(speech.text),
        "flags": sorted({flag.kind for flag in speech.flags}),
        "duplicates": twins,
    }


def speech_detail_json(speech: SpeechRow, twins: list[str]) -> Json:
    """The object that `show` prints."""
    return {
        **speech_json(speech, twins),
        "metadata": {
            key: {"value": f.value, "where": f.where, "confidence": f.confidence} for key, f in speech.metadata.items()
        },
        "outline": [
            {"level": s.level, "label": s.label, "heading": s.heading, "start": s.start, "end": s.end}
            for s in speech.sections
        ],
        "flags_at": [{"kind": f.kind, "start": f.start, "end": f.end, "note": f.note} for f in speech.flags],
        "text": speech.text,
    }


def source_json(source: SourceRow) -> Json:
    return {
        "file": source.display,
        "path": source.path,
        "format": source.format,
        "encoding": source.encoding,
        "speeches": source.speeches,
        "notes": list(source.notes),
        "added_at": source.added_at,
        "changed_at": source.changed_at,
    }


def held_json(held: HeldFile) -> Json:
    """One entry of `quarantine`."""
    return {
        "id": held.id,
        "file": held.name,
        "path": held.path,
        "mark": held.mark,
        "bytes": held.size,
        "added": held.added,
    }


def file_report_json(report: FileReport) -> Json:
    return {
        "file": report.file,
        "status": report.status,
        "speeches": report.speeches,
        "passages": report.passages,
        "reason": report.reason,
        "message": report.message,
        "notes": list(report.notes),
        "speech_ids": list(report.speech_ids),
    }


def ingest_json(report: IngestReport) -> Json:
    """The object that `ingest` prints."""
    statuses = ("added", "updated", "unchanged", "skipped", "failed")
    return {
        "files": [file_report_json(one) for one in report.files],
        "counts": {status: report.count(status) for status in statuses},
        "speeches": report.speeches,
        "seconds": round(report.seconds, 3),
    }
