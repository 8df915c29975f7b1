"""bootstrap.py runs: the app, arguments, processes, the probe of the CPU index, and old Pythons."""

from __future__ import annotations

import ast
import json
import os
import platform
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fake_machine import Machine

import bootstrap
from bootstrap import Environment, Failure


def test_app_brings_the_sample_up_to_date_then_starts_streamlit(installed: Path, machine: Machine) -> None:
    status = bootstrap.start_app(Environment(installed, "linux"), 18501, browser=False)
    python = str(installed / ".venv/bin/python")
    server = ["--server.address", "127.0.0.1", "--server.port", "18501"]
    assert status == 0
    assert machine.commands == [
        [python, "-m", "rag", "sample"],
        [python, "-m", "streamlit", "run", "app.py", *server],
    ]
    assert machine.settings[-1]["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] == "false"
    assert machine.settings[-1]["STREAMLIT_SERVER_HEADLESS"] == "true"


@pytest.mark.parametrize(("status", "own_archive", "starts"), [(1, False, True), (2, True, True), (2, False, False)])
def test_app_starts_over_a_faulty_sample_only_when_there_is_something_to_open(
    status: int, own_archive: bool, starts: bool, installed: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.statuses = {"rag sample": status}
    if own_archive:
        (installed / "index/default").mkdir(parents=True)
        (installed / "index/default/archive.sqlite").touch()
    if starts:
        bootstrap.start_app(Environment(installed, "linux"), 18501, browser=False)
        assert "示例档案不完整" in capsys.readouterr().out
    else:
        with pytest.raises(Failure, match="示例档案不完整"):
            bootstrap.start_app(Environment(installed, "linux"), 18501, browser=False)
    assert any("streamlit" in command for command in machine.commands) is starts


def test_port_is_the_first_free_one_or_the_one_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "taken", lambda port: port in (8501, 8502, 9000))
    assert bootstrap.free_port(None) == 8503
    assert bootstrap.free_port(9001) == 9001
    with pytest.raises(Failure, match=r"9000.*--port"):
        bootstrap.free_port(9000)


def test_taken_means_that_somebody_listens() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert not bootstrap.taken(port)
        server.listen()
        assert bootstrap.taken(port)


@pytest.mark.parametrize(
    ("system", "env", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 22 10.0.0.2 22"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
        ("darwin", {"SSH_CONNECTION": "10.0.0.1 22 10.0.0.2 22"}, False),
        ("win32", {"CI": "true"}, False),
    ],
)
def test_browser_opens_only_where_somebody_sees_it(system: str, env: dict[str, str], expected: bool) -> None:
    assert bootstrap.has_display(system, env) is expected


def test_browser_opens_once_the_server_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    done = threading.Event()
    answers = iter([False, True])
    monkeypatch.setattr(bootstrap, "taken", lambda port: next(answers))
    monkeypatch.setattr(bootstrap.webbrowser, "open", lambda url: (opened.append(url), done.set()))
    bootstrap.open_browser_when_up(8765)
    assert done.wait(5)
    assert opened == ["http://127.0.0.1:8765"]


def test_paths_given_to_ingest_are_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "报告.pdf").touch()
    given = ["报告.pdf", "无此文件.txt", "--workers", "2", "--archive", "新档案", "--json", "--archive=另一个"]
    assert bootstrap.absolute(given, tmp_path) == [
        str(tmp_path / "报告.pdf"),
        "无此文件.txt",
        "--workers",
        "2",
        "--archive",
        str(tmp_path / "新档案"),
        "--json",
        "--archive",
        str(tmp_path / "另一个"),
    ]


@pytest.mark.parametrize("command", ["test", "ingest"])
def test_further_arguments_are_passed_on_in_order(command: str) -> None:
    others = ["-k", "bootstrap", "tests/a.py", "--wheel", "-x", "--maxfail=1", "b c"]
    assert bootstrap.parse([command, *others])[1] == others


def test_the_app_takes_no_further_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        bootstrap.parse(["app", "--prot", "8600"])
    assert caught.value.code == 2
    assert "--prot 8600" in capsys.readouterr().err


def test_wheels_folder_can_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANJU_WHEELS", "/media/wheels")
    assert bootstrap.parse(["app"])[0].wheels == Path("/media/wheels")
    assert bootstrap.parse(["app", "--wheels", "w"])[0].wheels == Path("w")


@pytest.fixture
def _handlers() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("_handlers")
class TestCommands:
    @pytest.fixture(autouse=True)
    def _project(self, installed: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        class Here(Environment):
            def __init__(self, wheels: Path | None = None) -> None:
                super().__init__(installed, "linux", wheels)

        monkeypatch.setattr(bootstrap, "Environment", Here)
        monkeypatch.delenv("YANJU_WHEELS", raising=False)
        monkeypatch.setattr(platform, "machine", lambda: "arm64")

    def test_test_installs_what_tests_need_and_returns_pytests_status(self, machine: Machine, installed: Path) -> None:
        machine.statuses = {"-m pytest": 5}
        assert bootstrap.main(["test", "-k", "人"]) == 5
        assert "requirements-dev.txt" in " ".join(machine.commands[0])
        assert machine.commands[-1][1:] == ["-m", "pytest", "-k", "人"]

    def test_ingest_goes_to_the_package(
        self, machine: Machine, installed: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (installed / "a.txt").touch()
        monkeypatch.chdir(installed)
        assert bootstrap.main(["ingest", "a.txt", "--json"]) == 0
        assert machine.commands == [
            [str(installed / ".venv/bin/python"), "-m", "rag", "ingest", str(installed / "a.txt"), "--json"]
        ]

    def test_interrupt_ends_quietly(self, machine: Machine) -> None:
        machine.interrupt_on = "-m pytest"
        assert bootstrap.main(["test"]) == 130

    def test_wheels_folder_that_does_not_exist(self, installed: Path) -> None:
        with pytest.raises(SystemExit, match=r"没有这个目录.*nowhere"):
            bootstrap.main(["install", "--wheels", str(installed / "nowhere")])

    def test_failure_is_one_message_and_status_one(self, machine: Machine) -> None:
        machine.statuses = {"-r ": 1}
        with pytest.raises(SystemExit, match="依赖没有装全"):
            bootstrap.main(["test"])

    def test_intel_mac_is_told_before_anything_is_made(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(platform, "machine", lambda: "x86_64")
        with pytest.raises(SystemExit, match="Apple"):
            bootstrap.main(["install"])
        assert machine.commands == []


def test_old_python_is_told_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(platform, "python_version", lambda: "3.10.13")
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(bootstrap.ROOT / "bootstrap.py"), run_name="__main__")
    assert "需要 Python 3.11 或更新版本，当前是 3.10.13" in str(caught.value)
    assert "needs Python 3.11 or newer, this is 3.10.13" in str(caught.value)


def test_old_python_can_read_as_far_as_that_message() -> None:
    source = (bootstrap.ROOT / "bootstrap.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    check = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))
    assert all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom) for node in tree.body[:check])


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((bootstrap.ROOT / "bootstrap.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_run_gives_the_exit_status_and_127_for_what_cannot_start(tmp_path: Path) -> None:
    assert bootstrap.run([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert bootstrap.run([str(tmp_path / "python")]) == 127


def test_children_work_offline_in_the_projects_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "seen.json"
    code = f"import json, os; json.dump([os.getcwd(), dict(os.environ)], open({str(target)!r}, 'w'))"
    assert bootstrap.run([sys.executable, "-c", code], {"YANJU_TEST": "1"}) == 0
    folder, env = json.loads(target.read_text(encoding="utf-8"))
    assert Path(folder) == bootstrap.ROOT
    assert (env["HF_HUB_OFFLINE"], env["YANJU_TEST"]) == ("1", "1")
    assert env["TRANSFORMERS_OFFLINE"] == "0"  # the user's own word stands
    assert env["PIP_USER"] == "0"  # pip refuses a user installation inside a .venv


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_nothing_outlives_a_terminated_bootstrap(tmp_path: Path) -> None:
    started = tmp_path / "started"
    child = f"import os, pathlib, time; pathlib.Path({str(started)!r}).write_text(str(os.getpid())); time.sleep(60)"
    parent = (
        "import signal, sys, bootstrap; signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
        f"try: bootstrap.run([sys.executable, '-c', {child!r}])\n"
        "except KeyboardInterrupt: sys.exit(130)"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], cwd=bootstrap.ROOT)
    try:
        for _ in range(200):
            if started.exists() and started.read_text():
                break
            threading.Event().wait(0.05)
        process.terminate()
        assert process.wait(timeout=20) == 130
        with pytest.raises(ProcessLookupError):
            os.kill(int(started.read_text()), 0)
    finally:
        process.kill()


class Answer(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/torch/" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_probe_believes_only_a_timely_good_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        assert bootstrap.reachable(f"{base}/torch/")
        assert not bootstrap.reachable(f"{base}/other/")
    finally:
        server.shutdown()
        server.server_close()
    assert not bootstrap.reachable(f"{base}/torch/")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not bootstrap.reachable(f"http://127.0.0.1:{silent.getsockname()[1]}/torch/", seconds=0.2)


def test_probe_does_not_wait_for_a_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name look-up ignores urllib's time-out; the probe must not."""
    released = threading.Event()

    def look_up(*_: object, **__: object) -> None:
        released.wait(20)
        raise OSError("name not found")

    monkeypatch.setattr(bootstrap.urllib.request, "urlopen", look_up)
    begun = time.monotonic()
    assert not bootstrap.reachable("https://example.invalid/", seconds=0.2)
    assert time.monotonic() - begun < 5
    released.set()
