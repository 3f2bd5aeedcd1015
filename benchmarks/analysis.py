"""The analysis of 100, 300 and 1,000 recordings of 60 s at 120 Hz: time and memory.

The study grows, so each step makes the files of the recordings that are new, and what spans all
of them again. Memory is the most that any of the command's processes held at once (VmHWM): if it
were to grow with the number of recordings, the last goal would not hold. ``--quick``: 10, 30, 100
recordings of 10 s. Beside it, what the table of robustness costs, and an analysis of nothing new.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from benchmarks.reporting import Row, report
from gazecore.processes import child_environment, focusstation_command
from gazecore.study import Study
from gazecore.synthetic.simulated_study import (
    SimulatedSittings,
    add_sittings,
    make_simulated_study,
)

LOOK_S = 0.05
WORKER = "gazecore.analysis.worker"
MOST_GROWTH = 1.25


def analyse(folder: Path, *options: str) -> tuple[float, dict[int, float], int]:
    """Seconds, peak MB of the command and of each worker by pid, and recordings analysed."""
    command = focusstation_command("analyse", str(folder), "--json", *options)
    begun_s = time.perf_counter()
    process = subprocess.Popen(command, env=child_environment(), stdout=subprocess.PIPE)
    watched, peaks = psutil.Process(process.pid), dict[int, float]()
    while process.poll() is None:
        for one in (watched, *_workers(watched)):
            peaks[one.pid] = peak_mb(one.pid) or peaks.get(one.pid, 0.0)
        time.sleep(LOOK_S)
    taken_s = time.perf_counter() - begun_s
    assert process.stdout is not None
    with process:
        made = int(json.loads(process.stdout.read())["made"])
    return taken_s, {**peaks, 0: peaks.pop(process.pid)}, made


def _workers(process: psutil.Process) -> list[psutil.Process]:
    """The workers of the command; before its program starts, a child is a copy of its parent."""
    try:
        return [one for one in process.children() if WORKER in one.cmdline()]
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def peak_mb(pid: int) -> float:
    """The most memory a process ever held; now held, where the system does not tell."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1e3
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except (OSError, psutil.NoSuchProcess):
        return 0.0


def rows(counts: tuple[int, ...], seconds: float) -> list[Row]:
    """Time, rate and memory as the study grows."""
    found: list[Row] = []
    first: dict[str, float] = {}
    wanted = SimulatedSittings(sittings=counts[0], seconds=seconds)
    with TemporaryDirectory() as made:
        folder, known = Path(made) / "study", 0
        for count in counts:
            more = replace(wanted, sittings=count - known)
            if known:
                with Study.open(folder) as study:
                    add_sittings(study, more)
            else:
                make_simulated_study(folder, more).close()
            known = count
            taken_s, peaks, fresh = analyse(folder)
            assert fresh == more.sittings
            case = f"{count} recordings of {seconds:g} s"
            found.append(_row(f"{case}: {fresh} new, time", taken_s, "s"))
            found.append(_row(f"{case}: {fresh} new, rate", fresh / taken_s, "1/s"))
            command_mb = peaks.pop(0)
            most = {"command": command_mb, "worker": max(peaks.values())}
            for who, mb in most.items():
                growth = mb / first.setdefault(who, mb)
                goal = f"at most {MOST_GROWTH:g} times that of {counts[0]}"
                holds = growth <= MOST_GROWTH
                found.append(
                    Row(f"{case}: peak memory, {who}", mb, None, "MB", growth, goal, holds)
                )
        taken_s, _, fresh = analyse(folder)
        found.append(_row(f"{counts[-1]} recordings, {fresh} new, time", taken_s, "s"))
        found.append(_robustness(Path(made) / "other", wanted))
    return found


def _robustness(folder: Path, wanted: SimulatedSittings) -> Row:
    """What 117 further analyses cost, beside the analysis without them."""
    make_simulated_study(folder, replace(wanted, sittings=20)).close()
    with_s, without_s = [], []
    for _ in range(3):
        with_s.append(analyse(folder, "--force", "--jobs", "1")[0])
        without_s.append(analyse(folder, "--force", "--jobs", "1", "--no-robustness")[0])
    case = "20 recordings with robustness (peer: without)"
    return Row(case, min(with_s), min(without_s), "s", min(with_s) / min(without_s), "-", True)


def _row(case: str, value: float, unit: str) -> Row:
    return Row(case, value, None, unit, None, "-", True)


if __name__ == "__main__":
    report(
        "analysis",
        ["numpy", "polars", "scipy"],
        partial(rows, (100, 300, 1000), 60.0),
        partial(rows, (10, 30, 100), 10.0),
    )
