"""A Python 3.10 for Tobii's SDK: found, or said to be missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import test_tobii as script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts as interpreters")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_named_one_is_taken_and_nothing_else(tmp_path: Path) -> None:
    named = put(tmp_path / "mine", "echo True")
    put(tmp_path / "bin" / "python3.10", "echo True")
    environment = {"PATH": str(tmp_path / "bin"), script.INTERPRETER: str(named)}
    assert script.python310(environment, tmp_path) == str(named)
    environment[script.INTERPRETER] = str(tmp_path / "none")
    assert script.python310(environment, tmp_path) is None


def test_one_on_the_path_that_does_not_run_gives_way_to_pyenvs(tmp_path: Path) -> None:
    """As pyenv's shim does where no 3.10 is chosen."""
    put(tmp_path / "bin" / "python3.10", "exit 127")
    environment = {"PATH": str(tmp_path / "bin")}
    assert script.python310(environment, tmp_path) is None
    other = put(tmp_path / ".pyenv" / "versions" / "3.10.13" / "bin" / "python", "echo True")
    assert script.python310(environment, tmp_path) == str(other)


def test_another_version_is_none(tmp_path: Path) -> None:
    put(tmp_path / "bin" / "python3.10", "echo False")
    assert script.python310({"PATH": str(tmp_path / "bin")}, tmp_path) is None


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(script.__file__))],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "no Python 3.10 found" in line
    assert script.INTERPRETER in line


def test_the_environment_is_made_once(tmp_path: Path) -> None:
    """The stand-in for Python makes the folder and writes down what it is asked for."""
    log = tmp_path / "log"
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name)
    there = tmp_path / script.VENV / "bin" / "python"
    making = f'mkdir -p "{there.parent}"; cp "$0" "{there}"; echo "$@" >> "{log}"'
    python = put(tmp_path / "python3.10", making)
    # Copied onto itself the second time, which is no matter.
    assert script.set_up(str(python), tmp_path) == there
    first = log.read_text()
    assert ".[tobii,test]" in first
    assert script.set_up(str(python), tmp_path) == there
    assert log.read_text() == first
    (tmp_path / "pyproject.toml").write_text("changed")
    script.set_up(str(python), tmp_path)
    assert log.read_text() != first


def test_the_suites_are_there() -> None:
    for name in script.TESTS:
        assert (script.ROOT / name).exists()
