"""The command line: help for every command, one line and status 2 for bad input, a quick start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import COMMANDS, run
from tests.app.conftest import needs_training

ROOT = Path(__file__).resolve().parents[2]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "train"])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@needs_training
@pytest.mark.parametrize("name", ["predictor", "pretrain", "evaluate", "compare"])
def test_training_commands_have_help(name: str) -> None:
    finished = subprocess.run(
        [sys.executable, "main.py", "train", name, "--help"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    assert "Usage" in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope"], "No such command"),
        (["--nope"], "No such option"),
        (["verify", "missing.xdf"], "no such"),
        (["analyse", "missing"], "no such"),
        (["export", "missing", "--format", "bids", "--level", "raw", "--out", "x"], "no such"),
        (["study", "info", "missing"], "no such"),
        (["tracker", "crystal-ball"], "crystal-ball"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_gets_one_line_and_status_2(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.err.count("\n") == 1, captured.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_display_it_says_how_to_go_on() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    finished = subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 2
    assert "--offscreen" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_main_imports_nothing_at_its_top_and_help_loads_neither_qt_nor_torch() -> None:
    code = (
        "import sys; from app.cli import run; run(['--help']);"
        "heavy = {'PySide6', 'torch', 'polars', 'numpy', 'pylsl', 'pydicom'} & set(sys.modules);"
        "raise SystemExit(str(heavy) if heavy else 0)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    top = (ROOT / "main.py").read_text().split("if __name__")[0]
    assert "import" not in top.replace("imported at the top", "").replace("children import", "")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's scheduler")
@pytest.mark.parametrize(("command", "is_in_time"), [("record", True), ("verify", False)])
def test_what_has_to_be_in_time_asks_for_priority(command: str, is_in_time: bool) -> None:
    """Only at the program's own door: a command called from within another process does not."""
    script = (
        "import os, sys\n"
        "from app import cli\n"
        f"sys.argv = ['focusstation', {command!r}, '--help']\n"
        "before = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)\n"
        "try:\n    cli.main()\n"
        "except SystemExit:\n    pass\n"
        "after = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)\n"
        "from gazecore.priority import raise_priority\n"
        "print(before != after, raise_priority() != 'normal')\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    raised, is_granted = (word == "True" for word in finished.stdout.split()[-2:])
    assert raised == (is_in_time and is_granted)
