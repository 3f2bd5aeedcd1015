from __future__ import annotations

from html.parser import HTMLParser

import pytest

from gazecore.study import AnswerField, Choice, Protocol
from gazecore.study.gestures import GESTURES
from gazecore.study.key_sheet import mouse_column, sheet_html, sheet_text, tool_column
from gazecore.study.protocol import changed_protocol
from gazecore.study.tool_keys import TOOLS

KNEE = Protocol()
MOUSED = {name for gesture in GESTURES.values() for name in gesture.same_as}
"""Tools whose work a gesture does too."""


class Cells(HTMLParser):
    """The texts of a page's table cells."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._is_cell = self._is_keys = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_keys = self._is_keys or ("class", "keys") in attrs
        self._is_cell = self._is_keys and tag in ("td", "b")

    def handle_endtag(self, tag: str) -> None:
        self._is_keys = self._is_keys and tag != "table"
        self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.texts.append(data)


def test_the_sheet_says_the_keys_of_this_study() -> None:
    mine = changed_protocol(None, {"keys.invert": "N,Ctrl+I", "keys.flip_vertical": ""})
    lines = sheet_text(mine).splitlines()
    assert ["N", "or", "Ctrl+I", "invert"] in [line.split() for line in lines]
    assert not any("mirror ↕" in line for line in lines)
    assert ["3", "moderate"] in [line.split() for line in lines]
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "Answers",
        "View",
        "Frames",
        "Viewports",
        "Window",
        "Mouse",
    ]


def test_the_page_says_the_same_as_the_text() -> None:
    cells = Cells()
    page = sheet_html(KNEE, "Knees <b>")
    cells.feed(page)
    text = sheet_text(KNEE)
    assert "Knees &lt;b&gt;" in page
    assert len(cells.texts) == 2 * sum(line.startswith("  ") for line in text.splitlines())
    assert all(cell in text for cell in cells.texts)
    assert "http" not in page


def test_what_is_locked_stands_on_no_sheet() -> None:
    locked = KNEE.model_copy(update={"locked_tools": ("window", "zoom", "frames")})
    assert [gesture for gesture, _ in mouse_column(locked)] == ["Middle drag"]
    assert "window" not in sheet_text(locked)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_each_tool_can_be_locked_or_hidden_by_itself(name: str) -> None:
    every = changed_protocol(None, {"image_overlays": "off"})
    plain, key = every.tool_keys(), TOOLS[name].default_keys[0]
    locked = changed_protocol(every, {"locked_tools": name})
    hidden = changed_protocol(every, {f"keys.{name}": ""})
    for mine in (locked, hidden):
        assert key not in mine.tool_keys()
        assert set(plain.values()) - set(mine.tool_keys().values()) == {name}
        assert sheet_text(mine) != sheet_text(every)
    assert len(hidden.gestures()) == len(
        GESTURES
    )  # without a key the mouse still works; locked it does not
    assert len(locked.gestures()) == len(GESTURES) - (name in MOUSED)


def test_gestures_are_shown_as_they_are_bound() -> None:
    mine = changed_protocol(None, {"mouse.window_drag": "Right,Alt+Left", "mouse.pan_drag": "Left"})
    shown = [gesture for gesture, _ in mouse_column(mine)]
    assert shown == [
        "Right drag",
        "Shift or Ctrl + right drag",
        "Alt + left drag",
        "Ctrl + Shift + left drag",
        "Left drag",
        "Wheel",
        "Shift + wheel",
    ]


def test_a_form_without_digits_offers_them_for_the_images_windows() -> None:
    form = (AnswerField(name="a", choices=(Choice(value="x", keys=("A",)),)),)
    assert ("1 … 9 or Ctrl+1 … Ctrl+9", "the image's own windows") in tool_column(
        Protocol(form=form)
    )
    few = Protocol(form=form, locked_tools=tuple(f"preset_{n}" for n in range(3, 10)))
    assert tool_column(few)[-1][0] == "1, 2"


def test_the_mouse_is_described_as_the_protocol_sets_it() -> None:
    mine = changed_protocol(None, {"windowing.up": "darker", "windowing.across": "center"})
    assert mouse_column(mine)[0] == ("Left drag", "window: darker upwards, centre to the right")


def test_the_short_sheet_fits_beside_the_worklist() -> None:
    assert len(tool_column(KNEE, brief=True)) <= 14
    assert len(tool_column(KNEE)) >= 24
