"""Speaker, post, organisation, place: all names invented but those of provinces."""

from __future__ import annotations

import pytest

from rag.ingest.people import find_organisation, find_place, find_speaker
from rag.text.words import Analyzer


def speaker(title: str = "", front: tuple[str, ...] = (), body: str = "") -> tuple[object, object]:
    name, post = find_speaker(title, front, body)
    return name.value, post.value


@pytest.mark.parametrize(
    ("line", "name", "post"),
    [
        ("讲话人：贺延舟", "贺延舟", None),
        ("主讲：市总工会主席 贺延舟", "贺延舟", "市总工会主席"),
        ("澜川县委副书记 贺延舟", "贺延舟", "澜川县委副书记"),
        ("（市委书记、市人大常委会主任贺延舟）", "贺延舟", "市委书记、市人大常委会主任"),
        ("贺延舟（澜川县县长）", "贺延舟", "澜川县县长"),
        ("贺  延舟", None, None),
        ("贺 延 舟", "贺延舟", None),
        ("贺延舟", "贺延舟", None),
    ],
)
def test_signatures_under_the_title(line: str, name: str | None, post: str | None) -> None:
    assert speaker(front=(line,)) == (name, post)


@pytest.mark.parametrize("line", ["2019年3月5日", "（讲话提纲）", "根据录音整理", "澜川县总工会", "X书记"])
def test_lines_that_name_nobody(line: str) -> None:
    assert speaker(front=(line,)) == (None, None)


def test_title_and_self_introduction() -> None:
    assert speaker("贺延舟同志在全市会议上的讲话")[0] == "贺延舟"
    assert speaker(body="大家好，我叫贺延舟，来自澜川。")[0] == "贺延舟"
    assert speaker("在全市会议上的讲话", (), "今天讲三点。") == (None, None)


@pytest.mark.parametrize(
    ("given", "organisation"),
    [
        ({"post": "澜川县总工会主席"}, "澜川县总工会"),
        ({"front": ("澜川县人民政府办公室",)}, "澜川县人民政府办公室"),
        ({"closing": ("澜川县总工会",)}, "澜川县总工会"),
        ({"body": "我代表澜川县总工会向大会报告工作。"}, "澜川县总工会"),
        ({"title": "在澜川县财政局年度会议上的讲话"}, "澜川县财政局"),
        ({"title": "在X市总工会会议上的讲话"}, None),
        ({"closing": ("某某县总工会",)}, None),
        ({"title": "在全市工会会议上的讲话"}, None),
        ({"body": "我代表大家感谢各位。"}, None),
    ],
)
def test_organisations(given: dict[str, object], organisation: str | None) -> None:
    args: dict[str, object] = {"title": "", "front": (), "body": "", "closing": (), "post": None} | given
    assert find_organisation(**args).value == organisation  # type: ignore[arg-type]


def place(title: str, body: str, analyzer: Analyzer) -> object:
    return find_place(title, body[:300], analyzer.cut(body)).value


def test_places(analyzer: Analyzer) -> None:
    assert place("在吉林省工会会议上的讲话", "", analyzer) == "吉林省"
    assert place("在全省工会会议上的讲话", "吉林的工作有起色，吉林的职工有干劲，吉林的明天会更好。", analyzer) == "吉林"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("在X市总工会会议上的讲话", "吉林吉林吉林吉林"),
        ("在全市会议上的讲话", "全市上下、各县区、乡镇和街道要行动起来。"),
        ("在全市会议上的讲话", "我们学习延安精神、大庆精神。中国、美国都在发展。"),
        ("", ""),
    ],
)
def test_masked_and_generic_places_are_unknown(title: str, body: str, analyzer: Analyzer) -> None:
    assert place(title, body, analyzer) is None
