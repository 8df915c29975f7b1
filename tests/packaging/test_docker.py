"""The Dockerfile and the compose file, as far as they can be judged without a Docker daemon."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.cli.arguments import parser
from rag.config import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_hadolint_has_nothing_to_say(require_program: Any) -> None:
    beside = Path(sys.executable).with_name("hadolint")
    hadolint = str(beside) if beside.exists() else require_program("hadolint")
    done = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_everything_that_the_wheel_is_made_of_reaches_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines, "what is not named stays out: archives, virtual environments, secrets"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {*build["wheel"]["force-include"], *build["wheel"]["packages"], "requirements.txt", "pyproject.toml"}
    for path in (*needed, "README.md", "constraints.txt"):
        assert any(path == one or path.startswith(f"{one}/") for one in let_in), path
        assert (ROOT / path).exists(), path


def test_the_image_runs_as_nobody_special_and_offline() -> None:
    final = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    user = re.search(r"^USER (\d+)", final, re.M)
    assert user
    assert int(user[1]) >= 1000
    assert "HF_HUB_OFFLINE=1" in final
    assert "pip install" not in final
    assert "HEALTHCHECK" in final


def test_the_images_command_parses() -> None:
    words = re.findall(r'"([^"]*)"', DOCKERFILE[DOCKERFILE.rindex("\nCMD ") :])
    options = parser().parse_args(words)
    assert (options.command, options.host, options.port) == ("app", "0.0.0.0", 8501)


@pytest.mark.parametrize("name", [name for name, one in COMPOSE["services"].items() if one["image"] == "yanju"])
def test_a_service_of_ours_is_closed_and_keeps_archives(name: str) -> None:
    service = COMPOSE["services"][name]
    if "command" in service:
        parser().parse_args(service["command"])
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["volumes"] == ["archives:/var/lib/yanju"]
    assert "YANJU_HOME=/var/lib/yanju" in DOCKERFILE


def test_volumes_and_settings_are_declared() -> None:
    used = {volume.split(":")[0] for one in COMPOSE["services"].values() for volume in one.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])
    configs = {one["source"] for service in COMPOSE["services"].values() for one in service.get("configs", [])}
    assert configs == set(COMPOSE["configs"])
    assert yaml.safe_load(COMPOSE["configs"]["embedded-etcd"]["content"])["auto-compaction-mode"] == "revision"


def test_the_commands_in_its_head_are_compose_commands() -> None:
    head = (ROOT / "docker-compose.yml").read_text(encoding="utf-8").split("services:")[0]
    profiles = {name for one in COMPOSE["services"].values() for name in one.get("profiles", [])}
    assert set(re.findall(r"--profile (\w+)", head)) == profiles
    shown = re.findall(r"run --rm (?:-v \S+ )?app (.+)$", head, re.M)
    assert [parser().parse_args(shlex.split(line)).command for line in shown] == ["migrate", "ingest"]


def test_docker_itself_accepts_the_compose_file() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("the program «docker compose» is not installed")
    command = [docker, "compose", "--profile", "api", "--profile", "milvus", "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
