from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore import lsl
from gazecore.recording.binding import bound_info, find_outlet
from gazecore.recording.subscription import Subscription, buffer_length
from gazecore.samples import GAZE_LABELS
from tests.gazecore.recording.test_inlet import resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gazecore.recording.material import Sender


@pytest.mark.parametrize(
    ("rate_hz", "channel_format", "samples"),
    [(0, "double64", 720_000), (60, "float32", 720_000), (2000, "double64", 720_000),
     (10_000, "int16", 3_600_000), (0, "string", 72_000), (1e-9, "double64", 0)],
)  # fmt: skip
def test_there_is_room_for_six_minutes_whatever_is_declared(
    rate_hz: float, channel_format: str, samples: int
) -> None:
    info = pylsl.StreamInfo("room", "x", 1, rate_hz, channel_format, "s")
    length = buffer_length(info)
    assert length * (rate_hz or 100) >= samples
    assert length < 2**31


def test_what_had_arrived_is_there_after_the_outlets_death(
    make_sender: Callable[..., Sender],
) -> None:
    sender = make_sender("backlog")
    info = resolved("backlog")
    outlet = find_outlet(info)
    assert outlet is not None
    subscription = Subscription(bound_info(info, outlet), recover=True)
    assert GAZE_LABELS[3] in subscription.open(5.0)
    first = len(sender.sent)
    time.sleep(1.0)  # nothing is pulled meanwhile
    sender.finish()
    time.sleep(0.2)
    sender.vanish()
    time.sleep(0.5)
    start_s = time.monotonic()
    chunks = []
    while len((chunk := subscription.pull())[0]):
        chunks.append(chunk[1])
    assert time.monotonic() - start_s < 1
    numbers = np.concatenate(chunks)[:, 0]
    assert numbers[0] <= first + 30
    assert numbers[-1] == len(sender.sent) - 1
    assert np.all(np.diff(numbers) == 1)


def test_an_outlet_that_is_gone_is_an_error_in_time(lsl_session: str) -> None:
    del lsl_session
    made = pylsl.StreamOutlet(lsl.marker_stream_info("x", "vanished"))
    info = resolved("vanished")
    outlet = find_outlet(info)
    assert outlet is not None
    subscription = Subscription(bound_info(info, outlet), recover=True)
    del made
    start_s = time.monotonic()
    with pytest.raises(RuntimeError):
        subscription.open(0.3)
    assert time.monotonic() - start_s < 3
