"""Collections come apart; a speech that only mentions 第一篇 stays whole."""

from __future__ import annotations

import pytest
from speeches import CALL, PAST, TASKS, TITLE, ingest, joined, paragraphs_of, removed, speech

from rag.ingest import splitting
from rag.text.words import Analyzer

BODY = (PAST, TASKS, CALL)


def member(mark: str) -> str:
    return joined([mark, "", "同志们：", *BODY])


def test_marked_members_come_apart(analyzer: Analyzer) -> None:
    text = joined(["办公室会议讲话(精选14篇)", *(member(f"办公室会议讲话 篇{n}") for n in (1, 2, 3))])
    document = ingest(text, analyzer)
    assert [one.text.split("\n") for one in document.speeches] == [["同志们：", *BODY]] * 3
    assert document.notes == ("标题称共 14 篇，文件中实有 3 篇",)
    assert removed(document, splitting.COLLECTION_TITLE) == ["办公室会议讲话(精选14篇)"]
    assert removed(document, splitting.COLLECTION_MARK) == [f"办公室会议讲话 篇{n}" for n in (1, 2, 3)]
    assert all("办公室会议讲话" in one.title for one in document.speeches)
    assert [one.metadata["title"].where.count("篇") > 0 for one in document.speeches] == [True] * 3


def test_members_with_titles_of_their_own_keep_them(analyzer: Analyzer) -> None:
    text = joined(["讲话汇编", member("第一篇：在信息工作会议上的讲话"), member("第二篇：在值班工作会议上的讲话")])
    assert [one.title for one in ingest(text, analyzer).speeches] == [
        "在信息工作会议上的讲话",
        "在值班工作会议上的讲话",
    ]


@pytest.mark.parametrize("mark", ["第{}篇：{}", "第{}篇　{}", "【第{}篇】{}", "第{}篇《{}》", "篇{}：{}", "范文{}、{}", "信息工作讲话 篇{}：{}"])
@pytest.mark.parametrize("titles", [("在信息会议上的讲话", "在值班会议上的讲话"), ("把信息报快报准", "守住每一个夜晚")])
def test_the_number_of_a_member_goes_and_its_title_stays(mark: str, titles: tuple[str, str], analyzer: Analyzer) -> None:
    marks = [mark.format(n, title) for n, title in enumerate(titles, 1)]
    document = ingest(joined(["讲话汇编", *(member(m) for m in marks)]), analyzer)
    own = [m[m.index("《") :] if "《" in m else title for m, title in zip(marks, titles, strict=True)]
    assert [one.text.split("\n") for one in document.speeches] == [[title, "同志们：", *BODY] for title in own]
    assert [one.title for one in document.speeches] == list(titles)
    numbers = [m.removesuffix(title).rstrip() for m, title in zip(marks, own, strict=True)]
    assert [one.rstrip() for one in removed(document, splitting.COLLECTION_MARK)] == numbers


def test_members_titled_like_speeches_need_no_greeting(analyzer: Analyzer) -> None:
    marks = ["第一篇：在信息工作会议上的讲话", "第二篇：在值班工作会议上的发言"]
    first = speech(*BODY)
    document = ingest(joined([first, *(joined([m, *BODY]) for m in marks)]), analyzer)
    assert [one.title for one in document.speeches] == [TITLE, *(m[4:] for m in marks)]
    assert document.speeches[0].text == first.replace("　", "")


def test_the_contributions_that_a_host_announces_are_no_speeches(analyzer: Analyzer) -> None:
    programme = ["第一篇：张三同志的经验交流发言", "第二篇：李四同志的经验交流发言"]
    document = ingest(joined([speech(*BODY), *programme]), analyzer)
    assert len(document.speeches) == 1
    assert paragraphs_of(document)[-2:] == programme


def test_one_announced_member_is_enough(analyzer: Analyzer) -> None:
    document = ingest(joined(["会议讲话(通用3篇)", member("会议讲话 篇1")]), analyzer)
    assert document.notes == ("标题称共 3 篇，文件中实有 1 篇",)


def test_as_many_as_announced_need_no_note(analyzer: Analyzer) -> None:
    text = joined(["会议讲话两篇", member("会议讲话 篇1"), member("会议讲话 篇2")])
    assert ingest(text, analyzer).notes == ()


def test_the_table_of_contents_of_a_collection_goes(analyzer: Analyzer) -> None:
    marks = ["第一篇：在信息会议上的讲话", "第二篇：在值班会议上的讲话"]
    document = ingest(joined(["讲话汇编（共2篇）", *marks, *(member(m) for m in marks)]), analyzer)
    assert removed(document, splitting.CONTENTS) == marks
    assert len(document.speeches) == 2


def test_titles_and_salutations_alone_divide(analyzer: Analyzer) -> None:
    titles = ["在全市信息工作会议上的讲话", "在全市值班工作会议上的讲话"]
    document = ingest(joined([speech(*BODY, title=t) for t in titles]), analyzer)
    assert [one.title for one in document.speeches] == titles
    assert "拆成 2 篇" in document.notes[0]


def test_a_farewell_and_a_new_greeting_divide(analyzer: Analyzer) -> None:
    second = ["各位代表：", "今天，我们在这里集会。" + PAST, TASKS, CALL]
    document = ingest(joined([speech(*BODY, "谢谢大家！"), *second]), analyzer)
    assert [one.text.count("\n") for one in document.speeches] == [5, 3]


@pytest.mark.parametrize(
    "inside",
    [
        "第一篇：",
        "毛主席的三篇文章大家都读过，第一篇讲的是为人民服务。",
        "第一篇：实干的文章要做好，还要接着做",
        "第三篇章要写好",
        "同志们：",
        "各位代表、同志们！",
        "在这次会议上的讲话",
        "这个材料有14篇，大家可以看一看。",
        "范文 篇1",
    ],
)
def test_an_ordinary_speech_stays_whole(inside: str, analyzer: Analyzer) -> None:
    document = ingest(speech(*BODY, inside, *BODY, "谢谢大家！"), analyzer)
    assert len(document.speeches) == 1
    assert paragraphs_of(document) == [TITLE, "同志们：", *BODY, inside, *BODY, "谢谢大家！"]


def test_parts_that_a_speech_numbers_by_pian_stay_together(analyzer: Analyzer) -> None:
    inside = ["第一篇：实干为要", *BODY, "第二篇：创新为魂", *BODY]
    document = ingest(speech(PAST, *inside), analyzer)
    assert paragraphs_of(document) == [TITLE, "同志们：", PAST, *inside]


def test_greetings_in_the_middle_of_a_report_do_not_divide(analyzer: Analyzer) -> None:
    text = speech(
        *BODY, "各位代表：", *BODY, "同志们：", *BODY, title="在工会第八次代表大会上的报告", greeting="各位代表："
    )
    assert len(ingest(text, analyzer).speeches) == 1


def test_a_speech_before_the_first_mark_is_kept(analyzer: Analyzer) -> None:
    text = joined([speech(*BODY * 3), member("会议讲话 篇1"), member("会议讲话 篇2")])
    document = ingest(text, analyzer)
    assert len(document.speeches) == 3
    assert document.speeches[0].title == TITLE
