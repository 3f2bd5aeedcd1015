"""Outlets and files for the tests of recordings."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pylsl

from gazecore import lsl
from gazecore.messages import CaseOpened, FrameShown
from gazecore.recording.description import header_for_recording
from gazecore.recording.log_stream import RECORDER_STREAM_ID, header_xml
from gazecore.recording.writer import XdfWriter
from gazecore.samples import GAZE_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt

RATE_HZ = 300.0


@dataclass
class Sender:
    """A gaze outlet that counts; what it sent while someone listened stays known."""

    name: str
    source_id: str
    first: int = 0
    sent: list[tuple[float, npt.NDArray[np.float64]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        info = lsl.gaze_stream_info(self.name, RATE_HZ, self.source_id, simulated=True)
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(info)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._send, args=(self._outlet,), name="sender")
        self._thread.start()

    def _send(self, outlet: pylsl.StreamOutlet) -> None:
        random = np.random.default_rng(self.first)
        k = self.first
        start_s = lsl.clock_s() - k / RATE_HZ
        while not self._ending.is_set():
            t_s = start_s + k / RATE_HZ
            time.sleep(max(0.0, t_s - lsl.clock_s()))
            values = random.normal(size=len(GAZE_CHANNELS))
            values[0] = k
            outlet.push_sample(values, t_s)
            self.sent.append((t_s, values))
            k += 1

    def finish(self) -> None:
        """Stop sending; the outlet stays."""
        self._ending.set()
        self._thread.join()

    def vanish(self) -> None:
        """Stop sending and take the outlet away."""
        self.finish()
        self._outlet = None


@contextmanager
def running_senders() -> Iterator[Callable[..., Sender]]:
    """A factory of running senders, all of which end with the context."""
    senders: list[Sender] = []

    def make(name: str = "FocusStation gaze", source_id: str = "test", first: int = 0) -> Sender:
        senders.append(Sender(name, source_id, first))
        return senders[-1]

    yield make
    for sender in senders:
        sender.vanish()


@dataclass(frozen=True)
class Written:
    """A file made by `XdfWriter` and what was put into it."""

    path: Path
    t_s: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    marker_t_s: npt.NDArray[np.float64]
    offsets: npt.NDArray[np.float64]
    flushed: list[int]


def write_gaze(
    path: Path, *, flushes: int = 8, per_flush: int = 6, close: bool = True, drift: float = 3e-5
) -> Written:
    """Write gaze, markers and drifting clock offsets; the sender's clock is 100 s behind."""
    random = np.random.default_rng(7)
    n = flushes * per_flush
    t_s = 5000.0 + np.arange(n) / RATE_HZ
    values = random.normal(size=(n, len(GAZE_CHANNELS)))
    values[:, 0] = np.arange(n)
    now = [5100.0]
    writer = XdfWriter(path, lambda: now[0])
    writer.add_stream(RECORDER_STREAM_ID, header_xml())
    gaze = lsl.gaze_stream_info("FocusStation gaze", RATE_HZ, "w", simulated=True)
    writer.add_stream(1, header_for_recording(gaze.as_xml()))
    writer.add_stream(2, header_for_recording(lsl.marker_stream_info("w").as_xml()))
    offsets, flushed = [], []
    for k in range(flushes):
        now[0] += 0.04
        rows = slice(k * per_flush, (k + 1) * per_flush)
        writer.add_numeric(1, t_s[rows], values[rows])
        frame = FrameShown(t_s=float(t_s[rows][0]), serial=k)
        marker: FrameShown | CaseOpened = frame
        if k == 0:
            marker = CaseOpened(
                t_s=frame.t_s,
                reading_id="reading-000001",
                case_id="case-0001",
                image_width_px=3,
                image_height_px=2,
            )
        writer.add_texts(2, t_s[rows][:1], [(marker.to_json().encode(),)])
        collected_s = float(t_s[rows][-1]) + 1e-3
        offset_s = 100.0 + drift * (collected_s - 5000.0) + random.normal() * 2e-5
        for stream_id in (1, 2):
            writer.add_clock_offset(stream_id, collected_s, offset_s)
        offsets.append((collected_s, offset_s))
        if k % 3 == 2:
            writer.add_boundary()
        writer.flush()
        flushed.append(writer.bytes_written)
    if close:
        writer.close()
    else:
        writer.abandon()
    return Written(path, t_s, values, t_s[::per_flush], np.array(offsets), flushed)
