"""Our streams on a real bus: descriptions, times to the bit, finding and not finding."""

from __future__ import annotations

import time
import uuid

import pylsl
import pytest

from gazecore import lsl
from gazecore.errors import InvalidSettingError, NoStreamError
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS

pytestmark = pytest.mark.usefixtures("lsl_session")


@pytest.fixture
def name() -> str:
    return f"gaze {uuid.uuid4().hex[:8]}"


def gaze_outlet(name: str) -> pylsl.StreamOutlet:
    info = lsl.gaze_stream_info(
        name, 600.0, f"id-{name}", simulated=True, details={"model": "a < b & c"}
    )
    return pylsl.StreamOutlet(info)


def test_the_description_crosses_the_bus(name: str) -> None:
    outlet = gaze_outlet(name)
    (short,) = lsl.resolve_named([name], 10.0)
    inlet = pylsl.StreamInlet(short, recover=False)
    info = inlet.info(10.0)
    assert (info.type(), info.nominal_srate(), info.channel_count()) == ("Gaze", 0.0, 27)
    assert info.channel_format() == pylsl.cf_double64
    assert tuple(info.get_channel_labels()) == GAZE_LABELS
    assert tuple(info.get_channel_units()) == tuple(unit for _, unit in GAZE_CHANNELS)
    description = info.desc()
    assert description.child_value("true_rate") == "600"
    assert description.child_value("simulated") == "true"
    assert description.child_value("model") == "a < b & c"
    inlet.close_stream()
    del outlet


def test_times_and_values_arrive_to_the_bit(name: str) -> None:
    outlet = gaze_outlet(name)
    (info,) = lsl.resolve_named([name], 10.0)
    inlet = pylsl.StreamInlet(info, recover=False)
    inlet.open_stream(10.0)
    start_s = lsl.clock_s()
    sent = [(start_s + k / 600.0, [float(k), *([1 / (k + 3)] * 26)]) for k in range(50)]
    for t_s, values in sent:
        outlet.push_sample(values, t_s)
    received: list[tuple[float, list[float]]] = []
    while len(received) < len(sent):
        sample, t_s = inlet.pull_sample(timeout=10.0)
        assert sample is not None
        received.append((t_s, list(sample)))
    assert received == sent
    inlet.close_stream()
    del outlet


def test_gaze_of_any_vendor_is_found(name: str) -> None:
    kinds = ("Gaze", "gaze", "ET", "Eyetracker", "EEG", "EyeOpenness")
    outlets = [
        pylsl.StreamOutlet(
            pylsl.StreamInfo(f"{name} {kind}", kind, 2, 0, "float32", f"{name}{kind}")
        )
        for kind in kinds
    ]
    deadline = time.monotonic() + 10
    while True:
        found = {i.type() for i in lsl.resolve_gaze(0.5) if i.name().startswith(name)}
        if found == {"Gaze", "gaze", "ET", "Eyetracker"} or time.monotonic() > deadline:
            break
    assert found == {"Gaze", "gaze", "ET", "Eyetracker"}
    del outlets


def test_streams_come_in_the_order_asked(name: str) -> None:
    outlets = [gaze_outlet(f"{name} {i}") for i in range(3)]
    wanted = [f"{name} {i}" for i in (2, 0, 1)]
    assert [info.name() for info in lsl.resolve_named(wanted, 10.0)] == wanted
    del outlets


def test_a_missing_stream_is_named(name: str) -> None:
    with pytest.raises(NoStreamError, match=name):
        lsl.resolve_named([name], 0.3)


def test_the_clock_is_the_monotonic_clock_of_lsl() -> None:
    before, now, after = pylsl.local_clock(), lsl.clock_s(), pylsl.local_clock()
    assert before <= now <= after


def test_markers_are_text_without_a_rate() -> None:
    info = lsl.marker_stream_info("me")
    assert (info.name(), info.type()) == ("FocusStation markers", "Markers")
    assert (info.channel_count(), info.nominal_srate()) == (1, 0.0)
    assert info.channel_format() == pylsl.cf_string


def test_hosts_named_by_a_study_are_asked_beside_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(lsl.HOSTS_VARIABLE, "")
    assert lsl.hosts() == ()
    lsl.name_hosts(["tracker-pc", " 10.0.0.7 "])
    lsl.name_hosts(["tracker-pc", "other.lab.org", ""])
    assert lsl.hosts() == ("tracker-pc", "10.0.0.7", "other.lab.org")
    text = lsl.configuration("mine", lsl.hosts())
    assert "KnownPeers = {127.0.0.1, tracker-pc, 10.0.0.7, other.lab.org}" in text
    assert "ResolveScope = machine" in text
    assert "SessionID = mine" in text


@pytest.mark.parametrize("host", ["a}", "a b", "x\ny", "-a", "[lab]"])
def test_what_is_no_host_is_refused(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv(lsl.HOSTS_VARIABLE, "")
    with pytest.raises(InvalidSettingError, match="remote host"):
        lsl.name_hosts([host])
    assert lsl.hosts() == ()


@pytest.mark.parametrize("odd", ["o'brien", "''", 'say "hi"', "李 <&>", "] or '1'='1"])
def test_a_name_of_any_characters_is_found(name: str, odd: str) -> None:
    outlet = gaze_outlet(f"{name} {odd}")
    other = gaze_outlet(name)
    (info,) = lsl.resolve_named([f"{name} {odd}"], 5.0)
    assert info.name() == f"{name} {odd}"
    del outlet, other
