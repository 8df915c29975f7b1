"""DOC, WPS, RTF, ODT: the way to LibreOffice and back; with the real program where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_builder import definition, document, instance, level, numbered, paragraph, saved

from rag.errors import ReadError
from rag.ingest.readers import ReadLimits, office, read_bytes

TEXT = "同志们：今天召开会议。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOC = OLE + "WordDocument".encode("utf-16-le")
RTF = ("{\\rtf1\\ansi\\uc1 " + "".join(f"\\u{ord(char)}?" for char in TEXT) + "\\par}").encode()
CONVERT = """
import docx, pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
made = docx.Document()
made.add_paragraph(pathlib.Path(sys.argv[-1]).name)
made.save(out / "source.docx")
"""
needs_posix = pytest.mark.skipif(os.name == "nt", reason="stand-in programs are scripts")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A program called soffice that runs the given Python."""

    def install(body: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return install


def refused(data: bytes, name: str, limits: ReadLimits | None = None) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name, limits or ReadLimits())
    return caught.value


def test_without_libreoffice_both_ways_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    for data, name in ((DOC, "a.doc"), (DOC, "a.wps"), (RTF, "a.rtf"), (RTF, "a.doc")):
        error = refused(data, name)
        assert error.reason == "needs-libreoffice"
        assert "安装 LibreOffice" in str(error)
        assert "另存为 DOCX" in str(error)


@needs_posix
@pytest.mark.parametrize(
    ("data", "name", "kind"), [(DOC, "a.doc", "doc"), (DOC, "a.wps", "wps"), (RTF, "a.doc", "rtf")]
)
def test_what_the_converter_makes_is_read(stand_in: Callable[[str], None], data: bytes, name: str, kind: str) -> None:
    stand_in(CONVERT)
    source = read_bytes(data, name)
    assert source.text == f"source.{kind}"
    assert source.format == kind
    assert "由 LibreOffice 转换后读取。" in source.notes


@needs_posix
def test_each_run_has_a_profile_of_its_own(stand_in: Callable[[str], None]) -> None:
    stand_in(CONVERT.replace("pathlib.Path(sys.argv[-1]).name", "sys.argv[1]"))
    first, second = (read_bytes(DOC, "a.doc").text for _ in range(2))
    assert first.startswith("-env:UserInstallation=file:///")
    assert first != second


@needs_posix
def test_no_result_is_damage_whatever_the_exit_status(stand_in: Callable[[str], None]) -> None:
    stand_in("")
    assert refused(DOC, "a.doc").reason == "damaged"


@needs_posix
def test_program_that_cannot_start(stand_in: Callable[[str], None], tmp_path: Path) -> None:
    stand_in("")
    (tmp_path / "soffice").write_bytes(b"\x7fELF nonsense")
    assert refused(DOC, "a.doc").reason == "needs-libreoffice"


@needs_posix
def test_hanging_converter_and_its_children_are_ended(stand_in: Callable[[str], None], tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    child = f"import time; time.sleep(2); open({str(alive)!r}, 'w')"
    stand_in(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])")
    started = time.monotonic()
    assert refused(DOC, "a.doc", ReadLimits(seconds=0.5)).reason == "timeout"
    assert time.monotonic() - started < 2
    time.sleep(2)
    assert not alive.exists()


def test_real_rtf(require_program: Callable[[str], str]) -> None:
    require_program("soffice")
    assert read_bytes(RTF, "讲话.rtf").text.strip() == TEXT


@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_real_conversion_there_and_back(require_program: Callable[[str], str], tmp_path: Path, kind: str) -> None:
    program = require_program("soffice")
    numbering = definition(7, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")) + instance(
        1, 7
    )
    made = document(paragraph(TEXT), *(numbered("文", 1, at) for at in (0, 1, 1, 0)), numbering=numbering)
    (tmp_path / "a.docx").write_bytes(saved(made))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.docx"),
    ]
    subprocess.run(command, check=True, timeout=180)
    source = read_bytes((tmp_path / f"a.{kind}").read_bytes(), f"a.{kind}")
    assert source.text.split() == [TEXT, "一、文", "（一）文", "（二）文", "二、文"]
    assert source.format == kind
