"""Side streams on a real bus: what is sent arrives, with labels and units; late ones hear too."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore.devices.side_streams import (
    EVENTS_NAME,
    EXTERNAL_SIGNAL,
    EYE_OPENNESS,
    TIME_SYNCHRONISATION,
    DeviceEvent,
    SideOutlets,
    SideSample,
    SideStream,
    side_name,
    side_stream_info,
)
from gazecore.lsl import clock_s, resolve_gaze, resolve_named
from gazecore.messages import TrackerEvent, parse_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("lsl_session")


@pytest.fixture
def name() -> str:
    return f"{uuid.uuid4().hex[:8]} gaze"


@pytest.fixture
def outlets(name: str) -> Iterator[SideOutlets]:
    outlets = SideOutlets(
        name, "id", [EYE_OPENNESS, TIME_SYNCHRONISATION], lambda: {"model": "bench"}
    )
    outlets.open()
    yield outlets
    outlets.close()


def inlet_of(name: str) -> pylsl.StreamInlet:
    (info,) = resolve_named([name], 10.0)
    inlet = pylsl.StreamInlet(info, recover=False)
    inlet.open_stream(10.0)
    return inlet


def pushed_until(outlets: SideOutlets, inlet: pylsl.StreamInlet, count: int) -> list[TrackerEvent]:
    """The events that arrive while the loop of a tracker goes on, `count` of them."""
    events: list[TrackerEvent] = []
    deadline = time.monotonic() + 10
    while len(events) < count and time.monotonic() < deadline:
        outlets.push((), clock_s())
        sample, t_s = inlet.pull_sample(timeout=0.05)
        if sample is not None:
            marker = parse_marker(sample[0])
            assert isinstance(marker, TrackerEvent)
            assert marker.t_s == t_s
            events.append(marker)
    return events


def test_streams_bear_the_name_of_the_gaze_stream() -> None:
    assert side_name("FocusStation gaze", "eye openness") == "FocusStation eye openness"
    assert side_name("left room", "eye openness") == "left room eye openness"
    outlets = SideOutlets("FocusStation gaze", "id", [EYE_OPENNESS], dict)
    assert outlets.names == ("FocusStation eye openness", f"FocusStation {EVENTS_NAME}")


@pytest.mark.parametrize("stream", [EYE_OPENNESS, TIME_SYNCHRONISATION, EXTERNAL_SIGNAL])
def test_a_stream_is_described_by_labels_and_units(stream: SideStream) -> None:
    info = side_stream_info("X gaze", "id", stream)
    assert info.nominal_srate() == 0.0
    assert list(zip(info.get_channel_labels(), info.get_channel_units(), strict=True)) == list(
        stream.channels
    )


def test_samples_arrive_to_the_bit_and_are_no_gaze(outlets: SideOutlets, name: str) -> None:
    inlet = inlet_of(side_name(name, EYE_OPENNESS.name))
    values = (1.0 / 3.0, 2.0 / 3.0, 9.5, 1.0, float(2**0.5), 0.0)
    outlets.push([SideSample(EYE_OPENNESS, 123.456, values)], clock_s())
    sample, t_s = inlet.pull_sample(timeout=10.0)
    assert (tuple(sample), t_s) == (values, 123.456)
    assert [i.name() for i in resolve_gaze(0.5) if i.name().startswith(name[:8])] == []
    inlet.close_stream()


def test_who_listens_hears_the_settings_and_all_events_before(
    outlets: SideOutlets, name: str
) -> None:
    outlets.note(DeviceEvent(clock_s(), "device_warnings", "warm", {"code": "3"}))
    outlets.push((), clock_s())
    inlet = inlet_of(side_name(name, EVENTS_NAME))
    settings, warning = pushed_until(outlets, inlet, 2)
    assert (settings.event, settings.values) == ("settings", {"model": "bench"})
    assert (warning.event, warning.detail, warning.values) == (
        "device_warnings",
        "warm",
        {"code": "3"},
    )
    assert outlets.has_readers()
    inlet.close_stream()


def test_who_comes_back_hears_the_settings_again(outlets: SideOutlets, name: str) -> None:
    for _ in range(2):
        inlet = inlet_of(side_name(name, EVENTS_NAME))
        (settings,) = pushed_until(outlets, inlet, 1)
        assert settings.event == "settings"
        inlet.close_stream()
        del inlet
        deadline = time.monotonic() + 10
        while outlets.has_readers() and time.monotonic() < deadline:
            time.sleep(0.02)
        outlets.push((), clock_s())


def test_closed_streams_are_off_the_bus(name: str) -> None:
    outlets = SideOutlets(name, "id", [], dict)
    outlets.open()
    assert resolve_named([outlets.names[0]], 10.0)
    outlets.close()
    outlets.push((), clock_s())
    assert not outlets.has_readers()
    deadline = time.monotonic() + 10
    while pylsl.resolve_byprop("name", outlets.names[0], 1, 0.2):
        assert time.monotonic() < deadline
