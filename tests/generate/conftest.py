"""Fixtures for the tests of generation: an answer to rephrase and a model endpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from endpoint import Endpoint, serving, speaking
from quoted import QUOTES, answer_of

from rag.encoder.base import Encoder
from rag.encoder.load import load_encoder
from rag.generate.settings import GenerationSettings
from rag.types import Answer


@pytest.fixture
def answer() -> Answer:
    return answer_of(*QUOTES)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(speaking(lambda _: "[]")) as running:
        yield running


@pytest.fixture
def settings(endpoint: Endpoint) -> GenerationSettings:
    return GenerationSettings(endpoint.url, "tiny", "sk-secret-314159", timeout=20)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped encoder."""
    return load_encoder()
