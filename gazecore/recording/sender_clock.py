"""Clock offsets of one inlet, as LSL measures them in the background; asking never blocks."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pylsl.lib import lib

if TYPE_CHECKING:
    import pylsl

_ASK_S = 0.001
"""How long a measurement that is not there yet is waited for: not at all."""

_time_correction = lib.lsl_time_correction_ex
_time_correction.restype = ctypes.c_double
_time_correction.argtypes = [
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_double),
    ctypes.POINTER(ctypes.c_double),
    ctypes.c_double,
    ctypes.POINTER(ctypes.c_int),
]


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """One measurement, in seconds.

    `collected_s` is when it was taken, on the sender's clock; `offset_s` is what to add to the
    sender's times; `uncertainty_s` is the round trip of the best of LSL's probes, within which
    the offset is known.
    """

    collected_s: float
    offset_s: float
    uncertainty_s: float


class OffsetMeter:
    """Hands out each measurement of an inlet once.

    LSL measures every 2 s, the first time 0.6 s after it was first asked, and keeps giving its
    last value when the outlet no longer answers: that one is not handed out again.
    """

    def __init__(self, inlet: pylsl.StreamInlet, wait_s: float = _ASK_S) -> None:
        self._inlet = inlet
        self._wait_s = wait_s
        self._last_s: float | None = None

    def measure(self) -> ClockOffset | None:
        """The newest measurement; None where there is none since the last."""
        collected_s, uncertainty_s = ctypes.c_double(), ctypes.c_double()
        error = ctypes.c_int()
        offset_s = _time_correction(
            self._inlet.obj,
            ctypes.byref(collected_s),
            ctypes.byref(uncertainty_s),
            self._wait_s,
            ctypes.byref(error),
        )
        if error.value or collected_s.value == self._last_s:
            return None
        self._last_s = collected_s.value
        return ClockOffset(collected_s.value, float(offset_s), uncertainty_s.value)
