"""python -m benchmarks.reuse.precedents [--out TABLE.md]: fits the threshold below which a draft's sentence has no precedent.

Sentences of sample speeches, each speech held out in turn, should mostly have a precedent in the others; sentences
invented about things that no speech touches (benchmarks/reuse/strangers.txt, half of them in the style of speeches)
should have none. The threshold is the one with the best balanced accuracy on one half of each; the other half judges it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.config import ROOT
from rag.pipeline.run import Ingester
from rag.session import Session, chosen_encoder, shared_analyzer
from rag.text.sentences import sentences
from rag.types import Filters
from rag.write.precedent import NO_PRECEDENT, closest

STRANGERS = Path(__file__).with_name("strangers.txt")
PER_SPEECH = 6
LEAST = 15
Scores = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> int:
    top = argparse.ArgumentParser(prog="python -m benchmarks.reuse.precedents", description=__doc__)
    top.add_argument("--out", metavar="TABLE.md")
    options = top.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="yanju-precedents-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        Ingester.open(folder, chosen_encoder(), shared_analyzer()).ingest_paths([ROOT / "data" / "speeches"])
        session = Session.open(folder)
        text = "\n".join(report(held_out(session), strangers(session), session.retriever.encoder.fingerprint)) + "\n"
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


def held_out(session: Session) -> Scores:
    """Closeness of some sentences of every speech to the rest of the archive."""
    chance = random.Random(0)
    speeches, twins = session.archive.speeches(), session.archive.twins()
    out = []
    for speech in speeches:
        own = {speech.speech_id, *twins.get(speech.speech_id, [])}
        others = Filters(speech_ids=tuple(one.speech_id for one in speeches if one.speech_id not in own))
        said = [speech.text[a:b] for a, b in sentences(speech.text) if b - a >= LEAST]
        for sentence in chance.sample(said, min(PER_SPEECH, len(said))):
            if found := closest(session.retriever, sentence, others):
                out.append(found.closeness)
    return np.array(out)


def strangers(session: Session) -> Scores:
    """Closeness of the invented sentences to the archive."""
    lines = STRANGERS.read_text(encoding="utf-8").splitlines()
    found = [closest(session.retriever, line) for line in lines if line.strip()]
    return np.array([one.closeness for one in found if one])


def fitted(relatives: Scores, foreign: Scores) -> float:
    """The threshold with the best balanced accuracy; in the middle of the gap that it lies in."""
    values = np.unique(np.concatenate([relatives, foreign]))
    middles = (values[:-1] + values[1:]) / 2
    return float(max(middles, key=lambda at: balanced(relatives, foreign, at)))


def balanced(relatives: Scores, foreign: Scores, threshold: float) -> float:
    return float(((relatives >= threshold).mean() + (foreign < threshold).mean()) / 2)


def report(relatives: Scores, foreign: Scores, fingerprint: str) -> list[str]:
    threshold = fitted(relatives[::2], foreign[::2])
    rows = [("fitted on the first half", threshold), ("in rag/write/precedent.py", NO_PRECEDENT)]
    lines = ["# Threshold for «无先例»", "", "Made by:", "", "```", "python -m benchmarks.reuse.precedents", "```", ""]
    lines += [
        f"{len(relatives)} sentences of held-out sample speeches, {len(foreign)} invented ones; encoder {fingerprint}. "
        "Judged on the half that was not fitted on. Many held-out sentences are particular to their speech (names, "
        "figures, stories) and rightly have no precedent, so the first column is an upper bound of the false alarms.",
        "",
        "| threshold | closeness | held-out sentences flagged | invented sentences flagged | balanced accuracy |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, at in rows:
        own, other = relatives[1::2], foreign[1::2]
        flagged = (own < at).mean(), (other < at).mean()
        lines.append(f"| {name} | {at:.3f} | {flagged[0]:.3f} | {flagged[1]:.3f} | {balanced(own, other, at):.3f} |")
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
