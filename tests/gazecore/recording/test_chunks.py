from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.recording import chunks
from gazecore.recording.chunks import Tag


def content_of(chunk: bytes) -> memoryview:
    return memoryview(chunk)[chunks.HEAD_BYTES + 4 :]


def test_a_boundary_is_the_bytes_of_the_specification() -> None:
    assert chunks.boundary_chunk() == (
        b"\x04\x12\0\0\0\x05\0" + bytes.fromhex("43A546DCCBF5410FB30ED5467383CBE4")
    )


def test_a_clock_offset_is_time_then_value() -> None:
    chunk = chunks.clock_offset_chunk(7, 1.5, -0.25)
    assert chunk == struct.pack("<BIHIdd", 4, 22, 4, 7, 1.5, -0.25)


def test_numeric_samples_are_time_and_values_row_by_row() -> None:
    chunk = chunks.numeric_samples_chunk(
        3, np.array([1.0, 2.0]), np.array([[1, 2], [3, 4]], dtype=np.int16)
    )
    content = b"\x01\x02" + b"".join(
        struct.pack("<Bdhh", 8, t, a, b) for t, a, b in ((1.0, 1, 2), (2.0, 3, 4))
    )
    assert chunk == struct.pack("<BIHI", 4, len(content) + 6, 3, 3) + content


@given(
    st.sampled_from(sorted(chunks.DTYPES)),
    st.integers(1, 4),
    st.integers(0, 300),
    st.integers(0, 2**32 - 1),
)
def test_numeric_samples_come_back_bit_by_bit(name: str, channels: int, n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    dtype = chunks.DTYPES[name]
    raw = random.bytes(n * channels * dtype.itemsize)
    values = np.frombuffer(raw, dtype=dtype).reshape(n, channels)
    times = np.frombuffer(random.bytes(8 * n), dtype="<f8")
    content = content_of(chunks.numeric_samples_chunk(1, times, values))
    back = chunks.read_numeric_samples(content, dtype, channels, 0.0, 0.0)
    assert isinstance(back.values, np.ndarray)
    assert back.values.tobytes() == raw
    assert back.t_s.tobytes() == times.tobytes()


@given(st.lists(st.tuples(st.floats(allow_nan=False), st.binary(max_size=400)), max_size=300))
def test_texts_come_back(rows: list[tuple[float, bytes]]) -> None:
    times = np.array([t for t, _ in rows])
    content = content_of(chunks.text_samples_chunk(1, times, [(text,) for _, text in rows]))
    back = chunks.read_text_samples(content, 1, 0.0, 0.0)
    assert back.t_s.tolist() == times.tolist()
    assert back.values == tuple((text,) for _, text in rows)


def test_times_left_out_are_the_last_one_plus_the_interval() -> None:
    content = b"\x01\x03" + struct.pack("<Bdf", 8, 10.0, 1) + struct.pack("<Bf", 0, 2)
    content += struct.pack("<Bf", 0, 3)
    back = chunks.read_numeric_samples(memoryview(content), chunks.DTYPES["float32"], 1, 0.5, -1.0)
    assert back.t_s.tolist() == [10.0, 10.5, 11.0]
    first = memoryview(b"\x01\x01" + struct.pack("<Bf", 0, 2))
    alone = chunks.read_numeric_samples(first, chunks.DTYPES["float32"], 1, 0.5, 11.0)
    assert alone.t_s.tolist() == [11.5]


@given(st.binary(max_size=60), st.integers(1, 3))
def test_any_bytes_are_samples_or_refused(content: bytes, channels: int) -> None:
    view = memoryview(content)
    for kind in ("string", "int8"):
        try:
            if kind == "string":
                samples = chunks.read_text_samples(view, channels, 0.0, 0.0)
            else:
                samples = chunks.read_numeric_samples(view, chunks.DTYPES[kind], channels, 0, 0)
        except chunks.ContentError:
            continue
        assert len(samples.t_s) == len(samples.values)


@given(st.lists(st.floats(), min_size=1, max_size=5), st.integers(1, 9))
def test_a_cut_chunk_is_refused(listed: list[float], cut: int) -> None:
    times = np.array(listed)
    chunk = chunks.numeric_samples_chunk(1, times, np.zeros((len(times), 1)))
    with pytest.raises(chunks.ContentError):
        chunks.read_numeric_samples(content_of(chunk[:-cut]), chunks.DTYPES["double64"], 1, 0, 0)


@pytest.mark.parametrize(("content", "expected"), [(b"\x01\x05", 5), (b"\x04\0\x01\0\0", 256)])
def test_lengths_have_the_size_they_say(content: bytes, expected: int) -> None:
    assert chunks.read_varlen(memoryview(content), 0) == (expected, len(content))


@pytest.mark.parametrize("content", [b"", b"\x02\0\0", b"\x04\0\0", b"\x08"])
def test_a_bad_length_is_refused(content: bytes) -> None:
    with pytest.raises(chunks.ContentError):
        chunks.read_varlen(memoryview(content), 0)


def test_tags_are_those_of_the_specification() -> None:
    assert [tag.value for tag in Tag] == [1, 2, 3, 4, 5, 6]
