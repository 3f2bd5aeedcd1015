from __future__ import annotations

import pytest
from pydantic import ValidationError

from gazecore.errors import InvalidSettingError
from gazecore.study.protocol import (
    AnswerField,
    Choice,
    Protocol,
    changed_protocol,
    lowest_consent,
    split_changes,
)


def test_the_default_form_is_that_of_the_paper() -> None:
    field = Protocol().field("grade")
    keys = {"1": "1", "2": "2", "3": "3", "4": "4", "Return": "0", "Enter": "0"}
    for key, value in keys.items():
        choice = field.choice_for_key(key)
        assert choice is not None
        assert choice.value == value
    assert field.choice_for_key("5") is None
    assert Protocol().breaks.every_cases == 20
    assert Protocol().breaks.minutes == 2


def test_a_protocol_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Protocol().consent_level = "raw"  # type: ignore[misc]


def test_one_key_never_gives_two_answers() -> None:
    with pytest.raises(ValidationError, match="each key once, but 1 stands twice"):
        AnswerField(
            name="side",
            choices=(Choice(value="left", keys=("1",)), Choice(value="right", keys=("1",))),
        )


def test_two_fields_of_one_name_are_refused() -> None:
    field = Protocol().form[0]
    with pytest.raises(ValidationError, match="different names"):
        Protocol(form=(field, field))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"order.seed": "x"}, "protocol.order.seed is 'x'"),
        ({"calibration.points": "7"}, "protocol.calibration.points is 7; expected 5, 9 or 13"),
        ({"order.sed": "1"}, "--set is 'order.sed'"),
        ({"order": "1"}, "--set is 'order'"),
        ({"order.seed.deep": "1"}, "--set is 'order.seed.deep'"),
        ({"screen.width_px": "-3"}, "protocol.screen.width_px is -3"),
        ({"screen.width_px": "inf"}, "protocol.screen.width_px is 'inf'"),
        ({"locked_tools": "zoom,teleport"}, "protocol.locked_tools.1 is 'teleport'"),
        ({"form": "grade"}, "protocol.form.0 is 'grade'"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(changes: dict[str, str], line: str) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        changed_protocol(None, changes)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_settings_are_changed_by_name() -> None:
    changes = split_changes(
        ["order.seed = -7", "locked_tools=zoom, pan", "environment.room_lux=12.5", "instructions="]
    )
    protocol = changed_protocol(Protocol(consent_level="raw"), changes)
    assert protocol.order.seed == -7
    assert protocol.locked_tools == ("zoom", "pan")
    assert protocol.environment.room_lux == 12.5
    assert protocol.instructions == ""
    assert protocol.consent_level == "raw"


def test_a_change_without_a_value_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="NAME=VALUE"):
        split_changes(["order.seed"])


def test_answers_outside_the_form_are_refused() -> None:
    Protocol().check_answer("grade", "0")
    with pytest.raises(InvalidSettingError, match="one of 0, 1, 2, 3, 4"):
        Protocol().check_answer("grade", "5")
    with pytest.raises(InvalidSettingError, match="answer field is 'garde'; expected grade"):
        Protocol().check_answer("garde", "1")


def test_consent_is_the_lower_of_two() -> None:
    assert lowest_consent("raw", None) == "raw"
    assert lowest_consent("raw", "maps") == "maps"
    assert lowest_consent("maps", "fixations") == "maps"


def test_the_screen_becomes_geometry_and_marker() -> None:
    screen = Protocol().screen
    assert screen.geometry().width_mm == screen.state().width_mm == 597.7


@pytest.mark.parametrize(
    ("eyes", "dominant", "expected"),
    [
        ("both", "left", "both"),
        ("dominant", "left", "left"),
        ("dominant", "right", "right"),
        ("dominant", "unknown", "both"),
        ("right", "left", "right"),
    ],
)
def test_the_eye_that_counts(eyes: str, dominant: str, expected: str) -> None:
    protocol = changed_protocol(None, {"calibration.eyes": eyes})
    assert protocol.calibration.eye_of(dominant) == expected


def test_the_background_can_be_fixed() -> None:
    changed = changed_protocol(None, {"calibration.background_level": "60"})
    assert changed.calibration.background_level == 60
    with pytest.raises(InvalidSettingError, match="background_level"):
        changed_protocol(None, {"calibration.background_level": "300"})


def test_overlay_planes_are_hidden_unless_a_study_asks_for_them() -> None:
    assert Protocol().is_locked("image_overlays")
    assert "image_overlays" not in Protocol().tool_keys().values()
    for when in ("off", "on"):
        shown = changed_protocol(None, {"image_overlays": when})
        assert shown.tool_keys()["G"] == "image_overlays"
        locked = changed_protocol(shown, {"locked_tools": "overlays"})
        assert locked.is_locked("image_overlays")
