"""Drivers by name, and options that are refused."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.devices.catalogue import DRIVERS, DriverOptions, make_driver
from gazecore.errors import FocusStationError, InvalidSettingError, MissingExtraError
from gazecore.synthetic.scene import Scene, Target, write_scenes

if TYPE_CHECKING:
    from pathlib import Path


def test_the_drivers_are_those_of_the_command() -> None:
    assert list(DRIVERS) == ["simulated", "pointer", "replay", "tobii"]


@pytest.mark.parametrize("name", ["simulated", "pointer"])
def test_a_driver_takes_the_rate(name: str) -> None:
    driver = make_driver(name, DriverOptions(rate_hz=600.0))
    assert (driver.name, driver.rate_hz) == (name, 600.0)
    assert make_driver(name, DriverOptions()).rate_hz == 120.0
    driver.close()


def test_scenes_are_read(tmp_path: Path) -> None:
    write_scenes(tmp_path / "s.json", {"c": Scene((Target(1, 2, 3, 4),))})
    make_driver("simulated", DriverOptions(scenes=tmp_path / "s.json")).close()
    with pytest.raises(FocusStationError, match="none"):
        make_driver("simulated", DriverOptions(scenes=tmp_path / "none.json"))


def test_replay_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="--file"):
        make_driver("replay", DriverOptions())
    with pytest.raises(FocusStationError, match="none"):
        make_driver("replay", DriverOptions(file=tmp_path / "none.xdf"))


@pytest.mark.skipif(
    importlib.util.find_spec("tobii_research") is not None, reason="Tobii's SDK is installed"
)
def test_tobii_without_its_sdk_says_so() -> None:
    with pytest.raises(MissingExtraError):
        make_driver("tobii", DriverOptions())


def test_an_unknown_driver_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="simulated, pointer, replay, tobii"):
        make_driver("eyelink", DriverOptions())


@pytest.mark.parametrize(
    "options",
    [
        {"rate_hz": 0.0},
        {"rate_hz": -5.0},
        {"rate_hz": 1e6},
        {"rate_hz": float("nan")},
        {"noise_deg": -0.1},
        {"noise_deg": float("nan")},
        {"uncalibrated_deg": 90.0},
        {"seed": -1},
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError):
        DriverOptions(**options)
