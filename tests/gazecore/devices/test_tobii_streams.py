"""Subscriptions over both SDKs: queues that fill from the SDK's threads, and never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.devices.side_streams import EXTERNAL_SIGNAL, EYE_OPENNESS, TIME_SYNCHRONISATION
from gazecore.devices.tobii_streams import GUIDE_KEPT_S, NOTIFICATIONS, TobiiStreams
from gazecore.devices.traits import EyePosition, EyePositions
from gazecore.errors import TrackerError
from gazecore.lsl import clock_s
from tests.gazecore.devices import fake_tracker as bench
from tests.gazecore.devices.fake_tracker import (
    gaze_data,
    guide_data,
    openness_data,
    signal_data,
    time_data,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gazecore.devices.conftest import Bench


@pytest.fixture
def streams(tobii_bench: Bench) -> Iterator[TobiiStreams]:
    yield from streams_of(tobii_bench)


@pytest.fixture
def own_streams(own_bench: Bench) -> Iterator[TobiiStreams]:
    yield from streams_of(own_bench)


def streams_of(bench: Bench) -> Iterator[TobiiStreams]:
    streams = TobiiStreams(bench.sdk, bench.connect(), 0.0)
    streams.subscribe_gaze()
    yield streams
    streams.close()
    assert bench.device.streams == {}


def test_gaze_is_packed_in_the_order_it_came(tobii_bench: Bench, streams: TobiiStreams) -> None:
    for k in range(5):
        tobii_bench.device.emit_gaze(device_time_stamp=k)
    assert [values[0] for values in streams.gaze] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert all(len(values) == 26 for values in streams.gaze)


def test_malformed_data_leaves_no_callback_and_is_told_once(
    tobii_bench: Bench, streams: TobiiStreams
) -> None:
    for _ in range(3):
        tobii_bench.device.emit_gaze(left_pupil_diameter=None)
    tobii_bench.device.emit_gaze()
    assert len(streams.gaze) == 1
    streams.tidy(clock_s())
    streams.tidy(clock_s())
    (event,) = streams.events
    assert event.event == "malformed_data"
    assert "3 times" in event.detail
    assert "TypeError" in event.detail


def test_the_streams_beside_gaze_come_where_the_tracker_has_them(
    own_bench: Bench, own_streams: TobiiStreams
) -> None:
    own_streams.subscribe_rest(openness=True, signal=True)
    own_bench.device.emit(bench.OPENNESS, openness_data())
    own_bench.device.emit(bench.TIME_SYNC, time_data())
    own_bench.device.emit(bench.SIGNAL, signal_data())
    assert [s.stream for s in own_streams.side] == [
        EYE_OPENNESS,
        TIME_SYNCHRONISATION,
        EXTERNAL_SIGNAL,
    ]
    assert list(own_streams.events) == []


def test_what_is_not_wanted_is_not_subscribed(tobii_bench: Bench, streams: TobiiStreams) -> None:
    streams.subscribe_rest(openness=False, signal=False)
    assert set(tobii_bench.device.streams) == {
        bench.GAZE,
        bench.ERRORS,
        bench.TIME_SYNC,
        bench.NOTIFICATIONS,
    }


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_each_notification_is_an_event(
    tobii_bench: Bench, streams: TobiiStreams, name: str
) -> None:
    streams.subscribe_rest(openness=False, signal=False)
    fields = {"faults": "camera"} if name == "DEVICE_FAULTS" else {}
    tobii_bench.device.notify(name.lower(), system_time_stamp=9_000_000, **fields)
    (event,) = streams.events
    assert (event.event, event.t_s, event.values) == (name.lower(), 9.0, fields)


def test_a_stream_error_is_an_event(tobii_bench: Bench, streams: TobiiStreams) -> None:
    streams.subscribe_rest(openness=False, signal=False)
    error = {
        "system_time_stamp": 9_000_000,
        "error": "stream_error_insufficient_license",
        "source": "stream_error_source_subscription_gaze_data",
        "message": "no licence",
    }
    tobii_bench.device.emit(bench.ERRORS, error)
    (event,) = streams.events
    assert event.event == "stream_error"
    assert event.values["error"] == "stream_error_insufficient_license"
    assert "no licence" in event.detail


def test_a_stream_that_is_refused_is_told_and_the_rest_comes(own_bench: Bench) -> None:
    own_bench.device.script["subscribe_to"] = [bench.OK, bench.OK, bench.LICENCE]
    streams = TobiiStreams(own_bench.sdk, own_bench.connect(), 0.0)
    streams.subscribe_gaze()
    streams.subscribe_rest(openness=True, signal=False)
    (event,) = streams.events
    assert event.event == "stream_unavailable"
    assert "time_synchronization" in event.detail
    own_bench.device.emit(bench.OPENNESS, openness_data())
    assert len(streams.side) == 1
    streams.close()


def test_gaze_that_is_refused_is_an_error(tobii_bench: Bench) -> None:
    tobii_bench.device.script["subscribe_to"] = [bench.LICENCE]
    streams = TobiiStreams(tobii_bench.sdk, tobii_bench.connect(), 0.0)
    with pytest.raises(TrackerError, match=r"refused the gaze stream.*licence"):
        streams.subscribe_gaze()
    # What was refused once can be had later, also through another object.
    again = TobiiStreams(tobii_bench.sdk, tobii_bench.connect(), 0.0)
    again.subscribe_gaze()
    tobii_bench.device.emit_gaze()
    assert len(again.gaze) == 1
    again.close()


def test_positions_are_asked_for_only_while_somebody_looks(
    tobii_bench: Bench, streams: TobiiStreams
) -> None:
    assert bench.GUIDE not in tobii_bench.device.streams
    assert streams.positions() == EyePositions()
    tobii_bench.device.emit(bench.GUIDE, guide_data(right_user_position_validity=0))
    seen = streams.positions()
    assert seen.left == EyePosition(0.4, 0.5, 0.6, valid=True)
    assert not seen.right.valid
    streams.tidy(clock_s())
    assert bench.GUIDE in tobii_bench.device.streams
    streams.tidy(clock_s() + GUIDE_KEPT_S + 1.0)
    assert bench.GUIDE not in tobii_bench.device.streams
    streams.positions()
    assert bench.GUIDE in tobii_bench.device.streams


def test_without_a_position_guide_the_track_box_of_sdk_1_is_taken(
    own_bench: Bench, own_streams: TobiiStreams
) -> None:
    own_bench.device.script["subscribe_to"] = [bench.NOT_SUPPORTED]
    assert own_streams.positions() == EyePositions()
    box = {
        f"{eye}_gaze_origin_in_trackbox_coordinate_system": (x, 0.5, 0.5)
        for eye, x in (("left", 0.4), ("right", 0.6))
    }
    own_bench.device.emit(bench.GAZE, gaze_data(**box))
    assert own_streams.positions().right == EyePosition(0.6, 0.5, 0.5, valid=True)
    own_bench.device.emit_gaze()
    assert own_streams.positions() == EyePositions()


def test_a_tracker_that_is_gone_can_be_let_go_of(tobii_bench: Bench) -> None:
    streams = TobiiStreams(tobii_bench.sdk, tobii_bench.connect(), 0.0)
    streams.subscribe_gaze()
    streams.positions()
    tobii_bench.device.script["unsubscribe_from"] = [bench.CONNECTION_FAILED] * 2
    streams.close()
    assert [event.event for event in streams.events] == ["unsubscribe_failed"] * 2
    tobii_bench.device.emit_gaze()


def test_gaze_is_renewed_with_the_same_callback(tobii_bench: Bench, streams: TobiiStreams) -> None:
    tobii_bench.device.emit_gaze()
    tobii_bench.device.streams.clear()
    tobii_bench.device.emit_gaze()
    streams.renew_gaze()
    tobii_bench.device.emit_gaze()
    assert len(streams.gaze) == 2
