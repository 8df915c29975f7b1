import json
from pathlib import Path

from tests.training.conftest import REPORT
from training.config import CorporaConfig
from training.pairs import Pair, collect, text_group, wording_pairs, written_pairs
from training.written import QueryJoin, is_held_out, load_lexicon, load_written, write_query_keys


def test_every_source_yields_pairs_and_one_seed_gives_one_result(corpora: Path, data: Path) -> None:
    first, second = (collect(corpora, CorporaConfig(report_repeats=8), 7, QueryJoin(data)) for _ in range(2))
    assert set(first.pairs) >= {"news_title", "report_heading", "report_rest", "law_heading", "english", "stard", "synonym"}
    assert first.pairs == second.pairs
    assert first.passages == second.passages


def test_the_question_sentence_is_mostly_missing_from_its_answer(corpora: Path, data: Path) -> None:
    found = collect(corpora, CorporaConfig(report_repeats=200), 7, QueryJoin(data)).pairs["report_rest"]
    without = sum(pair.query not in pair.positive for pair in found)
    assert 0.75 < without / len(found) < 0.95


def test_all_queries_of_a_passage_are_one_group(data: Path) -> None:
    pairs = written_pairs(load_written(data))
    assert len(pairs) == 16
    assert len({pair.group for pair in pairs}) == 4


def test_a_half_written_line_is_left_out(data: Path) -> None:
    assert len(load_written(data)) == 4
    assert load_lexicon(data)[0].passage == "力戒形式主义"


def test_queries_are_joined_with_passages_that_are_not_stored(corpora: Path, data: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    passage = "".join(REPORT.split("\n")[2:4])
    rows = [{"p": passage, "q": ["一年得往下跑几天"]}, {"p": "哪儿都没有的一段话。", "q": ["问"]}]
    (real / "queries_1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert write_query_keys(real, data) == 2
    assert passage[:12] not in (data / "queries_1.jsonl").read_text(encoding="utf-8")
    join = QueryJoin(data)
    collect(corpora, CorporaConfig(), 7, join)
    assert [(row.passage, row.queries) for row in join.joined()] == [(passage, ("一年得往下跑几天",))]


def test_a_request_for_wording_is_paired_with_its_one_sentence(corpora: Path, data: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    passage = "".join(REPORT.split("\n")[2:4])
    sentence = passage.split("。")[1] + "。"
    rows = [{"p": passage, "q": ["问", "词", "想写一年要下去住多少天"], "s": 2}, {"p": passage[:9], "q": ["问", "词", "没有说是哪一句"]}]
    (real / "queries_1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_query_keys(real, data)
    join = QueryJoin(data)
    collect(corpora, CorporaConfig(), 7, join)
    assert wording_pairs(join.joined()) == [Pair("想写一年要下去住多少天", sentence, text_group(passage))]


def test_holding_out_goes_by_theme(data: Path) -> None:
    rows = load_written(data)
    assert not any(is_held_out(row, 0.0) for row in rows)
    assert all(is_held_out(row, 1.0) for row in rows)
