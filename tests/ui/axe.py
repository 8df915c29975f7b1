"""axe-core, as npm has it: one version, its archive checked against the hash that the registry gave for it."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
GRAVE = ("serious", "critical")


def script(folder: Path) -> str:
    """The library's source, fetched into a folder. Without npm or a network the test is skipped, and fails under CI."""
    npm = shutil.which("npm")
    if npm is None:
        return _absent("the program «npm» is not installed")
    done = subprocess.run(
        [npm, "pack", f"axe-core@{VERSION}", "--silent"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        return _absent(f"npm does not give axe-core {VERSION}: {done.stderr.strip()[-200:]}")
    data = (folder / f"axe-core-{VERSION}.tgz").read_bytes()
    assert base64.b64encode(hashlib.sha512(data).digest()).decode() == SHA512
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def _absent(why: str) -> str:
    if os.environ.get("CI"):
        pytest.fail(f"{why}, and CI must have it")
    pytest.skip(why)


def findings(page: Page, source: str) -> tuple[list[str], list[str]]:
    """What is serious or critical on a page: in our own components (which are shadow trees), and in Streamlit's frame."""
    page.evaluate(source)
    found: dict[str, Any] = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    ours, frame = [], []
    for violation in found["violations"]:
        for node in violation["nodes"]:
            if violation["impact"] in GRAVE:
                in_shadow = isinstance(node["target"][0], list)
                (ours if in_shadow else frame).append(f"{violation['id']}: {node['target']} {node['failureSummary']}")
    return ours, frame
