"""Workers side by side: one that dies, and all of them stopped."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import psutil

from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.stamp import read_stamp
from gazecore.analysis.workers import Workers, usual_jobs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from gazecore.study import Study

BRIEF = AnalysisSettings(robustness=False)
SESSIONS = ["session-0001", "session-0002", "session-0003"]


def test_some_cores_are_left() -> None:
    assert 1 <= usual_jobs() <= max(1, (psutil.cpu_count() or 1) - 1)


def test_a_worker_that_dies_costs_the_session_it_was_at(study: Study) -> None:
    said: dict[str, str | None] = {}
    with Workers(study.path, BRIEF, 1) as workers:

        def on_done(session_id: str, failure: str | None) -> None:
            said[session_id] = failure
            if session_id == "session-0001":
                next(iter(workers._processes)).kill()

        assert workers.run(SESSIONS, on_done)
    assert said["session-0001"] is None
    assert "its analysis died (killed by signal 9)" in str(said["session-0002"])
    assert said["session-0003"] is None
    assert read_stamp(study.derivatives, "session-0002") is None


def test_all_end_at_once_when_cancelled(study: Study) -> None:
    workers = Workers(study.path, AnalysisSettings(), 2)
    begun: list[float] = []

    def cancelled() -> bool:
        if workers._processes and not begun:
            begun.append(time.monotonic())
        return bool(begun)

    with workers:
        assert not workers.run(SESSIONS, lambda *_: None, cancelled)
        pids = [process.pid for process in workers._processes]
    assert time.monotonic() - begun[0] < 5  # a tenth of a second on an idle machine
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_where_no_process_can_be_started_each_session_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    said: dict[str, str | None] = {}
    asked = iter([False] * 100)
    with Workers(tmp_path, AnalysisSettings(), 2) as workers:
        ended = workers.run(["a", "b", "c"], said.__setitem__, lambda: next(asked, True))
    assert ended
    assert sorted(said) == ["a", "b", "c"]
    assert all("no process could be started" in str(one) for one in said.values())
