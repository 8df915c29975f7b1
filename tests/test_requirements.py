"""The requirement files are exact, complete and say the same as pyproject.toml and the imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    wrong = [line for line in listed if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)]
    assert wrong == []
    return {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in listed}


def project() -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return loaded


def imported(sources: Iterable[Path]) -> set[str]:
    names: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    own = {path.name for path in ROOT.iterdir() if path.is_dir()} | {path.stem for path in ROOT.glob("*.py")}
    return names - sys.stdlib_module_names - own


def distributions(names: Iterable[str]) -> set[str]:
    owners = packages_distributions()
    return {canonicalize_name(owners.get(name, [name])[0]) for name in names}


def test_dev_extra_is_the_dev_file() -> None:
    extra = [Requirement(text) for text in project()["project"]["optional-dependencies"]["dev"]]
    assert {canonicalize_name(one.name): str(one.specifier) for one in extra} == {
        name: f"=={version}" for name, version in pins("requirements-dev.txt").items()
    }


def test_all_files_name_one_version_of_a_package() -> None:
    run, dev, rest = (pins(name) for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"))
    assert set(run) & set(dev) == set(run) & set(rest) == set()
    assert {name: (version, rest[name]) for name, version in dev.items() if rest.get(name, version) != version} == {}


def needed_by(requirement: Requirement) -> list[Requirement]:
    """What an installed package requires here; extra names are compared as today's pip does, which older ones do not."""
    listed = [Requirement(text) for text in distribution(requirement.name).requires or []]
    extras = {"", *(canonicalize_name(extra) for extra in requirement.extras)}
    return [one for one in listed if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in extras)]


@pytest.mark.parametrize("files", [("requirements.txt",), ("requirements.txt", "requirements-dev.txt")])
def test_everything_that_requirements_pull_in_is_pinned_and_installed(files: tuple[str, ...]) -> None:
    direct = {name for file in files for name in pins(file)}
    todo, seen, missing = [Requirement(name) for name in direct], set[str](), set[str]()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if str(requirement) in seen or name.startswith(("nvidia-", "cuda-", "triton")):  # of PyTorch's CUDA build
            continue
        seen |= {str(requirement), name}
        try:
            todo += needed_by(requirement)
        except PackageNotFoundError:
            missing.add(name)
    names = {canonicalize_name(Requirement(text).name) for text in seen}
    assert missing == set()
    assert names - direct - set(pins("constraints.txt")) == set()


@pytest.mark.parametrize("name", sorted({*pins("requirements.txt"), *pins("requirements-dev.txt")}))
def test_tests_run_on_the_pinned_versions(name: str) -> None:
    expected = {**pins("requirements.txt"), **pins("requirements-dev.txt")}[name]
    assert distribution(name).version.partition("+")[0] == expected


def test_what_the_program_imports_is_pinned_or_an_extra() -> None:
    listed = project()["project"]["optional-dependencies"]
    extras = [text for name in listed if name != "dev" for text in listed[name]]
    allowed = {*pins("requirements.txt"), *(canonicalize_name(Requirement(text).name) for text in extras)}
    update_catalogues = ROOT / "rag" / "locale" / "update.py"  # a developer's tool
    sources = {*(ROOT / "rag").rglob("*.py"), *ROOT.glob("app.py")} - {update_catalogues}
    assert distributions(imported(sources)) - allowed == set()


def test_what_tests_and_training_import_is_pinned() -> None:
    extras = [text for listed in project()["project"]["optional-dependencies"].values() for text in listed]
    allowed = {*pins("requirements.txt"), *(canonicalize_name(Requirement(text).name) for text in extras)}
    sources = [path for folder in ("tests", "training", "data", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    helpers = {path.stem for path in sources}
    assert distributions(imported(sources) - helpers) - allowed == set()


def test_streamlit_starts_private_and_quiet() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "streamlit", "config", "show"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    config = tomllib.loads(shown.stdout[shown.stdout.index("\n[") :])
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["showEmailPrompt"] is False
    assert config["server"]["maxUploadSize"] == 200
