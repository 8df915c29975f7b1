"""Whatever is typed: a query whose parts come from the text, or one sentence saying what is wrong."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.search.query import MAX_QUERY, parse_query, strip_wrapping

PARTS = st.sampled_from(
    (
        "信息报送",
        "怎么抓",
        "的讲话",
        " ",
        "　",
        '"',
        "“",
        "”",
        "「",
        "」",
        "『",
        "』",
        "-",
        "－",
        "-会议",
        '-"会议 纪要"',
        "？",
        "\n",
        "NOT",
        "*",
        "(",
        "\\",
        "\x00",
        "\u200b",
        "2019",
    )
)
TYPED = st.one_of(st.lists(PARTS, max_size=14).map("".join), st.text(max_size=60))


@settings(deadline=None)
@given(TYPED)
@example('"')
@example('-"')
@example('""-')
@example("“”「」" * 50)
@example("『信息报送 -信息报送 信息报送』")
def test_parsing(text: str) -> None:
    try:
        query = parse_query(text)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    typed = re.sub(r"\s+", " ", text).strip()
    assert query.text == typed
    for phrase in (*query.phrases, *query.preferred, *query.excluded):
        assert phrase in typed
        assert phrase == phrase.strip()
    assert re.search(r"\w", query.plain)
    assert query.core
    assert query.core in query.plain
    assert not re.search('["“”「」『』]', query.plain)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_stripping_wrapping_leaves_a_part(text: str) -> None:
    assert strip_wrapping(text).strip() in text


@given(st.integers(MAX_QUERY - 2, MAX_QUERY + 50))
def test_length(length: int) -> None:
    try:
        assert len(parse_query("信" * length).plain) == length <= MAX_QUERY
    except UsageError:
        assert length > MAX_QUERY
