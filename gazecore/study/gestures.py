"""What the mouse does at the viewport: one table for dispatch, sheet, protocol and locks.

To add a gesture: give `Gestures` a field here, a row in ``docs/schemas.md``, and what it does in
`app.reading.widgets.viewport`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

if TYPE_CHECKING:
    from collections.abc import Iterable

Buttons = tuple[str, ...]

MODIFIERS = ("Ctrl", "Shift", "Alt")
"""In the order in which a gesture names them."""

_DRAG = re.compile(r"((Ctrl|Shift|Alt)\+)*(Left|Middle|Right)")
_WHEEL = re.compile(r"((Ctrl|Shift|Alt)\+)*Wheel")


def _gesture(text: str, *default: str, lock: str, same_as: tuple[str, ...] = ()) -> Any:
    """A field of the table: what the sheet says, defaults, its group, the tools it equals."""
    return Field(default, description=text, json_schema_extra={"lock": lock, "same": list(same_as)})


class Gestures(BaseModel):
    """Mouse button or wheel of each gesture, with modifiers before it; none takes it away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window_drag: Buttons = _gesture(
        "window",
        "Left",
        lock="window",
        same_as=("window_brighter", "window_darker", "window_wider", "window_narrower"),
    )
    region_drag: Buttons = _gesture("window from a region", "Ctrl+Shift+Left", lock="window")
    pan_drag: Buttons = _gesture(
        "move", "Middle", lock="pan", same_as=("pan_left", "pan_right", "pan_up", "pan_down")
    )
    zoom_wheel: Buttons = _gesture(
        "zoom to the cursor", "Wheel", lock="zoom", same_as=("zoom_in", "zoom_out")
    )
    frame_wheel: Buttons = _gesture(
        "step through frames",
        "Shift+Wheel",
        lock="frames",
        same_as=("next_frame", "previous_frame"),
    )

    @field_validator("window_drag", "region_drag", "pan_drag")
    @classmethod
    def _are_drags(cls, names: Buttons) -> Buttons:
        return _checked(names, _DRAG, "mouse buttons like Left, Middle or Ctrl+Right")

    @field_validator("zoom_wheel", "frame_wheel")
    @classmethod
    def _are_turns(cls, names: Buttons) -> Buttons:
        return _checked(names, _WHEEL, "Wheel, or Ctrl+Wheel")


@dataclass(frozen=True, slots=True)
class Gesture:
    """One row: its name, what it does, what locks it: its group, or the tools it equals."""

    name: str
    text: str
    lock: str
    same_as: tuple[str, ...]


def _rows() -> dict[str, Gesture]:
    rows = {}
    for name, field in Gestures.model_fields.items():
        more: Any = field.json_schema_extra
        rows[name] = Gesture(name, str(field.description), more["lock"], tuple(more["same"]))
    return rows


GESTURES: dict[str, Gesture] = _rows()
"""Every gesture by its name, in the order of the sheet."""


def bound_gestures(gestures: Gestures) -> dict[str, str]:
    """The gesture of each button or wheel with its modifiers.

    Raises
    ------
    ValueError
        One that two gestures have: one line that names both.
    """
    bound: dict[str, str] = {}
    for name in GESTURES:
        for button in getattr(gestures, name):
            if bound.get(button, name) != name:
                raise ValueError(f"another button for {name}: {button} is that of {bound[button]}")
            bound[button] = name
    return bound


def gesture_name(modifiers: Iterable[str], what: str) -> str:
    """A button or the wheel with the modifiers held, in the order of this table.

    Examples
    --------
    >>> gesture_name({"Shift", "Ctrl"}, "Left")
    'Ctrl+Shift+Left'
    """
    held = set(modifiers)
    return "+".join([*(name for name in MODIFIERS if name in held), what])


def _checked(names: Buttons, pattern: re.Pattern[str], expected: str) -> Buttons:
    wrong = [name for name in names if not pattern.fullmatch(name)]
    if wrong:
        raise ValueError(f"{expected}, not {wrong[0]!r}")
    parts = [name.split("+") for name in names]
    return tuple(gesture_name(held, what) for *held, what in parts)
