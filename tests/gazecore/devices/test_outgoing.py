"""Our own form: each sample once, numbered, at its own time, described with our channels."""

from __future__ import annotations

import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.outgoing import OwnFormat
from gazecore.devices.pointer import PointerDriver
from gazecore.samples import GAZE_LABELS

pytestmark = pytest.mark.usefixtures("lsl_session")


def test_samples_are_numbered_on() -> None:
    seen = EyeChannels(gaze_x=0.25, gaze_y=0.5, gaze_valid=1.0)
    samples = [DeviceSample(10.0 + k, 1.0, 2.0, seen, seen) for k in range(3)]
    form = OwnFormat()
    assert len(list(form.rows(samples, 99.0))) == 3
    rows = list(form.rows([*samples], 99.0))
    assert [row.t_s for row in rows] == [10.0, 11.0, 12.0]
    assert [row.sequence for row in rows] == [row.values[0] for row in rows] == [3, 4, 5]
    assert [row.sample for row in rows] == samples
    assert rows[0].values == samples[0].channels(3)


def test_a_sample_that_is_sent_again_keeps_its_number() -> None:
    first, second = DeviceSample(10.0, 1.0, 2.0), DeviceSample(11.0, 1.0, 2.0)
    form = OwnFormat()
    rows = [*form.rows([first], 99.0), *form.rows([first, second, second], 99.0)]
    assert [row.sequence for row in rows] == [0, 0, 1, 1]


def test_it_describes_our_channels() -> None:
    info = OwnFormat().info("gaze", PointerDriver(90.0))
    assert (info.name(), info.type(), info.nominal_srate()) == ("gaze", "Gaze", 0.0)
    assert tuple(info.get_channel_labels()) == GAZE_LABELS
    assert info.desc().child_value("simulated") == "true"
    assert info.desc().child_value("true_rate") == "90"
