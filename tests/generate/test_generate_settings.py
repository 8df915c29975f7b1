"""The environment switches generation on, and says what is wrong with it."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.generate.settings import GenerationSettings

ON = {"YANJU_LLM_BASE_URL": "http://127.0.0.1:11434/v1", "YANJU_LLM_MODEL": "qwen3:8b"}


@pytest.mark.parametrize("missing", [("YANJU_LLM_BASE_URL",), ("YANJU_LLM_MODEL",), tuple(ON)])
def test_off_unless_address_and_model_are_set(missing: tuple[str, ...]) -> None:
    environment = {**{key: value for key, value in ON.items() if key not in missing}, "YANJU_LLM_API_KEY": "k"}
    assert GenerationSettings.from_environment(environment) is None
    assert GenerationSettings.from_environment({**environment, missing[0]: "  "}) is None


def test_defaults() -> None:
    settings = GenerationSettings.from_environment(ON)
    assert settings == GenerationSettings("http://127.0.0.1:11434/v1", "qwen3:8b", "", 30.0)


def test_reads_key_and_time_limit_and_never_shows_the_key() -> None:
    settings = GenerationSettings.from_environment({**ON, "YANJU_LLM_API_KEY": " sk-1 ", "YANJU_LLM_TIMEOUT": "2.5"})
    assert settings is not None
    assert (settings.api_key, settings.timeout) == ("sk-1", 2.5)
    assert "sk-1" not in repr(settings)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "601"])
def test_refuses_a_time_limit_that_is_none(value: str) -> None:
    with pytest.raises(UsageError, match="YANJU_LLM_TIMEOUT"):
        GenerationSettings.from_environment({**ON, "YANJU_LLM_TIMEOUT": value})


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://host/v1", "http://", "http://[::1", "http://h:99999/v1"])
def test_refuses_an_address_that_is_none(url: str) -> None:
    with pytest.raises(UsageError, match="YANJU_LLM_BASE_URL"):
        GenerationSettings.from_environment({**ON, "YANJU_LLM_BASE_URL": url})


@pytest.mark.parametrize("key", ["sk 1", "sk-密钥", "sk-1\nX-Evil: 1"])
def test_refuses_a_key_that_no_header_can_hold_without_repeating_it(key: str) -> None:
    with pytest.raises(UsageError, match="YANJU_LLM_API_KEY") as caught:
        GenerationSettings.from_environment({**ON, "YANJU_LLM_API_KEY": key})
    assert key not in str(caught.value)
