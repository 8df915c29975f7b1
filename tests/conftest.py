"""Fixtures for every test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from rag.encoder.load import load_encoder
from rag.pipeline.run import Ingester
from rag.text.words import Analyzer

# How long an example takes depends on the machine and on what else runs there; no test is about that.
settings.register_profile("yanju", deadline=None)
settings.load_profile("yanju")

SPEECHES = Path(__file__).resolve().parent.parent / "data" / "speeches"


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


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """One analyzer for the whole run: its dictionary takes a second to load."""
    return Analyzer()


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Path:
    """The sample speeches, ingested once with the shipped encoder. Not to be written to."""
    folder = tmp_path_factory.mktemp("sample")
    report = Ingester.open(folder, load_encoder(), analyzer).ingest_paths([SPEECHES])
    assert [one for one in report.files if one.status != "added"] == []
    return folder
