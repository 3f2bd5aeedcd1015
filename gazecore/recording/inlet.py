"""One stream coming in: a thread that does nothing but pull, so that nothing piles up in LSL.

An inlet here never recovers by itself (``recover=False``): when its outlet dies, pulling fails
at once, and whoever owns the inlet decides whether a new outlet is the same tracker. With
recovery, a pull with a backlog behind it was seen to hang for minutes.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pylsl

from gazecore.errors import NoStreamError
from gazecore.recording.description import (
    StreamDescription,
    header_for_recording,
    read_description,
)

if TYPE_CHECKING:
    import numpy.typing as npt

_BUFFER_S = 360
_FASTEST_NUMBERS_HZ, _FASTEST_TEXTS_HZ = 2000.0, 200.0
_PULL_S = 0.2
_MOST_NUMBERS, _MOST_TEXTS = 1024, 128
_MOST_LAST_PULLS = 20


@dataclass(frozen=True, slots=True)
class Pulled:
    """Samples as they came: sender's times (n,), values (n, channels), bytes for text streams."""

    t_s: npt.NDArray[np.float64]
    values: npt.NDArray[Any]


class Inlet:
    """Pulls one stream into a buffer until stopped or lost.

    Parameters
    ----------
    info : pylsl.StreamInfo
        As resolved; the inlet is bound to this very outlet.
    stream_id : int
        Its number in the file.
    segment : int
        1 for the first outlet that carries this stream, 2 for the next after a loss...
    """

    def __init__(self, info: pylsl.StreamInfo, stream_id: int, segment: int = 1) -> None:
        self.stream_id = stream_id
        self.segment = segment
        self.about: StreamDescription = read_description(info.as_xml())
        self.header_xml = ""
        self.failure: str | None = None
        self._info = info
        self._inlet = pylsl.StreamInlet(
            info, max_buflen=_buffer_length(info), recover=False, as_numpy=True
        )
        self._pulled: list[Pulled] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._pull, name=f"inlet {self.about.name}", daemon=True
        )

    @property
    def is_text(self) -> bool:
        """Whether the stream carries texts."""
        return self.about.channel_format == "string"

    def start(self, wait_s: float = 5.0) -> None:
        """Subscribe and begin to pull; all that is sent from now on is received.

        Raises
        ------
        NoStreamError
            The outlet went away or does not answer.
        """
        try:
            full = self._inlet.info(wait_s)
            self._inlet.open_stream(wait_s)
        except (pylsl.util.TimeoutError, pylsl.util.LostError) as error:
            raise NoStreamError(f"named {self.about.name!r} answering", wait_s) from error
        xml = full.as_xml()
        self.about = read_description(xml)
        self.header_xml = header_for_recording(xml, self.segment)
        self._thread.start()

    def take(self) -> list[Pulled]:
        """All that came since the last call, in order."""
        with self._lock:
            pulled, self._pulled = self._pulled, []
        return pulled

    def clock_offset(self, wait_s: float) -> tuple[float, float] | None:
        """Measure the clock offset: when (sender's clock) and how much to add, in seconds.

        The first measurement of an inlet takes LSL about 0.6 s. None where it fails.
        """
        try:
            offset_s = float(self._inlet.time_correction(wait_s))
        except (pylsl.util.TimeoutError, pylsl.util.LostError):
            return None
        return float(pylsl.local_clock()) - offset_s, offset_s

    def request_stop(self) -> None:
        """Ask the thread to end; what came until now is still pulled and stays to be taken."""
        self._stopping.set()

    def join(self) -> None:
        """Wait for the thread to end after `request_stop`."""
        if self._thread.is_alive():
            self._thread.join(_PULL_S + 1.0)

    def _pull(self) -> None:
        try:
            while not self._stopping.is_set():
                self._pull_once(_PULL_S)
            for _ in range(_MOST_LAST_PULLS):
                if not self._pull_once(0.0):
                    break
        except RuntimeError as error:  # pylsl's errors, LostError among them, derive from it
            self.failure = str(error)

    def _pull_once(self, wait_s: float) -> int:
        most = _MOST_TEXTS if self.is_text else _MOST_NUMBERS
        values, t_s = self._inlet.pull_chunk(wait_s, most, min_samples=1)
        if len(t_s):
            with self._lock:
                self._pulled.append(Pulled(np.asarray(t_s), values))
        return len(t_s)


def _buffer_length(info: pylsl.StreamInfo) -> int:
    """LSL's buffer length: seconds for regular streams, hundreds of samples for irregular ones."""
    if info.nominal_srate() > 0:
        return _BUFFER_S
    is_text = info.channel_format() == pylsl.cf_string
    return math.ceil(_BUFFER_S * (_FASTEST_TEXTS_HZ if is_text else _FASTEST_NUMBERS_HZ) / 100)
