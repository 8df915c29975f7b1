"""Themes of an archive whose two matters are known."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder, ingester, speech, write

from rag.archive.reader import Archive
from rag.archive.writer import Writer
from rag.errors import UsageError
from rag.explore.explorer import Explorer
from rag.explore.themes import SEPARATOR, find_themes, number_of_groups
from rag.text.words import Analyzer


def test_each_matter_is_a_theme(explorer: Explorer) -> None:
    archive = explorer.archive
    found = explorer.themes()
    text = {one.speech_id: one.text for one in archive.speeches()}
    about = {"防汛": 0, "欠薪": 0}
    for theme in found.themes:
        said = [text[one.speech_id][one.start : one.end] for one in theme.passages]
        (matter,) = [word for word in about if any(word in term for term in theme.terms)]
        assert all(matter in passage for passage in said)
        about[matter] += len(said)
        assert theme.speeches == len({one.speech_id for one in theme.passages})
        assert sum(n for _year, n in theme.years) == theme.speeches
    assert all(about.values())
    assert sum(about.values()) + found.outside == found.passages == archive.count("passages")


def test_labels_and_terms_are_words_of_the_passages(explorer: Explorer) -> None:
    text = {one.speech_id: one.text for one in explorer.archive.speeches()}
    for theme in explorer.themes().themes:
        said = "".join(text[one.speech_id][one.start : one.end] for one in theme.passages)
        assert all(term in said for term in theme.terms)
        assert all(word in theme.terms for word in theme.label.split(SEPARATOR))
        assert not {"同志们", "同志", "工作", "今年"} & set(theme.terms)


def test_the_same_archive_gives_the_same_themes(explorer: Explorer) -> None:
    assert find_themes(explorer.archive) == find_themes(explorer.archive)


def test_a_new_state_of_the_archive_is_explored_anew(explored: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    text = speech("在信访会议上的讲话", "信访积案当面接访，信访局每周公示接访结果。" * 3)
    one = ingester(tmp_path, analyzer, FakeEncoder(("信访",)))
    one.ingest_upload("信访.txt", text.encode())
    explorer = Explorer(Archive(tmp_path))
    before = explorer.themes()
    assert explorer.themes() is before
    one.ingest_upload("信访2.txt", text.replace("每周", "每月").encode())
    after = explorer.themes()
    assert (before.passages, after.passages) == (1, 2)
    assert after.generation > before.generation


def test_an_archive_of_nothing_has_no_themes(tmp_path: Path) -> None:
    Writer(tmp_path).close()
    found = find_themes(Archive(tmp_path))
    assert (found.themes, found.key_terms, found.passages) == ((), (), 0)
    with pytest.raises(UsageError, match="没有归纳出专题"):
        Explorer(Archive(tmp_path)).theme(1)


def test_one_short_speech_is_enough(tmp_path: Path, analyzer: Analyzer) -> None:
    write(tmp_path / "a.txt", speech("在防汛会议上的讲话", "防汛预警要早，防汛责任要实，防汛物资要足。"))
    ingester(tmp_path / "archive", analyzer).ingest_paths([tmp_path / "a.txt"])
    found = find_themes(Archive(tmp_path / "archive"))
    assert [one.label for one in found.themes] == ["防汛"]


def test_the_number_of_groups_grows_with_the_root() -> None:
    assert [number_of_groups(n) for n in (0, 1, 9, 653, 10_000_000)] == [0, 1, 3, 26, 60]


def test_a_link_to_a_theme_survives_small_changes(explorer: Explorer) -> None:
    found = explorer.themes()
    first = found.themes[0]
    assert found.named(first.label) is first
    assert found.named(SEPARATOR.join([first.terms[-1], "从前的词"])) in found.themes
    assert found.named("从前的词") is None


def test_representative_passages_come_from_many_speeches_and_once(explorer: Explorer) -> None:
    theme = explorer.themes().themes[0]
    shown = explorer.passages(theme, 50)
    text = {one.speech_id: one.text for one in explorer.archive.speeches()}
    assert all(text[one.place.speech_id][one.place.start : one.place.end] == one.text for one in shown)
    assert len({one.text for one in shown}) == len(shown)
    assert len(shown) + sum(len(one.copies) for one in shown) == len(theme.passages)
    assert any(one.copies for one in shown)
    firsts = [one.place.speech_id for one in shown[:3]]
    assert len(set(firsts)) == 3
