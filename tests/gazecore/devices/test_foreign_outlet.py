"""Foreign outlets: values and times of each profile in closed form, and once over the bus."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels, TruePoint
from gazecore.devices.foreign_outlet import ForeignFormat
from gazecore.devices.outlet_profiles import OUTLET_PROFILES, outlet_profile
from gazecore.devices.pointer import PointerDriver
from gazecore.devices.process import Tracker, TrackerSettings
from gazecore.devices.simulated import SimulatedDriver, SimulatedSettings
from gazecore.errors import InvalidSettingError
from gazecore.lsl import resolve_gaze
from gazecore.streams import Refusal, StreamProfile, match_profile
from tests.gazecore.streams.wild import about

if TYPE_CHECKING:
    from gazecore.devices.outgoing import Outgoing

pytestmark = pytest.mark.usefixtures("lsl_session")

LEFT = EyeChannels(0.25, 0.5, 1.0, -130.0, 10.0, 0.0, 3.0, 1.0, -31.0, 5.0, 650.0, 1.0)
RIGHT = EyeChannels(0.75, 0.6, 1.0, 130.0, 20.0, 0.0, 4.0, 1.0, 31.0, 5.0, 650.0, 1.0)
SEEN = DeviceSample(50.0, 7.5, 50.0, LEFT, RIGHT, TruePoint(0.5, 0.5, 1))
LOST = DeviceSample(50.01, 7.51, 50.01, truth=TruePoint(0.5, 0.5, 5))


def rows(name: str, *samples: DeviceSample, now_s: float = 50.02) -> list[Outgoing]:
    form = ForeignFormat(outlet_profile(name), PointerDriver(100.0))
    return list(form.rows(samples, now_s))


def by_label(name: str, row: Outgoing) -> dict[str, float]:
    labels = [channel.label for channel in outlet_profile(name).channels]
    return dict(zip(labels, row.values, strict=True))


@pytest.mark.parametrize("name", list(OUTLET_PROFILES))
def test_every_profile_can_send_and_describes_itself_as_the_table_says(name: str) -> None:
    profile = outlet_profile(name)
    driver = PointerDriver(100.0)
    info = ForeignFormat(profile, driver).info(profile.stream_name, driver)
    assert (info.name(), info.type()) == (profile.stream_name, profile.type)
    assert info.channel_count() == profile.channel_count
    expected_hz = 100.0 if profile.declared_rate_hz is None else profile.declared_rate_hz
    assert info.nominal_srate() == expected_hz
    assert info.desc().child_value("simulated") == "true"
    labels = []
    channel = info.desc().child("channels").child("channel")
    while not channel.empty():
        labels.append(channel.child_value("label"))
        assert channel.child_value("type" if profile.kind_key == "metatype" else "metatype") == ""
        channel = channel.next_sibling()
    assert tuple(labels) == profile.labels
    for row in rows(name, SEEN, LOST):
        assert len(row.values) == profile.channel_count


def test_app_tobiipro_sends_the_display_area_and_nan() -> None:
    seen, lost = rows("app-tobiipro", SEEN, LOST)
    assert seen.values == [0.25, 0.5, 3.0, 0.75, 0.6, 4.0]
    assert all(math.isnan(value) for value in lost.values)
    assert (seen.t_s, lost.t_s) == (50.0, 50.01)


def test_titta_sends_flags_and_device_time_in_seconds() -> None:
    seen, lost = (by_label("titta", row) for row in rows("titta", SEEN, LOST))
    assert seen["x.position_on_display_area.gaze_point.right_eye"] == 0.75
    assert seen["z.position_in_user_coordinates.gaze_origin.left_eye"] == 650.0
    assert (seen["valid.pupil.left_eye"], lost["valid.pupil.left_eye"]) == (1.0, 0.0)
    assert lost["available.gaze_point.left_eye"] == 1.0
    assert seen["available.eye_openness.left_eye"] == 0.0
    assert math.isnan(lost["diameter.pupil.left_eye"])
    assert seen["device_time_stamp"] == 7.5


def test_pupil_capture_is_in_a_scene_with_y_up() -> None:
    values = by_label("pupil-capture", rows("pupil-capture", SEEN)[0])
    sway_x, sway_y = 0.04 * math.sin(0.31 * 50.0), 0.03 * math.sin(0.23 * 50.0 + 1.0)
    assert values["norm_pos_x"] == pytest.approx(0.5 + sway_x)
    assert values["norm_pos_y"] == pytest.approx(1.0 - (0.5 + 0.5 * 0.05 + sway_y))
    assert (values["diameter0_3d"], values["diameter1_3d"]) == (4.0, 3.0)
    normal = [values[f"gaze_normal1_{a}"] for a in "xyz"]
    assert np.linalg.norm(normal) == pytest.approx(1.0)
    assert normal[2] < 0


def test_companion_pixels_are_of_its_camera() -> None:
    values = by_label("neon", rows("neon", SEEN)[0])
    sway_x = 0.04 * math.sin(0.31 * 50.0)
    assert values["x"] == pytest.approx(1600 * (0.5 + sway_x))


def test_eyelink_sends_pixels_and_zero_for_an_absent_eye() -> None:
    one_eye = DeviceSample(50.0, 7.5, 50.0, LEFT, truth=SEEN.truth)
    values = by_label("eyelink", rows("eyelink", one_eye)[0])
    assert (values["leftEyeX"], values["leftEyeY"]) == (480.0, 540.0)
    assert (values["rightEyeX"], values["rightEyeY"], values["rightPupilArea"]) == (0.0, 0.0, 0.0)
    assert values["leftPupilArea"] == pytest.approx(150 * math.pi * 2.25)
    assert values["eyelink_timestamp"] == 7500.0


def test_eyelink_polls_so_that_some_are_lost_and_some_doubled() -> None:
    form = ForeignFormat(outlet_profile("eyelink"), PointerDriver(100.0))
    sent: list[Outgoing] = []
    for k in range(1000):
        sample = DeviceSample(50.0 + k / 100, k, 0.0, LEFT, RIGHT)
        sent += form.rows([sample], sample.t_s + 0.001)
    numbers = [row.sample.device_time_s for row in sent]
    steps = np.diff(numbers)
    assert set(steps.tolist()) == {0.0, 1.0, 2.0}
    assert (steps == 0).mean() == pytest.approx(0.1, abs=0.08)
    times = np.diff([row.t_s for row in sent])
    assert times.min() >= 0.006 - 1e-9
    assert times.max() <= 0.016 + 1e-9
    assert all(row.t_s >= row.sample.t_s for row in sent)


def test_neurobooth_sends_the_missing_code() -> None:
    values = by_label("eyelink-neurobooth", rows("eyelink-neurobooth", LOST)[0])
    assert (values["L_GazeX"], values["L_PupilSize"]) == (-32768.0, 0.0)
    assert rows("eyelink-neurobooth", SEEN)[0].t_s == 50.02


def test_gazepoint_tells_the_fixation_in_progress_and_zero_when_lost() -> None:
    def sample(k: int, label: int) -> DeviceSample:
        return DeviceSample(50.0 + k, 0.0, 0.0, LEFT, RIGHT, TruePoint(0.5, 0.5, label))

    sent = rows("gazepoint", sample(0, 1), sample(1, 1), sample(2, 2), sample(3, 1), LOST)
    told = [by_label("gazepoint", row) for row in sent]
    assert [t["FPOGID"] for t in told] == [1, 1, 1, 2, 0]
    assert [t["FPOGV"] for t in told] == [1, 1, 0, 1, 0]
    assert [t["FPOGD"] for t in told] == [0, 1, 1, 0, 0]
    assert [t["FPOGS"] for t in told] == [0, 0, 0, 3, 0]
    assert told[0]["FPOGX"] == 0.5
    assert told[4]["FPOGX"] == 0.0


def test_one_channel_carries_four_values_one_after_another_stamped_back_from_now() -> None:
    sent = rows("tobii-script-ET", SEEN, now_s=50.02)
    assert [row.values for row in sent] == [[0.25], [0.5], [0.75], [0.6]]
    assert [row.t_s for row in sent] == [50.02 - k / 120 for k in (3, 2, 1, 0)]
    assert [row.sequence for row in sent] == [0, 1, 2, 3]


def test_device_time_squeezed_into_float32_is_useless() -> None:
    samples = [DeviceSample(50.0, 36_000.0 + k / 1000, 50.0, LEFT, RIGHT) for k in range(12)]
    sent = [row.values[0] for row in rows("tobii-script-31", *samples)]
    assert np.diff(sent) == pytest.approx(1000.0)
    assert len(set(np.asarray(sent, np.float32).tolist())) <= 4


class Real(PointerDriver):
    """A device that is no simulation."""

    simulated = False


def test_no_real_tracker_goes_out_under_a_foreign_name() -> None:
    with pytest.raises(InvalidSettingError, match="simulations alone"):
        ForeignFormat(outlet_profile("titta"), Real())


def test_over_the_bus_37_channels_arrive_with_36_labels() -> None:
    driver = SimulatedDriver(SimulatedSettings(rate_hz=600.0, noise_deg=0.0, seed=2))
    profile = outlet_profile("titta")
    settings = TrackerSettings(
        stream_name=profile.stream_name, seconds=2.0, format=ForeignFormat(profile, driver)
    )
    thread = threading.Thread(target=Tracker(driver, settings).run)
    thread.start()
    try:
        found = [i for i in resolve_gaze(1.0) if i.name() == profile.stream_name]
        inlet = pylsl.StreamInlet(found[0], recover=False)
        sample, t_s = inlet.pull_sample(timeout=10.0)
        info = inlet.info(5.0)
        inlet.close_stream()
    finally:
        thread.join(20)
    assert sample is not None
    assert (len(sample), info.nominal_srate()) == (37, 600.0)
    assert sample[36] == pytest.approx(t_s, rel=1e-4)
    assert info.desc().child("channels").child("channel").child_value("label") == profile.labels[0]


REFUSED = {"pupil-capture", "pupil-companion", "neon", "tobii-script-ET"}


@pytest.mark.parametrize("name", list(OUTLET_PROFILES))
def test_what_is_sent_is_recognised_and_read_as_the_gaze_it_was(name: str) -> None:
    profile = outlet_profile(name)
    stream = about(
        profile.stream_name, profile.type, profile.labels, profile.channel_count, profile.source_id
    )
    judged = match_profile(stream)
    if name in REFUSED:
        assert isinstance(judged, Refusal)
        assert judged.reason
        return
    assert isinstance(judged, StreamProfile)
    sent = rows(name, SEEN, LOST, now_s=50.1)
    values = np.array([row.values for row in sent], "f4" if profile.format == "float32" else "f8")
    samples = judged.with_resolution(1920, 1080).to_samples([row.t_s for row in sent], values)
    expected = {"gazepoint": ((0.5, 0.55), (0.5, 0.55))}.get(name, ((0.25, 0.5), (0.75, 0.6)))
    for eye, xy in zip(("left", "right"), expected, strict=True):
        valid = getattr(samples, f"{eye}_valid").tolist()
        found = getattr(samples, f"{eye}_xy_norm")
        assert not valid[-1]
        assert not valid[0] or found[0] == pytest.approx(xy, abs=1e-6)
    assert samples.left_valid[0] or samples.right_valid[0]
