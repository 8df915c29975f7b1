"""Errors in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import errors, i18n
from rag.errors import ArchiveError, ReadError, UsageError, YanjuError
from rag.search.query import parse_query
from rag.ui.failing import file_sentence, kind, sentence


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use(None)


def raised(query: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse_query(query)
    return caught.value


def test_in_chinese_an_error_is_its_own_sentence() -> None:
    assert sentence(raised("长" * 3000)) == "问题过长（3000 字，最多 2000 字），请缩短。"
    assert file_sentence("encrypted", "PDF 设有打开密码。") == "PDF 设有打开密码。"


def test_in_english_it_is_translated_with_its_values(english: None) -> None:
    assert sentence(raised("长" * 3000)) == "The question is too long (3000 characters, at most 2000); shorten it."
    assert sentence(raised(" ")) == "Type a question or some words."


def test_one_without_a_translation_says_what_kind_it_is_first(english: None) -> None:
    assert sentence(ArchiveError("甲{乙}")) == "The archive cannot be opened or written. 甲{乙}"
    assert file_sentence("encrypted", "有密码。") == "The file is protected by a password. 有密码。"
    assert file_sentence("new", "新的。") == "新的。"


def test_every_kind_of_error_has_a_name(english: None) -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, YanjuError)]
    named = {kind(ReadError("x", "y") if one is ReadError else one("y")) for one in kinds if one is not YanjuError}
    assert kind(YanjuError("y")) not in named


def test_a_message_without_values_keeps_its_braces() -> None:
    assert str(UsageError("集合 {a}")) == "集合 {a}"
    assert str(UsageError("集合 {a}", a=1)) == "集合 1"
