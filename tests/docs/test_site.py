"""The documentation as a site: it builds without a warning, links lead somewhere, commands and messages are real."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from rag.cli.arguments import parser
from rag.config import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
BLOCK = re.compile(r"^```([a-z]*)\n(.*?)^```", re.S | re.M)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Links(HTMLParser):
    """What a page refers to, and the names that others can refer to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.names: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.append(value)
            elif name == "id" and value:
                self.names.add(value)


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    pages = {path: Links(path) for path in site.rglob("*.html") if path.name != "404.html"}
    assert len(pages) == len(PAGES)
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert there.exists(), f"{path.name} → {target}"
            if parts.fragment and there in pages:
                assert unquote(parts.fragment) in pages[there].names, f"{path.name} → {target}"


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    """It is read in intranets: no script, style, font or picture of another host."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(
            r"<(?:script|img|iframe)[^>]+src=\"(https?:)?//|<link[^>]+rel=\"stylesheet\"[^>]+href=\"https?:", text
        )
        assert loaded == [], path.name


def test_every_page_is_in_the_navigation() -> None:
    """(`--strict` warns of this too; here the missing one is named.)"""

    def files(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        values = entry.values() if isinstance(entry, dict) else entry
        return [name for value in values for name in files(value)]  # type: ignore[attr-defined]

    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(files(config["nav"])) == [page.name for page in PAGES]


def lines(page: Path) -> list[str]:
    """The command lines that a page shows, as typed: without prompts, comments, continuation and settings."""
    shown = [
        re.sub(r"\s{2,}#.*$", "", line.removeprefix("$ ")).strip()
        for kind, block in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind in ("", "bash", "sh")
        for line in block.replace("\\\n", " ").splitlines()
    ]
    return [re.sub(r"^python -m rag\b", "yanju", line.replace("[--json]", "--json")) for line in shown]


def subcommands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_shown_parses(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in lines(page):
        if line.startswith("yanju "):
            words = shlex.split(re.sub(r"\s[>|] .*$", "", line))[1:]
            try:
                parser().parse_args(words)
            except SystemExit:
                pytest.fail(f"{page.name}: {line}\n{capsys.readouterr().err}")


def test_every_subcommand_is_documented() -> None:
    shown = {line.split()[1] for line in lines(DOCS / "commands.md") if line.startswith("yanju ")}
    assert shown == set(subcommands())


def test_every_environment_variable_is_in_the_administrators_guide() -> None:
    read = {
        name
        for path in (ROOT / "rag").rglob("*.py")
        for name in re.findall(r"[\"'](YANJU_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    told = set(re.findall(r"YANJU_[A-Z_]+", (DOCS / "admin.md").read_text(encoding="utf-8")))
    assert read - told == set()


def test_every_message_of_the_faq_is_one_of_the_programs() -> None:
    """A heading quotes the message; «…» stands for what changes."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "rag").rglob("*.py")))
    source = re.sub(r"\"\s*\n\s*f?\"", "", source)  # a sentence broken over two lines
    headings = re.findall(r"^### (.+)$", (DOCS / "faq.md").read_text(encoding="utf-8"), re.M)
    assert len(headings) > 30
    for heading in headings:
        quoted = re.findall(r"「((?:[^「」]|「[^」]*」)+)」", heading)
        assert quoted, heading
        for part in (part for message in quoted for part in re.split("…|「…」|[「」]", message) if part):
            assert part in source, f"{heading}: {part}"


def test_pictures_are_used_and_used_pictures_are_there() -> None:
    used = {name for page in PAGES for name in re.findall(r"\]\(images/([^)]+)\)", page.read_text(encoding="utf-8"))}
    assert {name for name in used if not (DOCS / "images" / name).is_file()} == set()
