"""雷同与沿用: what speeches share with one another, run by run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.archive.reader import Archive
from rag.errors import UsageError
from rag.types import Span
from rag.write.ends import at_sentences
from rag.write.runs import Run, runs_between, runs_within
from rag.write.stream import Stream
from rag.write.texts import SpeechText, speech_texts

LISTED = 30  # below, what speeches share is mostly formula
LEAST, MOST = 10, 1000
NEARLY_ALL = 0.8


@dataclass(frozen=True)
class SharedRun:
    """One run in two speeches' texts. ``exact`` are its letter-for-letter stretches, as spans of both texts."""

    a: Span
    b: Span
    exact: tuple[tuple[Span, Span], ...]
    chars: int
    similarity: float
    verbatim: float


@dataclass(frozen=True)
class SpeechPair:
    """Two speeches and what they share; ``share_a`` is the part of the first speech that stands in the second."""

    a: SpeechText
    b: SpeechText
    runs: tuple[SharedRun, ...]
    share_a: float
    share_b: float

    @property
    def chars(self) -> int:
        """Characters of all runs together, punctuation not counted."""
        return sum(run.chars for run in self.runs)

    @property
    def nearly_identical(self) -> bool:
        """Whether each speech is, for at least four fifths, the other one."""
        return min(self.share_a, self.share_b) >= NEARLY_ALL

    @property
    def contained(self) -> bool:
        """Whether the shorter one stands for at least four fifths in the longer one."""
        return max(self.share_a, self.share_b) >= NEARLY_ALL


def shared_runs(a: Stream, b: Stream, runs: Sequence[Run]) -> tuple[SharedRun, ...]:
    """Runs of two streams as spans of their texts."""
    return tuple(
        SharedRun(
            a.span(run.start_a, run.end_a),
            b.span(run.start_b, run.end_b),
            tuple((a.span(i, i + n), b.span(j, j + n)) for i, j, n in run.blocks),
            run.length,
            round(run.similarity, 4),
            round(run.verbatim, 4),
        )
        for run in runs
    )


def all_pairs(
    archive: Archive, shortest: int = LISTED, progress: Callable[[int, int], None] | None = None
) -> list[SpeechPair]:
    """Every pair of speeches that share a run, those that share most first.

    Of speeches with one and the same text only the first is compared with others; each further one is paired with it.

    Raises:
        UsageError: ``shortest`` is out of bounds.
    """
    check_shortest(shortest)
    with archive.snapshot():
        texts = list(speech_texts(archive))
    firsts: dict[str, SpeechText] = {}
    twins = [(firsts[one.content_hash], one) for one in texts if firsts.setdefault(one.content_hash, one) is not one]
    single = list(firsts.values())
    found = [
        pair_of(single[a], single[b], runs)
        for a, b, runs in runs_within([one.stream for one in single], shortest, progress)
    ]
    found += [pair_of(one, other, runs_between(one.stream, other.stream, shortest)) for one, other in twins]
    return sorted((pair for pair in found if pair.runs), key=_most_shared)


def pairs_of(archive: Archive, speech_id: str, other: str | None = None, shortest: int = LISTED) -> list[SpeechPair]:
    """What one speech shares with every other one, or with the one given; it stands first in each pair.

    Raises:
        UsageError: there is no such speech, both are the same, or ``shortest`` is out of bounds.
    """
    check_shortest(shortest)
    if speech_id == other:
        raise UsageError("请给出两篇不同的讲话；只给一篇，就与其余各篇比较。")
    with archive.snapshot():
        for wanted in filter(None, (speech_id, other)):
            archive.speech(wanted)
        texts = {
            one.speech_id: one
            for one in speech_texts(archive)
            if other in (None, one.speech_id) or one.speech_id == speech_id
        }
    own = texts.pop(speech_id)
    found = [pair_of(own, one, runs_between(own.stream, one.stream, shortest)) for one in texts.values()]
    return sorted((pair for pair in found if pair.runs), key=_most_shared)


def pair_of(a: SpeechText, b: SpeechText, runs: Sequence[Run]) -> SpeechPair:
    """A pair with its runs, which end at sentences where a few letters decide it, and its shares."""
    runs = [at_sentences(run, (a.text, b.text), (a.stream, b.stream)) for run in runs]
    sides = ([(run.start_a, run.end_a) for run in runs], [(run.start_b, run.end_b) for run in runs])
    shares = [_covered(side) / max(1, len(one.stream)) for side, one in zip(sides, (a, b), strict=True)]
    return SpeechPair(a, b, shared_runs(a.stream, b.stream, runs), round(shares[0], 4), round(shares[1], 4))


def check_shortest(shortest: int) -> None:
    """Raises UsageError for a least length that is out of bounds."""
    if not LEAST <= shortest <= MOST:
        raise UsageError(f"最短长度应在 {LEAST} 到 {MOST} 字之间，收到 {shortest}。")


def _covered(spans: Sequence[tuple[int, int]]) -> int:
    """Positions that at least one of the spans covers."""
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _most_shared(pair: SpeechPair) -> tuple[int, str, str]:
    return -pair.chars, pair.a.speech_id, pair.b.speech_id
