"""The drivers by name, and the options they are made from."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gazecore.devices.driver import Driver
    from gazecore.devices.fault_file import Fault

_RATE_RANGE_HZ = (1.0, 4000.0)


@dataclass(frozen=True, slots=True)
class DriverOptions:
    """All that the command line offers to drivers; each takes what it knows."""

    rate_hz: float | None = None
    seed: int = 0
    noise_deg: float = 0.1
    uncalibrated_deg: float | None = None
    blinks: bool | None = None
    scenes: Path | None = None
    file: Path | None = None
    address: str = ""
    mode: str = ""
    screen_mm: tuple[float, float] | None = None
    stream: str = ""
    eyes: tuple[str, ...] = ()
    calibration_faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        low, high = _RATE_RANGE_HZ
        if self.rate_hz is not None and not low <= self.rate_hz <= high:
            raise InvalidSettingError("--rate", self.rate_hz, f"{low:g} to {high:g} Hz")
        if not 0 <= self.noise_deg <= 10:
            raise InvalidSettingError("--noise-deg", self.noise_deg, "0 to 10 degrees")
        if self.uncalibrated_deg is not None and not 0 <= self.uncalibrated_deg <= 20:
            raise InvalidSettingError("--uncalibrated-deg", self.uncalibrated_deg, "0 to 20")
        if self.seed < 0:
            raise InvalidSettingError("--seed", self.seed, "zero or more")
        if self.screen_mm is not None and not all(0 < v < math.inf for v in self.screen_mm):
            raise InvalidSettingError("--screen-mm", self.screen_mm, "width and height in mm")


def make_driver(name: str, options: DriverOptions) -> Driver:
    """Make the driver of this name.

    Raises
    ------
    InvalidSettingError
        No such driver.
    """
    if name not in DRIVERS:
        raise InvalidSettingError("tracker", name, f"one of {', '.join(DRIVERS)}")
    return DRIVERS[name](options)


def _simulated(options: DriverOptions) -> Driver:
    from gazecore.devices.simulated import SimulatedDriver, SimulatedSettings
    from gazecore.devices.station_view import MarkerFeed
    from gazecore.synthetic.scene import read_scenes

    settings = SimulatedSettings(
        rate_hz=options.rate_hz or 120.0,
        seed=options.seed,
        noise_deg=options.noise_deg,
        uncalibrated_deg=options.uncalibrated_deg,
        blinks=options.blinks,
        scenes=read_scenes(options.scenes) if options.scenes else {},
        eyes=options.eyes,
        faults=options.calibration_faults,
    )
    return SimulatedDriver(settings, MarkerFeed())


def _pointer(options: DriverOptions) -> Driver:
    from gazecore.devices.pointer import PointerDriver

    return PointerDriver(options.rate_hz or 120.0)


def _replay(options: DriverOptions) -> Driver:
    from gazecore.devices.replay import ReplayDriver

    if options.file is None:
        raise InvalidSettingError("--file", None, "the recording (XDF) to replay")
    return ReplayDriver.open(options.file, options.stream)


def _tobii(options: DriverOptions) -> Driver:
    """Over Tobii's own SDK where this Python has it, else over TittaPy."""
    from gazecore.devices.titta_sdk import TittaSdk
    from gazecore.devices.tobii import TobiiDriver, TobiiSettings
    from gazecore.devices.tobii_sdk import find_tracker, load_sdk

    has_own = importlib.util.find_spec("tobii_research") is not None
    sdk = load_sdk() if has_own else TittaSdk.load()
    settings = TobiiSettings(options.rate_hz, options.mode, options.screen_mm)
    return TobiiDriver(sdk, find_tracker(sdk, options.address), settings)


DRIVERS: Mapping[str, Callable[[DriverOptions], Driver]] = {
    "simulated": _simulated,
    "pointer": _pointer,
    "replay": _replay,
    "tobii": _tobii,
}
