"""The three figures, the verdict with what failed, zoom and approximation said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from app.calibration.widgets.validation_figures import ValidationFigures
from gazecore.study.protocol import Calibration
from tests.app.calibration.widgets.test_target_table import VALIDATION

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _text(figures: ValidationFigures, name: str) -> str:
    found = figures.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_figures_with_their_limits(qtbot: QtBot) -> None:
    figures = ValidationFigures(Calibration())
    qtbot.addWidget(figures)
    figures.show_validation(
        VALIDATION.model_copy(
            update={
                "accuracy_mean_deg": 0.5,
                "accuracy_image_px": 24.0,
                "invalid_share": 0.03,
                "missing_share": 0.02,
            }
        )
    )
    assert _text(figures, "calibration_verdict") == "Within the limits"
    assert _text(figures, "calibration_accuracy") == "0.45°"
    assert _text(figures, "calibration_accuracy_more") == "median; mean 0.50°; at most 1.00°"
    assert _text(figures, "calibration_precision_more") == "RMS; STD 0.20°; at most 0.50°"
    assert _text(figures, "calibration_loss_more") == "3 % invalid, 2 % missing; at most 20 %"
    note = _text(figures, "calibration_note")
    assert "24 px off on a case fitted to the screen (zoom 50 %)" in note
    assert "approximate" in note


def test_what_failed_is_said_and_true_angles_need_no_note(qtbot: QtBot) -> None:
    figures = ValidationFigures(Calibration())
    qtbot.addWidget(figures)
    figures.show_validation(
        VALIDATION.model_copy(
            update={
                "passed": False,
                "failed_limits": ("accuracy 1.20° over 1°",),
                "angles": "3d",
                "fit_zoom": None,
            }
        )
    )
    assert _text(figures, "calibration_verdict") == "Outside the limits: accuracy 1.20° over 1°"
    assert _text(figures, "calibration_note") == ""


def test_the_next_eye_is_asked_for_in_turn(qtbot: QtBot) -> None:
    figures = ValidationFigures(Calibration())
    qtbot.addWidget(figures)
    asked = []
    for eye in ("left", "right", "both"):
        figures.show_validation(VALIDATION.model_copy(update={"eye": eye}))
        with qtbot.waitSignal(figures.eye_chosen) as chosen:
            figures.next_eye()
        assert chosen.args is not None
        asked.append(chosen.args[0])
    assert asked == ["right", "both", "left"]
