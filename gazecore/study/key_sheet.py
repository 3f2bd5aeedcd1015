"""The sheet of keys of one study: for the worklist, for the shell, for a printer."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gazecore.study.tool_keys import TOOLS

if TYPE_CHECKING:
    from gazecore.study.protocol import Protocol

KeyColumn = tuple[tuple[str, str], ...]

_LOCKS_OF_GESTURES = ("window", "window", "window", "pan", "zoom")


def answer_column(protocol: Protocol) -> KeyColumn:
    """The keys of the form, as (key, meaning), and the one that ends the sitting."""
    answers = tuple(
        (_shown(choice.keys[0]), choice.label or choice.value)
        for entry in protocol.form
        for choice in entry.choices
        if choice.keys
    )
    return (*answers, ("Esc", "end"))


def tool_column(protocol: Protocol, *, brief: bool = False) -> KeyColumn:
    """The keys of the tools that this study leaves; `brief`: the first key of the main ones."""
    by_tool: dict[str, list[str]] = {}
    for key, name in protocol.tool_keys().items():
        by_tool.setdefault(name, []).append(_shown(key))
    rows = []
    for name, keys in by_tool.items():
        if brief and not TOOLS[name].brief:
            continue
        rows.append((keys[0] if brief else " or ".join(keys), TOOLS[name].text))
    return tuple(rows)


def mouse_column(protocol: Protocol) -> KeyColumn:
    """What the mouse does at the viewport, without what is locked."""
    across = "wider" if protocol.windowing.across == "width" else "centre"
    gestures = (
        ("Left drag", f"window: {protocol.windowing.up} upwards, {across} to the right"),
        ("Shift or Ctrl + left drag", "window: coarse or fine"),
        ("Ctrl + Shift + left drag", "window from a region"),
        ("Middle drag", "move"),
        ("Wheel", "zoom to the cursor"),
    )
    return tuple(
        gesture
        for gesture, lock in zip(gestures, _LOCKS_OF_GESTURES, strict=True)
        if lock not in protocol.locked_tools
    )


def sheet_text(protocol: Protocol) -> str:
    """The whole sheet as lines of text."""
    columns = _columns(protocol)
    width = max(len(key) for _, column in columns for key, _ in column)
    blocks = [
        "\n".join([title, *(f"  {key:<{width}}  {meaning}" for key, meaning in column)])
        for title, column in columns
        if column
    ]
    return "\n\n".join(blocks)


def sheet_html(protocol: Protocol, study_name: str) -> str:
    """The whole sheet as one page to print; it needs nothing from elsewhere."""
    tables = "".join(
        f"<section><h2>{escape(title)}</h2><table>{_rows(column)}</table></section>"
        for title, column in _columns(protocol)
        if column
    )
    name = escape(study_name)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Keys: {name}</title>'
        f"<style>{_STYLE}</style><h1>Keys while reading: {name}</h1><main>{tables}</main></html>\n"
    )


_STYLE = (
    "body{font:11pt sans-serif;margin:12mm}h1{font-size:15pt}h2{font-size:11pt;margin:0 0 2mm}"
    "main{columns:2}section{break-inside:avoid-column;margin-bottom:6mm}td{padding:.6mm 3mm}"
    "td:first-child{font-family:monospace;white-space:nowrap}@page{size:A4}"
    "@media screen{body{background:#0c0e10;color:#b9c2c9}}"
)


def _columns(protocol: Protocol) -> tuple[tuple[str, KeyColumn], ...]:
    return (
        ("Answers", answer_column(protocol)),
        ("Tools", tool_column(protocol)),
        ("Mouse", mouse_column(protocol)),
    )


def _rows(column: KeyColumn) -> str:
    return "".join(
        f"<tr><td>{escape(key)}</td><td>{escape(meaning)}</td></tr>" for key, meaning in column
    )


def _shown(key: str) -> str:
    return key.replace("Return", "Enter")
