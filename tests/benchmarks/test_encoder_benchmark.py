"""The encoder's benchmark runs both models in processes of their own and says what it measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.encoder import __main__ as benchmark
from benchmarks.encoder import untrained as peer


def test_a_small_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "QUERIES", 2)
    monkeypatch.setattr(peer, "LAYERS", 1)
    out = tmp_path / "table.md"
    assert benchmark.main(["--passages", "2", "--rounds", "1", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(benchmark.ROWS)
    assert all(float(cell.replace(",", "")) > 0 for row in rows for cell in row.split("|")[3:6])
    assert "--passages 2 --rounds 1" in text


def test_the_peer_has_the_shape_it_names(tmp_path: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(peer.untrained(tmp_path, ["信息报送要快。"])), device="cpu")
    # bge-small-zh-v1.5 has 24 million parameters.
    assert sum(parameter.numel() for parameter in model.parameters()) == pytest.approx(24e6, rel=0.02)
    first, second = model.encode(["信息报送", "信息报送要快"], convert_to_tensor=True)
    assert first.shape == (512,)
    assert not torch.equal(first, second)
