"""Marks of secrecy at a document's head are seen; talk about secrecy is not taken for one."""

from __future__ import annotations

import pytest

from rag.ingest.secrecy import HEAD_LINES, secrecy_mark

BODY = "在全市保密工作会议上的讲话\n同志们：\n保密就是保安全。\n"


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("机密★1年\n", "机密★1年"),
        ("绝密★长期\n", "绝密★长期"),
        ("秘密 ★ 6个月\n", "秘密 ★ 6个月"),
        ("000012    机密★启用前    特急\n", "机密★启用前"),
        ("机密★\n", "机密★"),
        ("　　秘　密　　\n", "秘　密"),
        ("【绝密】\n", "绝密"),
        ("密级：秘密\n", "密级：秘密"),
        ("機密★1年\n", "機密★1年"),
        ("内部文件\n", "内部文件"),
        ("内部资料 注意保存\n", "内部资料 注意保存"),
        ("（内部资料，请勿外传）\n", "内部资料，请勿外传"),
        ("内部讲话，不得翻印、不得外传\n", "内部讲话，不得翻印、不得外传"),
        ("\ufeff\n\n某市委办公室文件\n\n机密★10年\n", "机密★10年"),
    ],
)
def test_marks(head: str, mark: str) -> None:
    assert secrecy_mark(head + BODY) == mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        "同志们：\n文件分绝密、机密、秘密三级，封面上要标“机密★1年”这样的字样，这是保密法的要求，大家都要记牢。\n",
        "保守国家秘密\n同志们：\n",
        "秘密工作史话\n同志们：\n",
        "内部管理要从严\n同志们：\n",
        "仅供内部学习\n同志们：\n",
        "禁止外传 打击倒卖\n同志们：\n",
        "机密性与可用性\n",
        "第一段。\n" * HEAD_LINES + "机密★1年\n",
    ],
)
def test_no_marks(text: str) -> None:
    assert secrecy_mark(text) is None


def test_one_endless_line_is_looked_at_no_further_than_its_head() -> None:
    assert secrecy_mark("好" * 1_000_000 + "\n机密★1年") is None
