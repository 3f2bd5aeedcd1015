"""Whatever happens to the bytes of a recording: it opens, and no sample is altered or invented."""

from __future__ import annotations

import functools
import json
import struct
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.cli import run
from gazecore.errors import DamagedFileError, InputError
from gazecore.messages import CaseOpened, FrameShown
from gazecore.recording import chunks, integrity, read
from tests.gazecore.recording.material import Written, write_gaze

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.recording import DamageReport, RecordedStream, Recording

GAZE = "FocusStation gaze"
PER_FLUSH = 6
NAMES = {GAZE, "FocusStation markers", "FocusStation integrity", "FocusStation recorder"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_gaze(tmp_path_factory.mktemp("whole") / "whole.xdf")


@functools.cache
def original_of(path: Path) -> RecordedStream:
    return read(path).streams[GAZE]


@functools.lru_cache(2)
def kinds_of(data: bytes) -> dict[str, list[tuple[int, int]]]:
    """Every byte of the file by the kind of thing it is in: offsets and lengths."""
    found: dict[str, list[tuple[int, int]]] = {"magic": [(0, 4)]}
    at = 4
    while at < len(data):
        size, tag, stream = struct.unpack_from("<IHI", data, at + 1)
        kind = chunks.Tag(tag).name.lower()
        if stream == integrity.INTEGRITY_STREAM_ID and tag == chunks.Tag.SAMPLES:
            kind = "integrity"
        found.setdefault(kind, []).append((at, 5 + size))
        at += 5 + size
    return found


def demand_only_what_was_sent(recording: Recording, sent: Written, *, times: bool = True) -> int:
    """Check all that was read against what was sent; returns how many gaze samples there are.

    `times`: corrected times too, bit by bit (where no clock offset can have been cut off).
    """
    for marker in recording.markers():
        if isinstance(marker, FrameShown):
            assert np.abs(marker.t_s - 100 - sent.marker_t_s[marker.serial]) < 1e-3
        else:
            assert isinstance(marker, CaseOpened)
            assert (marker.case_id, marker.image_width_px) == ("case-0001", 3)
    assert set(recording.streams) <= NAMES
    stream = recording.streams.get(GAZE)
    if stream is None or not len(stream):
        return 0
    rows = np.asarray(stream.values)[:, 0].astype(int)
    assert np.all(np.diff(rows) > 0)
    assert np.asarray(stream.values).tobytes() == sent.values[rows].tobytes()
    assert stream.t_sender_s.tobytes() == sent.t_s[rows].tobytes()
    original = original_of(sent.path)
    assert (stream.labels, stream.units) == (original.labels, original.units)
    assert (stream.description, stream.uid) == (original.description, original.uid)
    if times:
        assert stream.t_s.tobytes() == original.t_s[rows].tobytes()
    elif stream.t_s.tobytes() != stream.t_sender_s.tobytes():  # a clock offset is there
        assert np.abs(stream.t_s - original.t_s[rows]).max(initial=0) < 5e-5
    return len(rows)


def read_damaged(folder: Path, data: bytes) -> Recording:
    path = folder / "damaged.xdf"
    path.write_bytes(data)
    return read(path)


def places(data: bytes, count: int) -> list[int]:
    """Bits to flip, drawn with a seed: of every kind of thing in the file equally many."""
    random = np.random.default_rng(11)
    kinds = list(kinds_of(data).values())
    bits = []
    for k in range(count):
        spans = kinds[k % len(kinds)]
        offset, length = spans[random.integers(len(spans))]
        bits.append(int(8 * offset + random.integers(8 * length)))
    return bits


def test_a_file_holds_every_kind_of_thing(whole: Written) -> None:
    assert set(kinds_of(whole.path.read_bytes())) == {
        "magic",
        "file_header",
        "stream_header",
        "samples",
        "clock_offset",
        "boundary",
        "integrity",
        "stream_footer",
    }


def is_placed(report: DamageReport, byte: int, size: int) -> bool:
    """Whether the report names a region around this byte, with its time."""
    hit = [r for r in report.regions if r.offset <= byte < r.offset + r.length]
    if not hit:
        return byte >= size - report.unverified_bytes and report.proven_until_s is not None
    return len(hit) == 1 and (byte < 4 or hit[0].from_s is not None or hit[0].to_s is not None)


def test_a_bit_flipped_at_a_thousand_places(whole: Written, tmp_path: Path) -> None:
    """A closed file loses at most the samples of one chunk, and all else stays to the bit."""
    data = whole.path.read_bytes()
    n = len(whole.t_s)
    for bit in places(data, 1000):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        recording = read_damaged(tmp_path, bytes(damaged))
        report = recording.damage
        assert not report.sound, f"bit {bit} went unseen"
        assert report.closed
        assert is_placed(report, bit // 8, len(data)), f"byte {bit // 8} is not in the report"
        kept = demand_only_what_was_sent(recording, whole)
        assert kept in (n, n - PER_FLUSH)
        lost = dict(report.missing).get(GAZE, 0)
        assert kept + lost == n or bit // 8 >= kinds_of(data)["stream_footer"][0][0]


def test_a_bit_flipped_in_a_file_that_was_cut_off(tmp_path: Path) -> None:
    cut = write_gaze(tmp_path / "cut.xdf", close=False)
    data = cut.path.read_bytes()
    for bit in places(data, 280):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        recording = read_damaged(tmp_path, bytes(damaged))
        assert not recording.damage.sound
        assert not recording.damage.closed
        demand_only_what_was_sent(recording, cut, times=False)


@pytest.mark.parametrize("step", [19, pytest.param(1, marks=pytest.mark.long)])
def test_cut_in_the_last_three_chunks(whole: Written, tmp_path: Path, step: int) -> None:
    """Every byte of the last one; of the two footers before it every byte in the long run."""
    data = whole.path.read_bytes()
    starts = sorted(offset for spans in kinds_of(data).values() for offset, _ in spans)
    assert starts[-1] in {offset for offset, _ in kinds_of(data)["integrity"]}
    for end in (*range(starts[-3], starts[-1], step), *range(starts[-1], len(data))):
        recording = read_damaged(tmp_path, data[:end])
        assert recording.damage.unverified_bytes > 0 or not recording.damage.closed
        assert demand_only_what_was_sent(recording, whole) == len(whole.t_s)


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.long)])
def test_cut_in_the_last_flush_of_a_file_that_grows(tmp_path: Path, step: int) -> None:
    """Every byte of its last chunk, the proof; of the ones before it in the long run."""
    cut = write_gaze(tmp_path / "cut.xdf", close=False)
    data = cut.path.read_bytes()
    n = len(cut.t_s)
    kept = []
    proof = list(integrity.find_proofs(data))[-1].offset
    for end in (*range(cut.flushed[-2], proof, step), *range(proof, len(data))):
        recording = read_damaged(tmp_path, data[:end])
        assert (recording.damage.unverified_bytes > 0) == (end > cut.flushed[-2])
        kept.append(demand_only_what_was_sent(recording, cut, times=False))
    assert set(kept) == {n - PER_FLUSH, n}
    assert kept == sorted(kept)


@pytest.mark.parametrize("size", [8, 100, 4096, 15000])
def test_a_zeroed_end(whole: Written, tmp_path: Path, size: int) -> None:
    data = whole.path.read_bytes()
    recording = read_damaged(tmp_path, data[:-size] + bytes(size))
    assert not recording.damage.sound
    demand_only_what_was_sent(recording, whole, times=False)


def test_zeroed_blocks_anywhere(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    for start in range(4, len(data) - 512, 1111):
        recording = read_damaged(tmp_path, data[:start] + bytes(512) + data[start + 512 :])
        assert not recording.damage.sound
        demand_only_what_was_sent(recording, whole, times=False)


def test_the_first_block_zeroed_costs_only_what_was_in_it(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    zeroed = bytes(4096) + data[4096:]
    recording = read_damaged(tmp_path, zeroed)
    within = sum(end <= 4096 for end in whole.flushed) + 1
    assert demand_only_what_was_sent(recording, whole) >= len(whole.t_s) - PER_FLUSH * within


def test_blocks_exchanged_missing_or_twice(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    a, b, c, d = whole.flushed[1:5]
    for damaged in (
        data[:a] + data[b:c] + data[a:b] + data[c:],
        data[:a] + data[b:],
        data[:b] + data[a:],
        data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:],
        data[:a] + data[a:b] * 3 + data[b:],
    ):
        recording = read_damaged(tmp_path, damaged)
        assert not recording.damage.sound
        demand_only_what_was_sent(recording, whole, times=False)


def test_a_chunk_copied_over_another_place(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    spans = sorted(span for found in kinds_of(data).values() for span in found)
    random = np.random.default_rng(2)
    for _ in range(150):
        (offset, length), (target, _) = (spans[k] for k in random.choice(len(spans), 2))
        damaged = bytearray(data)
        damaged[target : target + length] = data[offset : offset + length]
        recording = read_damaged(tmp_path, bytes(damaged[: len(data)]))
        assert bytes(damaged) == data or not recording.damage.sound
        demand_only_what_was_sent(recording, whole, times=False)


def test_two_files_in_one_give_the_first(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    other = write_gaze(tmp_path / "other.xdf", flushes=3).path.read_bytes()
    recording = read_damaged(tmp_path, data + other)
    assert demand_only_what_was_sent(recording, whole) == len(whole.t_s)
    assert recording.damage.unverified_bytes == len(other)
    assert not recording.damage.sound


def test_a_file_cut_anywhere_after_its_first_bytes_opens(whole: Written, tmp_path: Path) -> None:
    data = whole.path.read_bytes()
    for end in range(0, whole.flushed[1], 37):
        try:
            recording = read_damaged(tmp_path, data[:end])
        except (DamagedFileError, InputError):
            assert end < 200, "a cut after the headers must open"
            continue
        demand_only_what_was_sent(recording, whole, times=False)


def hostile_files(data: bytes) -> dict[str, bytes]:
    random = np.random.default_rng(5)
    huge = struct.pack("<BIHI", 4, 2**32 - 1, 3, integrity.INTEGRITY_STREAM_ID)
    header = chunks.stream_chunk(
        chunks.Tag.STREAM_HEADER,
        1,
        b"<info><name>n</name><channel_count>4000000000</channel_count>"
        b"<channel_format>double64</channel_format></info>",
    )
    many = chunks.stream_chunk(chunks.Tag.SAMPLES, 1, b"\x08" + b"\xff" * 8)
    files = {
        "empty": b"",
        "magic": b"XDF:",
        "zeros": bytes(100_000),
        "zeros after the magic": b"XDF:" + bytes(100_000),
        "huge length": b"XDF:" + huge + bytes(64),
        "huge length in eight bytes": b"XDF:" + b"\x08" + b"\xff" * 8 + bytes(64),
        "huge length within": data[: len(data) // 2] + huge + data[len(data) // 2 :],
        "huge number of samples": b"XDF:" + header + many,
        "signatures alone": b"XDF:" + huge * 5000,
        "signatures of ours": data[:2000] + huge * 5000,
        "text": b"this is a text\n" * 100,
        "deep XML": b"XDF:" + chunks.stream_chunk(chunks.Tag.STREAM_HEADER, 1, b"<a>" * 100_000),
    }
    for k, size in enumerate((4, 40, 400, 4000, 40_000) * 6):
        files[f"noise {k}"] = b"XDF:" + random.bytes(size)
    return files


def test_hostile_files_are_one_line_or_a_report_never_a_crash(
    whole: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracemalloc.start()
    for name, content in hostile_files(whole.path.read_bytes()).items():
        path = tmp_path / "hostile.xdf"
        path.write_bytes(content)
        status = run(["verify", str(path), "--json"])
        out, error = capsys.readouterr()
        if status == 2:
            assert (out, error.count("\n")) == ("", 1), name
            assert error.startswith("focusstation: "), name
            assert str(path) in error, name
        else:
            assert (status, error) == (1, ""), name
            assert json.loads(out)["damaged"], name
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


def test_verify_says_what_is_damaged_and_when(
    whole: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray(whole.path.read_bytes())
    offset, length = next(s for s in kinds_of(bytes(data))["samples"] if s[1] > 1000)
    data[offset + length // 2] ^= 1
    (tmp_path / "d.xdf").write_bytes(data)
    assert run(["verify", str(tmp_path / "d.xdf")]) == 1
    said = capsys.readouterr().out
    assert f"{length} bytes at {offset} are damaged (CRC-32 does not match)" in said
    assert "s of the recording" in said
    assert f"{PER_FLUSH} samples of {GAZE} are lost" in said
    assert run(["verify", str(whole.path)]) == 0
