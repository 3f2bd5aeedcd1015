"""Progress lines are those of gazecore.messages."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from gazecore.messages import parse_progress
from training.engine.progress import RunReport

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_lines_on_stdout_and_in_the_folder_are_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = RunReport(tmp_path / "run", "pretrain")
    report.started(10, resumed_at_step=4)
    report.step(5, 0, {"loss": 1.5, "undefined": math.nan})
    report.metric("cc", 0.5)
    report.checkpoint(6, tmp_path / "x.pt")
    report.finished({"top1": 0.5})
    lines = (tmp_path / "run" / "progress.jsonl").read_text().splitlines()
    assert capsys.readouterr().out.splitlines() == lines
    messages = [parse_progress(line) for line in lines]
    kinds = ["run_started", "step", "metric", "checkpoint", "run_finished"]
    assert [m.kind for m in messages] == kinds
    assert json.loads(lines[1])["values"] == {"loss": 1.5}


def test_where_stdout_is_for_the_result_lines_go_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    RunReport(tmp_path, "compare", to_stderr=True).started(3)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (tmp_path / "progress.jsonl").read_text()


def test_the_state_file_follows(tmp_path: Path) -> None:
    report = RunReport(tmp_path, "compare", quiet=True)

    def state() -> str:
        return str(json.loads((tmp_path / "state.json").read_text())["state"])

    report.started(3)
    assert state() == "running"
    report.failed("no disk")
    assert state() == "failed"
    report.finished(outcome="stopped")
    assert state() == "stopped"


def test_quiet_reports_write_the_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    RunReport(tmp_path, "compare", quiet=True).started(3)
    assert capsys.readouterr().out == ""
