"""How the service is set, its keys and its rates."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.serve import limits
from rag.serve.limits import RateLimiter, known_key
from rag.serve.settings import ServeSettings

A, B = "a" * 16, "b" * 20


def test_keys_are_separated_by_commas_or_white_space() -> None:
    settings = ServeSettings.from_environment({"YANJU_API_KEYS": f" {A},{B}\n{A} "}, "0.0.0.0", 80)
    assert settings.keys == {A, B}
    assert A not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "host", "said"),
    [
        ({}, "0.0.0.0", "请先用环境变量 YANJU_API_KEYS 设置密钥"),
        ({"YANJU_API_KEYS": " , "}, "192.0.2.1", "请先用环境变量 YANJU_API_KEYS 设置密钥"),
        ({"YANJU_API_KEYS": f"{A},short"}, "127.0.0.1", "至少 16 个字符"),
        ({"YANJU_API_KEYS": "密" * 16}, "127.0.0.1", "只用字母"),
        ({"YANJU_API_RATE": "often"}, "127.0.0.1", "实为「often」"),
        ({"YANJU_API_RATE": "0"}, "127.0.0.1", "实为「0」"),
    ],
)
def test_unsafe_settings_are_refused(environment: dict[str, str], host: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ServeSettings.from_environment(environment, host, 8600)


def test_a_key_is_known_whole() -> None:
    assert known_key(B, [A, B])
    assert not any(known_key(wrong, [A, B]) for wrong in ("", A[:-1], A + "a", A.upper(), "密"))


def test_tokens_come_back_with_time() -> None:
    """At 6 a minute one token takes 10 seconds; the bucket holds 6."""
    now = 0.0
    limiter = RateLimiter(6, lambda: now)
    assert [limiter.wait("x") for _ in range(6)] == [0] * 6
    assert limiter.wait("x") == pytest.approx(10)
    now = 4.0
    assert limiter.wait("x") == pytest.approx(6)
    assert limiter.wait("y") == 0
    now = 10.5
    assert limiter.wait("x") == 0
    now = 1000.0
    assert [limiter.wait("x") == 0 for _ in range(7)] == [True] * 6 + [False]


def test_only_so_many_callers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    limiter = RateLimiter(1, lambda: 0.0)
    assert [limiter.wait(caller) for caller in "abc"] == [0, 0, 0]
    assert limiter.wait("c") > 0
    assert limiter.wait("a") == 0, "the longest unseen was forgotten"
