"""Control commands: what each driver answers, and what it refuses."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from gazecore.devices.commands import carry_out, event_of
from gazecore.devices.driver import CalibrationPoint, CalibrationResult, EyeFit
from gazecore.devices.pointer import PointerDriver
from gazecore.devices.traits import EyePosition, EyePositions
from gazecore.errors import ControlError, InvalidSettingError, TrackerError


class Bench(PointerDriver):
    """A device on the bench: eyes before it, a calibration that keeps what it is given."""

    name = "bench"

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []
        self.stored: bytes | None = None
        self.result = CalibrationResult(True)

    @property
    def calibration(self) -> Bench:  # type: ignore[override]
        return self

    def eye_positions(self) -> EyePositions:
        return EyePositions(EyePosition(0.4, 0.5, 0.6, valid=True))

    def start(self, start_s: float = 0.0) -> None:
        self.told.append("start")

    def leave(self) -> None:
        self.told.append("leave")

    def collect(self, x_norm: float, y_norm: float) -> None:
        self.told.append((x_norm, y_norm))

    def discard(self, x_norm: float, y_norm: float) -> None:
        self.told.remove((x_norm, y_norm))

    def compute(self) -> CalibrationResult:
        return self.result

    def data(self) -> bytes | None:
        return self.stored

    def apply(self, data: bytes) -> None:
        self.stored = data


def test_a_calibration_is_driven_by_commands() -> None:
    bench = Bench()
    for command in ("calibration_start", "calibration_leave"):
        assert carry_out(bench, command, {}) == {}
    target = {"x_norm": 0.1, "y_norm": 0.9}
    carry_out(bench, "calibration_collect", target)
    assert bench.told == ["start", "leave", (0.1, 0.9)]
    carry_out(bench, "calibration_discard", target)
    assert bench.told == ["start", "leave"]


def test_the_result_says_which_calibration_is_active_and_tells_the_eyes_apart() -> None:
    bench = Bench()
    point = CalibrationPoint(0.5, 0.5, 7, 0.4, EyeFit(3, 4, 0.5), None)
    bench.result = CalibrationResult(True, (point,))
    answer = carry_out(bench, "calibration_compute", {})
    assert (answer["succeeded"], answer["active"]) == (True, "new")
    assert answer["points"] == [
        {
            "x_norm": 0.5,
            "y_norm": 0.5,
            "samples": 7,
            "offset_deg": 0.4,
            "left": {"samples_used": 3, "samples": 4, "offset_deg": 0.5},
            "right": None,
        }
    ]
    bench.result = CalibrationResult(False)
    assert carry_out(bench, "calibration_compute", {})["active"] == "previous"
    bench.result = CalibrationResult(False, before="none")
    assert carry_out(bench, "calibration_compute", {})["active"] == "none"


def test_a_calibration_is_kept_and_given_back_to_the_byte() -> None:
    bench = Bench()
    assert carry_out(bench, "calibration_data", {}) == {"data": None}
    blob = bytes(range(256))
    carry_out(bench, "calibration_apply", {"data": base64.b64encode(blob).decode()})
    assert bench.stored == blob
    assert base64.b64decode(carry_out(bench, "calibration_data", {})["data"]) == blob


@pytest.mark.parametrize("data", ["", "not base64!", "QQ="])
def test_what_is_no_stored_calibration_is_refused(data: str) -> None:
    bench = Bench()
    with pytest.raises(InvalidSettingError, match="base64"):
        carry_out(bench, "calibration_apply", {"data": data})
    assert bench.stored is None


def test_eyes_are_told_where_the_device_sees_them() -> None:
    answer = carry_out(Bench(), "eye_positions", {})
    assert answer["available"] is True
    assert answer["left"] == {"x": 0.4, "y": 0.5, "z": 0.6, "valid": True}
    assert answer["right"]["valid"] is False
    assert carry_out(PointerDriver(), "eye_positions", {}) == {"available": False}


def test_a_device_without_calibration_says_so() -> None:
    for command in ("calibration_start", "calibration_data", "calibration_apply"):
        with pytest.raises(TrackerError, match="has no calibration"):
            carry_out(PointerDriver(), command, {"data": "QQ=="})


@pytest.mark.parametrize("command", ["dance", "calibration_dance"])
def test_an_unknown_command_is_refused(command: str) -> None:
    with pytest.raises(ControlError, match=f"unknown command '{command}'"):
        carry_out(Bench(), command, {})


@pytest.mark.parametrize("target", [(-0.1, 0.5), (0.5, 1.1), (float("nan"), 0.5)])
def test_a_target_off_the_screen_is_refused(target: tuple[float, float]) -> None:
    with pytest.raises(InvalidSettingError, match=r"in 0\.\.1"):
        carry_out(Bench(), "calibration_collect", {"x_norm": target[0], "y_norm": target[1]})


def test_what_changes_the_recording_is_an_event() -> None:
    assert event_of("calibration_start", {}, {}) == ("calibration_start", "")
    assert event_of("calibration_collect", {"x_norm": 0.1, "y_norm": 0.5}, {}) == (
        "calibration_collect",
        "(0.1, 0.5)",
    )
    failed = {"succeeded": False, "active": "previous"}
    assert event_of("calibration_compute", {}, failed) == (
        "calibration_compute",
        "failed; the previous calibration is active",
    )
    for quiet in ("eye_positions", "calibration_data", "point"):
        assert event_of(quiet, {}, {}) is None
