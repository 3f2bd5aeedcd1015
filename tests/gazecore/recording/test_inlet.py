from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore import lsl
from gazecore.errors import NoStreamError
from gazecore.recording.inlet import Inlet
from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.recording.sender_clock import ClockOffset
    from tests.gazecore.recording.material import Sender


def resolved(name: str) -> pylsl.StreamInfo:
    (info,) = pylsl.resolve_byprop("name", name, 1, 10)
    return info


def wait_until(condition: Callable[[], bool], wait_s: float = 10) -> None:
    deadline = time.monotonic() + wait_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def ended(inlet: Inlet) -> None:
    inlet.request_stop()
    inlet.join()


def test_samples_come_bit_by_bit_in_order(make_sender: Callable[..., Sender]) -> None:
    sender = make_sender("inlet bits")
    inlet = Inlet(resolved("inlet bits"), 1)
    inlet.start()
    time.sleep(0.5)
    sender.finish()
    time.sleep(0.3)
    ended(inlet)
    pulled = inlet.take()
    values = np.concatenate([p.values for p in pulled])
    t_s = np.concatenate([p.t_s for p in pulled])
    sent = sender.sent[int(values[0, 0]) :]
    assert len(sent) > 50
    assert values.tobytes() == np.array([v for _, v in sent]).tobytes()
    assert t_s.tobytes() == np.array([t for t, _ in sent]).tobytes()
    assert inlet.take() == []


def test_clock_offsets_are_measured_when_due_and_cost_no_samples(
    make_sender: Callable[..., Sender],
) -> None:
    sender = make_sender("inlet offset")
    inlet = Inlet(resolved("inlet offset"), 1, offset_every_s=2.5)
    inlet.start()
    offsets: list[ClockOffset] = []

    def two_came() -> bool:
        offsets.extend(inlet.take_offsets())
        return len(offsets) == 2

    wait_until(two_came)
    sender.finish()
    time.sleep(0.3)
    ended(inlet)
    assert offsets[1].collected_s - offsets[0].collected_s > 1.5
    for offset in offsets:
        assert abs(offset.offset_s) < 0.01
        assert 0 < offset.uncertainty_s < 0.1
        assert abs(offset.collected_s - lsl.clock_s()) < 10
    numbers = np.concatenate([p.values[:, 0] for p in inlet.take()])
    assert np.all(np.diff(numbers) == 1)
    assert numbers[-1] == len(sender.sent) - 1


def test_the_full_description_is_known_once_started(make_sender: Callable[..., Sender]) -> None:
    make_sender("inlet labels")
    inlet = Inlet(resolved("inlet labels"), 4, segment=3)
    inlet.start()
    assert inlet.about.labels == GAZE_LABELS
    assert "<segment>3</segment>" in inlet.header_xml
    ended(inlet)


def test_the_death_of_an_outlet_is_known_at_once_and_stops_nothing(
    make_sender: Callable[..., Sender],
) -> None:
    sender = make_sender("inlet dies")
    inlet = Inlet(resolved("inlet dies"), 1)
    inlet.start()
    wait_until(lambda: bool(inlet.take()))
    assert not inlet.is_lost
    assert not inlet.is_gone_now()
    sender.vanish()
    start_s = time.monotonic()
    wait_until(lambda: inlet.failure is not None)
    assert time.monotonic() - start_s < 3
    assert inlet.is_lost
    assert inlet.is_gone_now()
    ended(inlet)


def test_an_outlet_gone_before_the_start_is_told(lsl_session: str) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.gaze_stream_info("inlet gone", 60, "g", simulated=True))
    info = resolved("inlet gone")
    del outlet
    inlet = Inlet(info, 1)
    with pytest.raises(NoStreamError, match="inlet gone"):
        inlet.start(0.5)


def test_texts_come_as_the_bytes_sent(lsl_session: str) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.marker_stream_info("t", "inlet texts"))
    inlet = Inlet(resolved("inlet texts"), 1)
    inlet.start()
    assert inlet.is_text
    texts = [f'{{"x": "{"ä眼" * k}"}}' for k in range(200)]
    for k, text in enumerate(texts):
        outlet.push_sample([text], 5.0 + k)
    received: list[bytes] = []

    def all_there() -> bool:
        received.extend(row[0] for p in inlet.take() for row in p.values.tolist())
        return len(received) == len(texts)

    wait_until(all_there)
    ended(inlet)
    assert received == [text.encode() for text in texts]
