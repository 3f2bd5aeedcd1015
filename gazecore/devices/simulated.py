"""The simulated tracker: a simulated reader before the station's screen, seen by a tracker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gazecore.devices.driver import (
    Calibration,
    DeviceSample,
    EyeChannels,
    NoPointer,
    SampleClock,
    TruePoint,
)
from gazecore.devices.simulated_calibration import SimulatedCalibration, distortion
from gazecore.devices.station_view import MarkerFeed, StationView
from gazecore.lsl import clock_s
from gazecore.synthetic.noise import EyeNoise, MeasuredEye
from gazecore.synthetic.reader import SimulatedReader
from gazecore.synthetic.stimulus import Stimulus, TargetOnScreen, generic_image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.synthetic.scene import Scene

_MOST_SKEW = 50e-6
_TIME_TO_TARGET_S = 0.5


@dataclass(frozen=True, slots=True)
class SimulatedSettings:
    """How the simulated reader and tracker are.

    `noise_deg` is RMS sample-to-sample per eye; at 0 both eyes are the true gaze exactly.
    `uncalibrated_deg` and `blinks` default to 1 degree and yes, and to none without noise.
    """

    rate_hz: float = 120.0
    seed: int = 0
    noise_deg: float = 0.1
    uncalibrated_deg: float | None = None
    blinks: bool | None = None
    scenes: Mapping[str, Scene] = field(default_factory=dict)


class SimulatedDriver(NoPointer):
    """A reader drawn from a seed who follows the station's marker stream.

    Without a marker stream the reader looks at something in the middle of the screen, and at
    each calibration target as it is collected.
    """

    name = "simulated"
    simulated = True
    finished = False

    def __init__(self, settings: SimulatedSettings, feed: MarkerFeed | None = None) -> None:
        self.rate_hz = settings.rate_hz
        self._seed = settings.seed
        noisy = settings.noise_deg > 0
        self._blinks = noisy if settings.blinks is None else settings.blinks
        self._feed = feed
        self._view = StationView(settings.scenes)
        self._noise = EyeNoise(settings.seed, settings.noise_deg)
        self._clock = SampleClock(settings.rate_hz)
        self._reader = SimulatedReader(settings.seed, blinks=self._blinks)
        random = np.random.default_rng([settings.seed, 2])
        self._skew = 1.0 + float(random.uniform(-_MOST_SKEW, _MOST_SKEW))
        offset_deg = settings.uncalibrated_deg
        if offset_deg is None:
            offset_deg = 1.0 if noisy else 0.0
        self._distortion = distortion(random, offset_deg, self._view.screen)
        self._target_alone: TargetOnScreen | None = None
        self._calibration = SimulatedCalibration(
            lambda: self._view.screen,
            clock_s,
            self._show_target,
            is_exact=not noisy and offset_deg == 0,
        )

    @property
    def calibration(self) -> Calibration:
        """The simulated calibration."""
        return self._calibration

    @property
    def view(self) -> StationView:
        """What the reader believes the station shows."""
        return self._view

    @property
    def details(self) -> Mapping[str, str]:
        """Model and seed."""
        return {"model": "simulated reader", "seed": str(self._seed)}

    def start(self, start_s: float) -> None:
        """Sit down before the screen."""
        self._clock = SampleClock(self.rate_hz, start_s)
        self._reader = SimulatedReader(
            self._seed, self._view.screen, blinks=self._blinks, start_s=start_s
        )

    def read(self, now_s: float) -> list[DeviceSample]:
        """All samples due, after taking in what the station showed meanwhile."""
        if self._feed is not None:
            for marker in self._feed.poll():
                self._view.show(marker)
        times_s = self._clock.due(now_s)
        if times_s:
            self._reader.set_screen(self._view.screen)
            self._reader.look(self._stimulus(), times_s[-1])
        return [self._sample(t_s) for t_s in times_s]

    def close(self) -> None:
        """Let go of the marker stream."""
        if self._feed is not None:
            self._feed.close()

    def _stimulus(self) -> Stimulus:
        if self._feed is None or self._feed.is_connected:
            return self._view.stimulus()
        return self._target_alone or generic_image(self._view.screen)

    def _show_target(self, target: tuple[float, float] | None) -> float:
        """Without a station nobody shows the target, so the reader is told where to look."""
        self._target_alone = None if target is None else TargetOnScreen(*target)
        return 0.0 if self._feed is None or self._feed.is_connected else _TIME_TO_TARGET_S

    def _sample(self, t_s: float) -> DeviceSample:
        gaze = self._reader.at(t_s)
        truth = TruePoint(gaze.x_norm, gaze.y_norm, int(gaze.label))
        device_time_s = t_s * self._skew
        if gaze.is_lost:
            self._calibration.remember(t_s, None)
            return DeviceSample(t_s, device_time_s, t_s, truth=truth)
        left, right = self._noise.measure(gaze.x_norm, gaze.y_norm, t_s, self._reader.screen)
        raw_left = self._distortion.apply(left.x_norm, left.y_norm)
        raw_right = self._distortion.apply(right.x_norm, right.y_norm)
        middle = ((raw_left[0] + raw_right[0]) / 2, (raw_left[1] + raw_right[1]) / 2)
        self._calibration.remember(t_s, middle)
        return DeviceSample(
            t_s,
            device_time_s,
            t_s,
            self._eye(left, raw_left),
            self._eye(right, raw_right),
            truth,
        )

    def _eye(self, eye: MeasuredEye, raw: tuple[float, float]) -> EyeChannels:
        x_norm, y_norm = self._calibration.correction.apply(*raw)
        screen = self._reader.screen
        return EyeChannels(
            gaze_x=x_norm,
            gaze_y=y_norm,
            gaze_valid=1.0,
            gaze_user_x=(x_norm - 0.5) * screen.width_mm,
            gaze_user_y=(0.5 - y_norm) * screen.height_mm,
            gaze_user_z=0.0,
            pupil_diameter=eye.pupil_mm,
            pupil_valid=1.0,
            origin_user_x=eye.origin_mm[0],
            origin_user_y=eye.origin_mm[1],
            origin_user_z=eye.origin_mm[2],
            origin_valid=1.0,
        )
