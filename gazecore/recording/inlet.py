"""One stream coming in: a thread that joins one outlet, pulls from it, and never waits for it.

Everything that LSL does for a stream happens on the stream's own thread, with an end in time,
so an outlet that hangs, dies or lies holds up neither the file nor another stream.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gazecore.errors import NoStreamError
from gazecore.lsl import clock_s
from gazecore.recording.binding import bound_info, find_outlet
from gazecore.recording.description import (
    StreamDescription,
    header_for_recording,
    read_description,
)
from gazecore.recording.liveness import LOST_AFTER_S, Liveness, Pulse
from gazecore.recording.sender_clock import ClockOffset, OffsetMeter
from gazecore.recording.subscription import Subscription

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pylsl

_POLL_S, _QUIET_POLL_S = 0.01, 0.03
_LONGEST_DRAIN_S = 0.5
_AFTER_DEATH_S = 5.0
"""How long a dead outlet's inlet is still looked into; nothing was ever seen to come so late."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """Samples as they came: sender's times (n,), values (n, channels), bytes for text streams.

    `arrived_s` is when they were pulled, on the recorder's clock.
    """

    t_s: npt.NDArray[np.float64]
    values: npt.NDArray[Any]
    arrived_s: float


class Inlet:
    """Pulls one outlet's samples into a buffer until stopped.

    Parameters
    ----------
    info : pylsl.StreamInfo
        As resolved; the inlet is bound to this very outlet.
    stream_id : int
        Its number in the file.
    segment : int
        1 for the first outlet that carries this stream, 2 for the next after a loss...
    offset_every_s : float
        Time between clock offsets.
    """

    def __init__(
        self, info: pylsl.StreamInfo, stream_id: int, segment: int = 1, offset_every_s: float = 5.0
    ) -> None:
        self.stream_id = stream_id
        self.segment = segment
        self.outlet_xml = str(info.as_xml())
        self.about: StreamDescription = read_description(self.outlet_xml)
        self.header_xml = ""
        self.failure: str | None = None
        """Why nothing more will come; None while the outlet lives, or may live."""
        self._info = info
        self._offset_every_s, self._offset_due_s = offset_every_s, 0.0
        self._pulse = Pulse(None)
        self._pulled: list[Pulled] = []
        self._offsets: list[ClockOffset] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._is_open = False
        self._thread: threading.Thread | None = None

    @property
    def is_text(self) -> bool:
        """Whether the stream carries texts."""
        return self.about.channel_format == "string"

    @property
    def is_open(self) -> bool:
        """Whether it is subscribed, or was: its description is whole, its samples count."""
        return self._is_open

    @property
    def is_lost(self) -> bool:
        """Whether the outlet is gone, or has neither sent nor answered for 5 s."""
        return self.failure is not None or self._pulse.silent_s > LOST_AFTER_S

    @property
    def is_silent(self) -> bool:
        """Whether the outlet neither sends nor answers."""
        return self._pulse.silent_s > 1.0

    def begin(self, wait_s: float = 5.0) -> None:
        """Begin to join the outlet, for at most `wait_s` in each of two steps, and to pull."""
        self._thread = threading.Thread(
            target=self._run, args=(wait_s,), name=f"inlet {self.about.name}", daemon=True
        )
        self._thread.start()

    def settled(self, wait_s: float) -> bool:
        """Wait until the attempt to join is over; whether the outlet is joined."""
        self._settled.wait(wait_s)
        return self._is_open

    def start(self, wait_s: float = 5.0) -> None:
        """Join the outlet; all that it sends from the return on is received.

        Raises
        ------
        NoStreamError
            The outlet went away or does not answer.
        """
        self.begin(wait_s)
        if not self.settled(2 * wait_s + 1):
            self.request_stop()
            raise NoStreamError(f"named {self.about.name!r} answering", wait_s)

    def take(self) -> list[Pulled]:
        """All that came since the last call, in order."""
        with self._lock:
            pulled, self._pulled = self._pulled, []
        return pulled

    def take_offsets(self) -> list[ClockOffset]:
        """The clock offsets measured since the last call."""
        with self._lock:
            offsets, self._offsets = self._offsets, []
        return offsets

    def is_gone_now(self) -> bool:
        """Ask the outlet at once whether it is gone; takes half a second at most."""
        return self.failure is not None or self._pulse.ask() is Liveness.GONE

    def request_stop(self) -> None:
        """Ask the thread to end; what came until now is still pulled and stays to be taken."""
        self._stopping.set()

    def join(self, wait_s: float = 1.0) -> None:
        """Wait for the thread to end after `request_stop`, at most `wait_s`."""
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self, wait_s: float) -> None:
        """Door of the thread: whatever goes wrong ends this inlet alone, visibly."""
        try:
            subscription = self._subscribed(wait_s)
            self._is_open = True
            self._settled.set()
            self._pull_on(subscription)
        except Exception as error:  # noqa: BLE001
            self.failure = str(error) if self._is_open else f"could not be joined: {error}"
        finally:
            self._settled.set()

    def _subscribed(self, wait_s: float) -> Subscription:
        outlet = find_outlet(self._info)
        info = self._info if outlet is None else bound_info(self._info, outlet)
        subscription = Subscription(info, recover=outlet is not None)
        self.outlet_xml = subscription.open(wait_s)
        self.about = read_description(self.outlet_xml)
        self.header_xml = header_for_recording(self.outlet_xml, self.segment)
        self._pulse = Pulse(outlet)
        return subscription

    def _pull_on(self, subscription: Subscription) -> None:
        meter = OffsetMeter(subscription.inlet)
        while not self._stopping.is_set() and not self._is_over():
            self._pull_all(subscription)
            self._measure_offset(meter)
            self._pulse.look()
            if self._pulse.is_gone and self.failure is None:
                self._pull_all(subscription)
                self.failure = "its process ended, or it closed the stream"
            slow = self.is_text or self._pulse.is_quiet
            self._stopping.wait(_QUIET_POLL_S if slow else _POLL_S)
        self._pull_all(subscription)

    def _is_over(self) -> bool:
        return self._pulse.is_gone and self._pulse.quiet_s > _AFTER_DEATH_S

    def _pull_all(self, subscription: Subscription) -> None:
        deadline = time.monotonic() + _LONGEST_DRAIN_S
        while True:
            t_s, values = subscription.pull()
            if len(t_s):
                self._pulse.beat()
                with self._lock:
                    self._pulled.append(Pulled(t_s, values, clock_s()))
            if len(t_s) < subscription.most or time.monotonic() > deadline:
                return

    def _measure_offset(self, meter: OffsetMeter) -> None:
        if time.monotonic() < self._offset_due_s:
            return
        offset = meter.measure()
        if offset is not None:
            self._offset_due_s = time.monotonic() + self._offset_every_s
            with self._lock:
                self._offsets.append(offset)
