"""The sample archive keeps its word: files as their masters make them, quotes where they should be, counts as said."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
SPEECHES = DATA / "speeches"
TYPES = {"topic", "fact", "phrase", "precedent", "unanswerable"}
PLANTED = [
    (
        "守夜人不一定能把火扑灭，但是他第一声喊得早，全城的人就少受一分惊。一个人守夜是辛苦，一群人轮着守夜就是制度",
        "章庭槐同志在全市党委系统信息工作暨表彰会议上的讲话.txt",
        "在全县党委办公室系统工作会议上的讲话.txt",
    ),
    (
        "病根里的病根在“怕”。怕担责，发了文、开了会，出了事就可以说“我早就强调过”",
        "文山会海怎么治.txt",
        "整治形式主义专题会讲话2024.pdf",
    ),
    (
        "墙上的钉子，敲一下是敲不进去的，要对准了、一锤接一锤地敲。希望大家当好敲钉子的人",
        "办公室工作讲话稿精选3篇.txt",
        "督查暨重点工作调度会讲话(沧屏县).txt",
    ),
    (
        "第二种是健忘病，事故发生时人人自危，三个月一过，伤疤好了，疼也忘了。第三种是近视病",
        "安全生产会讲话(市长).txt",
        "澜川重机集团安全生产警示大会讲话.docx",
    ),
    (
        "板凳是故意不上漆的，坐上去不怕脏；灯是故意用黄光的，老远就看得见",
        "石桁镇总工会交流发言2019.pdf",
        "白禾县工会十大报告(2021).docx",
    ),
]


class Visible(HTMLParser):
    """The text of a page without script, style and head."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.parts = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in {"script", "style", "head"}

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in {"script", "style", "head"}

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.parts.append(data)


def decoded(raw: bytes) -> str:
    """UTF-16 with its mark, UTF-8 where it is that, GB18030 where it is not."""
    if raw.startswith(b"\xff\xfe"):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def docx_text(path: Path) -> str:
    import docx

    blocks: list[str] = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            blocks += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            blocks.append(block.text)
    return "\n".join(blocks)


@cache
def text_of(path: Path) -> str:
    """What a file of the sample archive says, page by page for a PDF."""
    if path.suffix == ".pdf":
        import pypdf

        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    if path.suffix == ".docx":
        return docx_text(path)
    text = decoded(path.read_bytes())
    if path.suffix == ".html":
        visible = Visible()
        visible.feed(text)
        return "".join(visible.parts)
    return text


def squash(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text)


def questions() -> list[dict[str, Any]]:
    lines = (DATA / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_formats", DATA / "make_formats.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def readme_count(label: str) -> int:
    """The number in the row of README's table of counts that begins with ``label``."""
    match = re.search(rf"^\| {re.escape(label)} \| ([\d,]+) ", (DATA / "README.md").read_text(encoding="utf-8"), re.M)
    assert match, f"data/README.md has no row «{label}»"
    return int(match[1].replace(",", ""))


@pytest.mark.parametrize("master", sorted((DATA / "src").glob("*.txt")), ids=lambda path: path.stem)
def test_masters_make_the_committed_texts(master: Path, tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    made = maker().make(master, tmp_path)
    assert text_of(made) == text_of(SPEECHES / made.name)


def test_text_file_keeps_its_encoding() -> None:
    raw = (SPEECHES / "办公室工作讲话稿精选3篇.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "四十分钟内要有第一声" in raw.decode("gb18030")


def test_word_numbers_are_generated() -> None:
    import docx

    document = docx.Document(str(SPEECHES / "白禾县总工会第九次代表大会工作报告.docx"))
    numbered = [p for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    assert [p.text for p in numbered][:2] == ["过去五年的工作回顾", "把职工组织起来，工会的家底更厚了"]


def test_quotes_stand_in_their_files() -> None:
    missing = [
        (question["id"], evidence["file"], evidence["quote"])
        for question in questions()
        for evidence in question["evidence"]
        if squash(evidence["quote"]) not in squash(text_of(SPEECHES / evidence["file"]))
    ]
    assert missing == []


def test_questions_are_well_formed() -> None:
    rows = questions()
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["query"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"id", "type", "query", "evidence", "answer_points"}
        assert row["type"] in TYPES
        assert bool(row["evidence"]) == bool(row["answer_points"]) == (row["type"] != "unanswerable"), row["id"]
        assert all(evidence["grade"] in (1, 2) and len(squash(evidence["quote"])) >= 10 for evidence in row["evidence"])
        assert not row["evidence"] or any(evidence["grade"] == 2 for evidence in row["evidence"]), row["id"]


def test_counts_are_those_of_the_readme() -> None:
    rows = questions()
    files = [path for path in SPEECHES.iterdir() if not path.name.startswith(".")]
    assert {
        "source files": len(files),
        "masters": len(list((DATA / "src").glob("*.txt"))),
        "questions": len(rows),
        "questions in English": sum(row["query"].isascii() for row in rows),
        "questions without an answer": sum(row["type"] == "unanswerable" for row in rows),
    } == {
        label: readme_count(label)
        for label in ("source files", "masters", "questions", "questions in English", "questions without an answer")
    }


def test_readme_lists_every_file_and_its_speeches() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8").partition("## Every file")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    listed = {row[0]: int(row[3]) for row in rows[2:]}
    assert set(listed) == {path.name for path in SPEECHES.iterdir() if not path.name.startswith(".")}
    assert sum(listed.values()) == readme_count("speeches")


@pytest.mark.parametrize(("passage", "first", "second"), PLANTED)
def test_planted_passages_stand_in_both_files(passage: str, first: str, second: str) -> None:
    assert passage in squash(text_of(SPEECHES / first))
    assert passage in squash(text_of(SPEECHES / second))


def test_one_speech_stands_twice() -> None:
    lines = (SPEECHES / "柳湾村党支部书记交流发言.md").read_text(encoding="utf-8").splitlines()
    body = squash("".join(lines[lines.index("各位领导、各位书记：") :]).replace("**", ""))
    assert len(body) > 1000
    assert body in squash(text_of(SPEECHES / "基层干部交流发言选编.docx"))


def test_files_hold_the_characters_the_readme_says() -> None:
    files = [path for path in SPEECHES.iterdir() if not path.name.startswith(".")]
    assert sum(len(squash(text_of(path))) for path in files) >= readme_count("characters (at least)")


def test_file_names_are_portable() -> None:
    for path in [*SPEECHES.iterdir(), *(DATA / "src").iterdir()]:
        assert not re.search(r'[<>:"/\\|?*\u3000-\u303f\uff00-\uffef]', path.name), path.name
        assert len(path.name.encode()) <= 120, path.name
