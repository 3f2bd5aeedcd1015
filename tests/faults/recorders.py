"""Recorder processes for the tests of faults."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.gazecore.recording.material import Sender

NAME = "killed"
"""Of the stream that these recorders record."""


def start_recorder(
    out: Path, *more: str, before_exec: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start ``focusstation record`` for the stream `NAME`."""
    return subprocess.Popen(
        focusstation_command("record", "--out", str(out), "--stream", NAME, *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(),
        preexec_fn=before_exec,  # noqa: PLW1509
    )


def start_script(script: str, *arguments: str, prefix: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a Python script, after a command that prepares its surroundings."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )


def wait_for_start(process: subprocess.Popen[str]) -> None:
    """Wait until a recorder says that it records."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith(f"recording {NAME}"), line


def demand_equal(sender: Sender, path: Path) -> int:
    """Check that a file holds what was sent, bit by bit, without a hole; returns how many."""
    gaze = read(path).streams[NAME]
    rows = np.asarray(gaze.values)[:, 0].astype(int)
    assert np.all(np.diff(rows) == 1)
    sent = sender.sent[rows[0] : rows[-1] + 1]
    assert gaze.t_sender_s.tobytes() == np.array([t for t, _ in sent]).tobytes()
    assert np.asarray(gaze.values).tobytes() == np.array([v for _, v in sent]).tobytes()
    return len(rows)


def slowest_flush_s(path: Path) -> float:
    """The longest pause between two flushes of a recording: how busy the machine was."""
    written_s = read(path).streams["FocusStation integrity"].t_sender_s
    return float(np.diff(written_s).max(initial=0))


def outcome_of(process: subprocess.Popen[str], timeout_s: float = 30) -> tuple[int, str, str]:
    """Exit status, standard output and error of a process that ends by itself."""
    out, error = process.communicate(timeout=timeout_s)
    return process.returncode, out, error


def json_of(text: str) -> dict[str, object]:
    """The last line of an output as JSON."""
    document: dict[str, object] = json.loads(text.strip().splitlines()[-1])
    return document
