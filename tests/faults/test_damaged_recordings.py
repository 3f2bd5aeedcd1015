"""Whatever happens to the bytes of a recording: it opens, and no sample is altered or invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.errors import DamagedFileError, InputError
from gazecore.messages import FrameShown
from gazecore.recording import Recording, integrity, read
from tests.gazecore.recording.material import Written, write_gaze

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_gaze(tmp_path_factory.mktemp("whole") / "whole.xdf")


def demand_only_what_was_sent(recording: Recording, sent: Written) -> int:
    """Check each sample and marker against what was sent; returns how many samples there are."""
    for marker in recording.markers():
        if isinstance(marker, FrameShown):
            assert np.abs(marker.t_s - 100 - sent.marker_t_s[marker.serial]) < 1e-3
    stream = recording.streams.get("FocusStation gaze")
    if stream is None or not len(stream):
        return 0
    values = np.asarray(stream.values)
    rows = values[:, 0].astype(int)
    assert np.all(np.diff(rows) > 0)
    assert values.tobytes() == sent.values[rows].tobytes()
    assert stream.t_sender_s.tobytes() == sent.t_s[rows].tobytes()
    return len(rows)


def read_damaged(folder: Path, data: bytes) -> Recording:
    path = folder / "damaged.xdf"
    path.write_bytes(data)
    return read(path)


def test_a_bit_flipped_at_a_thousand_places(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    random = np.random.default_rng(11)
    per_flush = len(whole.t_s) // len(whole.flushed)
    for bit in random.choice(8 * len(data), 1000, replace=False).tolist():
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        recording = read_damaged(tmp_path, bytes(damaged))
        assert not recording.damage.sound, f"bit {bit} went unseen"
        if bit // 8 > whole.flushed[0]:
            assert demand_only_what_was_sent(recording, whole) >= len(whole.t_s) - per_flush
        else:
            demand_only_what_was_sent(recording, whole)


def test_cut_at_every_byte_of_the_last_chunk(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    last = list(integrity.find_proofs(data))[-1].offset
    before = range(whole.flushed[-2], last, 11)
    for end in (*before, *range(last, len(data))):
        recording = read_damaged(tmp_path, data[:end])
        assert not recording.damage.sound
        kept = demand_only_what_was_sent(recording, whole)
        assert kept == len(whole.t_s) if end >= whole.flushed[-1] else kept >= 42


@pytest.mark.parametrize("size", [8, 100, 4096, 15000])
def test_a_zeroed_end(whole: Written, tmp_path: Path, size: int) -> None:
    data = whole.path.read_bytes()
    recording = read_damaged(tmp_path, data[:-size] + bytes(size))
    assert not recording.damage.sound
    demand_only_what_was_sent(recording, whole)


def test_zeroed_blocks_anywhere(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    for start in range(4, len(data) - 512, 1111):
        recording = read_damaged(tmp_path, data[:start] + bytes(512) + data[start + 512 :])
        assert not recording.damage.sound
        demand_only_what_was_sent(recording, whole)


def test_blocks_exchanged_or_missing(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    a, b, c, d = whole.flushed[1:5]
    for damaged in (
        data[:a] + data[b:c] + data[a:b] + data[c:],
        data[:a] + data[b:],
        data[:b] + data[a:],
        data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:],
    ):
        recording = read_damaged(tmp_path, damaged)
        assert not recording.damage.sound
        demand_only_what_was_sent(recording, whole)


def test_a_file_cut_anywhere_after_its_first_bytes_opens(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    for end in range(0, whole.flushed[1], 37):
        try:
            recording = read_damaged(tmp_path, data[:end])
        except (DamagedFileError, InputError):
            assert end < 200, "a cut after the headers must open"
            continue
        demand_only_what_was_sent(recording, whole)


def test_random_bytes_are_never_a_crash(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    for size in (4, 40, 400, 4000) * 10:
        try:
            recording = read_damaged(tmp_path, b"XDF:" + random.bytes(size))
        except DamagedFileError:
            continue
        assert recording.streams == {}
