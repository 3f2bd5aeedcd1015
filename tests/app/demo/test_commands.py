"""Steps run as real processes; a failing one names its log and its last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.demo.commands import Commands, DemoStepError, last_line

if TYPE_CHECKING:
    from pathlib import Path


def test_a_step_runs_and_keeps_its_output(tmp_path: Path) -> None:
    commands = Commands(tmp_path, "test")
    assert commands.run("say version", ["--version"]) > 0
    assert (tmp_path / "say-version.log").read_text().startswith("focusstation ")


def test_a_failing_step_says_why(tmp_path: Path) -> None:
    commands = Commands(tmp_path, "test")
    with pytest.raises(
        DemoStepError, match="status 2: focusstation: no such study folder"
    ) as caught:
        commands.run("analyse", ["analyse", str(tmp_path / "none")])
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "analyse.log") in str(caught.value)


def test_a_step_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    commands = Commands(tmp_path, "test")
    with pytest.raises(DemoStepError, match=r"no end in 0\.1 s"):
        commands.run("endless", ["tracker", "simulated"], limit_s=0.1)


def test_children_share_the_demos_lsl_session(tmp_path: Path) -> None:
    environment = Commands(tmp_path, "demo-1").environment()
    assert environment["FOCUSSTATION_LSL_SESSION"] == "demo-1"


def test_last_line_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n \n")
    assert last_line(tmp_path / "log") == "(no output)"
