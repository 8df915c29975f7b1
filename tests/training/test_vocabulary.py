from training.config import VocabularyConfig
from training.vocabulary import SPECIAL, build_tokenizer, choose_vocabulary, extend_vocabulary


def test_the_longest_row_wins_at_each_place() -> None:
    rows = [*SPECIAL, *"精简文件会议a7", "精简", "文件", "文件会", "docs"]
    tokens = build_tokenizer(rows).encode("精简文件会议", add_special_tokens=False).tokens
    assert tokens == ["精简", "文件会", "议"]


def test_widths_and_case_are_folded_and_english_stays_whole() -> None:
    rows = [*SPECIAL, *"文件17%", "docs", "d"]
    tokenizer = build_tokenizer(rows)
    assert tokenizer.encode("１７％ DOCS文件", add_special_tokens=False).tokens == ["1", "7", "%", "docs", "文", "件"]
    assert tokenizer.encode("xyz", add_special_tokens=False).tokens == ["[UNK]"]


def test_vocabulary_holds_characters_and_frequent_words_up_to_its_size() -> None:
    texts = ["精简文件，改进文风。documents"] * 3 + ["压缩会议"] * 2
    config = VocabularyConfig(size=1000, min_char=2, min_english=3)
    rows = choose_vocabulary(texts, config)
    assert {"documents", "精简", "文件", "会议", "风"} <= set(rows)
    assert len(rows) == len(set(rows))
    small = choose_vocabulary(texts, VocabularyConfig(size=len(rows) - 1, min_char=2, min_english=3))
    assert small == rows[:-1]


def test_words_of_users_come_last() -> None:
    rows = [*SPECIAL, "文", "件"]
    more = extend_vocabulary(rows, ["红头文件"] * 3, 3)
    assert more[:len(rows)] == rows
    assert {"红", "头", "红头文件"} <= set(more[len(rows):])
