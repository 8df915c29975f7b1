"""What the reader of the command line is told."""

from __future__ import annotations

import pytest

from rag.answer.refusal import NO_EVIDENCE
from rag.cli.output import print_answer
from rag.types import Answer


def test_where_nothing_meets_the_filters_no_nearest_passages_are_announced(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("问题", False, (), (), 0, notices=(NO_EVIDENCE,)))
    told = capsys.readouterr().out
    assert "最接近" not in told
    assert "没有符合条件的段落" in told
