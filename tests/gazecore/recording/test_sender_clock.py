from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore import lsl
from gazecore.recording.sender_clock import ClockOffset, OffsetMeter
from tests.gazecore.recording.test_inlet import resolved, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gazecore.recording.material import Sender


def test_each_measurement_is_handed_out_once_and_asking_never_waits(
    make_sender: Callable[..., Sender],
) -> None:
    sender = make_sender("metered")
    inlet = pylsl.StreamInlet(resolved("metered"), recover=False)
    inlet.open_stream(5.0)
    meter = OffsetMeter(inlet)
    offsets: list[ClockOffset] = []
    longest_s = 0.0

    def came(count: int) -> bool:
        nonlocal longest_s
        start_s = time.monotonic()
        offset = meter.measure()
        longest_s = max(longest_s, time.monotonic() - start_s)
        if offset is not None:
            offsets.append(offset)
        return len(offsets) >= count

    wait_until(lambda: came(1))
    assert meter.measure() is None
    wait_until(lambda: came(2))
    assert longest_s < 0.5
    assert 1 < offsets[1].collected_s - offsets[0].collected_s < 8
    assert abs(offsets[1].collected_s - lsl.clock_s()) < 8
    assert all(abs(o.offset_s) < 0.01 for o in offsets)
    sender.vanish()
    stopped_s = time.monotonic()
    while time.monotonic() - stopped_s < 2.6:
        meter.measure()  # one may have been on its way
        time.sleep(0.05)
    assert meter.measure() is None
