"""The dark theme: one set of colours, the palette, and the style sheet made from them.

Reading rooms are dark and the pupil answers to light, so nothing here is brighter than it must
be: text is grey, surfaces are near black, and the palette is set before the first window shows.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QStyleFactory

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

COLOURS: dict[str, str] = {
    "room": "#000000",
    "ground": "#0c0e10",
    "surface": "#13161a",
    "raised": "#1a1e23",
    "line": "#262c33",
    "text": "#b9c2c9",
    "strong": "#d3dae0",
    "muted": "#75808a",
    "faint": "#4b545c",
    "accent": "#5aa7a0",
    "accent_dark": "#1d3836",
    "accent_line": "#2f5d59",
    "amber": "#c89b55",
    "alarm": "#c9605a",
}
"""Every colour of the station by name; style sheets use them as ``$name``."""

FONT_FAMILIES = ["Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans"]


def apply_theme(application: QApplication) -> None:
    """Make the whole application dark; call before the first widget is shown."""
    # Title bars and what else the system draws; the palette below is ours all the same.
    application.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    application.setStyle(QStyleFactory.create("Fusion"))
    font = QFont()
    font.setFamilies(FONT_FAMILIES)
    font.setPixelSize(14)
    application.setFont(font)
    application.setPalette(dark_palette())
    application.setStyleSheet(style_sheet())


def dark_palette() -> QPalette:
    """The palette behind the style sheet, so that no widget ever starts out white."""
    palette = QPalette()
    roles = QPalette.ColorRole
    by_role = {
        roles.Window: "ground",
        roles.WindowText: "text",
        roles.Base: "surface",
        roles.AlternateBase: "raised",
        roles.Text: "text",
        roles.PlaceholderText: "muted",
        roles.Button: "raised",
        roles.ButtonText: "text",
        roles.BrightText: "strong",
        roles.Highlight: "accent_dark",
        roles.HighlightedText: "strong",
        roles.ToolTipBase: "raised",
        roles.ToolTipText: "text",
        roles.Link: "accent",
        roles.Light: "line",
        roles.Midlight: "line",
        roles.Mid: "line",
        roles.Dark: "ground",
        roles.Shadow: "room",
    }
    for role, name in by_role.items():
        palette.setColor(role, QColor(COLOURS[name]))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(COLOURS["faint"]))
    return palette


def style_sheet() -> str:
    """The style sheet ``resources/styles/station.qss``; colours and ``$styles`` filled in."""
    styles = Path(str(resources.files("resources"))) / "styles"
    text = (styles / "station.qss").read_text("utf-8")
    return Template(text).substitute(COLOURS, styles=styles.as_posix())
