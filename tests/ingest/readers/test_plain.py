"""Text files: every encoding is read back exactly, and what cannot be is refused."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.ingest.readers import read_bytes
from rag.types import Span

SPEECH = (
    "在全县办公室主任会议上的讲话\n同志们：\r\n　　今天召开这次会议，主要任务是总结工作、部署任务。\r"
    "一、提高认识，增强责任感。二、突出重点，抓好落实！（一）信息报送要及时、准确。“三服务”不能放松……\n"
)
TRADITIONAL = "各位同志：今天我們召開全市辦公室工作會議，主要任務是總結經驗、部署工作。資訊報送要及時、準確、全面。"
LEVEL_ONE = "".join(
    bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32")
# Without a mark, 沈 over and over in one UTF-16 is 衬 over and over in the other: only running text tells them apart.
MARKED = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030")


def reason(data: bytes, name: str = "讲话.txt") -> str:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name)
    return caught.value.reason


@pytest.mark.parametrize("encoding", [*ENCODINGS, "gbk"])
def test_simplified_text_in_every_encoding(encoding: str) -> None:
    source = read_bytes(SPEECH.encode(encoding), "讲话.txt")
    assert source.text == SPEECH
    assert source.format == "txt"
    assert source.notes == ()


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gb18030", "utf-8", "utf-16-be"])
def test_traditional_text_in_every_encoding(encoding: str) -> None:
    assert read_bytes(TRADITIONAL.encode(encoding), "講話.txt").text == TRADITIONAL


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")],
)
def test_byte_order_mark_is_not_text(mark: bytes, encoding: str) -> None:
    source = read_bytes(mark + SPEECH.encode(encoding), "讲话.txt")
    assert source.text == SPEECH
    assert source.encoding == encoding


# Few different characters in a row are where encodings are easiest to confuse: «娄» in GB is also valid UTF-8.
@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(alphabet=LEVEL_ONE, min_size=20, max_size=200),
        st.sampled_from(LEVEL_ONE).map(lambda char: char * 20),
    ),
    encoding=st.sampled_from(MARKED),
)
def test_common_characters_round_trip(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), "a.txt").text == text


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(alphabet=LEVEL_ONE + "，。、：；！？（）“”" + "　\n", min_size=20).map(
        lambda middle: "同志们：" + middle
    ),
    encoding=st.sampled_from(ENCODINGS),
)
def test_sentences_round_trip(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_english_text(encoding: str) -> None:
    text = "Comrades, today we hold a meeting about the work of the office.\r\nLet me say a few words."
    assert read_bytes(text.encode(encoding), "speech.txt").text == text


def test_english_with_windows_quotes() -> None:
    text = "It’s a long speech – the mayor’s “report” on the café – and we don’t have much time left for it today."
    assert read_bytes(text.encode("cp1252"), "speech.txt").text == text


@pytest.mark.parametrize(
    "text", ["Привет, товарищи! Сегодня мы проводим совещание.", "Ελληνικά και το κείμενο είναι εδώ"]
)
def test_other_scripts_in_utf8_are_not_taken_for_chinese(text: str) -> None:
    assert read_bytes(text.encode(), "speech.txt").text == text


def test_bytes_of_no_encoding_are_refused() -> None:
    broken = SPEECH.encode("utf-8")[:60] + b"\xff\xfe\xff" + SPEECH.encode("gb18030")
    assert reason(broken) == "encoding"


def test_two_encodings_in_one_file_are_refused_not_mixed_up() -> None:
    assert reason(SPEECH.encode("utf-8") * 3 + SPEECH.encode("gb18030") + b"\xff") == "encoding"


def test_text_garbled_before_it_was_saved_is_refused() -> None:
    garbled = (SPEECH * 5).encode("utf-8").decode("gb18030", "replace")
    assert reason(garbled.encode("utf-8")) == "encoding"


def test_a_few_replacement_characters_are_reported_many_refused() -> None:
    source = read_bytes((SPEECH * 3 + "\ufffd").encode(), "a.txt")
    assert "1 个乱码占位符" in source.notes[0]
    assert reason(("\ufffd" * 5 + SPEECH).encode()) == "encoding"


def test_a_character_cut_off_at_the_end_goes_with_a_note() -> None:
    source = read_bytes(SPEECH.rstrip().encode("utf-8") + "完".encode()[:2], "a.txt")
    assert source.text == SPEECH.rstrip()
    assert "丢弃末尾 2 个字节" in source.notes[0]


def test_nul_bytes_are_binary() -> None:
    assert reason(b"abc\x00\x01\x02def" * 20) == "binary"
    assert reason(SPEECH.encode() + b"\x00") == "binary"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, "　\u200b\n".encode(), b"\x1c\x1f", b"\n" * 10_000])
def test_nothing_but_white_space_is_empty(data: bytes) -> None:
    assert reason(data) == "empty"


def test_markdown_headings_outside_code() -> None:
    text = "# 讲话\n同志们：\n```\n# 注释\n```\n ## 一、认识\n#话题\n"
    source = read_bytes(text.encode(), "a.md")
    assert source.format == "md"
    assert [text[start:end] for start, end in source.headings] == ["# 讲话", "## 一、认识"]
    assert source.headings[0] == Span(0, 4)
