"""How the HTTP service is set: where it listens, who may ask, how often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.errors import UsageError

KEYS = "YANJU_API_KEYS"
RATE = "YANJU_API_RATE"
SHORTEST_KEY = 16
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class ServeSettings:
    """``keys`` are never shown; ``rate`` is requests a minute for each key, or each address where there are no keys."""

    host: str = "127.0.0.1"
    port: int = 8600
    keys: frozenset[str] = field(default=frozenset(), repr=False)
    rate: int = 120

    @property
    def local(self) -> bool:
        """Whether only programs on this computer can reach it."""
        return self.host in LOOPBACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], host: str, port: int) -> ServeSettings:
        """Keys from YANJU_API_KEYS (separated by commas or white space), the rate from YANJU_API_RATE.

        Raises:
            UsageError: a key is too short, the rate is no number, or others could ask without a key.
        """
        keys = frozenset(re.split(r"[\s,]+", environment.get(KEYS, "").strip())) - {""}
        if any(len(key) < SHORTEST_KEY or not key.isascii() for key in keys):
            raise UsageError(f"环境变量 {KEYS} 中的密钥至少 {SHORTEST_KEY} 个字符，只用字母、数字和符号。")
        rate = environment.get(RATE) or str(cls.rate)
        if not rate.isdecimal() or not int(rate):
            raise UsageError(f"环境变量 {RATE} 应为每分钟的次数（正整数），实为「{rate}」。")
        settings = cls(host, port, keys, int(rate))
        if not keys and not settings.local:
            raise UsageError(
                f"监听 {host} 时别的电脑也能访问，请先用环境变量 {KEYS} 设置密钥；只供本机用请去掉 --host。"
            )
        return settings
