"""Drivers by name, and options that are refused."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gazecore.devices.catalogue import DRIVERS, DriverOptions, make_driver
from gazecore.errors import FocusStationError, InvalidSettingError, MissingExtraError
from gazecore.synthetic.scene import Scene, Target, write_scenes
from tests.gazecore.devices.fake_titta import FakeTitta
from tests.gazecore.devices.fake_tobii import FakeSdk
from tests.gazecore.devices.fake_tracker import FakeWorld

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
    any(importlib.util.find_spec(name) for name in ("tobii_research", "TittaPy_v2")),
    reason="an SDK for Tobii's trackers is installed",
)
def test_tobii_without_an_sdk_says_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"FOCUSSTATION_TOBII_PYTHON.*\[titta\]"):
        make_driver("tobii", DriverOptions())


@pytest.mark.parametrize("name", ["tobii_research", "TittaPy_v2"])
def test_tobii_takes_the_sdk_that_is_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = FakeWorld()
    module: Any = FakeSdk(world) if name == "tobii_research" else FakeTitta(world)
    monkeypatch.setitem(sys.modules, name, module)
    is_own = name == "tobii_research"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object() if is_own else None)
    options = DriverOptions(rate_hz=250.0, mode="bright_pupil", screen_mm=(600.0, 340.0))
    driver = make_driver("tobii", options)
    assert (driver.name, driver.rate_hz, driver.traits.mode) == ("tobii", 250.0, "bright_pupil")
    assert driver.details["sdk"] == ("2.1.0" if is_own else "TittaPy 2.1.0")
    assert "600 x 340 mm" in driver.traits.notices[1]
    driver.close()


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
        {"screen_mm": (0.0, 300.0)},
        {"screen_mm": (500.0, float("nan"))},
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError):
        DriverOptions(**options)
