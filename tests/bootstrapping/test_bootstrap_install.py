"""bootstrap.py installs: which command lines on which platform, and what a failure leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_machine import CPU_TORCH, FILES, TORCH_PAGE, Machine, requirements

import bootstrap
from bootstrap import DEV_FILES, RUN_FILES, Environment, Failure


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_first_installation_takes_cpu_torch_then_the_requirements(system: str, root: Path, machine: Machine) -> None:
    venv = Environment(root, system)
    venv.install(RUN_FILES)
    assert machine.commands[0][1:] == ["-m", "venv", str(root / ".venv")]
    assert machine.probed == [TORCH_PAGE]
    assert machine.pip_commands() == [CPU_TORCH, ["install", *requirements(root, "requirements.txt")]]
    interpreter = "bin/python" if system == "linux" else "Scripts/python.exe"
    assert {command[0] for command in machine.commands[1:]} == {str(root / ".venv" / interpreter)}


def test_a_mac_needs_no_cpu_index(root: Path, machine: Machine) -> None:
    Environment(root, "darwin").install(RUN_FILES)
    assert machine.probed == []
    assert machine.pip_commands() == [["install", *requirements(root, "requirements.txt")]]


def test_an_unreachable_cpu_index_leaves_torch_to_the_ordinary_one(
    root: Path, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.online = False
    Environment(root, "linux").install(RUN_FILES)
    assert machine.pip_commands() == [["install", *requirements(root, "requirements.txt")]]
    assert "CPU 版下载站不可用" in capsys.readouterr().out


def test_a_cpu_index_that_fails_half_way_leaves_torch_to_the_ordinary_one(root: Path, machine: Machine) -> None:
    machine.statuses = {"--index-url": 1}
    venv = Environment(root, "linux")
    venv.install(RUN_FILES)
    assert machine.pip_commands() == [CPU_TORCH, ["install", *requirements(root, "requirements.txt")]]
    assert venv.is_current(RUN_FILES)


def test_the_right_torch_is_not_fetched_again(root: Path, machine: Machine) -> None:
    machine.has_torch = True
    Environment(root, "linux").install(RUN_FILES)
    assert machine.probed == []
    assert machine.pip_commands() == [["install", *requirements(root, "requirements.txt")]]


def test_an_empty_cpu_index_setting_means_the_ordinary_one(
    root: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "CPU_INDEX", "")
    Environment(root, "linux").install(RUN_FILES)
    assert machine.probed == []
    assert machine.pip_commands() == [["install", *requirements(root, "requirements.txt")]]


def test_wheels_folder_replaces_every_index(root: Path, machine: Machine) -> None:
    Environment(root, "linux", wheels=root / "wheels").install(RUN_FILES)
    offline = ["install", "--no-index", "--find-links", str(root / "wheels")]
    assert machine.pip_commands() == [[*offline, *requirements(root, "requirements.txt")]]
    assert machine.probed == []


def test_second_installation_runs_neither_pip_nor_a_probe(installed: Path, machine: Machine) -> None:
    Environment(installed, "linux").install(RUN_FILES)
    assert machine.commands == []
    assert machine.probed == []


@pytest.mark.parametrize(
    ("changed", "run_is_current", "dev_is_current"),
    [
        ("requirements.txt", False, False),
        ("constraints.txt", False, False),
        ("requirements-dev.txt", True, False),
    ],
)
def test_changed_requirement_files_are_installed(
    changed: str, run_is_current: bool, dev_is_current: bool, root: Path, machine: Machine
) -> None:
    venv = Environment(root, "linux")
    venv.install(DEV_FILES)
    assert machine.pip_commands()[-1] == ["install", *requirements(root, "requirements.txt", "requirements-dev.txt")]
    assert (venv.is_current(RUN_FILES), venv.is_current(DEV_FILES)) == (True, True)
    (root / changed).write_text(FILES[changed] + "six==1.16.0\n", encoding="utf-8")
    assert (venv.is_current(RUN_FILES), venv.is_current(DEV_FILES)) == (run_is_current, dev_is_current)
    machine.commands.clear()
    venv.install(RUN_FILES)
    assert bool(machine.pip_commands()) is not run_is_current
    assert machine.venvs_made() == 0


def test_run_time_requirements_do_not_pass_for_the_test_ones(installed: Path, machine: Machine) -> None:
    venv = Environment(installed, "linux")
    assert not venv.is_current(DEV_FILES)
    venv.install(DEV_FILES)
    assert machine.pip_commands() == [["install", *requirements(installed, "requirements.txt", "requirements-dev.txt")]]


def test_failed_first_installation_is_not_believed(root: Path, machine: Machine) -> None:
    machine.statuses = {"-r ": 1}
    venv = Environment(root, "linux")
    with pytest.raises(Failure, match=r"HTTPS_PROXY.*wheels"):
        venv.install(RUN_FILES)
    assert not venv.is_current(RUN_FILES)
    assert not venv.is_sound()
    machine.statuses = {}
    venv.install(RUN_FILES)
    assert machine.venvs_made() == 2
    assert venv.is_sound()
    assert venv.is_current(RUN_FILES)


def test_first_installation_without_a_network_can_be_repeated(root: Path, machine: Machine) -> None:
    machine.statuses, machine.installs_something = {"-r ": 1}, False
    venv = Environment(root, "darwin")
    for attempt in range(2):
        with pytest.raises(Failure):
            venv.install(RUN_FILES)
        assert not venv.is_current(RUN_FILES)
        assert len(machine.pip_commands()) == attempt + 1
    assert machine.venvs_made() == 1


def test_failure_before_any_change_leaves_a_good_venv_in_use(installed: Path, machine: Machine) -> None:
    machine.statuses, machine.installs_something = {"-r ": 1}, False
    venv = Environment(installed, "linux")
    with pytest.raises(Failure):
        venv.install(DEV_FILES)
    machine.commands.clear()
    venv.install(RUN_FILES)
    assert machine.commands == []


def test_failure_after_a_change_makes_the_venv_anew(installed: Path, machine: Machine) -> None:
    machine.statuses = {"-r ": 1}
    venv = Environment(installed, "linux")
    with pytest.raises(Failure):
        venv.install(DEV_FILES)
    machine.statuses = {}
    venv.install(RUN_FILES)
    assert machine.venvs_made() == 1
    assert venv.is_sound()


@pytest.mark.parametrize("moment", ["-m venv", "--index-url", "-r "])
def test_interrupted_installation_starts_over(moment: str, root: Path, machine: Machine) -> None:
    machine.interrupt_on = moment
    venv = Environment(root, "linux")
    with pytest.raises(KeyboardInterrupt):
        venv.install(RUN_FILES)
    assert not venv.is_sound()
    machine.interrupt_on = None
    venv.install(RUN_FILES)
    assert machine.venvs_made() == 2
    assert venv.is_current(RUN_FILES)


def test_broken_interpreter_is_replaced(installed: Path, machine: Machine) -> None:
    venv = Environment(installed, "linux")
    Path(venv.python).unlink()
    assert venv.is_current(RUN_FILES)  # the note alone would be believed
    venv.install(RUN_FILES)
    assert machine.venvs_made() == 1
    assert Path(venv.python).exists()
    assert len(machine.pip_commands()) == 1


@pytest.mark.parametrize("note", ["", "{", "[]", "null", '"x"', "{}", '{"requirements.txt": 1}', "\xff"])
def test_damaged_note_is_no_note(note: str, installed: Path, machine: Machine) -> None:
    venv = Environment(installed, "linux")
    venv.note.write_text(note, encoding="latin-1")
    venv.install(RUN_FILES)
    assert len(machine.pip_commands()) == 1
    assert set(json.loads(venv.note.read_text(encoding="utf-8"))) == {"requirements.txt"}


def test_venv_that_cannot_be_made_leaves_nothing(root: Path, machine: Machine) -> None:
    machine.statuses = {"-m venv": 1}
    with pytest.raises(Failure, match="python3-venv"):
        Environment(root, "linux").install(RUN_FILES)
    assert not (root / ".venv").exists()
    assert machine.pip_commands() == []


def test_saved_wheels_hold_cpu_torch_and_all_requirements(installed: Path, machine: Machine) -> None:
    root, folder = installed, installed / "wheels"
    Environment(root, "linux").save_wheels(folder, RUN_FILES)
    to_folder = ["--wheel-dir", str(folder)]
    assert machine.pip_commands() == [
        ["wheel", *CPU_TORCH[1:4], *to_folder, "torch==2.13.0"],
        ["wheel", *to_folder, "--find-links", str(folder), *requirements(root, "requirements.txt")],
    ]
