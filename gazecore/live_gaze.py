"""Gaze as it arrives: a thread of its own pulls one LSL stream into a ring of recent samples.

For what the station shows and measures while it runs (live quality, validation); recordings are
made by the recorder. A stream that stops is never replaced silently: it is named as lost, looked
for again, and its return counts as a gap. A foreign stream is read by its profile; one that nobody
knows is ``unmapped``: its raw values come in for the mapping wizard, but no gaze.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pylsl
from pylsl.util import LostError
from pylsl.util import TimeoutError as LslTimeoutError

from gazecore.lsl import clock_s, resolve_gaze
from gazecore.recording.description import StreamDescription, read_description
from gazecore.samples import GAZE_STREAM_NAME, GazeSamples
from gazecore.streams import StreamProfile, StreamReading, read_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

LinkState = Literal["searching", "live", "stale", "lost", "unmapped", "refused"]

Floats = npt.NDArray[np.float64]

PULL_EVERY_S = 0.02
RESOLVE_WAIT_S = 0.5
STALE_AFTER_S = 0.5
MAX_PULL = 4096
BUFFER_HUNDREDS = 360
"""liblsl counts the buffer of an irregular stream in hundreds of samples: 30 s at 1200 Hz."""
RATE_OVER_S = 3.0
FIT_OVER_S, FIT_LEAST = 1.0, 20
FAR_OFF = 1.5
"""Gaze whose median lies further from the middle, in displays, is in another unit."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The connection to a gaze stream at one moment.

    Attributes
    ----------
    state : LinkState
        ``stale``: no sample for half a second; ``unmapped`` (nobody knows what its channels mean,
        or what is known does not fit its values) and ``refused``: see `problem`.
    samples, missing, gaps : int
        Received; never received according to their sequence numbers; breaks in the stream.
    nominal_rate_hz : float
        What the stream says of itself, 0 if nothing.
    profile : str
        Whose profile reads a foreign stream; empty for our own.
    is_one_point : bool
        The tracker makes one point of both eyes.
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
    profile: str = ""
    is_one_point: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    t_s: Floats
    values: Floats


class LiveGaze:
    """The last `keep_s` seconds of one gaze stream; safe to read from any thread.

    Parameters
    ----------
    name : str
        The stream's name.
    keep_s : float
        How much is kept.
    profiles : sequence of StreamProfile
        Mappings made by hand, for foreign streams.
    resolution_px : (width, height), optional
        The tracked screen's, for streams in pixels.
    """

    def __init__(
        self,
        name: str = GAZE_STREAM_NAME,
        *,
        keep_s: float = 15.0,
        profiles: Sequence[StreamProfile] = (),
        resolution_px: tuple[float, float] | None = None,
    ) -> None:
        self._name = name
        self._keep_s = keep_s
        self._profiles = tuple(profiles)
        self._resolution_px = resolution_px
        self._about: StreamDescription | None = None
        self._reading = StreamReading("unmapped")
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

    def use(
        self, profiles: Sequence[StreamProfile], resolution_px: tuple[float, float] | None
    ) -> None:
        """Take other mappings and another screen from now on, for what is kept as well."""
        with self._lock:
            self._profiles = tuple(profiles)
            self._resolution_px = resolution_px
            about = self._about
        if about is not None and self._status.state not in ("lost", "searching"):
            self._take_reading(about, self._read_by(about))

    @property
    def about(self) -> StreamDescription | None:
        """What the stream says of itself, once it was found."""
        return self._about

    @property
    def reading(self) -> StreamReading:
        """What can be made of the stream; unmapped before it was found."""
        return self._reading

    @property
    def profile(self) -> StreamProfile | None:
        """How a foreign stream is read; None for our own and for one that cannot be read."""
        return self._reading.profile if self._reading.is_usable else None

    def between(self, start_s: float, stop_s: float) -> GazeSamples:
        """The samples with start_s <= t_s < stop_s on this machine's LSL clock, if kept.

        None of a stream that is unmapped.
        """
        t_s, values, reading = self._kept(start_s, stop_s)
        return reading.samples(t_s, values).between(start_s, stop_s)

    def raw(self, seconds: float) -> tuple[Floats, Floats]:
        """Times (n,) and the stream's own values (n, channels) of the last `seconds`."""
        since_s = clock_s() - seconds
        t_s, values, _ = self._kept(since_s, np.inf)
        return t_s[t_s >= since_s], values[t_s >= since_s]

    def expected_rate_hz(self) -> float:
        """How many samples a second should come; 0 where nothing tells.

        What our own streams declare. Others declare rates that are wrong (App-TobiiPro 600 Hz
        whatever the tracker does): there the median interval of the last seconds counts.
        """
        if self._reading.standing == "ours":
            return self._status.nominal_rate_hz
        intervals_s = np.diff(self.raw(RATE_OVER_S)[0])
        intervals_s = intervals_s[intervals_s > 0]
        return 1.0 / float(np.median(intervals_s)) if len(intervals_s) else 0.0

    def _kept(self, start_s: float, stop_s: float) -> tuple[Floats, Floats, StreamReading]:
        """Whole blocks that reach into an interval, and how they are read."""
        with self._lock:
            blocks = [b for b in self._blocks if b.t_s[-1] >= start_s and b.t_s[0] < stop_s]
            width = 0 if self._about is None else self._about.channels
            reading = self._reading
        t_s = np.concatenate([np.empty(0), *(b.t_s for b in blocks)])
        values = np.concatenate([np.empty((0, width)), *(b.values for b in blocks)])
        return t_s, values, reading if self._about is not None else StreamReading("unmapped")

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
        is_foreign = self._reading.profile is not None
        if status.state == "live" and is_foreign and self._is_far_off(float(newest_s)):
            problem = f"the values of {self._name!r} do not fit what is known of it; map it anew"
            return replace(status, age_s=age_s, state="unmapped", problem=problem)
        is_stale = status.state == "live" and age_s > STALE_AFTER_S
        return replace(status, age_s=age_s, state="stale" if is_stale else status.state)

    def _is_far_off(self, newest_s: float) -> bool:
        """Whether gaze, as it is read now, lies where no screen is."""
        samples = self.between(newest_s - FIT_OVER_S, np.inf)
        xy = np.concatenate([samples.left_xy_norm, samples.right_xy_norm])
        xy = xy[np.isfinite(xy).all(axis=1)]
        return len(xy) >= FIT_LEAST and bool((np.abs(np.median(xy, axis=0) - 0.5) > FAR_OFF).any())

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
            about = read_description(full.as_xml())
            reading = self._read_by(about)
            self._take_reading(about, reading, is_new=True)
            if reading.standing == "refused":
                self._closing.wait(RESOLVE_WAIT_S)
                return
            while not self._closing.is_set():
                self._pull(inlet)
                self._closing.wait(PULL_EVERY_S)
        except (LostError, LslTimeoutError):
            self._note(state="lost", problem=f"{self._name!r} went away")
        finally:
            inlet.close_stream()

    def _read_by(self, about: StreamDescription) -> StreamReading:
        is_text = about.channel_format == "string"
        return read_by(about, self._profiles, self._resolution_px, is_text=is_text)

    def _take_reading(
        self, about: StreamDescription, reading: StreamReading, *, is_new: bool = False
    ) -> None:
        """Read the stream this way from now on; a new outlet begins with nothing kept."""
        profile = reading.profile if reading.is_usable else None
        state: LinkState = "live"
        if not reading.is_usable:
            state = "refused" if reading.standing == "refused" else "unmapped"
        came_back = is_new and state != "refused" and self._status.samples > 0
        with self._lock:
            self._about, self._reading = about, reading
            if is_new:
                # A restarted driver counts from 0 again: no sequence number links old and new.
                self._blocks.clear()
            self._status = replace(
                self._status,
                state=state,
                problem=reading.problem,
                profile="" if profile is None else profile.title or profile.profile_id,
                is_one_point=profile is not None and profile.both is not None,
                nominal_rate_hz=about.true_rate_hz,
                is_simulated=about.description.get("simulated") == "true",
                gaps=self._status.gaps + came_back,
            )

    def _pull(self, inlet: pylsl.StreamInlet) -> None:
        while True:
            values, t_s = inlet.pull_chunk(timeout=0.0, max_samples=MAX_PULL, as_numpy=True)
            if len(t_s):
                self._append(_Block(np.array(t_s, np.float64), np.array(values, np.float64)))
            if len(t_s) < MAX_PULL:
                return

    def _append(self, block: _Block) -> None:
        with self._lock:
            missing = self._missing(block)
            self._blocks.append(block)
            while self._blocks[0].t_s[-1] < block.t_s[-1] - self._keep_s:
                self._blocks.popleft()
            self._status = replace(
                self._status,
                samples=self._status.samples + len(block.t_s),
                missing=self._status.missing + int(missing.sum()),
                gaps=self._status.gaps + int(np.count_nonzero(missing)),
            )

    def _missing(self, block: _Block) -> Floats:
        """How many samples are missing before each of the next, by our own sequence numbers."""
        if self._reading.standing != "ours":
            return np.zeros(len(block.t_s))
        before = self._blocks[-1].values[-1:, 0] if self._blocks else block.values[:1, 0] - 1
        steps = np.diff(np.concatenate([before, block.values[:, 0]]))
        return np.asarray(np.maximum(np.nan_to_num(steps, nan=1.0) - 1, 0))

    def _note(self, **changes: Any) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)
