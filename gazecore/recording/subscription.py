"""LSL's inlet as the recorder uses it: room for minutes, whole chunks at once, no waiting.

``pull_chunk`` asks for the stream's full description and waits for it without end, even with a
timeout of 0; that is what makes it hang after an outlet's death. Once the description is there,
it never waits. So a subscription is opened, description first, before anything is pulled.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pylsl

if TYPE_CHECKING:
    import numpy.typing as npt

_BUFFER_S = 360
_FASTEST_NUMBERS_HZ, _FASTEST_TEXTS_HZ = 2000, 200
_MOST_NUMBERS, _MOST_TEXTS = 1024, 128
_LONGEST_BUFFER = 2**31 - 1


class Subscription:
    """A subscription to one outlet.

    Parameters
    ----------
    info : pylsl.StreamInfo
        Of the outlet, bound (see `gazecore.recording.binding`) if `recover`.
    recover : bool
        Whether LSL may reconnect; without, the outlet's death ends it and what had arrived
        cannot be had.
    """

    def __init__(self, info: pylsl.StreamInfo, *, recover: bool) -> None:
        self.inlet = pylsl.StreamInlet(info, buffer_length(info), recover=recover, as_numpy=True)
        self._uid = info.uid()
        self.is_text = info.channel_format() == pylsl.cf_string
        self.most = _MOST_TEXTS if self.is_text else _MOST_NUMBERS
        dtype = self.inlet.np_dtype
        shape = (_MOST_NUMBERS, info.channel_count())
        self._room = None if self.is_text else np.empty(shape, dtype)

    def open(self, wait_s: float) -> str:
        """Subscribe; all that is sent from the return on is received. Returns the description.

        Raises
        ------
        RuntimeError
            The outlet does not answer within `wait_s` (for each of two steps), or is gone.
        """
        full = self.inlet.info(wait_s)
        if full.uid() != self._uid:
            raise RuntimeError("another outlet has taken its place")
        self.inlet.open_stream(wait_s)
        return str(full.as_xml())

    def pull(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[Any]]:
        """Up to `most` samples that have arrived: sender's times (n,), values (n, channels).

        Raises
        ------
        RuntimeError
            The outlet is gone (only without recovery).
        """
        values, t_s = self.inlet.pull_chunk(0.0, self.most, self._room)
        return np.asarray(t_s), values if self.is_text else values.copy()


def buffer_length(info: pylsl.StreamInfo) -> int:
    """How much LSL keeps for us, in its unit: seconds of regular, 100 samples of irregular streams.

    It is six minutes at the declared rate, or at that of the fastest trackers where that is
    more: a declared rate may be too low tenfold, and an irregular stream declares none. A place
    costs 16 bytes; what lies there costs more.
    """
    is_text = info.channel_format() == pylsl.cf_string
    declared_hz = float(info.nominal_srate())
    fastest_hz = max(declared_hz, _FASTEST_TEXTS_HZ if is_text else _FASTEST_NUMBERS_HZ)
    return min(math.ceil(_BUFFER_S * fastest_hz / (declared_hz or 100)), _LONGEST_BUFFER)
