"""How near the best passages are to a question, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from builders import sentence_list, speech_row

from rag.answer.refusal import FEW, SPREAD, TYPICAL, Threshold, nearness, supported
from rag.archive.rows import PassageRow
from rag.search.scoring import Candidate

NONE = np.zeros(0, dtype=np.float32)


def ranked(*cosines: float) -> list[Candidate]:
    row = PassageRow(1, 1, 0, 1, (), None, (), "", NONE, NONE)
    return [Candidate(row, 0.0, {"passage": cosine}, NONE, NONE) for cosine in cosines]


def test_among_few_passages_only_the_cosines_count() -> None:
    assert nearness(ranked(0.6, 0.3, 0.3, 0.1)) == pytest.approx(0.4 + SPREAD * TYPICAL)
    assert nearness(ranked(0.6)) == pytest.approx(0.6 + SPREAD * TYPICAL)


def test_standing_out_counts_among_many() -> None:
    """One passage at 1, n at 0: mean 1/(n+1), standard deviation √n/(n+1), so the first stands out by √n."""
    n = 2 * FEW
    assert nearness(ranked(1.0, *[0.0] * n)) == pytest.approx(1 / 3 + SPREAD * n**0.5)


def test_all_alike() -> None:
    assert nearness(ranked(*[0.5] * 50)) == pytest.approx(0.5 + SPREAD * TYPICAL)


def test_no_passage_at_all() -> None:
    assert nearness([]) == 0.0


@pytest.mark.parametrize(
    ("question", "answered"),
    [("怎么抓好信息报送", False), ("形容信息报送又快又准的比喻", True), ("a metaphor for reporting quickly", True)],
)
def test_a_request_for_wording_may_be_farther_away(question: str, answered: bool) -> None:
    near, pool = ranked(0.2), sentence_list(speech_row("信息报送要快，要准，要实，不得迟报漏报。"), [1.0])
    assert nearness(near) == pytest.approx(0.275)
    assert supported(question, near, pool, Threshold(passage=0.3, wording=0.05)) is answered
    assert not supported(question, near, pool, Threshold(passage=0.3, wording=0.02))
    assert supported(question, near, pool, Threshold(passage=0.27))
