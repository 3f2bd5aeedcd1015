"""Gaze as it arrives: a thread of its own pulls one LSL stream into a ring of recent samples.

For what the station shows and measures while it runs (live quality, validation); recordings are
made by the recorder. A stream that stops is never replaced silently: it is named as lost, looked
for again, and its return counts as a gap.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pylsl
from pylsl.util import LostError
from pylsl.util import TimeoutError as LslTimeoutError

from gazecore.lsl import clock_s, resolve_gaze
from gazecore.samples import GAZE_LABELS, GAZE_STREAM_NAME, GazeSamples

if TYPE_CHECKING:
    from types import TracebackType

LinkState = Literal["searching", "live", "stale", "lost", "refused"]

PULL_EVERY_S = 0.02
RESOLVE_WAIT_S = 0.5
STALE_AFTER_S = 0.5
MAX_PULL = 4096
BUFFER_HUNDREDS = 360
"""liblsl counts the buffer of an irregular stream in hundreds of samples: 30 s at 1200 Hz."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The connection to a gaze stream at one moment.

    Attributes
    ----------
    state : LinkState
        ``stale``: no sample for half a second; ``refused``: see `problem`.
    samples, missing, gaps : int
        Received; never received according to their sequence numbers; breaks in the stream.
    nominal_rate_hz : float
        What the stream says of itself, 0 if nothing.
    age_s : float or None
        Time since the last sample's own timestamp.
    """

    state: LinkState = "searching"
    samples: int = 0
    missing: int = 0
    gaps: int = 0
    nominal_rate_hz: float = 0.0
    is_simulated: bool = False
    age_s: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    t_s: np.ndarray[Any, np.dtype[np.float64]]
    values: np.ndarray[Any, np.dtype[np.float64]]


class LiveGaze:
    """The last `keep_s` seconds of one gaze stream; safe to read from any thread.

    Parameters
    ----------
    name : str
        The stream's name.
    keep_s : float
        How much is kept.
    """

    def __init__(self, name: str = GAZE_STREAM_NAME, *, keep_s: float = 15.0) -> None:
        self._name = name
        self._keep_s = keep_s
        self._blocks: deque[_Block] = deque()
        self._status = LinkStatus()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-gaze", daemon=True)

    def __enter__(self) -> LiveGaze:
        """Start to pull."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop pulling."""
        self.close()

    def start(self) -> LiveGaze:
        """Begin to look for the stream and to pull it."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop; waits for the thread."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def between(self, start_s: float, stop_s: float) -> GazeSamples:
        """The samples with start_s <= t_s < stop_s on this machine's LSL clock, if kept."""
        with self._lock:
            blocks = [b for b in self._blocks if b.t_s[-1] >= start_s and b.t_s[0] < stop_s]
        return _samples(blocks).between(start_s, stop_s)

    def last(self, seconds: float) -> GazeSamples:
        """The samples of the last `seconds`, up to now."""
        now_s = clock_s()
        return self.between(now_s - seconds, now_s + 1.0)

    def status(self) -> LinkStatus:
        """The connection now."""
        with self._lock:
            status = self._status
            newest_s = self._blocks[-1].t_s[-1] if self._blocks else None
        if newest_s is None:
            return status
        age_s = float(clock_s() - newest_s)
        is_stale = status.state == "live" and age_s > STALE_AFTER_S
        return replace(status, age_s=age_s, state="stale" if is_stale else status.state)

    def _run(self) -> None:
        while not self._closing.is_set():
            info = self._find()
            if info is not None:
                self._pull_until_lost(info)

    def _find(self) -> pylsl.StreamInfo | None:
        """The one stream of our name; two of a name are refused, the user must choose."""
        found = [i for i in resolve_gaze(RESOLVE_WAIT_S) if i.name() == self._name]
        if len(found) > 1:
            self._note(state="refused", problem=f"{len(found)} streams are named {self._name!r}")
        elif not found and self._status.state == "refused":
            self._note(state="searching", problem="")
        return found[0] if len(found) == 1 else None

    def _pull_until_lost(self, info: pylsl.StreamInfo) -> None:
        inlet = pylsl.StreamInlet(
            info,
            max_buflen=BUFFER_HUNDREDS,
            recover=False,
            processing_flags=pylsl.proc_clocksync,
        )
        try:
            full = inlet.info(timeout=5.0)
            if _labels(full) != GAZE_LABELS:
                self._note(state="refused", problem=f"{self._name!r} has other channels than ours")
                self._closing.wait(RESOLVE_WAIT_S)
                return
            self._connect(full)
            while not self._closing.is_set():
                self._pull(inlet)
                self._closing.wait(PULL_EVERY_S)
        except (LostError, LslTimeoutError):
            self._note(state="lost", problem=f"{self._name!r} went away")
        finally:
            inlet.close_stream()

    def _connect(self, info: pylsl.StreamInfo) -> None:
        description = info.desc()
        status = self._status
        self._note(
            state="live",
            problem="",
            nominal_rate_hz=_number(description.child_value("true_rate")),
            is_simulated=description.child_value("simulated") == "true",
            gaps=status.gaps + (status.samples > 0),
        )
        with self._lock:
            # A restarted driver counts from 0 again: no sequence number links old and new.
            self._blocks.clear()

    def _pull(self, inlet: pylsl.StreamInlet) -> None:
        while True:
            values, t_s = inlet.pull_chunk(timeout=0.0, max_samples=MAX_PULL, as_numpy=True)
            if len(t_s):
                self._append(_Block(np.array(t_s, np.float64), np.array(values, np.float64)))
            if len(t_s) < MAX_PULL:
                return

    def _append(self, block: _Block) -> None:
        with self._lock:
            before = self._blocks[-1].values[-1:, 0] if self._blocks else block.values[:1, 0] - 1
            steps = np.diff(np.concatenate([before, block.values[:, 0]]))
            missing = np.maximum(np.nan_to_num(steps, nan=1.0) - 1, 0)
            self._blocks.append(block)
            while self._blocks[0].t_s[-1] < block.t_s[-1] - self._keep_s:
                self._blocks.popleft()
            self._status = replace(
                self._status,
                samples=self._status.samples + len(block.t_s),
                missing=self._status.missing + int(missing.sum()),
                gaps=self._status.gaps + int(np.count_nonzero(missing)),
            )

    def _note(self, **changes: Any) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)


def _samples(blocks: list[_Block]) -> GazeSamples:
    width = len(GAZE_LABELS)
    t_s = np.concatenate([np.empty(0), *(block.t_s for block in blocks)])
    values = np.concatenate([np.empty((0, width)), *(block.values for block in blocks)])
    return GazeSamples.from_channels(t_s, values)


def _labels(info: pylsl.StreamInfo) -> tuple[str, ...]:
    labels = []
    channel = info.desc().child("channels").child("channel")
    while not channel.empty():
        labels.append(channel.child_value("label"))
        channel = channel.next_sibling("channel")
    return tuple(labels)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
