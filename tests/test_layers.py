"""The shape of the package: imports follow the flow of the data, modules and functions stay small, starting stays fast."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rag.config import ROOT

PACKAGE = ROOT / "rag"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
# A part imports only from the rows above its own (and from its own row, but without a cycle).
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "config", "types", "i18n", "locale"),
    ("text",),
    ("encoder",),
    ("functions",),
    ("ingest",),
    ("archive",),
    ("pipeline",),
    ("search",),
    ("answer",),
    ("generate",),
    ("write",),
    ("explore",),
    ("evaluate",),
    ("session", "contracts", "contracts_explore", "contracts_export", "contracts_phrases", "contracts_write"),
    ("ui", "cli", "serve", "__main__"),
)
LEVEL = {part: n for n, parts in enumerate(LAYERS) for part in parts}
HEAVY = {
    "torch", "faiss", "jieba", "streamlit", "sentence_transformers", "transformers", "pymilvus", "sklearn",
    "dask", "distributed", "pyarrow", "threadpoolctl",
}  # fmt: skip
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """«rag.search.mix» → «search»; the package itself has none."""
    return [*module.split("."), ""][1]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """(module, whether the import is made when the file is loaded) of every import below a node."""

    def visit(child: ast.AST, loading: bool) -> Iterator[tuple[str, bool]]:
        if isinstance(child, ast.Import):
            yield from ((alias.name, loading) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            for alias in child.names:
                whole = f"{child.module}.{alias.name}"
                yield (whole if whole in NAMES else str(child.module)), loading
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        for grandchild in ast.iter_child_nodes(child):
            yield from visit(grandchild, loading and not inside and not typing_only)

    yield from visit(node, True)


NAMES = {name_of(path) for path in MODULES}


def own_imports(path: Path) -> set[str]:
    return {module for module, _ in imports(tree(path)) if module.split(".")[0] == "rag"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_follow_the_flow_of_the_data(path: Path) -> None:
    own = part_of(name_of(path))
    if not own:
        assert own_imports(path) == set()
        return
    assert own in LEVEL, f"where does rag.{own} stand?"
    for module in own_imports(path):
        part = part_of(module)
        assert part, f"{name_of(path)} imports through the package root"
        assert part == own or LEVEL[part] <= LEVEL[own], f"{name_of(path)} imports {module}"


def test_there_are_no_cycles() -> None:
    """Depth-first search over the modules; a module met again while it is still open closes a cycle."""
    graph = {name_of(path): {m for m in own_imports(path) if m in NAMES} - {name_of(path)} for path in MODULES}
    done: set[str] = set()

    def visit(module: str, open_: tuple[str, ...]) -> None:
        assert module not in open_, f"cycle: {' → '.join((*open_[open_.index(module) :], module))}"
        if module not in done:
            for other in sorted(graph[module]):
                visit(other, (*open_, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("path", [p for p in MODULES if part_of(name_of(p)) != "ui"], ids=name_of)
def test_heavy_libraries_are_imported_inside_functions(path: Path) -> None:
    loading = {module.split(".")[0] for module, at_once in imports(tree(path)) if at_once}
    assert not loading & HEAVY


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_pickle(path: Path) -> None:
    banned = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}
    assert not {module.split(".")[0] for module, _ in imports(tree(path))} & banned
    assert "allow_pickle=True" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE, f"{lines} lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda path: path.stem)
def test_test_files_are_small(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_MODULE


def test_searching_the_archive_does_not_load_pytorch(tmp_path: Path) -> None:
    """The shipped encoder is read without it: a cold question costs a second, not ten."""
    program = (
        "import sys\nfrom rag.encoder.load import load_encoder\nload_encoder().encode_queries(['信息'])\n"
        "print([name for name in ('torch', 'sentence_transformers', 'streamlit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
