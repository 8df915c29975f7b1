"""Reports: what was found at which rank, what the answer hit, and that no text gets out of its cell."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.answer_metrics import CitedText
from rag.evaluate.curve import CurvePoint
from rag.evaluate.questions import Evidence, Question
from rag.evaluate.report import Report, judge, make_report
from rag.evaluate.report_files import renderer, write_report
from rag.evaluate.report_html import as_html
from rag.evaluate.report_markdown import as_markdown, escaped
from rag.evaluate.runs import Run
from rag.evaluate.search_metrics import Ranked

EVIL = '<script>alert("言据")</script>'
FIRST, SECOND = "信息报送要做到不迟报不漏报", "会议要开得短开得实开得管用才行"
ASKED = Question("S1", f"信息怎么报{EVIL}", "topic", (Evidence("a.txt", FIRST, 2), Evidence("b.txt", SECOND, 1)))
SILENT = Question("S2", "经费比例是多少", "unanswerable", ())
RUN = Run(
    {
        "S1": [
            Ranked("c.txt", "与此无关|的一段", EVIL),
            Ranked("b.txt", SECOND),
            Ranked("a.txt", f"首先，{FIRST}。{EVIL}"),
        ],
        "S2": [Ranked("a.txt", FIRST)],
    },
    {"S1": [CitedText(FIRST, "a.txt"), CitedText(f"这一句没有列为依据{EVIL}", "a.txt")], "S2": None},
)
POINTS = [CurvePoint(0.2, True, 0.5, 1.0, 1.0, 0.0, 0.5), CurvePoint(0.4, False, None, 0.0, 0.0, 1.0, 0.5)]


@pytest.fixture
def report() -> Report:
    return make_report([ASKED, SILENT], RUN, {"a.txt": f"首先，{FIRST}。"}, POINTS, [f"问题：{EVIL}"])


def test_a_question_is_judged_by_hand() -> None:
    judged = judge(ASKED, RUN)
    assert judged.ranks == (3, 2)  # a.txt's quote stands at rank 3, b.txt's at rank 2
    assert [(found.rank, found.evidence) for found in judged.found] == [(1, ()), (2, (2,)), (3, (1,))]
    assert judged.said is not None
    assert [said.evidence for said in judged.said] == [(1,), ()]
    assert [judged.quoted(n) for n in (1, 2)] == [True, False]
    assert judged.figures["mrr@10"] == round(1 / 3, 4)
    assert judged.figures["precision"] == 0.5
    assert judged.figures["recall"] == 1.0
    assert judged.verdict == "检索第 3 位命中，引文 1/2 命中"


def test_verdicts() -> None:
    assert judge(SILENT, RUN).verdict == "正确拒答"
    assert judge(SILENT, Run({}, {"S2": [CitedText(FIRST, "a.txt")]})).verdict == "误答（应拒答）"
    assert judge(ASKED, Run({}, {})).verdict == "检索未命中，误拒"


def test_a_quotation_of_the_wrong_file_is_unlisted() -> None:
    judged = judge(ASKED, Run({}, {"S1": [CitedText(FIRST, "b.txt")]}))
    assert judged.said is not None
    assert judged.said[0].evidence == ()


def test_tables_by_type(report: Report) -> None:
    search, answers, points = report.tables
    assert [row[0] for row in search.rows] == ["all", "topic"]
    assert search.head[:3] == ("类型", "n", "ndcg@10")
    # DCG: grade 1 at rank 2 and grade 2 at rank 3, 1/1.5850 + 3/2 = 2.1309; ideal 3 + 1/1.5850 = 3.6309.
    assert search.rows[0][1:4] == ("1", "0.5869", "0.3333")
    assert [row[:2] for row in answers.rows] == [("all", "2"), ("topic", "1"), ("unanswerable", "1")]
    row = dict(zip(answers.head, answers.rows[0], strict=True))
    assert (row["exact"], row["precision"], row["refused"], row["balanced"]) == ("0.5000", "0.5000", "1.0000", "1.0000")
    assert points.rows == (
        ("0.2000（现用）", "0.5000", "1.0000", "1.0000", "0.0000", "0.5000"),
        ("0.4000", "–", "0.0000", "0.0000", "1.0000", "0.5000"),
    )


class Tags(HTMLParser):
    """Names of the elements, in the order of the document, and how deep it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not any(name in ("src", "onclick", "style") for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_escapes_everything_and_needs_nothing_from_outside(report: Report) -> None:
    page = as_html(report)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "script" not in tags.names
    assert "link" not in tags.names
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5  # what was run, the query, a title, a passage, a quotation
    assert re.findall(r"https?://|@import|url\(", page) == []
    assert tags.names.count("details") == 2


def test_html_marks_hits(report: Report) -> None:
    # Two of the evidence, two of the passages and one quotation of S1; S2's passage covers nothing.
    assert as_html(report).count('<tr class="hit">') == 5


def test_markdown_keeps_text_in_its_cell(report: Report) -> None:
    text = as_markdown(report)
    assert "<script" not in text
    assert r"| 1 | – | c.txt | &lt;script&gt;alert(\"言据\")&lt;/script&gt; |".replace('\\"', '"') in text
    assert r"与此无关\|的一段" in text
    assert f"| 1 | 2 | 3 | ✓ | a.txt | {FIRST} |" in text
    assert f"| 2 | 1 | 2 | – | b.txt | {SECOND} |" in text
    assert f"| 1 | a.txt | {FIRST} |" in text
    assert "| 未列 | a.txt | 这一句没有列为依据" in text
    assert "回答：拒答" in text
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| 1 ")]
    assert columns == [7, 6, 4, 6]


def test_escaping() -> None:
    assert escaped("a|b\n*c* `d` [e](f) <g> & $h$ ~i~ _j_ \\") == (
        r"a\|b \*c\* \`d\` \[e\](f) &lt;g&gt; &amp; \$h\$ \~i\~ \_j\_ \\"
    )


def test_long_passages_are_cut_in_markdown_only() -> None:
    run = Run({"S1": [Ranked("a.txt", "长" * 300)]}, {"S1": None})
    report = make_report([ASKED], run, {})
    assert "长" * 160 + "…" in as_markdown(report)
    assert "长" * 161 not in as_markdown(report)
    assert "长" * 300 in as_html(report)


def test_the_name_decides_the_format(report: Report, tmp_path: Path) -> None:
    for name, start in (("r.html", "<!DOCTYPE html>"), ("r.md", "# 评测报告")):
        write_report(tmp_path / name, report)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    with pytest.raises(UsageError, match=r"\.html 或 \.md.*r\.txt"):
        renderer(tmp_path / "r.txt")
    with pytest.raises(UsageError, match="无法写入"):
        write_report(tmp_path / "no-such-folder" / "r.md", report)


def test_without_answerable_questions() -> None:
    report = make_report([SILENT], RUN, {})
    assert report.tables[0].rows == ()
    assert "正确拒答" in as_markdown(report)
    assert "应当拒答" in as_html(report)
