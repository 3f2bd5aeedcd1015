from __future__ import annotations

import pytest
from pydantic import ValidationError

from gazecore.study import AnswerField, Choice, Protocol
from gazecore.study.tool_keys import TOOLS, ToolKeys, bound_keys, preset_number

LETTERS = frozenset({"A", "B"})
GRADES = frozenset({"1", "2", "3", "4", "Return", "Enter"})


def test_no_two_tools_share_a_default_key_and_none_answers_the_knee_form() -> None:
    keys = [key for tool in TOOLS.values() for key in tool.default_keys]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & GRADES
    assert all(tool.default_keys and tool.text for tool in TOOLS.values())
    assert len(bound_keys(ToolKeys(), GRADES)) == len(keys)


def test_presets_are_numbered() -> None:
    numbers = [preset_number(name) for name in TOOLS]
    assert [number for number in numbers if number] == list(range(1, 10))
    assert preset_number("fit") is None


def test_plain_digits_show_the_images_windows_where_no_digit_answers() -> None:
    bound = bound_keys(ToolKeys(), LETTERS)
    assert [bound[str(number)] for number in range(1, 10)] == [f"preset_{n}" for n in range(1, 10)]
    assert (bound["Ctrl+3"], bound["0"]) == ("preset_3", "auto_window")


@pytest.mark.parametrize("digit", ["0", "5", "9"])
def test_one_digit_that_answers_leaves_all_of_them_to_the_form(digit: str) -> None:
    bound = bound_keys(ToolKeys(), {digit})
    assert not set(bound) & {str(number) for number in range(1, 10)}
    assert bound["Ctrl+9"] == "preset_9"


def test_a_digit_that_a_tool_has_stays_its_and_a_preset_without_keys_gets_none() -> None:
    bound = bound_keys(ToolKeys(invert=("5",), preset_6=()), LETTERS)
    assert bound["5"] == "invert"
    assert "6" not in bound
    assert bound["7"] == "preset_7"


def test_a_default_key_that_answers_is_left_to_the_form() -> None:
    assert "I" not in bound_keys(ToolKeys(), {"I"})
    assert bound_keys(ToolKeys(), {"="})["+"] == "zoom_in"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (ToolKeys(invert=("3",)), "another key for invert: 3 answers the form"),
        (ToolKeys(invert=("F",)), "another key for invert: F is the key of fit"),
        (ToolKeys(fit=("F", "Esc")), "another key for fit: Esc ends the session"),
    ],
)
def test_a_given_key_with_another_meaning_is_refused(keys: ToolKeys, line: str) -> None:
    with pytest.raises(ValueError, match=line):
        bound_keys(keys, GRADES)


def test_two_tools_may_change_their_keys() -> None:
    bound = bound_keys(ToolKeys(invert=("F",), fit=("I", "Ctrl+F5")), GRADES)
    assert (bound["F"], bound["I"], bound["Ctrl+F5"]) == ("invert", "fit", "fit")


def test_the_same_key_twice_is_one_key() -> None:
    assert bound_keys(ToolKeys(fit=("F", "F")), GRADES)["F"] == "fit"


@pytest.mark.parametrize("key", ["f", "", "Ctrl", "Ctrl+", "Hyper+F", "FF", "F 1", "Ctrl+ "])
def test_what_no_key_is_called_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="key names like"):
        ToolKeys(fit=(key,))


@pytest.mark.parametrize("key", ["F", "F11", "Shift++", "+", "Ctrl+Shift+Left", "Space", "Ö", "5"])
def test_qts_names_are_taken(key: str) -> None:
    assert ToolKeys(fit=(key,)).fit == (key,)


def test_a_locked_tool_has_no_key_in_the_study() -> None:
    form = (AnswerField(name="a", choices=(Choice(value="x", keys=("R",)),)),)
    locked = ("pan", "window")
    protocol = Protocol(form=form, locked_tools=locked, image_overlays="off")
    names = set(protocol.tool_keys().values())
    left_out = {name for name, tool in TOOLS.items() if tool.lock in ("pan", "window")}
    assert names == set(TOOLS) - left_out - {"rotate_right"}
