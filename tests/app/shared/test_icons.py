from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from app.shared.icons import icon
from app.shared.theme import COLOURS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NAMES = sorted(
    entry.name.removesuffix(".svg")
    for entry in resources.files("resources").joinpath("icons").iterdir()
    if entry.name.endswith(".svg") and "currentColor" in entry.read_text("utf-8")
)
"""Those drawn by `icon`; the style sheet's own have their colour inside."""


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_in_the_colour_asked_for(name: str, qapp: QApplication) -> None:
    del qapp
    drawn = icon(name, "accent", 24).pixmap(24, 24).toImage()
    wanted = QColor(COLOURS["accent"])
    solid = [
        drawn.pixelColor(x, y)
        for x in range(24)
        for y in range(24)
        if drawn.pixelColor(x, y).alpha() > 250
    ]
    assert solid
    assert all(abs(c.red() - wanted.red()) < 6 for c in solid)


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    del qapp
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
