"""Recordings: hours at 1200 Hz written and verified, a long one closed, and read beside pyxdf.

All fields of a Tobii sample (38 float64). The peer reads the same files with its defaults. Eight
hours take about 11 GB of disk and some minutes; ``FOCUSSTATION_BENCHMARK_HOURS=1`` takes less.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import psutil  # noqa: E402

from benchmarks.reporting import Row, interleaved_cpu_s, missing, report  # noqa: E402
from gazecore.recording import read  # noqa: E402
from gazecore.recording.recovery import examine  # noqa: E402
from gazecore.recording.verification import Verifier  # noqa: E402
from gazecore.recording.writer import XdfWriter  # noqa: E402

try:
    import pyxdf
except ImportError:
    pyxdf = None

HOURS = float(os.environ.get("FOCUSSTATION_BENCHMARK_HOURS", "8"))
RATE_HZ, PER_FLUSH, CHANNELS = 1200, 48, 38
FLUSHES_PER_H = 3600 * RATE_HZ // PER_FLUSH
SYNC_EVERY = 250
"""Flushes; a recorder syncs after each second or third."""
HEADER = (
    f"<info><name>gaze</name><type>Gaze</type><channel_count>{CHANNELS}</channel_count>"
    "<nominal_srate>0</nominal_srate><channel_format>double64</channel_format></info>"
)
PEAK = """
import psutil, sys
from {module} import {name} as opened

def peak():
    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):
        return memory.peak_wset
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            return 1024 * int(line.split()[1])

before = peak()
kept = opened(sys.argv[1])
print((peak() - before) / 1e6)
"""


class Writing:
    """A recording in progress on a simulated clock."""

    def __init__(self, path: Path) -> None:
        self._now_s = 0.0
        self._flushes = 0
        self.writer = XdfWriter(path, lambda: self._now_s)
        self.writer.add_stream(1, HEADER)
        self.verifier = Verifier(path)
        self._times = np.arange(PER_FLUSH) / RATE_HZ
        self._values = np.random.default_rng(0).normal(size=(PER_FLUSH, CHANNELS))

    def go_on(self, hours: float) -> int:
        """Write and verify that much more; returns how many samples."""
        flushes = round(hours * FLUSHES_PER_H)
        for k in range(self._flushes, self._flushes + flushes):
            self._now_s = k * PER_FLUSH / RATE_HZ
            self._values[:, 0] = k
            self.writer.add_numeric(1, self._now_s + self._times, self._values)
            if k % 25 == 0:
                self.writer.add_boundary()
            if k % 125 == 0:
                self.writer.add_clock_offset(1, self._now_s, 1e-6 * (k % 7))
            self.writer.flush()
            if k % SYNC_EVERY == 0:
                self.writer.sync()
                self.verifier.advance()
        self._flushes += flushes
        return flushes * PER_FLUSH


def hours_of_recording(folder: Path) -> list[Row]:
    """Samples, growth of memory, and the share of a core at the true pace."""
    path, process = folder / "long.xdf", psutil.Process()
    writing = Writing(path)
    written = writing.go_on(0.25)
    before = process.memory_info().rss
    start_s = time.process_time()
    written += writing.go_on(HOURS - 0.25)
    cpu = 100 * (time.process_time() - start_s) / (3600 * (HOURS - 0.25))
    grown = (process.memory_info().rss - before) / 1e6 / (HOURS - 0.25)
    writing.writer.close()
    verified = writing.verifier.advance() and writing.verifier.finished
    counted = examine(path)
    found = 0 if counted is None or counted.damaged_places else counted.gaze_samples
    path.unlink()
    name = f"{HOURS:g} h at 1200 Hz, 38 channels"
    return [
        Row(f"{name}: samples read back", found, None, "samples", None, f"{written}, verified",
            verified and found == written),
        Row(f"{name}: memory grows", grown, None, "MB/h", None, "< 1", grown < 1),
        Row(f"{name}: write and verify, of a core", cpu, None, "%", None, "<= 10", cpu <= 10),
    ]  # fmt: skip


def long_file(folder: Path) -> list[Row]:
    """Closing a recording of 1 GB, and looking through it as after a cut."""
    path = folder / "gigabyte.xdf"
    writing = Writing(path)
    writing.go_on(0.76)
    start_s = time.perf_counter()
    writing.writer.close()
    whole = writing.verifier.advance() and writing.verifier.finished
    closing_s = time.perf_counter() - start_s
    size_mb = path.stat().st_size / 1e6
    start_s = time.perf_counter()
    assert examine(path) is not None
    looking_s = time.perf_counter() - start_s
    path.unlink()
    name = f"{size_mb:.0f} MB"
    return [
        Row(f"{name}: close, sync and verify", closing_s, None, "s", None, "<= 2",
            whole and closing_s <= 2),
        Row(f"{name}: look through after a cut", size_mb / looking_s, None, "MB/s", None, ">= 50",
            size_mb / looking_s >= 50),
    ]  # fmt: skip


def reading(folder: Path) -> list[Row]:
    """CPU and memory of reading three minutes, beside pyxdf."""
    path = folder / "short.xdf"
    writing = Writing(path)
    writing.go_on(0.05)
    writing.writer.close()
    size_mb = path.stat().st_size / 1e6
    actions = [partial(read, path)]
    if pyxdf is None:
        missing("pyxdf")
    else:
        actions.append(partial(pyxdf.load_xdf, path))
    taken = [size_mb / cpu_s for cpu_s in interleaved_cpu_s(*actions)]
    ours, peer = taken[0], taken[1] if len(taken) > 1 else None
    our_mb = peak_mb(path, "gazecore.recording", "read")
    peer_mb = None if pyxdf is None else peak_mb(path, "pyxdf", "load_xdf")
    name = f"{size_mb:.0f} MB"
    return [
        Row(f"{name}: read, every CRC checked", ours, peer, "MB/s", peer and ours / peer,
            "faster", peer is None or ours > peer),
        Row(f"{name}: memory at the peak of reading", our_mb, peer_mb, "MB",
            peer_mb and peer_mb / our_mb, "<= 3 x file", our_mb <= 3 * size_mb),
    ]  # fmt: skip


def peak_mb(path: Path, module: str, name: str) -> float:
    """By how much opening a file raises the peak memory of a process."""
    script = PEAK.format(module=module, name=name)
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return float(done.stdout.splitlines()[-1])


def rows() -> list[Row]:
    """All figures."""
    with tempfile.TemporaryDirectory(prefix="focusstation-benchmark-") as made:
        folder = Path(made)
        return [*reading(folder), *long_file(folder), *hours_of_recording(folder)]


if __name__ == "__main__":
    report("recording", ["numpy", "pyxdf"], rows)
