"""The container, the compose file and the service do what they say; where an engine runs, the image is built too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
CONTAINERFILE = DEPLOY / "Containerfile"


def run(*command: str | Path, cwd: Path | None = None, seconds: int = 600, **extra: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **extra},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def steps(word: str) -> list[str]:
    """The instructions of this kind, without the word."""
    return re.findall(rf"^{word} (.+)$", CONTAINERFILE.read_text(), re.MULTILINE)


def copied() -> list[str]:
    """What the image takes from the project."""
    given = [step.split() for step in steps("COPY") if not step.startswith("--from")]
    return [name for *sources, _ in given for name in sources]


# --------------------------------------------------------------------------- container


def test_the_image_starts_from_no_named_registry_and_runs_as_nobody_in_particular() -> None:
    assert all(re.fullmatch(r"[a-z]+:[0-9a-z.-]+( AS [a-z]+)?", step) for step in steps("FROM"))
    assert steps("USER") == ["10001"]
    assert "--require-hashes" in "".join(steps("RUN"))


@pytest.mark.slow
def test_what_the_image_takes_is_enough_to_install_and_to_run(tmp_path: Path) -> None:
    """The image's own steps, without an engine: only the copied files, its last pip command, its entry point."""
    source, target = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for name in copied():
        here = ROOT / name
        if here.is_dir():
            shutil.copytree(here, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, source / name)
    install = steps("RUN")[-2].split()
    assert install[0].endswith("python")
    run(sys.executable, *install[1:-1], "--no-index", "--target", target, ".", cwd=source)
    story = run(
        sys.executable,
        *("-P", "-c", "from bot.cli import main; main()", "demo", "--headless", "--dir", tmp_path / "data"),
        cwd=tmp_path,
        PYTHONPATH=str(target),
    )
    assert "carried" in story
    found = run(sys.executable, "-P", "-c", "import bot; print(bot.__file__)", cwd=tmp_path, PYTHONPATH=str(target))
    assert found.startswith(str(target)), "it ran from the work tree, not from what was installed"


def engine() -> str | None:
    """A container engine that answers."""
    for name in ("docker", "podman"):
        program = shutil.which(name)
        if program and subprocess.run([program, "info"], capture_output=True, check=False).returncode == 0:
            return program
    return None


@pytest.mark.slow
def test_the_image_is_built_and_tells_the_whole_story() -> None:
    program = engine()
    if program is None:
        pytest.skip("no container engine answers here")
    run(program, "build", "-t", "folkmoot-test", "-f", CONTAINERFILE, ROOT, seconds=1500)
    assert "carried" in run(program, "run", "--rm", "folkmoot-test", "demo", "--headless")


# --------------------------------------------------------------------------- compose file and service


def test_the_compose_file_is_understood_and_names_files_that_are_there() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert "dockerfile: docs/deploy/Containerfile" in text
    for name in re.findall(r"/run/secrets/([a-z-]+)", text):
        assert re.search(rf"^  {name}:\n    file: ", text, re.MULTILINE), name
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        run(docker, "compose", "-f", DEPLOY / "compose.yaml", "config", "--quiet")


def directives() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "folkmoot.service").read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_service_is_shut_in_and_gets_its_secrets_as_files() -> None:
    found = directives()
    for name in ("NoNewPrivileges", "DynamicUser", "ProtectHome", "PrivateTmp", "PrivateDevices", "LockPersonality"):
        assert found[name] == ["yes"], name
    assert found["ProtectSystem"] == ["strict"]
    assert found["CapabilityBoundingSet"] == [""]
    handed = {value.partition(":")[0] for value in found["LoadCredential"]}
    assert {value.rpartition("/")[2] for value in found["Environment"]} == handed
    assert all(value.partition("=")[0].endswith("_FILE") for value in found["Environment"])


def test_the_service_file_is_one_that_systemd_takes(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here")
    there = DEPLOY / "folkmoot.service"
    unit = tmp_path / "folkmoot.service"
    unit.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", there.read_text()))
    done = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "folkmoot.service" in line]
    assert complaints == []
