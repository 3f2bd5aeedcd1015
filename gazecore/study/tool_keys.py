"""The tools that a reader has at the viewport, each with its keys: one table for all.

The table is the model `ToolKeys`: dispatch, the key sheet and the protocol's setting `keys` come
from it. To add a tool: give it a field here, a row in ``docs/schemas.md``, and what it does in
`app.reading.window_tools` or `app.reading.viewport_controller`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

if TYPE_CHECKING:
    from collections.abc import Collection

Keys = tuple[str, ...]

FIXED_KEYS = ("Esc",)
"""Keys that no study can give another meaning."""

PRESET_COUNT = 9
DIGITS = "0123456789"

_NAMED = "F[1-9][0-9]?|Esc|Space|Return|Enter|Tab|Backspace|PgUp|PgDown|Home|End|Ins|Del"
_KEY = re.compile(rf"((Ctrl|Shift|Alt|Meta)\+)*([^\sa-z]|{_NAMED}|Left|Right|Up|Down)")
_PRESET = re.compile(r"preset_([1-9])")


def _tool(text: str, *keys: str, lock: str = "", brief: bool = False, repeats: bool = False) -> Any:
    """A field of the table: what the sheet says, default keys, the lock, the worklist's card.

    `repeats`: goes on while its key is held down.
    """
    more: Any = {"lock": lock, "brief": brief, "repeats": repeats}
    return Field(keys, description=text, json_schema_extra=more)


class ToolKeys(BaseModel):
    """The keys of each tool, in Qt's portable names; no key takes the tool's key away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fit: Keys = _tool("fit", "F", brief=True)
    one_to_one: Keys = _tool("one to one", "O", lock="zoom", brief=True)
    true_size: Keys = _tool("true size", "T", lock="zoom", brief=True)
    restart: Keys = _tool("back to start", "Space", brief=True)
    zoom_in: Keys = _tool("zoom in", "+", "=", lock="zoom", repeats=True)
    zoom_out: Keys = _tool("zoom out", "-", lock="zoom", repeats=True)
    pan_left: Keys = _tool("move left", "Left", lock="pan", repeats=True)
    pan_right: Keys = _tool("move right", "Right", lock="pan", repeats=True)
    pan_up: Keys = _tool("move up", "Up", lock="pan", repeats=True)
    pan_down: Keys = _tool("move down", "Down", lock="pan", repeats=True)
    invert: Keys = _tool("invert", "I", lock="invert", brief=True)
    rotate_right: Keys = _tool("turn right", "R", lock="rotate", brief=True)
    rotate_left: Keys = _tool("turn left", "L", lock="rotate", brief=True)
    flip_horizontal: Keys = _tool("mirror ↔", "H", lock="flip", brief=True)
    flip_vertical: Keys = _tool("mirror ↕", "V", lock="flip", brief=True)
    next_frame: Keys = _tool("next frame", ".", lock="frames", repeats=True)
    previous_frame: Keys = _tool("previous frame", ",", lock="frames", repeats=True)
    first_frame: Keys = _tool("first frame", "Home", lock="frames")
    last_frame: Keys = _tool("last frame", "End", lock="frames")
    image_overlays: Keys = _tool("overlays of the image", "G", lock="overlays")
    one_viewport: Keys = _tool("one viewport", "Backspace", lock="layout")
    side_by_side: Keys = _tool("two side by side, and back", "F2", lock="layout")
    stacked: Keys = _tool("two stacked, and back", "F3", lock="layout")
    four_viewports: Keys = _tool("four viewports, and back", "F4", lock="layout")
    next_viewport: Keys = _tool("next viewport", "Tab", lock="layout")
    previous_viewport: Keys = _tool("previous viewport", "Shift+Tab", lock="layout")
    auto_window: Keys = _tool("auto window", "0", lock="window", brief=True)
    default_window: Keys = _tool("default window", "D", lock="window", brief=True)
    next_window: Keys = _tool("next window", "W", lock="window", brief=True)
    window_entry: Keys = _tool("type a window", "Shift+W", lock="window", brief=True)
    window_brighter: Keys = _tool("brighter", "Ctrl+Up", lock="window", repeats=True)
    window_darker: Keys = _tool("darker", "Ctrl+Down", lock="window", repeats=True)
    window_wider: Keys = _tool("wider window", "Ctrl+Right", lock="window", repeats=True)
    window_narrower: Keys = _tool("narrower window", "Ctrl+Left", lock="window", repeats=True)
    key_sheet: Keys = _tool("all keys", "F1", brief=True)
    preset_1: Keys = _tool("window 1 of the image", "Ctrl+1", lock="window")
    preset_2: Keys = _tool("window 2 of the image", "Ctrl+2", lock="window")
    preset_3: Keys = _tool("window 3 of the image", "Ctrl+3", lock="window")
    preset_4: Keys = _tool("window 4 of the image", "Ctrl+4", lock="window")
    preset_5: Keys = _tool("window 5 of the image", "Ctrl+5", lock="window")
    preset_6: Keys = _tool("window 6 of the image", "Ctrl+6", lock="window")
    preset_7: Keys = _tool("window 7 of the image", "Ctrl+7", lock="window")
    preset_8: Keys = _tool("window 8 of the image", "Ctrl+8", lock="window")
    preset_9: Keys = _tool("window 9 of the image", "Ctrl+9", lock="window")

    @field_validator("*")
    @classmethod
    def _are_key_names(cls, keys: Keys) -> Keys:
        wrong = [key for key in keys if not _KEY.fullmatch(key)]
        if wrong:
            raise ValueError(f"key names like I, Ctrl+1, Shift+W or F5, not {wrong[0]!r}")
        return keys


@dataclass(frozen=True, slots=True)
class Tool:
    """One row of the table: its name, what it does, what locks it.

    `brief`: on short sheets; `repeats`: goes on while its key is held down.
    """

    name: str
    text: str
    lock: str
    brief: bool
    repeats: bool
    default_keys: Keys


def _rows() -> dict[str, Tool]:
    rows = {}
    for name, field in ToolKeys.model_fields.items():
        more: Any = field.json_schema_extra
        rows[name] = Tool(
            name=name, text=str(field.description), default_keys=tuple(field.default), **more
        )
    return rows


TOOLS: dict[str, Tool] = _rows()
"""Every tool by its name, in the order of the sheet."""


def preset_number(name: str) -> int | None:
    """Which of the image's windows a tool shows, from 1; None for another tool."""
    found = _PRESET.fullmatch(name)
    return int(found[1]) if found else None


def bound_keys(keys: ToolKeys, answer_keys: Collection[str]) -> dict[str, str]:
    """The tool of each key; a default key that answers the form is left to the form.

    The digits 1 to 9 show the image's windows too where no digit answers the form: all of
    them or none, so that a digit never means an answer here and a window there. A preset without
    keys gets no digit, a digit that a tool has stays that tool's.

    Raises
    ------
    ValueError
        A key that was given to a tool answers the form, is fixed, or belongs to another tool:
        one line that names both.
    """
    bound: dict[str, str] = {}
    for name, tool in TOOLS.items():
        for key in getattr(keys, name):
            if key in FIXED_KEYS:
                raise ValueError(f"another key for {name}: {key} ends the session")
            if key in answer_keys:
                if key in tool.default_keys:
                    continue
                raise ValueError(f"another key for {name}: {key} answers the form")
            if bound.get(key, name) != name:
                raise ValueError(f"another key for {name}: {key} is the key of {bound[key]}")
            bound[key] = name
    if not set(answer_keys) & set(DIGITS):
        bound |= {key: name for key, name in _preset_digits(bound).items() if key not in bound}
    return bound


def _preset_digits(bound: dict[str, str]) -> dict[str, str]:
    names = dict.fromkeys(bound.values())
    return {str(number): name for name in names if (number := preset_number(name)) is not None}
