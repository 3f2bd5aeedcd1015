"""The power is cut: of a recording only synced bytes are sure, of the rest any blocks may be there.

A real recorder runs with its calls of ``write``, ``fdatasync`` and ``fsync`` noted. Then power cuts
are played at random instants: what was synced survives; of each later 4 KB block the new bytes
survive, or are zeros, or are absent from some place on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.recording import read
from tests.faults.recorders import NAME, outcome_of, start_script
from tests.gazecore.recording.material import running_senders

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

pytest.importorskip("fcntl", reason="syncs of POSIX")

BLOCK_BYTES = 4096
MOST_LOST_S = 0.25
HELD_S = 0.1
"""A busy machine may also hold a thread between a write and the flush that follows it."""
RECORD = """
import json, os, sys, time
out, calls, target = sys.argv[1], [], []

def noted(name):
    plain = getattr(os, name)
    def call(descriptor, *arguments):
        begin_s = time.monotonic()
        result = plain(descriptor, *arguments)
        if descriptor in target:
            calls.append((name, begin_s, time.monotonic(), result or 0))
        return result
    setattr(os, name, call)

plain_open = os.open
def noted_open(path, *arguments, **more):
    descriptor = plain_open(path, *arguments, **more)
    if str(path) == out and not target:
        target.append(descriptor)
    return descriptor

os.open = noted_open
for name in ("write", "fdatasync", "fsync"):
    noted(name)
from app.cli import run
status = run(["record", "--out", out, "--stream", "killed", "--seconds", sys.argv[2]])
print(json.dumps(calls))
sys.exit(status)
"""


@dataclass(frozen=True)
class Disk:
    """What a recorder wrote and when; times on the monotonic clock, which is LSL's."""

    data: bytes
    write_s: npt.NDArray[np.float64]
    write_end: npt.NDArray[np.int64]
    sync_begin_s: npt.NDArray[np.float64]
    sync_end_s: npt.NDArray[np.float64]

    def at(self, cut_s: float) -> tuple[int, int]:
        """How many bytes were surely on the disk at a moment, and how many had been written."""
        synced = np.flatnonzero(self.sync_end_s <= cut_s)
        sure_s = self.sync_begin_s[synced[-1]] if len(synced) else -np.inf
        return self._written(sure_s), self._written(cut_s)

    def _written(self, at_s: float) -> int:
        count = int(np.searchsorted(self.write_s, at_s, side="right"))
        return int(self.write_end[count - 1]) if count else 0

    def survivors(self, cut_s: float, random: np.random.Generator) -> bytes:
        """What a reader may find after a cut: the file with its unsynced blocks as luck has it."""
        sure, written = self.at(cut_s)
        found = bytearray(self.data[:written])
        first_block = sure - sure % BLOCK_BYTES
        for start in range(first_block, written, BLOCK_BYTES):
            if random.random() < 0.5:
                begin, end = max(start, sure), min(start + BLOCK_BYTES, written)
                found[begin:end] = bytes(end - begin)
        if random.random() < 0.5:
            del found[int(random.integers(sure, written + 1)) :]
        return bytes(found)


@pytest.fixture(scope="module")
def recorded(
    lsl_session: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Disk, list[tuple[float, npt.NDArray[np.float64]]]]:
    """What a recorder did, and what the sender sent."""
    del lsl_session
    out = tmp_path_factory.mktemp("cut") / "whole.xdf"
    with running_senders() as make:
        sender = make(NAME)
        status, said, error = outcome_of(start_script(RECORD, str(out), "3"))
        assert (status, error) == (0, "")
    calls = json.loads(said.splitlines()[-1])
    writes = [(end_s, count) for name, _, end_s, count in calls if name == "write"]
    syncs = [(begin_s, end_s) for name, begin_s, end_s, _ in calls if name != "write"]
    data = out.read_bytes()
    assert sum(count for _, count in writes) == len(data)
    write_s, counts = np.array(writes).T
    begin_s, end_s = np.array(syncs).T
    disk = Disk(data, write_s, np.cumsum(counts).astype(np.int64), begin_s, end_s)
    return disk, sender.sent


def test_syncs_follow_each_other_closely(
    recorded: tuple[Disk, list[tuple[float, npt.NDArray[np.float64]]]],
) -> None:
    disk, _ = recorded
    assert len(disk.write_s) > 40
    assert np.median(np.diff(disk.sync_begin_s)) < 0.2
    assert np.median(np.diff(disk.write_s)) < 0.06


def test_a_power_cut_at_any_instant_loses_at_most_250_ms_and_invents_nothing(
    recorded: tuple[Disk, list[tuple[float, npt.NDArray[np.float64]]]], tmp_path: Path
) -> None:
    disk, sent = recorded
    sent_s = np.array([t for t, _ in sent])
    random = np.random.default_rng(8)
    lost_s, excess_s = [], []
    path = tmp_path / "cut.xdf"
    path.write_bytes(disk.data)
    recorded_rows = demand_only_what_was_sent(path, sent)
    stopped_s = sent_s[recorded_rows[-1]]
    for cut_s in random.uniform(disk.sync_end_s[0], stopped_s, 400):
        path.write_bytes(disk.survivors(cut_s, random))
        kept = demand_only_what_was_sent(path, sent)
        came = recorded_rows[sent_s[recorded_rows] <= cut_s]
        missing = np.setdiff1d(came, kept)
        lost = cut_s - sent_s[missing[0]] if len(missing) else 0.0
        lost_s.append(lost)
        excess_s.append(lost - MOST_LOST_S - slowness_s(disk, cut_s))
    print(f"lost: median {np.median(lost_s) * 1e3:.0f} ms, at most {max(lost_s) * 1e3:.0f} ms")
    assert np.median(lost_s) < MOST_LOST_S
    assert max(excess_s) < HELD_S


def slowness_s(disk: Disk, cut_s: float) -> float:
    """By how much writes and syncs before this moment were late: a slow disk, a busy machine."""
    before = np.flatnonzero(disk.sync_begin_s <= cut_s)[-3:]
    begun_s = np.append(disk.sync_begin_s[before], cut_s)
    flushes_s = disk.write_s[(disk.write_s > cut_s - 1) & (disk.write_s <= cut_s)]
    late_flush_s = float(np.diff(flushes_s).max(initial=0.0)) - 0.05
    return max(0.0, float(np.diff(begun_s).max(initial=0.0)) - 0.12) + max(0.0, late_flush_s)


def demand_only_what_was_sent(
    path: Path, sent: list[tuple[float, npt.NDArray[np.float64]]]
) -> npt.NDArray[np.int64]:
    """Check each sample of a file; returns which of those sent are there."""
    recording = read(path)
    assert recording.damage.proven
    gaze = recording.streams.get(NAME)
    if gaze is None or not len(gaze):
        return np.empty(0, dtype=np.int64)
    rows = np.asarray(gaze.values)[:, 0].astype(np.int64)
    assert np.all(np.diff(rows) > 0)
    assert gaze.t_sender_s.tobytes() == np.array([sent[k][0] for k in rows]).tobytes()
    assert np.asarray(gaze.values).tobytes() == np.array([sent[k][1] for k in rows]).tobytes()
    return rows


def test_a_torn_write_counts_as_never_written(
    recorded: tuple[Disk, list[tuple[float, npt.NDArray[np.float64]]]], tmp_path: Path
) -> None:
    """A cut in the middle of a write: any part of it may be there."""
    disk, sent = recorded
    random = np.random.default_rng(9)
    path = tmp_path / "torn.xdf"
    for number in random.integers(3, len(disk.write_end) - 1, 60):
        start, end = disk.write_end[number - 1], disk.write_end[number]
        path.write_bytes(disk.data[: int(random.integers(start, end))])
        before = sum(disk.write_s < disk.write_s[number])
        kept = demand_only_what_was_sent(path, sent)
        path.write_bytes(disk.data[:start])
        assert before == number
        assert len(kept) >= len(demand_only_what_was_sent(path, sent))
