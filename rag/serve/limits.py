"""Who asks, and how often."""

from __future__ import annotations

import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

REMEMBERED = 10_000


def known_key(given: str, keys: Iterable[str]) -> bool:
    """Whether ``given`` is one of the keys. Takes as long for a wrong one as for a right one."""
    found = False
    for key in keys:
        found |= hmac.compare_digest(given.encode(), key.encode())
    return found


class RateLimiter:
    """A token bucket for each caller: ``rate`` tokens a minute, ``rate`` at most; one request takes one."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller → tokens, at what time
        self._lock = threading.Lock()

    def wait(self, caller: str) -> float:
        """Takes a token; seconds until there is one when there is none, else 0."""
        now = self._clock()
        with self._lock:
            tokens, then = self._buckets.pop(caller, (float(self._rate), now))
            tokens = min(float(self._rate), tokens + (now - then) * self._rate / 60)
            allowed = tokens >= 1
            self._buckets[caller] = (tokens - allowed, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) * 60 / self._rate
