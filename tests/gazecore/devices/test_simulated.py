"""The simulated tracker without a bus: exact without noise, biased before calibration."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gazecore.devices.side_streams import EYE_OPENNESS, TIME_SYNCHRONISATION
from gazecore.devices.simulated import SimulatedDriver, SimulatedSettings
from gazecore.devices.station_view import MarkerFeed
from gazecore.events import detect_events
from gazecore.events.agreement import kappa
from gazecore.geometry import Screen, Transform
from gazecore.lsl import clock_s
from gazecore.messages import (
    CaseOpened,
    ScreenState,
    SessionStarted,
    TargetShown,
    ViewportChanged,
    WindowState,
)
from gazecore.samples import GazeSamples, gaze_point
from gazecore.synthetic.scene import Scene, Target
from gazecore.synthetic.stimulus import DEFAULT_SCREEN

if TYPE_CHECKING:
    from gazecore.devices.driver import DeviceSample

CASE = CaseOpened(t_s=0.0, reading_id="r", case_id="c", image_width_px=1000, image_height_px=1000)


def viewport(transform: Transform) -> ViewportChanged:
    return ViewportChanged(
        t_s=0.0,
        serial=1,
        reading_id="r",
        case_id="c",
        cause="zoom",
        transform=transform.elements,
        shown_screen_px=(400.0, 40.0, 1000.0, 1000.0),
        window=WindowState(center=1, width=2),
    )


def samples_of(driver: SimulatedDriver, start_s: float, seconds: float) -> list[DeviceSample]:
    return [
        sample
        for k in range(1, round(seconds * 50) + 1)
        for sample in driver.read(start_s + k / 50)
    ]


def started(settings: SimulatedSettings) -> SimulatedDriver:
    driver = SimulatedDriver(settings)
    driver.start(100.0)
    return driver


def eyes_and_truth(samples: list[DeviceSample]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left = np.array([(s.left.gaze_x, s.left.gaze_y) for s in samples])
    right = np.array([(s.right.gaze_x, s.right.gaze_y) for s in samples])
    truth = np.array([(s.truth.x_norm, s.truth.y_norm) for s in samples if s.truth])
    return left, right, truth


def test_without_noise_both_eyes_are_the_truth_exactly() -> None:
    driver = started(SimulatedSettings(noise_deg=0.0, seed=4))
    driver.view.show(CASE)
    driver.view.show(viewport(Transform.affine((1.0, 1.0), (400.0, 40.0))))
    left, right, truth = eyes_and_truth(samples_of(driver, 100.0, 20.0))
    assert len(truth) == 2401
    assert (left == truth).all()
    assert (right == truth).all()
    assert np.ptp(truth, axis=0).min() > 0.1


def test_blinks_and_an_offset_may_be_asked_for_without_noise() -> None:
    settings = SimulatedSettings(noise_deg=0.0, blinks=True, uncalibrated_deg=2.0)
    samples = samples_of(started(settings), 100.0, 10.0)
    assert any(s.is_lost for s in samples)
    left, _, truth = eyes_and_truth([s for s in samples if not s.is_lost])
    off = DEFAULT_SCREEN.angle_deg(DEFAULT_SCREEN.from_norm(left), DEFAULT_SCREEN.from_norm(truth))
    assert off == pytest.approx(2.0, rel=0.1)


def test_a_blink_is_nan_with_flags_zero_and_the_truth_goes_on() -> None:
    samples = samples_of(started(SimulatedSettings(seed=1)), 100.0, 20.0)
    lost = [s for s in samples if s.is_lost]
    assert lost
    for sample in lost:
        for eye in (sample.left, sample.right):
            assert math.isnan(eye.gaze_x)
            assert math.isnan(eye.pupil_diameter)
            assert (eye.gaze_valid, eye.pupil_valid, eye.origin_valid) == (0.0, 0.0, 0.0)
        assert sample.truth is not None
        assert sample.truth.label == 5
        assert math.isfinite(sample.truth.x_norm)


@pytest.mark.parametrize("rate_hz", [90.0, 120.0, 600.0, 1200.0])
def test_every_sample_of_the_rate_is_there_once(rate_hz: float) -> None:
    samples = samples_of(started(SimulatedSettings(rate_hz=rate_hz)), 100.0, 2.0)
    assert [s.t_s for s in samples] == [100.0 + k / rate_hz for k in range(len(samples))]
    assert len(samples) == round(rate_hz * 2) + 1


def test_the_same_seed_gives_the_same_samples() -> None:
    def channels(seed: int) -> list[list[float]]:
        samples = samples_of(started(SimulatedSettings(seed=seed)), 100.0, 5.0)
        return [s.channels(0) for s in samples if not s.is_lost]

    assert channels(3) == channels(3)
    assert channels(3) != channels(4)


def test_gaze_goes_to_the_target_shown() -> None:
    driver = started(SimulatedSettings(noise_deg=0.0))
    driver.view.show(TargetShown(t_s=0.0, purpose="validation", x_norm=0.2, y_norm=0.7))
    last = samples_of(driver, 100.0, 1.0)[-1]
    assert (last.left.gaze_x, last.left.gaze_y) == pytest.approx((0.2, 0.7), abs=0.02)


def test_gaze_follows_the_image_through_a_change_of_the_viewport() -> None:
    scene = {"c": Scene((Target(250, 250, 0, 1.0),))}
    driver = started(SimulatedSettings(noise_deg=0.0, scenes=scene))
    driver.view.show(CASE)
    before = Transform.affine((1.0, 1.0), (400.0, 40.0))
    after = Transform.affine((2.0, 2.0), (400.0, 40.0))
    near: list[float] = []
    for transform, start_s in ((before, 100.0), (after, 103.0)):
        driver.view.show(viewport(transform))
        samples = [s for s in samples_of(driver, start_s, 3.0) if s.t_s > start_s + 0.3]
        _, _, truth = eyes_and_truth(samples)
        on_image = transform.to_image(DEFAULT_SCREEN.from_norm(truth))
        near.append(float((np.hypot(*(on_image - 250).T) < 20).mean()))
    assert min(near) > 0.5


def test_the_screen_of_the_session_is_used() -> None:
    driver = started(SimulatedSettings(noise_deg=0.0))
    screen = ScreenState(
        width_px=3840, height_px=2160, width_mm=800, height_mm=450, distance_mm=700
    )
    driver.view.show(
        SessionStarted(t_s=0.0, session_id="s", study_id="s", reader_id="r", screen=screen)
    )
    sample = samples_of(driver, 100.0, 0.1)[-1]
    assert driver.view.screen == Screen(3840, 2160, 800, 450, 700)
    assert sample.left.gaze_user_x == pytest.approx((sample.left.gaze_x - 0.5) * 800)
    assert sample.left.origin_user_z == 700.0


class NobodyThere(MarkerFeed):
    """A feed on a bus without a station."""

    def poll(self) -> list[object]:  # type: ignore[override]
        return []


def test_without_a_station_something_in_the_middle_is_read() -> None:
    driver = SimulatedDriver(SimulatedSettings(noise_deg=0.0), NobodyThere())
    driver.start(100.0)
    _, _, truth = eyes_and_truth(samples_of(driver, 100.0, 20.0))
    px = DEFAULT_SCREEN.from_norm(truth)
    assert np.ptp(px, axis=0).min() > 150
    assert (np.abs(px - (960, 540)) < 420).all()


def test_calibration_takes_the_offset_away() -> None:
    driver = SimulatedDriver(SimulatedSettings(seed=6), NobodyThere())
    driver.start(clock_s())
    stop = threading.Event()
    samples: list[DeviceSample] = []

    def run() -> None:
        while not stop.is_set():
            samples.extend(driver.read(clock_s()))
            time.sleep(0.002)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        driver.calibration.start()
        for target in [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]:
            driver.calibration.collect(*target)
        calibrated_s = clock_s()
        result = driver.calibration.compute()
        driver.calibration.leave()
        time.sleep(0.8)
    finally:
        stop.set()
        thread.join()
    assert result.succeeded

    def offset_deg(part: list[DeviceSample]) -> float:
        left, right, truth = eyes_and_truth([s for s in part if not s.is_lost])
        bias = DEFAULT_SCREEN.from_norm(((left + right) / 2 - truth).mean(axis=0) + 0.5)
        return float(DEFAULT_SCREEN.angle_deg(bias, DEFAULT_SCREEN.from_norm([0.5, 0.5])))

    assert offset_deg([s for s in samples if s.t_s < calibrated_s]) == pytest.approx(1.0, abs=0.2)
    assert offset_deg([s for s in samples if s.t_s > calibrated_s + 0.1]) < 0.3


FIT = Transform.affine((1.0, 1.0), (400.0, 40.0))


def reading(*eyes: str, seconds: float = 60.0, **settings: Any) -> list[DeviceSample]:
    """Samples of a reader who looks at an image."""
    driver = started(SimulatedSettings(eyes=("uncalibrated_deg=0", *eyes), **settings))
    driver.view.show(CASE)
    driver.view.show(viewport(FIT))
    return samples_of(driver, 100.0, seconds)


@pytest.mark.parametrize("rate_hz", [120.0, 600.0])
def test_events_are_found_in_gaze_of_the_full_model(rate_hz: float) -> None:
    samples = reading(rate_hz=rate_hz, seed=3, seconds=40.0)
    t_s = np.array([s.t_s for s in samples])
    channels = np.array([s.channels(k) for k, s in enumerate(samples)])
    xy_norm, _ = gaze_point(GazeSamples.from_channels(t_s, channels))
    events = detect_events(t_s, DEFAULT_SCREEN.from_norm(xy_norm), DEFAULT_SCREEN)
    truth = np.array([s.truth.label for s in samples if s.truth])
    fixations = np.count_nonzero((truth[1:] == 1) & (truth[:-1] != 1))
    assert len(events.fixations) == pytest.approx(fixations, rel=0.1)
    assert events.fixations["duration_s"].median() == pytest.approx(0.27, abs=0.05)
    assert kappa(events.labels, truth, 1) > 0.8
    assert kappa(events.labels, truth, 2) > 0.8
    losses = np.array([s.is_lost for s in samples]).astype(int)
    assert len(events.blinks) == np.count_nonzero(np.diff(losses) == 1)


def test_lost_samples_may_be_holes() -> None:
    sent, holed = reading(seconds=20.0), reading("lost_as_hole=yes", seconds=20.0)
    assert holed == [s for s in sent if not s.is_lost]
    assert len(holed) < len(sent)


def test_the_lid_drags_gaze_before_the_loss_and_takes_the_pupil_first() -> None:
    samples = reading(seconds=20.0, rate_hz=600.0)
    lost = np.array([s.is_lost for s in samples])
    start = int(np.flatnonzero(lost)[0])
    before, last = samples[start - 60], samples[start - 1]
    assert last.truth is not None
    assert last.truth.label == 5
    assert last.left.gaze_valid == 1.0
    assert (last.left.pupil_valid, before.left.pupil_valid) == (0.0, 1.0)
    assert math.isnan(last.left.pupil_diameter)
    assert last.left.gaze_y - last.truth.y_norm > 0.04


def test_dropouts_come_as_often_as_asked_for() -> None:
    samples = reading("dropout_share=.1", blinks=False, seconds=30.0)
    assert np.mean([s.is_lost for s in samples]) == pytest.approx(0.1, abs=0.02)


def test_the_device_clock_runs_apart_by_its_skew() -> None:
    def drift(*eyes: str, seed: int = 0) -> float:
        samples = reading(*eyes, seed=seed, seconds=2.0)
        first, last = samples[0], samples[-1]
        return (last.device_time_s - first.device_time_s) / (last.t_s - first.t_s) - 1

    assert drift("clock_skew_ppm=40") == pytest.approx(40e-6, rel=1e-3)
    drawn = [drift(seed=seed) for seed in range(6)]
    assert max(map(abs, drawn)) <= 50.1e-6
    assert len({round(d * 1e9) for d in drawn}) == 6


def test_the_pupil_answers_to_an_image_after_the_dark() -> None:
    driver = started(SimulatedSettings(blinks=False, eyes=("blink_flanks=no",)))
    dark = [s.left.pupil_diameter for s in samples_of(driver, 100.0, 3.0)]
    driver.view.show(CASE)
    driver.view.show(viewport(FIT))
    bright = [s.left.pupil_diameter for s in samples_of(driver, 103.0, 4.0)]
    assert all(2.0 < d < 5.0 for d in dark + bright)
    assert np.median(dark) - np.median(bright[240:]) > 0.5
    assert abs(bright[20] - dark[-1]) < 0.15


def test_positions_in_the_head_box_follow_the_eyes() -> None:
    driver = started(SimulatedSettings(seed=1, blinks=False))
    assert not driver.eye_positions().left.valid
    samples_of(driver, 100.0, 1.0)
    eyes = driver.eye_positions()
    assert eyes.left.valid
    assert eyes.left.x < 0.5 < eyes.right.x
    assert (eyes.left.y, eyes.left.z) == pytest.approx((0.5, 0.5), abs=0.1)
    first = eyes.left
    samples_of(driver, 101.0, 3.0)
    assert driver.eye_positions().left != first


def test_what_it_can_do_is_told() -> None:
    traits = SimulatedDriver(SimulatedSettings(seed=12)).traits
    assert (traits.model, traits.serial_number) == ("simulated reader", "seed 12")
    assert 1200.0 in traits.rates_hz
    assert "simulated" in traits.notices[0]


def test_side_streams_are_sent_where_asked_for() -> None:
    assert SimulatedDriver(SimulatedSettings()).side_streams == ()
    settings = SimulatedSettings(eyes=("eye_openness=yes", "time_synchronisation=yes"))
    driver = started(settings)
    samples = samples_of(driver, 100.0, 2.0)
    side = driver.read_side(102.0)
    openness = [s for s in side if s.stream is EYE_OPENNESS]
    assert driver.side_streams == (EYE_OPENNESS, TIME_SYNCHRONISATION)
    assert [s.t_s for s in openness] == [s.t_s for s in samples]
    assert openness[0].values[2] == 10.0


def test_it_says_that_it_is_simulated() -> None:
    driver = SimulatedDriver(SimulatedSettings(seed=12))
    assert driver.simulated
    assert driver.details == {"model": "simulated reader", "seed": "12"}
    asked_for = SimulatedDriver(SimulatedSettings(eyes=("blinks=no", "dropout_share=.1")))
    assert asked_for.details["eyes"] == "blinks=no, dropout_share=.1"
    driver.close()
