"""What `phrases` prints as JSON, and what `batch --mode phrases` writes."""

from __future__ import annotations

from rag.contracts import Json, place_json
from rag.write.phrase import Phrase


def phrase_json(phrase: Phrase) -> Json:
    """One entry of `phrases`: ``text`` is the sentence with the neighbours that it needs, ``context`` wider.

    ``function`` is null while the archive does not know the functions of its sentences; ``match`` is null but for patterns.
    """
    context = phrase.context
    return {
        "rank": phrase.rank,
        "score": phrase.score,
        "text": phrase.text,
        "function": phrase.function.label if phrase.function else None,
        "confidence": phrase.function.confidence if phrase.function else None,
        **place_json(phrase.place),
        "sentence": {"start": phrase.core.start, "end": phrase.core.end},
        "match": {"start": phrase.match.start, "end": phrase.match.end} if phrase.match else None,
        "context": {"text": phrase.wide, "start": context.start, "end": context.end},
        "speeches": phrase.speeches,
        "also": [
            {"speech_id": p.speech_id, "title": p.title, "file": p.file, "start": p.start, "end": p.end}
            for p in phrase.also
        ],
    }


def phrase_passage_json(phrase: Phrase) -> Json:
    """One passage of `batch --mode phrases`: the phrase widened, with its own sentence under ``best``."""
    return {
        "rank": phrase.rank,
        "score": phrase.score,
        **place_json(phrase.context),
        "text": phrase.wide,
        "best": {"start": phrase.core.start, "end": phrase.core.end},
        "function": phrase.function.label if phrase.function else None,
        "duplicates": [{"speech_id": p.speech_id, "start": p.start, "end": p.end, "file": p.file} for p in phrase.also],
    }
