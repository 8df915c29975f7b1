"""Whatever a file holds, nothing of it is lost, used twice, or made up."""

from __future__ import annotations

import contextlib
import os

from dirt import dirty_source
from document_checks import check_document
from hypothesis import HealthCheck, example, given, settings

from rag.errors import ReadError
from rag.ingest.document import take_apart
from rag.text.words import Analyzer
from rag.types import SourceText

# One analyzer for all examples: hypothesis runs a test many times within one fixture.
ANALYZER = Analyzer()


@settings(
    max_examples=int(os.environ.get("YANJU_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(dirty_source())
@example(SourceText("同志们：\f\x00\n\ud800。", "txt"))
@example(SourceText("---\n---\n# # #\n> > 引文。\n***\n", "md"))
def test_every_document_keeps_its_word(source: SourceText) -> None:
    with contextlib.suppress(ReadError):
        check_document(take_apart(source, "无题.txt", ANALYZER))
