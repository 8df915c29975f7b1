"""What a draft takes from the archive."""

from __future__ import annotations

import pytest
from fakes import ingester, speech, write

from rag.archive.reader import Archive
from rag.text.words import Analyzer
from rag.write.quoting import Reuse, quotations, reuses_of
from rag.write.texts import Places
from rag.write.wording import word_diff

SAID = "紧急信息要在一小时内用电话报告，两小时内报出书面材料，不得迟报漏报。"
BOTH = "把功夫下在平时，把隐患消灭在萌芽状态，这是老办法也是好办法。"
FILES = {
    "信息.txt": speech("在全市信息工作会议上的讲话", SAID, BOTH, date="2019年3月5日"),
    "安全.txt": speech("在全市安全会议上的讲话", "今天开会的人多。" + BOTH),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Archive:
    folder = tmp_path_factory.mktemp("quoting")
    for name, text in FILES.items():
        write(folder / "files" / name, text)
    ingester(folder / "archive", analyzer).ingest_paths([folder / "files"])
    return Archive(folder / "archive")


@pytest.fixture
def reuses(archive: Archive, analyzer: Analyzer):  # type: ignore[no-untyped-def]
    """``reuses(draft)``, checked: what is shown of the archive stands there, and the diff gives both wordings back."""

    def find(draft: str) -> list[Reuse]:
        found = reuses_of(draft, archive, Places(archive), analyzer)
        for one in found:
            text = archive.speech(one.place.speech_id).text
            assert text[one.place.start : one.place.end] == one.text
            if one.changes:
                assert "".join(change.original for change in one.changes) == one.text
                assert "".join(change.other for change in one.changes) == draft[one.span.start : one.span.end]
        return found

    return find


def test_a_sentence_taken_over_is_verbatim_and_names_its_source(reuses) -> None:  # type: ignore[no-untyped-def]
    (one,) = reuses("我再强调一遍：" + SAID + "请各位记住。")
    assert (one.verbatim, one.quoted, one.changes) == (True, False, ())
    assert one.text == SAID.rstrip("。")
    assert (one.place.file, one.place.year) == ("信息.txt", 2019)


def test_a_quotation_that_differs_is_a_misquotation_with_its_diff(reuses) -> None:  # type: ignore[no-untyped-def]
    (one,) = reuses("去年说过“紧急信息要在一小时内用电话报告，三小时内报出书面材料”，今年不变。")
    assert (one.verbatim, one.quoted) == (False, True)
    assert [(c.original, c.other) for c in one.changes if c.kind != "same"] == [("两", "三")]


def test_a_quotation_is_compared_as_a_whole(reuses) -> None:  # type: ignore[no-untyped-def]
    """Words that the draft adds within the quotation marks are its own, however exact the rest."""
    (one,) = reuses("他讲“两小时内报出书面材料，不得迟报漏报，违者就地免职”。")
    assert (one.verbatim, one.quoted) == (False, True)
    assert one.changes[-1].other.endswith("违者就地免职")


def test_a_right_quotation_is_right_even_next_to_other_words(reuses) -> None:  # type: ignore[no-untyped-def]
    (one,) = reuses("“两小时内报出书面材料，不得迟报漏报”，这一条今年还要执行。")
    assert (one.verbatim, one.quoted, one.similarity) == (True, True, 1.0)


def test_what_stands_in_two_speeches_names_both(reuses) -> None:  # type: ignore[no-untyped-def]
    (one,) = reuses(BOTH)
    assert {one.place.file, *(place.file for place in one.also)} == {"信息.txt", "安全.txt"}


def test_a_changed_sentence_without_quotation_marks_is_shown_as_changed(reuses) -> None:  # type: ignore[no-untyped-def]
    (one,) = reuses(BOTH.replace("平时", "日常"))
    assert (one.verbatim, one.quoted) == (False, False)
    assert [(c.original, c.other) for c in one.changes if c.kind != "same"] == [("平时", "日常")]


def test_formulas_and_foreign_matter_are_no_reuse(reuses) -> None:  # type: ignore[no-untyped-def]
    assert reuses("同志们：今天的会议很重要，请大家认真贯彻落实。") == []


def test_quotation_marks_of_every_kind() -> None:
    text = '“甲乙”「丙丁」『戊己』"庚辛"‘壬癸’“没有后引号'
    assert [text[a:b] for a, b in quotations(text)] == ["甲乙", "丙丁", "戊己", "庚辛", "壬癸"]


def test_a_diff_gives_both_texts_back(analyzer: Analyzer) -> None:
    changes = word_diff("各级工会要把职工放在心上", "各级工会应当把职工始终放在心上", analyzer)
    assert "".join(c.original for c in changes) == "各级工会要把职工放在心上"
    assert "".join(c.other for c in changes) == "各级工会应当把职工始终放在心上"
    assert {c.kind for c in changes} == {"same", "changed", "added"}
