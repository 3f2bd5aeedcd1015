"""Each part draws what it is given, also where nothing was measured."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from app.pictures.canvas import painting
from app.pictures.colours import GREEN, ORANGE, SKY, VERMILION
from app.pictures.quality_parts import (
    clock,
    enlargement,
    paint_drift,
    paint_eye_legend,
    paint_loss_legend,
    paint_losses,
    paint_validation,
)
from app.pictures.results import LossOverTime
from app.shared.theme import COLOURS
from gazecore.messages import DriftChecked
from tests.app.analysed import validation
from tests.app.pictures.pixels import rgb, share_of
from tests.gazecore.analysis.conftest import SCREEN, screen_state

AREA = QRectF(10, 10, 380, 240)


def drift(x_deg: float | None) -> DriftChecked:
    """A check with an offset to the right."""
    return DriftChecked(t_s=0, offset_x_deg=x_deg, offset_y_deg=x_deg and 0.0, passed=True)


def test_validation_shows_both_eyes_and_targets_nobody_saw() -> None:
    with painting(400, 260) as (image, painter):
        paint_validation(painter, AREA, validation(0.0), screen_state(), 1.0)
    assert share_of(image, SKY, 40) > 0
    assert share_of(image, ORANGE, 40) > 0
    assert share_of(image, COLOURS["alarm"], 70) > 0
    with painting(400, 260) as (image, painter):
        paint_validation(painter, AREA, validation(0.0), None, 1.0)
    assert share_of(image, SKY, 40) > 0


def test_the_limit_is_a_tenth_of_the_screen() -> None:
    times = enlargement(screen_state(), 1.0)
    widths_per_deg = SCREEN.px_per_deg()[0, 0] / SCREEN.width_px
    assert abs(times * widths_per_deg - 0.1) <= widths_per_deg / 2
    assert enlargement(screen_state(), 90.0) == enlargement(None, 1.0) == 1


def test_drift_inside_and_outside_its_limit() -> None:
    with painting(400, 300) as (image, painter):
        paint_drift(painter, AREA, [drift(0.3), drift(None)], 1.5)
    assert share_of(image, GREEN, 30) > 0
    assert share_of(image, VERMILION, 30) == 0
    with painting(400, 300) as (image, painter):
        paint_drift(painter, AREA, [drift(9.0)], 1.5)
    assert share_of(image, VERMILION, 30) > 0
    with painting(400, 300) as (image, painter):
        paint_drift(painter, AREA, [], 1.5)
    assert share_of(image, VERMILION, 30) == 0


def test_losses_are_as_high_as_they_are() -> None:
    loss = LossOverTime(0.0, 1.0, np.array([0.5, 0.0]), np.array([0.0, 1.0]))
    row = {"start_s": 0.0, "stop_s": 1.0, "usable": False}
    with painting(400, 260) as (image, painter):
        paint_losses(painter, AREA, loss, [row])
    pixels = rgb(image).astype(int)
    height = AREA.height() - 30
    for x, colour, share in ((100, (86, 180, 233), 0.5), (300, (213, 94, 0), 1.0)):
        near = np.abs(pixels[:, x] - colour).max(axis=1) < 40
        assert abs(near.sum() / height - share) < 0.04
    with painting(400, 260) as (image, painter):
        paint_losses(painter, AREA, LossOverTime(0.0, 1.0, np.zeros(0), np.zeros(0)), [row])
    assert share_of(image, VERMILION) == 0


def test_legends_are_drawn() -> None:
    for paint in (paint_eye_legend, paint_loss_legend):
        with painting(500, 40) as (image, painter):
            before = QImage(image)
            paint(painter, 5, 5)
        assert image != before
    assert [clock(seconds) for seconds in (0, 59.9, 60)] == ["0:00", "0:59", "1:00"]
