"""The figures: by hand with the arithmetic written out, then on random runs against the reference scorers.

The reference scorers are not part of this repository; where they are absent, the comparison is skipped and says so.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.config import ROOT
from rag.evaluate.answer_metrics import CitedText, overlaps, score_answers
from rag.evaluate.questions import Evidence, Question
from rag.evaluate.run import answer_figures, named
from rag.evaluate.search_metrics import Ranked, covers, mean_figures, score_search

REFERENCE = ROOT.parent / "shared" / "eval"
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REFERENCE / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reference() -> Iterator[dict[str, ModuleType]]:
    if not (REFERENCE / "score.py").exists():
        pytest.skip(f"the reference scorers are not at {REFERENCE.name}/")
    before = {name: sys.modules.get(name) for name in ("score", "score_answers")}
    yield {name: load(name) for name in before}
    for name, module in before.items():
        if module is None:
            del sys.modules[name]
        else:
            sys.modules[name] = module


def question(*evidence: tuple[str, str, int], number: str = "q") -> Question:
    return Question(number, "?", "topic", tuple(Evidence(*one) for one in evidence))


def run(*passages: tuple[str, str]) -> list[Ranked]:
    return [Ranked(*one) for one in passages]


def test_covering_takes_sixty_per_cent_of_the_quote() -> None:
    """10 letters: 6 in a row suffice, 5 do not, and 6 in two pieces do not."""
    quote = LETTERS[:10]
    assert covers("x" + LETTERS[2:8] + "x", quote)
    assert not covers("x" + LETTERS[2:7] + "x", quote)
    assert not covers(LETTERS[:3] + "x" + LETTERS[3:6], quote)
    assert covers("甲，乙 丙。丁\n戊：己", quote)
    # 60 % of 11 letters are 6.6: it takes 7.
    assert covers("x" + LETTERS[2:9] + "x", LETTERS[:11])
    assert not covers("x" + LETTERS[2:8] + "x", LETTERS[:11])
    assert not covers("甲乙", "，。")


def test_ndcg_by_hand() -> None:
    """Grade 2 covered at rank 2, grade 1 at rank 1, another grade 2 never.
    DCG = 1/log2(2) + 3/log2(3) = 1 + 1.892789 = 2.892789.
    Ideal: 3, 3, 1 → 3/1 + 3/1.584963 + 1/2 = 3 + 1.892789 + 0.5 = 5.392789. nDCG = 0.536418."""
    asked = question(("f", LETTERS[:10], 2), ("f", LETTERS[10:20], 1), ("f", "再也找不到的一段话了", 2))
    figures = score_search(asked, run(("f", LETTERS[10:20]), ("f", LETTERS[:10])))
    assert figures.ndcg == pytest.approx(2.892789 / 5.392789, abs=1e-6)
    assert (figures.mrr, figures.hit_1, figures.hit_5) == (0.5, 0.0, 1.0)
    assert (figures.recall, figures.recall_2000c) == (0.5, 0.5)


def test_a_quote_is_credited_once_and_only_in_its_own_file() -> None:
    """Rank 1 is the wrong file; 2 and 3 both cover: 3/log2(3) over 3/log2(2) = 0.63093."""
    asked = question(("f", LETTERS[:10], 2))
    figures = score_search(asked, run(("g", LETTERS[:10]), ("f", LETTERS[:10]), ("f", LETTERS[:10])))
    assert figures.ndcg == pytest.approx(1 / math.log2(3))
    assert figures.mrr == 0.5


def test_two_quotes_in_one_passage_cannot_beat_the_ideal() -> None:
    """DCG = 3 + 3 = 6, ideal 3 + 3/log2(3) = 4.89: capped at 1."""
    asked = question(("f", LETTERS[:10], 2), ("f", LETTERS[10:20], 2))
    assert score_search(asked, run(("f", LETTERS))).ndcg == 1.0


def test_only_the_first_400_characters_and_ten_passages_count() -> None:
    asked = question(("f", LETTERS[:10], 2))
    assert score_search(asked, run(("f", "口" * 394 + LETTERS[:10]))).hit_1 == 1.0
    assert score_search(asked, run(("f", "口" * 395 + LETTERS[:10]))).hit_1 == 0.0
    eleventh = score_search(asked, run(*[("f", "口")] * 10, ("f", LETTERS[:10])))
    assert (eleventh.recall, eleventh.recall_2000c) == (0.0, 1.0)


def test_recall_within_2000_characters_cuts_the_last_passage() -> None:
    """Four passages of 400 and one of 394 leave 6 of the next: just enough of a quote of 10."""
    asked = question(("f", LETTERS[:10], 2))
    full = [("f", "口" * 400)] * 4
    assert score_search(asked, run(*full, ("f", "口" * 394), ("f", LETTERS[:10]))).recall_2000c == 1.0
    assert score_search(asked, run(*full, ("f", "口" * 395), ("f", LETTERS[:10]))).recall_2000c == 0.0


def test_without_grade_two_the_grade_one_quotes_are_recalled() -> None:
    figures = score_search(question(("f", LETTERS[:10], 1)), run(("f", LETTERS[:10])))
    assert (figures.recall, figures.mrr, figures.ndcg) == (1.0, 0.0, 1.0)


def test_nothing_found() -> None:
    assert set(asdict(score_search(question(("f", LETTERS[:10], 2)), [])).values()) == {0.0}


def test_overlap_by_hand() -> None:
    """60 % of the shorter, at most 24 letters: of 10 letters 6, of 50 letters 24."""
    long = "".join(chr(0x4E00 + n) for n in range(50))
    other = "".join(chr(0x6000 + n) for n in range(50))
    assert overlaps(LETTERS[:10], "x" + LETTERS[4:10] + "xxxx")
    assert not overlaps(LETTERS[:10], "x" + LETTERS[5:10] + "xxxx")
    assert overlaps(long, other + long[:24])
    assert not overlaps(long, other + long[:23])
    assert not overlaps(LETTERS[:9], LETTERS[:9])


def test_answer_figures_by_hand() -> None:
    """Two answerable questions and one unanswerable.
    q1: quotes 甲… (hits) and a stray one: precision 1/2; it hits 1 of 2 grade-2 quotes: recall 1/2.
    q2: refused: no precision, recall 0. q3: rightly refused.
    exact: 甲… is in f, the stray one is not: 1/2. answered 1/2, refused 1, balanced 3/4, chars 10 + 12 = 22."""
    asked = [
        question(("f", LETTERS[:10], 2), ("f", LETTERS[10:20], 2), number="q1"),
        question(("f", LETTERS[:10], 2), number="q2"),
        question(number="q3"),
    ]
    given_quotes = {"q1": [CitedText(LETTERS[:10], "f"), CitedText("哪里也没有出现过的一句话", "f")], "q3": None}
    figures = answer_figures(score_answers(asked, given_quotes, {"f": " ".join(LETTERS)}))
    assert figures == {
        "exact": 0.5, "precision": 0.5, "recall": 0.25, "answered": 0.5, "refused": 1.0, "balanced": 0.75, "chars": 22.0,
    }  # fmt: skip


def test_quotes_from_files_that_nobody_can_check_are_left_out_of_exact() -> None:
    asked = [question(("f", LETTERS[:10], 2))]
    figures = score_answers(asked, {"q": [CitedText(LETTERS[:10], "f")]}, {})
    assert (figures.exact, figures.precision, figures.balanced) == (None, 1.0, None)


texts = st.text(alphabet=LETTERS[:6] + "，a1", min_size=0, max_size=40) | st.integers(0, 8).map(
    lambda n: LETTERS[n : n + 12]
)
files = st.sampled_from(["a.txt", "b.txt"])
evidence = st.lists(st.tuples(files, texts.filter(lambda t: len(t) > 3), st.sampled_from([1, 2])), max_size=5)
passages = st.lists(
    st.tuples(files, st.builds(lambda t, n: "口" * n + t, texts, st.sampled_from([0, 1, 390, 700]))), max_size=14
)


@settings(max_examples=150, deadline=None, suppress_health_check=[])
@given(asked=st.lists(evidence, min_size=1, max_size=5), found=st.lists(passages, min_size=5, max_size=5))
def test_search_figures_are_those_of_the_reference(
    reference: dict[str, ModuleType],
    asked: list[list[tuple[str, str, int]]],
    found: list[list[tuple[str, str]]],
) -> None:
    rows = [
        {"id": str(n), "type": "t", "evidence": [{"file": f, "quote": q, "grade": g} for f, q, g in one]}
        for n, one in enumerate(asked)
    ]
    runs = {str(n): [{"file": f, "text": t} for f, t in one] for n, one in enumerate(found)}
    expected = reference["score"].score(rows, runs)
    figures = [score_search(question(*one), run(*found[n])) for n, one in enumerate(asked) if one]
    ours = {"all": {"n": len(figures), **named(mean_figures(figures))}} if figures else {}
    assert ours == expected


@settings(max_examples=150, deadline=None)
@given(
    asked=st.lists(evidence, min_size=1, max_size=5),
    found=st.lists(st.none() | st.lists(st.tuples(files, texts), max_size=5), min_size=5, max_size=5),
    source=texts,
)
def test_answer_figures_are_those_of_the_reference(
    reference: dict[str, ModuleType],
    tmp_path_factory: pytest.TempPathFactory,
    asked: list[list[tuple[str, str, int]]],
    found: list[list[tuple[str, str]] | None],
    source: str,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "reference-sources"
    folder.mkdir(exist_ok=True)
    (folder / "a.txt").write_text(source, encoding="utf-8")
    rows = [
        {"id": str(n), "evidence": [{"file": f, "quote": q, "grade": g} for f, q, g in one]}
        for n, one in enumerate(asked)
    ]
    answers = {str(n): as_json(one) for n, one in enumerate(found)}
    expected = reference["score_answers"].score(rows, answers, Path(folder))
    questions = [question(*one, number=str(n)) for n, one in enumerate(asked)]
    cited = {str(n): None if one is None else [CitedText(t, f) for f, t in one] for n, one in enumerate(found)}
    ours = {"n": len(questions), **answer_figures(score_answers(questions, cited, {"a.txt": source}))}
    assert ours == expected


def as_json(quotes: list[tuple[str, str]] | None) -> dict[str, Any]:
    """An answer as `ask --json` prints it, one citation a quotation."""
    if quotes is None:
        return {"answered": False, "points": [], "citations": []}
    return {
        "answered": True,
        "points": [{"heading": "", "quotes": [{"text": t, "citation": n} for n, (_, t) in enumerate(quotes, 1)]}],
        "citations": [{"n": n, "file": f} for n, (f, _) in enumerate(quotes, 1)],
    }
