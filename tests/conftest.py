"""Fixtures for every test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest


@pytest.fixture
def require_program() -> Callable[[str], str]:
    """``require_program("soffice")``: its path; skips the test where it is absent, fails it under CI."""

    def require(name: str) -> str:
        found = shutil.which(name)
        if found is None and os.environ.get("CI"):
            pytest.fail(f"the program «{name}» is not installed, and CI must have it")
        if found is None:
            pytest.skip(f"the program «{name}» is not installed")
        return found

    return require
