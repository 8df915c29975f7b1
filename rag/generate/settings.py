"""Which model endpoint to use. The environment alone decides; without an address and a model, generation is off."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rag.errors import UsageError

BASE_URL, MODEL, API_KEY, TIMEOUT = "YANJU_LLM_BASE_URL", "YANJU_LLM_MODEL", "YANJU_LLM_API_KEY", "YANJU_LLM_TIMEOUT"
HOW_TO_SWITCH_ON = (
    f"模型成文未开启。请设置环境变量 {BASE_URL}（如 http://127.0.0.1:11434/v1）和 {MODEL}（如 qwen3:8b）；"
    "不带 --compose 时照常用原话回答。"
)
DEFAULT_TIMEOUT = 30.0
MAX_TIMEOUT = 600.0


@dataclass(frozen=True)
class GenerationSettings:
    """An OpenAI-compatible endpoint. ``timeout`` is in seconds and covers the whole call."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = DEFAULT_TIMEOUT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> GenerationSettings | None:
        """The settings of the environment, or None where generation is off.

        Raises:
            UsageError: a variable cannot be used as it stands.
        """
        values = os.environ if environment is None else environment
        url, model, key = (values.get(name, "").strip() for name in (BASE_URL, MODEL, API_KEY))
        if not url or not model:
            return None
        return cls(_address(url), model, _key(key), _seconds(values.get(TIMEOUT, "").strip()))


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            "环境变量 {base_url} 应为 http 或 https 地址，例如 http://127.0.0.1:11434/v1。", base_url=BASE_URL
        )
    return url


def _key(key: str) -> str:
    if not all("!" <= char <= "~" for char in key):
        raise UsageError("环境变量 {api_key} 含有空格、换行或非 ASCII 字符，请重新复制密钥。", api_key=API_KEY)
    return key


def _seconds(value: str) -> float:
    try:
        seconds = float(value or DEFAULT_TIMEOUT)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= MAX_TIMEOUT:
        raise UsageError(
            "环境变量 {timeout} 应为 0 到 {max_timeout:.0f} 之间的秒数，实为「{value}」。",
            timeout=TIMEOUT,
            max_timeout=MAX_TIMEOUT,
            value=value,
        )
    return seconds
