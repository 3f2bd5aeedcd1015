"""Hours at 1200 Hz through the real writer and verifier, as fast as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from gazecore.recording import chunks
from gazecore.recording.reader import mapped
from gazecore.recording.spans import lay_out
from gazecore.recording.verification import Verifier
from gazecore.recording.writer import XdfWriter

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 1200
PER_FLUSH = 48
FLUSH_S = PER_FLUSH / RATE_HZ
CHANNELS = 4
SETTLED_H = 0.25
"""Memory is compared from here on: what the first minutes take is not growth."""
HEADER = (
    "<info><name>gaze</name><type>Gaze</type><channel_count>4</channel_count><nominal_srate>0"
    "</nominal_srate><channel_format>double64</channel_format></info>"
)


def write_hours(path: Path, hours: float) -> tuple[bool, float]:
    """Write a recording and verify it while it grows; returns (verified, MB grown per hour)."""
    now = [0.0]
    writer, verifier = XdfWriter(path, lambda: now[0]), Verifier(path)
    writer.add_stream(1, HEADER)
    times = np.arange(PER_FLUSH) / RATE_HZ
    values = np.random.default_rng(0).normal(size=(PER_FLUSH, CHANNELS))
    flushes = round(hours * 3600 / FLUSH_S)
    settled = round(SETTLED_H * 3600 / FLUSH_S)
    process, before = psutil.Process(), 0
    for k in range(flushes):
        now[0] = k * FLUSH_S
        values[:, 0] = np.arange(k * PER_FLUSH, (k + 1) * PER_FLUSH)
        writer.add_numeric(1, now[0] + times, values)
        if k % 25 == 0:
            writer.add_boundary()
        if k % 125 == 0:
            writer.add_clock_offset(1, now[0], 1e-6 * (k % 7))
        writer.flush()
        if k % 2500 == 0:  # for 100 s of recording; in a recording each 100 ms
            writer.sync()
            assert verifier.advance()
        if k == settled:
            before = process.memory_info().rss
    grown = process.memory_info().rss - before
    writer.close()
    return verifier.advance() and verifier.finished, grown / 1e6 / (hours - SETTLED_H)


def demand_every_sample(path: Path, samples: int) -> None:
    """Check time and number of each sample against the formula, in memory that does not grow."""
    row = np.dtype([("time_bytes", "u1"), ("t_s", "<f8"), ("values", "<f8", (CHANNELS,))])
    seen = 0
    with mapped(path) as data:
        layout = lay_out(data)
        assert not layout.regions
        assert layout.unverified_bytes == 0
        gaze = layout.spans.length == chunks.HEAD_BYTES + 4 + 2 + PER_FLUSH * row.itemsize
        for span in layout.spans.offset[gaze].tolist():
            start = span + chunks.HEAD_BYTES + 4 + 2
            rows = np.frombuffer(data[start : start + PER_FLUSH * row.itemsize], row)
            numbers = np.arange(seen, seen + PER_FLUSH)
            assert np.array_equal(rows["values"][:, 0], numbers)
            assert np.abs(rows["t_s"] - numbers / RATE_HZ).max() < 1e-9
            seen += PER_FLUSH
    assert seen == samples


@pytest.mark.parametrize("hours", [2, pytest.param(8, marks=pytest.mark.long)])
def test_hours_verify_and_memory_does_not_grow(tmp_path: Path, hours: int) -> None:
    path = tmp_path / "long.xdf"
    try:
        verified, grown_mb_per_h = write_hours(path, hours)
        print(f"{path.stat().st_size / 1e6:.0f} MB, memory grew {grown_mb_per_h:.3f} MB/h")
        assert verified
        assert grown_mb_per_h < 1
        demand_every_sample(path, hours * 3600 * RATE_HZ)
    finally:
        path.unlink()
