"""The sheet of keys of one study: for the worklist, for the shell, for a printer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gazecore.study.gestures import GESTURES
from gazecore.study.tool_keys import TOOLS, preset_number

if TYPE_CHECKING:
    from gazecore.study.protocol import Protocol

KeyColumn = tuple[tuple[str, str], ...]
SheetSection = tuple[str, KeyColumn]

SHEET = "key_sheet"
PARTS = ("View", "Frames", "Viewports", "Window")
"""Titles of the tools on the sheet, in its order."""

_PART_BY_LOCK = {"window": "Window", "layout": "Viewports", "frames": "Frames"}
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}


def sheet_sections(protocol: Protocol) -> tuple[SheetSection, ...]:
    """The whole sheet: titles and their columns, without empty ones."""
    sections = (
        ("Answers", answer_column(protocol)),
        *((part, tool_column(protocol, part=part)) for part in PARTS),
        ("Mouse", mouse_column(protocol)),
    )
    return tuple(section for section in sections if section[1])


def answer_column(protocol: Protocol) -> KeyColumn:
    """The keys of the form, as (key, meaning), then what shows this sheet and ends the sitting."""
    answers = tuple(
        (_shown(choice.keys[0]), choice.label or choice.value)
        for entry in protocol.form
        for choice in entry.choices
        if choice.keys
    )
    sheet = tuple((" or ".join(keys), TOOLS[SHEET].text) for keys in _keys_of(protocol, SHEET))
    return (*answers, *sheet, ("Esc", "end"))


def tool_column(protocol: Protocol, *, brief: bool = False, part: str = "") -> KeyColumn:
    """The keys of the tools that this study leaves; the image's own windows share one row.

    Parameters
    ----------
    protocol : Protocol
        Of the study.
    brief : bool
        The first key of the main tools alone.
    part : str
        Those under this title of `PARTS` alone; empty for all.
    """
    rows: list[tuple[str, str]] = []
    presets: dict[int, tuple[str, ...]] = {}
    for name, tool in TOOLS.items():
        is_other = part and part != _PART_BY_LOCK.get(tool.lock, "View")
        if name == SHEET or is_other or (brief and not tool.brief):
            continue
        for keys in _keys_of(protocol, name):
            if number := preset_number(name):
                presets[number] = keys
            else:
                rows.append((keys[0] if brief else " or ".join(keys), tool.text))
    if presets:
        rows.append((_span(presets), "the image's own windows"))
    return tuple(rows)


def mouse_column(protocol: Protocol) -> KeyColumn:
    """What the mouse does at the viewport, without what is locked."""
    windowing = protocol.windowing
    across = "wider" if windowing.across == "width" else "centre"
    meanings = {
        "window_drag": f"window: {windowing.up} upwards, {across} to the right",
        "region_drag": "window from what a box holds",
    }
    rows = []
    for button, name in protocol.gestures().items():
        rows.append((_shown_gesture(button), meanings.get(name, GESTURES[name].text)))
        if name == "window_drag" and "+" not in button:
            rows.append((f"Shift or Ctrl + {button.lower()} drag", "window: coarse or fine"))
    return tuple(rows)


def sheet_text(protocol: Protocol) -> str:
    """The whole sheet as lines of text."""
    sections = sheet_sections(protocol)
    width = max(len(key) for _, column in sections for key, _ in column)
    blocks = [
        "\n".join([title, *(f"  {key:<{width}}  {meaning}" for key, meaning in column)])
        for title, column in sections
    ]
    return "\n\n".join(blocks)


def sheet_html(protocol: Protocol, study_name: str) -> str:
    """The whole sheet as one page to print; it needs nothing from elsewhere.

    Browsers and Qt's own rich text print it alike: two columns are a table, keys are bold.
    """
    sections = [_section(*section) for section in sheet_sections(protocol)]
    middle = len(sections) // 2
    columns = "".join(
        f'<td width="50%" valign="top">{"".join(part)}</td>'
        for part in (sections[:middle], sections[middle:])
    )
    name = escape(study_name)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Keys: {name}</title>'
        f"<style>{_STYLE}</style><h1>Keys while reading</h1><p>{name}</p>"
        f'<table width="100%"><tr>{columns}</tr></table></html>\n'
    )


_STYLE = (
    "body{font-family:sans-serif;font-size:10pt}h1{font-size:17pt;margin:0}"
    "h2{font-size:11pt;margin-top:18px;margin-bottom:6px}p{margin-top:2px;margin-bottom:8px}"
    "td{padding-top:3px;padding-bottom:3px;padding-right:18px;vertical-align:top}"
    "b{white-space:nowrap}@page{size:A4;margin:16mm}"
    "@media screen{body{background:#0c0e10;color:#b9c2c9;margin:12mm auto;max-width:190mm}}"
)


def _section(title: str, column: KeyColumn) -> str:
    return f'<h2>{escape(title)}</h2><table class="keys">{_rows(column)}</table>'


def _rows(column: KeyColumn) -> str:
    return "".join(
        f"<tr><td><b>{escape(key)}</b></td><td>{escape(meaning)}</td></tr>"
        for key, meaning in column
    )


def _keys_of(protocol: Protocol, name: str) -> tuple[tuple[str, ...], ...]:
    """The keys of a tool as one entry, none where it has no key in this study."""
    keys = tuple(_shown(key) for key, bound in protocol.tool_keys().items() if bound == name)
    return (keys,) if keys else ()


def _shown(key: str) -> str:
    *held, last = key.split("+") if not key.endswith("+") else (*key[:-1].split("+")[:-1], "+")
    return "+".join([*held, _ARROWS.get(last, last)])


def _shown_gesture(button: str) -> str:
    *held, what = button.split("+")
    done = what if what == "Wheel" else f"{what} drag"
    return " + ".join([*held, done.lower() if held else done])


def _span(presets: dict[int, tuple[str, ...]]) -> str:
    """From the first preset's keys to the last one's: ``1 … 9 or Ctrl+1 … Ctrl+9``."""
    keys = [sorted(each, key=len) for each in presets.values()]
    is_row = list(presets) == list(range(min(presets), max(presets) + 1))
    if not is_row or len(keys) < 3 or {len(each) for each in keys} != {len(keys[0])}:
        return ", ".join(each[0] for each in keys)
    spans = zip(keys[0], keys[-1], strict=True)
    return " or ".join(f"{start} … {stop}" for start, stop in spans)
