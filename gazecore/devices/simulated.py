"""The simulated tracker: a simulated reader before the station's screen, seen by a tracker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gazecore.devices.driver import (
    NAN,
    Calibration,
    DeviceSample,
    EyeChannels,
    NoPointer,
    SampleClock,
    TruePoint,
)
from gazecore.devices.faulty_calibration import FaultyCalibration
from gazecore.devices.simulated_calibration import SimulatedCalibration, distortion
from gazecore.devices.simulated_side import SimulatedSide, eye_positions_of
from gazecore.devices.station_view import MarkerFeed, StationView
from gazecore.devices.traits import DeviceTraits
from gazecore.lsl import clock_s
from gazecore.synthetic.eye_model import EXACT, EyeModel
from gazecore.synthetic.noise import CalibrationWear, EyeNoise, MeasuredEye
from gazecore.synthetic.pupil import PupilResponse, luminance_of, pupil_mm, screen_area_deg2
from gazecore.synthetic.reader import SimulatedReader
from gazecore.synthetic.stimulus import Rest, Stimulus, TargetOnScreen, generic_image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gazecore.devices.fault_file import Fault
    from gazecore.devices.side_streams import SideSample, SideStream
    from gazecore.devices.traits import EyePositions
    from gazecore.synthetic.scene import Scene

RATES_HZ = (30.0, 60.0, 120.0, 250.0, 300.0, 600.0, 1200.0)
MODES = ("simulated",)
_MOST_SKEW_PPM = 50.0
_TIME_TO_TARGET_S = 0.5
_PUPIL_MM = 3.2


@dataclass(frozen=True, slots=True)
class SimulatedSettings:
    """How the simulated reader and tracker are.

    `noise_deg` is RMS sample-to-sample per eye; at 0 both eyes are the true gaze exactly, and
    all that would hide it is off. `uncalibrated_deg` and `blinks` default to 1 degree and yes,
    and to none without noise. `eyes` are further options of `EyeModel`, ``NAME=VALUE``; `faults`
    are those of calibrations.
    """

    rate_hz: float = 120.0
    seed: int = 0
    noise_deg: float = 0.1
    uncalibrated_deg: float | None = None
    blinks: bool | None = None
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    eyes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def model(self) -> EyeModel:
        """The eyes and the tracker that these settings ask for."""
        model = EXACT if self.noise_deg == 0 else EyeModel(noise_rms_deg=self.noise_deg)
        if self.uncalibrated_deg is not None:
            model = replace(model, uncalibrated_deg=self.uncalibrated_deg)
        if self.blinks is not None:
            model = replace(model, blinks=self.blinks)
        return model.with_options(self.eyes)


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
        self._options = settings.eyes
        self._model = model = settings.model
        self._feed = feed
        self._view = StationView(settings.scenes)
        self._noise = EyeNoise(settings.seed, model)
        self._clock = SampleClock(settings.rate_hz)
        self._reader = self._seated(0.0)
        random = np.random.default_rng([settings.seed, 2])
        skew_ppm = float(random.uniform(-_MOST_SKEW_PPM, _MOST_SKEW_PPM))
        self._skew = 1.0 + 1e-6 * (
            skew_ppm if model.clock_skew_ppm is None else model.clock_skew_ppm
        )
        self._side = SimulatedSide(model, self._skew)
        self._last: DeviceSample | None = None
        self._distortion = distortion(random, model.uncalibrated_deg, self._view.screen)
        self._wear = CalibrationWear(random, model.calibration_drift_deg_h)
        self._dropouts = np.random.default_rng([settings.seed, 3])
        self._lit: Stimulus = Rest()
        self._pupil = PupilResponse(self._steady_pupil_mm(self._lit))
        self._start_s = 0.0
        self._target_alone: TargetOnScreen | None = None
        self._calibration = SimulatedCalibration(
            lambda: self._view.screen,
            clock_s,
            self._show_target,
            is_exact=model.is_exact and model.uncalibrated_deg == 0,
        )
        self._offered = FaultyCalibration(self._calibration, settings.faults)

    @property
    def calibration(self) -> Calibration:
        """The simulated calibration, with its scripted faults."""
        return self._offered

    @property
    def view(self) -> StationView:
        """What the reader believes the station shows."""
        return self._view

    @property
    def details(self) -> Mapping[str, str]:
        """Model, seed, and the options of the eyes that were given."""
        eyes = {"eyes": ", ".join(self._options)} if self._options else {}
        return {"model": "simulated reader", "seed": str(self._seed), **eyes}

    @property
    def traits(self) -> DeviceTraits:
        """What it can be told to be."""
        notice = "simulated gaze: nobody's eyes are tracked"
        return DeviceTraits(
            "simulated reader", f"seed {self._seed}", RATES_HZ, MODES, MODES[0], (notice,)
        )

    @property
    def side_streams(self) -> tuple[SideStream, ...]:
        """Eye openness and clocks, where the model asks for them."""
        return self._side.streams

    def read_side(self, now_s: float) -> list[SideSample]:
        """What came on the side streams since the last call."""
        return self._side.read(now_s)

    def eye_positions(self) -> EyePositions:
        """Where the eyes were last, in the head box."""
        return eye_positions_of(self._last, self._view.screen.distance_mm)

    def start(self, start_s: float) -> None:
        """Sit down before the screen."""
        self._clock = SampleClock(self.rate_hz, start_s)
        self._reader = self._seated(start_s)
        self._start_s = start_s

    def read(self, now_s: float) -> list[DeviceSample]:
        """All samples due, after taking in what the station showed meanwhile."""
        if self._feed is not None:
            for marker in self._feed.poll():
                self._view.show(marker)
        times_s = self._clock.due(now_s)
        if times_s:
            stimulus = self._stimulus()
            self._reader.set_screen(self._view.screen)
            self._reader.look(stimulus, times_s[-1])
            self._light(stimulus, times_s[-1])
        samples = [self._sample(t_s) for t_s in times_s]
        self._last = samples[-1] if samples else self._last
        if self._model.lost_as_hole:
            return [sample for sample in samples if not sample.is_lost]
        return samples

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

    def _seated(self, start_s: float) -> SimulatedReader:
        return SimulatedReader(
            self._seed,
            self._view.screen,
            blinks=self._model.blinks,
            start_s=start_s,
            model=self._model,
        )

    def _light(self, stimulus: Stimulus, now_s: float) -> None:
        """Let the pupil see what is shown."""
        if stimulus != self._lit:
            self._lit = stimulus
            self._pupil.see(self._steady_pupil_mm(stimulus), now_s)

    def _steady_pupil_mm(self, stimulus: Stimulus) -> float:
        if not self._model.pupil_reacts:
            return _PUPIL_MM
        screen = self._view.screen
        return pupil_mm(luminance_of(stimulus, screen), screen_area_deg2(screen))

    def _sample(self, t_s: float) -> DeviceSample:
        gaze = self._reader.at(t_s)
        truth = TruePoint(gaze.x_norm, gaze.y_norm, int(gaze.label))
        device_time_s = t_s * self._skew
        if gaze.is_lost or self._drops():
            self._calibration.remember(t_s, None)
            lost = DeviceSample(t_s, device_time_s, t_s, truth=truth)
            self._side.take(lost, gaze.closure)
            return lost
        screen = self._reader.screen
        left, right = self._noise.measure(
            (gaze.x_norm, gaze.y_norm),
            t_s,
            screen,
            pupil_mm=self._pupil.at(t_s),
            closure=gaze.closure,
        )
        raw_left, raw_right = self._raw(left, t_s), self._raw(right, t_s)
        self._calibration.remember(t_s, raw_left, raw_right)
        eyes = self._eye(left, raw_left), self._eye(right, raw_right)
        sample = DeviceSample(t_s, device_time_s, t_s, *eyes, truth)
        self._side.take(sample, gaze.closure)
        return sample

    def _drops(self) -> bool:
        share = self._model.dropout_share
        return share > 0 and float(self._dropouts.random()) < share

    def _raw(self, eye: MeasuredEye, t_s: float) -> tuple[float, float]:
        """Gaze as the tracker has it before any calibration."""
        distorted = self._distortion.apply(eye.x_norm, eye.y_norm)
        return self._wear.apply(distorted, t_s - self._start_s, self._reader.screen)

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
            pupil_diameter=eye.pupil_mm if eye.is_pupil_valid else NAN,
            pupil_valid=float(eye.is_pupil_valid),
            origin_user_x=eye.origin_mm[0],
            origin_user_y=eye.origin_mm[1],
            origin_user_z=eye.origin_mm[2],
            origin_valid=1.0,
        )
