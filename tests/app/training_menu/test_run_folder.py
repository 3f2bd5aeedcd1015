"""Reading on in a growing progress file; whether a run's process is alive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from app.training_menu.run_folder import PROGRESS_FILE, RunFolder, find_runs
from gazecore.messages import RunFinished, RunStarted, StepDone

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.messages import Progress


def _write(folder: Path, *messages: Progress | str) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / PROGRESS_FILE).open("a") as file:
        for message in messages:
            file.write(message if isinstance(message, str) else message.to_json() + "\n")


def _started(pid: int, t_unix_s: float | None = None) -> RunStarted:
    now = time.time() if t_unix_s is None else t_unix_s
    return RunStarted(t_unix_s=now, run="r", task="pretrain", total_steps=10, pid=pid)


def _step(step: int) -> StepDone:
    return StepDone(t_unix_s=time.time(), step=step, epoch=0, values={"loss": 1.0})


def test_only_what_is_new_is_read_and_half_lines_wait(tmp_path: Path) -> None:
    run = tmp_path / "r"
    folder = RunFolder(run)
    assert folder.read().state == "starting"
    line = _step(2).to_json() + "\n"
    _write(run, _started(os.getpid()), _step(1), line[:20])
    assert folder.read().step == 1
    assert folder.damaged == 0
    _write(run, line[20:])
    assert folder.read().step == 2
    assert folder.read().curves["loss"] == ((1, 1.0), (2, 1.0))


def test_a_damaged_line_is_counted_and_passed_over(tmp_path: Path) -> None:
    run = tmp_path / "r"
    _write(run, _started(os.getpid()), "{broken\n", _step(3))
    folder = RunFolder(run)
    assert folder.read().step == 3
    assert folder.damaged == 1


def test_a_run_whose_process_ended_without_a_word_is_gone(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    _write(tmp_path / "r", _started(ended.pid), _step(1))
    view = RunFolder(tmp_path / "r").read()
    assert view.state == "gone"
    assert "start it again" in view.message


def test_another_process_with_the_same_pid_is_not_the_run(tmp_path: Path) -> None:
    long_ago_s = 1000.0
    _write(tmp_path / "r", _started(os.getpid(), long_ago_s))
    folder = RunFolder(tmp_path / "r")
    assert folder.read().state == "gone"
    assert folder.process() is None


def test_all_runs_of_a_folder_are_found_the_oldest_first(tmp_path: Path) -> None:
    finished = RunFinished(t_unix_s=time.time(), outcome="finished")
    for age_s, name in ((20, "second"), (30, "first"), (10, "third")):
        _write(tmp_path / name, _started(os.getpid()), finished)
        past_s = time.time() - age_s
        os.utime(tmp_path / name / PROGRESS_FILE, (past_s, past_s))
    (tmp_path / "no run").mkdir()
    assert [folder.view.name for folder in find_runs(tmp_path)] == ["first", "second", "third"]
    assert find_runs(tmp_path / "nowhere") == []
