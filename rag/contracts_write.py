"""What `trace`, `reuse` and `check-draft` print as JSON."""

from __future__ import annotations

from rag.contracts import Json, place_json
from rag.write.draft import ALTERED, NO_PRECEDENT, PRECEDENT, UNJUDGED, VERBATIM, CheckedSentence, DraftReport
from rag.write.quoting import Reuse
from rag.write.reuse import SharedRun, SpeechPair
from rag.write.texts import SpeechText
from rag.write.trace import Count, Occurrence, Trace


def trace_json(found: Trace) -> Json:
    """The object that `trace` prints. Offsets are those of the speech's text; nothing is left out."""
    return {
        "formulation": found.formulation,
        "occurrences": len(found.counted),
        "speeches": found.speeches,
        "clusters": [
            {
                "label": cluster.label,
                "kind": cluster.kind,
                "edits": cluster.edits,
                "occurrences": [occurrence_json(one) for one in cluster.occurrences],
            }
            for cluster in found.clusters
        ],
        "years": [count_json(one, "year") for one in found.years],
        "units": [count_json(one, "unit") for one in found.units],
        "undated": count_json(found.undated, "year"),
        "first": occurrence_json(found.first) if found.first else None,
        "last": occurrence_json(found.last) if found.last else None,
    }


def occurrence_json(one: Occurrence) -> Json:
    return {**place_json(one.place), "date": one.date, "unit": one.unit, "text": one.text}


def count_json(one: Count, key: str) -> Json:
    return {
        key: one.key,
        "exact": one.exact,
        "variant": one.variant,
        "speeches": one.speeches,
        "all_speeches": one.all_speeches,
    }


def pair_json(pair: SpeechPair) -> Json:
    """One entry of `reuse`."""
    return {
        "a": _speech_json(pair.a),
        "b": _speech_json(pair.b),
        "chars": pair.chars,
        "share_a": pair.share_a,
        "share_b": pair.share_b,
        "nearly_identical": pair.nearly_identical,
        "contained": pair.contained,
        "runs": [_run_json(run, pair) for run in pair.runs],
    }


def _speech_json(speech: SpeechText) -> Json:
    return {"speech_id": speech.speech_id, "title": speech.title, "file": speech.file, "year": speech.year}


def _run_json(run: SharedRun, pair: SpeechPair) -> Json:
    return {
        "a": {"start": run.a.start, "end": run.a.end, "text": pair.a.text[run.a.start : run.a.end]},
        "b": {"start": run.b.start, "end": run.b.end, "text": pair.b.text[run.b.start : run.b.end]},
        "chars": run.chars,
        "similarity": run.similarity,
        "verbatim": run.verbatim,
    }


def draft_json(report: DraftReport) -> Json:
    """The object that `check-draft` prints. ``start`` and ``end`` outside ``place`` are offsets of ``text``, the draft as read."""
    return {
        "text": report.draft.text,
        "notes": list(report.draft.notes),
        "threshold": report.threshold,
        "counts": {name: report.count(name) for name in (VERBATIM, ALTERED, PRECEDENT, NO_PRECEDENT, UNJUDGED)},
        "sentences": [_sentence_json(one) for one in report.sentences],
        "reuses": [_reuse_json(one) for one in report.reuses],
    }


def _sentence_json(one: CheckedSentence) -> Json:
    nearest = one.nearest
    return {
        "start": one.span.start,
        "end": one.span.end,
        "text": one.text,
        "status": one.status,
        "nearest": {**place_json(nearest.place), "text": nearest.text, "closeness": nearest.closeness}
        if nearest
        else None,
    }


def _reuse_json(one: Reuse) -> Json:
    return {
        "start": one.span.start,
        "end": one.span.end,
        "verbatim": one.verbatim,
        "quoted": one.quoted,
        "similarity": one.similarity,
        "source": {**place_json(one.place), "text": one.text},
        "changes": [{"kind": c.kind, "archive": c.original, "draft": c.other} for c in one.changes],
        "also": [place_json(place) for place in one.also],
    }
