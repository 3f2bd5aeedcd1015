from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget

from app.shared.theme import COLOURS, apply_theme, dark_palette, style_sheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2.1)."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_style_sheet_is_complete() -> None:
    text = resources.files("resources").joinpath("styles/station.qss").read_text("utf-8")
    used = set(re.findall(r"\$([a-z_]+)", text))
    assert used <= {*COLOURS, "styles"}
    assert "$" not in style_sheet()


@pytest.mark.parametrize("name", ["room", "ground", "surface", "raised", "line"])
def test_surfaces_are_dark(name: str) -> None:
    assert luminance(COLOURS[name]) < 0.03


def test_text_is_legible_but_not_white() -> None:
    for ground in ("ground", "surface", "raised"):
        assert contrast(COLOURS["text"], COLOURS[ground]) >= 7
        assert contrast(COLOURS["muted"], COLOURS[ground]) >= 4
    assert max(luminance(colour) for colour in COLOURS.values()) < 0.75


def test_no_role_of_the_palette_is_left_light() -> None:
    palette = dark_palette()
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled):
            assert palette.color(group, role).lightness() < 40


def test_plain_widgets_are_dark(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp)
    for made in (QWidget(), QLabel(), QTableView()):
        qtbot.addWidget(made)
        made.resize(50, 50)
        assert made.grab().toImage().pixelColor(25, 25).lightness() < 40
