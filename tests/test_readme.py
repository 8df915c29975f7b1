"""The READMEs: every command they show exists and runs, every picture and link leads somewhere, nothing is left to fill in."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli.main import parser

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.S)


def commands(readme: Path, start: str) -> list[str]:
    """Lines of the code blocks that begin with ``start``, without prompts and comments."""
    lines = [line for block in BLOCK.findall(readme.read_text(encoding="utf-8")) for line in block.splitlines()]
    bare = [re.sub(r"\s{2,}#.*$", "", line.removeprefix("$ ")).strip() for line in lines]
    return [line for line in bare if line.startswith(start)]


def test_the_two_commands_come_first() -> None:
    for readme in READMES:
        assert commands(readme, "python ")[:2] == ["python bootstrap.py app", "python bootstrap.py test"]
        assert readme.read_text(encoding="utf-8").index("bootstrap.py app") < 1200, "on the first screen"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_nothing_is_left_to_fill_in(readme: Path) -> None:
    assert "PLACEHOLDER" not in readme.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(readme: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", readme.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_subcommand_of_rag_exists(readme: Path) -> None:
    shown = commands(readme, "python -m rag ")
    assert len(shown) >= 6
    for line in shown:
        for alternative in line.removeprefix("python -m rag ").split(" | "):
            name = alternative.split()[0]
            with pytest.raises(SystemExit) as left:
                parser().parse_args([name, "--help"])
            assert left.value.code == 0, line


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_bootstrap_knows_every_command_shown(readme: Path) -> None:
    for line in commands(readme, "python bootstrap.py "):
        name = line.split()[2]
        done = subprocess.run([sys.executable, "bootstrap.py", name, "--help"], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, line


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_real_answer_is_what_the_command_prints(readme: Path, tmp_path: Path) -> None:
    """The quotations shown are in the sample's sources, and the question is answered."""
    (line,) = [c for c in commands(readme, "python -m rag ask ") if "index/sample" in c]
    question = shlex.split(line)[4]
    quotes = re.findall(r"^  「(.+)」\[\d+\]", readme.read_text(encoding="utf-8"), re.M)
    assert question
    assert len(quotes) >= 3
    archive = tmp_path / "sample"
    run = [sys.executable, "-m", "rag"]
    subprocess.run([*run, "ingest", "data/speeches", "--archive", str(archive)], cwd=ROOT, check=True, capture_output=True)
    asked = subprocess.run([*run, "ask", question, "--archive", str(archive)], cwd=ROOT, check=True, capture_output=True)
    said = asked.stdout.decode()
    for quote in quotes:
        assert quote in said, quote
