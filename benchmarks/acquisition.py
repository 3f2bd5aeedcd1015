"""Acquisition: latency, loss and CPU of our recorder beside a plain ``pull_sample`` loop.

A sender in a process of its own pushes all fields of a Tobii sample (38 float64); our recorder
(``focusstation record``, all of it: writing, syncing, checking, with the priority that it is
granted) and the loop of every LSL tutorial (which keeps samples in memory) take turns on the same
outlet. Figures are medians over the turns; what is lost and the worst are over all of them.
Times depend on the machine and on what else runs on it: on a busy one p99 and the worst tell of
that machine. ``--quick`` takes half a minute, all of it under six.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import psutil  # noqa: E402

from benchmarks.acquisition_roles import STREAM  # noqa: E402
from benchmarks.reporting import Row, report  # noqa: E402
from gazecore import lsl  # noqa: E402
from gazecore.processes import child_environment, focusstation_command  # noqa: E402
from gazecore.recording import read  # noqa: E402
from gazecore.recording.lateness import lateness  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

ROLES = str(ROOT / "benchmarks" / "acquisition_roles.py")
RATES_HZ = (120, 600, 1200, 2000)
TURN_S, SETTLE_S = 2.5, 0.3
GOAL_CPU = {120: 10, 600: 10, 1200: 10, 2000: 15}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a consumer: milliseconds from sent to pulled, CPU and memory, samples missed.

    Ours has more: milliseconds from sent to written, and to the end of the sync after that.
    """

    cpu_percent: float
    memory_mb: float
    start_s: float
    lost: int
    pulled_ms: Array
    written_ms: Array
    synced_ms: Array


@contextmanager
def process(*arguments: str, ready: str = "") -> Iterator[subprocess.Popen[str]]:
    """A child that says `ready` when it is; stopped by SIGTERM at the end."""
    started = subprocess.Popen(
        [*arguments], stdout=subprocess.PIPE, text=True, env=child_environment()
    )
    try:
        assert started.stdout is not None
        line = started.stdout.readline() if ready else ""
        assert line.startswith(ready), f"{arguments} said {line!r}"
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=60)


def take_turn(folder: Path, role: str) -> Turn:
    """Let our recorder or the loop consume for a while."""
    trace, out = folder / f"{uuid.uuid4().hex}.npz", folder / f"{uuid.uuid4().hex}.xdf"
    files, ready = ([str(trace), str(out)], "recording") if role == "record" else (
        [str(trace)], "ready"
    )  # fmt: skip
    begun_s = time.monotonic()
    with process(sys.executable, ROLES, role, *files, ready=ready) as child:
        start_s = time.monotonic() - begun_s
        time.sleep(SETTLE_S)
        watched = psutil.Process(child.pid)
        from_s, before = lsl.clock_s(), watched.cpu_times()
        time.sleep(TURN_S)
        to_s, after = lsl.clock_s(), watched.cpu_times()
        memory_mb = watched.memory_info().rss / 1e6
    cpu_s = after.user + after.system - before.user - before.system
    with np.load(trace) as traced:
        figures = {name: traced[name] for name in traced.files}
    delays = _delays(figures, out if role == "record" else None, (from_s, to_s))
    return Turn(100 * cpu_s / (to_s - from_s), memory_mb, start_s, *delays)


def _delays(
    traced: dict[str, Array], out: Path | None, interval_s: tuple[float, float]
) -> tuple[int, Array, Array, Array]:
    """Samples lost; sent -> pulled, -> written, -> synced, of the samples of an interval."""
    pulled_ms = _within(1000 * (traced["arrived_s"] - traced["t_s"]), traced["t_s"], interval_s)
    if out is None:
        return _missing(traced["sequence"]), pulled_ms, np.empty(0), np.empty(0)
    recording = read(out)
    assert recording.damage.sound, recording.damage.sentences()
    lost = _missing(np.asarray(recording.streams[STREAM].values)[:, 0])
    late = lateness(out, STREAM)
    written_ms = _within(1000 * late.delay_s, late.t_sender_s, interval_s)
    starts_s, ends_s = traced["syncs_s"].T
    covering = np.minimum(np.searchsorted(starts_s, late.written_s), len(ends_s) - 1)
    synced_ms = 1000 * (ends_s[covering] - late.t_sender_s)
    return lost, pulled_ms, written_ms, _within(synced_ms, late.t_sender_s, interval_s)


def _within(values: Array, t_s: Array, interval_s: tuple[float, float]) -> Array:
    from_s, to_s = interval_s
    inside: Array = values[(t_s >= from_s) & (t_s <= to_s)]
    return inside


def _missing(sequence: Array) -> int:
    return int(sequence[-1] - sequence[0]) + 1 - len(np.unique(sequence))


def rows_at(rate_hz: int, rounds: int, folder: Path) -> list[Row]:
    """The rows of one rate; ours and the loop take turns."""
    turns: dict[str, list[Turn]] = {"record": [], "loop": []}
    with process(sys.executable, ROLES, "send", str(rate_hz)):
        for _ in range(rounds):
            for role, done in turns.items():
                done.append(take_turn(folder, role))
    return [*_latency_rows(rate_hz, turns), *_cost_rows(rate_hz, turns)]


def _latency_rows(rate_hz: int, turns: dict[str, list[Turn]]) -> list[Row]:
    ours, peers = turns["record"], turns["loop"]
    rows = []
    for name, percent, goal_ms in (("p50", 50, 10), ("p99", 99, 50)):
        own, peer = (
            statistics.median(float(np.percentile(turn.pulled_ms, percent)) for turn in done)
            for done in (ours, peers)
        )
        rows.append(_row(f"{rate_hz} Hz: sent to pulled, {name}", own, peer, "ms", goal_ms))
    for name, percent, goal_ms in (("p50", 50, 50), ("worst", 100, 250)):
        own = _over(ours, "written_ms", percent)
        rows.append(_row(f"{rate_hz} Hz: sent to written, {name}", own, None, "ms", goal_ms))
    own = _over(ours, "synced_ms", 100)
    rows.append(_row(f"{rate_hz} Hz: sent to synced on the disk, worst", own, None, "ms", 250))
    return rows


def _over(turns: list[Turn], name: str, percent: float) -> float:
    """A percentile over all samples of all turns."""
    return float(np.percentile(np.concatenate([getattr(turn, name) for turn in turns]), percent))


def _cost_rows(rate_hz: int, turns: dict[str, list[Turn]]) -> list[Row]:
    ours, peers = turns["record"], turns["loop"]
    cpu, peer_cpu = (statistics.median(t.cpu_percent for t in done) for done in (ours, peers))
    lost, peer_lost = (sum(turn.lost for turn in done) for done in (ours, peers))
    case = f"{rate_hz} Hz"
    rows = [
        _row(f"{case}: CPU of the process", cpu, peer_cpu, "% core", GOAL_CPU[rate_hz]),
        _row(f"{case}: samples lost in all turns", lost, peer_lost, "samples", 0),
    ]
    if rate_hz == 1200:
        memory, peer_memory = (
            statistics.median(t.memory_mb for t in done) for done in (ours, peers)
        )
        rows.append(_row(f"{case}: memory of the process", memory, peer_memory, "MB", 200))
    return rows


def _row(case: str, ours: float, peer: float | None, unit: str, most: float) -> Row:
    ratio = ours / peer if peer else None
    return Row(case, ours, peer, unit, ratio, f"<= {most:g}", ours <= most)


def start_row(rounds: int, folder: Path) -> Row:
    """From the command to the first sample recorded; the loop does as much with pylsl alone."""
    taken: dict[str, list[float]] = {"record": [], "loop": []}
    with process(sys.executable, ROLES, "send", "120"):
        for number in range(rounds):
            out = str(folder / f"start-{number}.xdf")
            commands = {
                "record": focusstation_command("record", "--out", out, "--stream", STREAM),
                "loop": [sys.executable, ROLES, "loop", str(folder / "start.npz")],
            }
            for role, command in commands.items():
                begun_s = time.monotonic()
                with process(*command, ready="re"):
                    taken[role].append(time.monotonic() - begun_s)
                    time.sleep(0.1)
    ours, peer = (statistics.median(taken[role]) for role in ("record", "loop"))
    return _row("from the command to recording", ours, peer, "s", 3)


def rows(rates_hz: tuple[int, ...] = RATES_HZ, rounds: int = 10) -> list[Row]:
    """All rows."""
    os.environ[lsl.SESSION_VARIABLE] = f"benchmark-{uuid.uuid4().hex}"
    lsl.configure()
    made: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="focusstation-benchmark-") as folder:
        for rate_hz in rates_hz:
            made += rows_at(rate_hz, rounds, Path(folder))
        made.append(start_row(min(rounds, 5), Path(folder)))
    return made


if __name__ == "__main__":
    report("acquisition", ("pylsl", "numpy"), rows, lambda: rows((1200,), 3))
