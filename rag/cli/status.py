"""Exit statuses: done; some inputs failed and the others are in; bad usage or unusable archive."""

from __future__ import annotations

DONE, SOME_FAILED, UNUSABLE = 0, 1, 2
