"""XDF chunks as bytes: what the recorder appends, and how their contents are read back.

Format: https://github.com/sccn/xdf/wiki/Specifications (version 1.0). A chunk is its length
(one byte that counts the length's bytes, then the length), a tag of 16 bit, and the content;
everything little-endian. We always write lengths with four bytes, so that a chunk's head has a
fixed size.
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

MAGIC = b"XDF:"
HEAD_BYTES = 7
"""Bytes before a chunk's content: 1 for the length of the length, 4 length, 2 tag."""
BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
"""The mark that readers search for after damage (XDF 1.0)."""

DTYPES: dict[str, np.dtype[Any]] = {
    "double64": np.dtype("<f8"),
    "float32": np.dtype("<f4"),
    "int64": np.dtype("<i8"),
    "int32": np.dtype("<i4"),
    "int16": np.dtype("<i2"),
    "int8": np.dtype("i1"),
}
"""Numpy's name of each numeric channel format; the other format is ``string``."""


class Tag(IntEnum):
    """Kinds of chunks."""

    FILE_HEADER = 1
    STREAM_HEADER = 2
    SAMPLES = 3
    CLOCK_OFFSET = 4
    BOUNDARY = 5
    STREAM_FOOTER = 6


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one chunk: sender's times (n,) and values (n, channels) or texts."""

    t_s: npt.NDArray[np.float64]
    values: npt.NDArray[Any] | tuple[tuple[bytes, ...], ...]


class ContentError(ValueError):
    """A chunk whose content does not follow the format."""


def chunk(tag: Tag, content: bytes) -> bytes:
    """One chunk of any kind."""
    return struct.pack("<BIH", 4, len(content) + 2, tag) + content


def stream_chunk(tag: Tag, stream_id: int, content: bytes) -> bytes:
    """One chunk that belongs to a stream."""
    return chunk(tag, struct.pack("<I", stream_id) + content)


def clock_offset_chunk(stream_id: int, collected_s: float, offset_s: float) -> bytes:
    """A clock offset, to be added to times of the sender around `collected_s` (its clock)."""
    return stream_chunk(Tag.CLOCK_OFFSET, stream_id, struct.pack("<dd", collected_s, offset_s))


def boundary_chunk() -> bytes:
    """The mark that lets readers find their way again after damage."""
    return chunk(Tag.BOUNDARY, BOUNDARY)


def numeric_samples_chunk(
    stream_id: int, t_s: npt.NDArray[np.float64], values: npt.NDArray[Any]
) -> bytes:
    """Samples of a numeric stream; `values` is (n, channels) in the stream's own type."""
    rows = np.empty(len(t_s), dtype=_row_type(values.dtype.newbyteorder("<"), values.shape[1]))
    rows["time_bytes"] = 8
    rows["t_s"] = t_s
    rows["values"] = values
    return stream_chunk(Tag.SAMPLES, stream_id, count_bytes(len(t_s)) + rows.tobytes())


def text_samples_chunk(
    stream_id: int, t_s: npt.NDArray[np.float64], texts: Sequence[Sequence[bytes]]
) -> bytes:
    """Samples of a string stream: per sample one text for each channel."""
    parts = [count_bytes(len(t_s))]
    for time_s, row in zip(t_s.tolist(), texts, strict=True):
        parts.append(struct.pack("<Bd", 8, time_s))
        for text in row:
            parts += [count_bytes(len(text)), text]
    return stream_chunk(Tag.SAMPLES, stream_id, b"".join(parts))


def read_numeric_samples(
    content: memoryview, dtype: np.dtype[Any], channels: int, interval_s: float, last_s: float
) -> Samples:
    """Samples of a numeric stream from the content after the stream's id.

    Times that were left out are the one before plus `interval_s`, as the format says. The arrays
    may be views into `content`.

    Raises
    ------
    ContentError
        The content is too short or too long for what it announces.
    """
    n, at = read_varlen(content, 0)
    body = content[at:]
    row_type = _row_type(dtype, channels)
    if len(body) == n * row_type.itemsize:
        rows = np.frombuffer(body, dtype=row_type, count=n)
        if (rows["time_bytes"] == 8).all():
            return Samples(rows["t_s"], rows["values"])
    return _read_rows_one_by_one(body, n, dtype, channels, (interval_s, last_s))


def read_text_samples(
    content: memoryview, channels: int, interval_s: float, last_s: float
) -> Samples:
    """Samples of a string stream from the content after the stream's id.

    Raises
    ------
    ContentError
        The content is too short or too long for what it announces.
    """
    n, at = read_varlen(content, 0)
    if n > len(content):
        raise ContentError(f"{n} samples in {len(content)} bytes")
    times = np.empty(n)
    texts = []
    for k in range(n):
        last_s, at = _read_time(content, at, last_s + interval_s)
        times[k] = last_s
        row = []
        for _ in range(channels):
            length, at = read_varlen(content, at)
            _demand(content, at, length)
            row.append(bytes(content[at : at + length]))
            at += length
        texts.append(tuple(row))
    if at != len(content):
        raise ContentError(f"{len(content) - at} bytes too many")
    return Samples(times, tuple(texts))


def read_varlen(content: memoryview, at: int) -> tuple[int, int]:
    """The length or count that starts at `at`, and where the next thing starts.

    Raises
    ------
    ContentError
        There is none.
    """
    _demand(content, at, 1)
    size = content[at]
    if size not in (1, 4, 8):
        raise ContentError(f"a length of {size} bytes")
    _demand(content, at + 1, size)
    return int.from_bytes(content[at + 1 : at + 1 + size], "little"), at + 1 + size


def _read_rows_one_by_one(
    body: memoryview, n: int, dtype: np.dtype[Any], channels: int, timing: tuple[float, float]
) -> Samples:
    interval_s, last_s = timing
    row_bytes = channels * dtype.itemsize
    if n > len(body):
        raise ContentError(f"{n} samples in {len(body)} bytes")
    times, values, at = np.empty(n), np.empty((n, channels), dtype=dtype), 0
    for k in range(n):
        last_s, at = _read_time(body, at, last_s + interval_s)
        times[k] = last_s
        _demand(body, at, row_bytes)
        values[k] = np.frombuffer(body, dtype=dtype, count=channels, offset=at)
        at += row_bytes
    if at != len(body):
        raise ContentError(f"{len(body) - at} bytes too many")
    return Samples(times, values)


def _read_time(content: memoryview, at: int, deduced_s: float) -> tuple[float, int]:
    _demand(content, at, 1)
    if content[at] == 0:
        return deduced_s, at + 1
    if content[at] != 8:
        raise ContentError(f"a time of {content[at]} bytes")
    _demand(content, at + 1, 8)
    return struct.unpack_from("<d", content, at + 1)[0], at + 9


def _demand(content: memoryview, at: int, size: int) -> None:
    if at + size > len(content):
        raise ContentError("the content ends too early")


def count_bytes(n: int) -> bytes:
    """The number of samples, or of bytes of a text, as it stands before them."""
    return struct.pack("<BB", 1, n) if n < 256 else struct.pack("<BI", 4, n)


@functools.lru_cache(256)
def _row_type(dtype: np.dtype[Any], channels: int) -> np.dtype[Any]:
    return np.dtype([("time_bytes", "u1"), ("t_s", "<f8"), ("values", dtype, (channels,))])
