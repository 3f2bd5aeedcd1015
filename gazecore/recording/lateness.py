"""How late samples were handed to the disk, told by the file itself.

The integrity stream's rows carry the time of the write that they went out with, so a finished
recording proves its own latency: the write's time minus the time its samples were stamped with.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.recording import chunks, integrity
from gazecore.recording.description import read_description

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lateness:
    """Per sample, in the order of the file: the sender's stamp and the time of its write.

    Attributes
    ----------
    t_sender_s : (n,) float64
        As sent, on the sender's clock.
    written_s : (n,) float64
        On the recorder's clock, which on one machine is the same. What follows the write, until
        the next sync is done, is in no file.
    """

    t_sender_s: Array
    written_s: Array

    @property
    def delay_s(self) -> Array:
        """From the sender's stamp to the write, (n,)."""
        return self.written_s - self.t_sender_s


def lateness(path: Path, stream: str) -> Lateness:
    """Read how late the samples of a numeric stream, all its segments, were written.

    Only what the file proves counts; a file without an integrity stream gives no samples.

    Parameters
    ----------
    path : Path
        A recording of ours; a copy if it is still being written.
    stream : str
        The stream's name.
    """
    times: list[Array] = []
    written: list[Array] = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for t_s, written_s in _written_chunks(data, stream):
            times.append(t_s)
            written.append(np.full(len(t_s), written_s))
    none = np.empty(0)
    return Lateness(np.concatenate([none, *times]), np.concatenate([none, *written]))


def _written_chunks(data: mmap.mmap, stream: str) -> Iterator[tuple[Array, float]]:
    wanted: set[int] = set()
    for proof in integrity.find_proofs(data):
        for _, offset, length, _ in proof.rows.tolist():
            tag, stream_id = struct.unpack_from("<HI", data, offset + chunks.HEAD_BYTES - 2)
            content = data[offset + chunks.HEAD_BYTES + 4 : offset + length]
            if tag == chunks.Tag.STREAM_HEADER and read_description(content).name == stream:
                wanted.add(stream_id)
            elif tag == chunks.Tag.SAMPLES and stream_id in wanted:
                yield _times_of(content), proof.written_s


def _times_of(content: bytes) -> Array:
    """The stamps of a numeric samples chunk as `chunks.numeric_samples_chunk` writes it."""
    n, at = chunks.read_varlen(memoryview(content), 0)
    step = (len(content) - at) // max(n, 1)
    stamps = np.ndarray((n,), dtype="<f8", buffer=content, offset=at + 1, strides=(step,))
    return np.array(stamps, dtype=np.float64)
