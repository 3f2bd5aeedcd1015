"""XDF of other programs, written here byte by byte as the specification and LabRecorder do it."""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
import pyxdf

from gazecore.recording import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMATS = {
    "double64": "d",
    "float32": "f",
    "int64": "q",
    "int32": "i",
    "int16": "h",
    "int8": "b",
    "string": "",
}
BOUNDARY = bytes.fromhex("43A546DCCBF5410FB30ED5467383CBE4")


def length(n: int, size: int) -> bytes:
    """A length in 1, 4 or 8 bytes, after the byte that says so."""
    size = size if n < 256 ** min(size, 4) else 4
    return bytes([size]) + n.to_bytes(size, "little")


def chunk(tag: int, content: bytes, size: int = 4) -> bytes:
    return length(len(content) + 2, size) + struct.pack("<H", tag) + content


@dataclass
class Outlet:
    """A stream as another program records it."""

    stream_id: int
    form: str
    channels: int = 2
    rate_hz: float = 0.0
    stamped: str = "all"  # or "first of each chunk", "first", "none"
    offsets: list[tuple[float, float]] = field(default_factory=list)
    t_s: list[float] = field(default_factory=list)
    rows: list[tuple[object, ...]] = field(default_factory=list)

    def header(self) -> bytes:
        xml = (
            f"<?xml version='1.0'?><info><name>outlet {self.stream_id}</name><type>EEG</type>"
            f"<channel_count>{self.channels}</channel_count><nominal_srate>{self.rate_hz}"
            f"</nominal_srate><channel_format>{self.form}</channel_format><desc /></info>"
        )
        return struct.pack("<I", self.stream_id) + xml.encode()

    def footer(self) -> bytes:
        xml = f"<?xml version='1.0'?><info><sample_count>{len(self.rows)}</sample_count></info>"
        return struct.pack("<I", self.stream_id) + xml.encode()

    def samples(self, first: int, last: int, size: int) -> bytes:
        parts = [struct.pack("<I", self.stream_id), length(last - first, size)]
        for k in range(first, last):
            parts.append(self._stamp(k, first))
            if self.form == "string":
                texts = [str(text).encode() for text in self.rows[k]]
                parts += [length(len(text), size) + text for text in texts]
            else:
                parts.append(struct.pack(f"<{self.channels}{FORMATS[self.form]}", *self.rows[k]))
        return b"".join(parts)

    def _stamp(self, k: int, first: int) -> bytes:
        has_stamp = {"all": True, "first of each chunk": k == first, "first": k == 0, "none": False}
        return struct.pack("<Bd", 8, self.t_s[k]) if has_stamp[self.stamped] else b"\0"


def outlet(stream_id: int, form: str, n: int = 90, **more: object) -> Outlet:
    """A stream of `n` samples with seeded values and slightly uneven times."""
    random = np.random.default_rng(stream_id)
    made = Outlet(stream_id, form, **more)  # type: ignore[arg-type]
    step_s = 1 / made.rate_hz if made.rate_hz else 0.013
    jitter_s = 0 if made.rate_hz else random.uniform(0, 0.004, n)
    made.t_s = (50.0 * stream_id + np.arange(n) * step_s + jitter_s).tolist()
    for _ in range(n):
        if form == "string":
            row = tuple(
                f"größe {v}" * (v % 3 and v % 40) for v in random.integers(0, 99, made.channels)
            )
        elif form in ("double64", "float32"):
            row = tuple(random.normal(size=made.channels).tolist())
        else:
            row = tuple(random.integers(-120, 120, made.channels).tolist())
        made.rows.append(row)
    return made


def write_file(
    path: Path,
    outlets: Sequence[Outlet],
    *,
    size: int = 4,
    per_chunk: int = 17,
    footers: bool = True,
) -> None:
    """Write the streams' chunks by turns, with offsets and boundaries among them."""
    parts = [b"XDF:", chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>", size)]
    parts += [chunk(2, each.header(), size) for each in outlets]
    turns = max(len(each.rows) for each in outlets) // per_chunk + 1
    for turn in range(turns):
        for each in outlets:
            first, last = turn * per_chunk, min((turn + 1) * per_chunk, len(each.rows))
            if first < last:
                parts.append(chunk(3, each.samples(first, last, size), size))
            for collected_s, offset_s in each.offsets[turn::turns]:
                numbers = struct.pack("<Idd", each.stream_id, collected_s, offset_s)
                parts.append(chunk(4, numbers, size))
        parts.append(chunk(5, BOUNDARY, size))
    if footers:
        parts += [chunk(6, each.footer(), size) for each in outlets]
    path.write_bytes(b"".join(parts))


def drifting(each: Outlet, count: int, drift: float = 4e-5) -> Outlet:
    """With clock offsets around its samples, noisy by some microseconds."""
    random = np.random.default_rng(each.stream_id)
    at_s = np.linspace(each.t_s[0], each.t_s[-1], count)
    noise_s = random.normal(0, 2e-5, count)
    each.offsets = list(zip(at_s.tolist(), (7 + drift * at_s + noise_s).tolist(), strict=True))
    return each


def demand_as_pyxdf(path: Path, **how: bool) -> int:
    """Compare each stream with pyxdf's; returns how many there are."""
    recording = read(path)
    assert not recording.damage.proven
    assert recording.damage.regions == ()
    assert recording.damage.sentences() == ["integrity unknown: the file has no integrity stream"]
    theirs = pyxdf.load_xdf(path, **how)[0]
    for stream in theirs:
        ours = recording.streams[stream["info"]["name"][0]]
        assert len(ours) == len(stream["time_stamps"])
        if len(ours):
            assert np.abs(ours.t_s - stream["time_stamps"]).max() < 5e-5
        if ours.values is None:
            further = ours.further_texts or [()] * len(ours)
            rows = [[first, *rest] for first, rest in zip(ours.texts, further, strict=True)]
            assert rows == stream["time_series"]
        else:
            assert not len(ours) or ours.values.dtype == stream["time_series"].dtype
            assert np.array_equal(ours.values, stream["time_series"])
    return len(theirs)


@pytest.mark.parametrize("size", [1, 4, 8])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_and_every_size_of_lengths(tmp_path: Path, form: str, size: int) -> None:
    path = tmp_path / "f.xdf"
    outlets = [drifting(outlet(1, form, channels=1), 9), outlet(2, form, channels=3)]
    write_file(path, outlets, size=size)
    assert demand_as_pyxdf(path) == 2
    read_back = read(path).streams
    for each in outlets:
        stream = read_back[f"outlet {each.stream_id}"]
        assert stream.t_sender_s.tobytes() == np.array(each.t_s).tobytes()


@pytest.mark.parametrize("stamped", ["all", "first of each chunk", "first", "none"])
@pytest.mark.parametrize("form", ["float32", "int8", "string"])
def test_stamps_left_out_are_deduced_from_the_rate(tmp_path: Path, form: str, stamped: str) -> None:
    path = tmp_path / "f.xdf"
    each = drifting(outlet(3, form, rate_hz=100.0, stamped=stamped), 12)
    write_file(path, [each], per_chunk=11)
    assert demand_as_pyxdf(path, dejitter_timestamps=False) == 1
    if stamped != "none":
        sent = read(path).streams["outlet 3"].t_sender_s
        assert np.abs(sent - each.t_s).max() < 1e-9


def test_a_regular_stream_without_jitter_equals_the_default_too(tmp_path: Path) -> None:
    path = tmp_path / "f.xdf"
    write_file(path, [outlet(4, "float32", rate_hz=250.0, n=500)])
    assert demand_as_pyxdf(path) == 1


def test_a_hole_in_a_regular_stream_stays_where_it_was(tmp_path: Path) -> None:
    """Where readers that make streams regular are off by half the hole, ours is not."""
    path = tmp_path / "f.xdf"
    each = outlet(5, "float32", rate_hz=100.0, n=400)
    each.t_s[200:] = [t + 0.9 for t in each.t_s[200:]]
    write_file(path, [each])
    assert demand_as_pyxdf(path, dejitter_timestamps=False) == 1
    assert read(path).streams["outlet 5"].t_s.tobytes() == np.array(each.t_s).tobytes()
    regular = pyxdf.load_xdf(path)[0][0]["time_stamps"]
    assert np.abs(regular - each.t_s).max() > 0.3


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_any_number_of_clock_offsets(tmp_path: Path, count: int) -> None:
    path = tmp_path / "f.xdf"
    write_file(path, [drifting(outlet(6, "double64", n=600), count)])
    assert demand_as_pyxdf(path) == 1


def test_a_clock_that_was_set_anew(tmp_path: Path) -> None:
    path = tmp_path / "f.xdf"
    each = outlet(7, "double64", n=600)
    each.t_s = [*(100 + 0.1 * k for k in range(300)), *(4 + 0.1 * k for k in range(300))]
    first = [(100.0 + 5 * k, 3.0 + 1e-5 * k) for k in range(6)]
    each.offsets = [*first, *((4.0 + 5 * k, 130.0 + 1e-5 * k) for k in range(6))]
    write_file(path, [each], per_chunk=50)
    assert demand_as_pyxdf(path) == 1


def test_many_streams_without_footers(tmp_path: Path) -> None:
    path = tmp_path / "f.xdf"
    outlets = [drifting(outlet(k, form), 5) for k, form in enumerate(FORMATS, 10)]
    write_file(path, [*outlets, outlet(30, "int16", n=0)], size=1, footers=False)
    assert demand_as_pyxdf(path) == len(FORMATS) + 1


def test_after_a_damaged_chunk_it_goes_on_at_the_next_boundary(tmp_path: Path) -> None:
    """As pyxdf does; but it says so."""
    path = tmp_path / "f.xdf"
    each = outlet(8, "double64", n=170)
    write_file(path, [each])
    data = bytearray(path.read_bytes())
    starts = list(itertools.accumulate(chunk_lengths(bytes(data)), initial=4))
    data[starts[6]] = 77
    path.write_bytes(data)
    recording = read(path)
    (region,) = recording.damage.regions
    assert region.offset == starts[6]
    stream = recording.streams["outlet 8"]
    assert 140 < len(stream) < 170
    assert set(stream.t_sender_s.tolist()) <= set(each.t_s)


def chunk_lengths(data: bytes) -> list[int]:
    found, at = [], 4
    while at < len(data):
        size = data[at]
        found.append(1 + size + int.from_bytes(data[at + 1 : at + 1 + size], "little"))
        at += found[-1]
    return found
