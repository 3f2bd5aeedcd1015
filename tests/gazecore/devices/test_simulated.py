"""The simulated tracker without a bus: exact without noise, biased before calibration."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.devices.simulated import SimulatedDriver, SimulatedSettings
from gazecore.devices.station_view import MarkerFeed
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


def test_it_says_that_it_is_simulated() -> None:
    driver = SimulatedDriver(SimulatedSettings(seed=12))
    assert driver.simulated
    assert driver.details == {"model": "simulated reader", "seed": "12"}
    driver.close()
