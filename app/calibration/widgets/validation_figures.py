"""The validation in three figures, its verdict, and whose eye they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.calibration.viewmodel import degrees, percent, pixels
from app.shared.blocks import button, label
from app.shared.theme import COLOURS
from gazecore.messages import EyeName

if TYPE_CHECKING:
    from gazecore.messages import ValidationDone
    from gazecore.study.protocol import Calibration

EYE_TEXT: dict[EyeName, str] = {"both": "Both eyes", "left": "Left", "right": "Right"}


class ValidationFigures(QWidget):
    """Shows one eye's figures; another eye can be asked for.

    Signals
    -------
    eye_chosen : str
    """

    eye_chosen = Signal(str)

    def __init__(self, limits: Calibration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("validation_figures")
        self._limits = limits
        self._eye: EyeName = "both"
        self._verdict = label("", "heading", "calibration_verdict")
        self._verdict.setWordWrap(True)
        self._note = label("", "muted", "calibration_note")
        self._note.setWordWrap(True)
        self._accuracy, self._accuracy_more = _figure("calibration_accuracy")
        self._precision, self._precision_more = _figure("calibration_precision")
        self._loss, self._loss_more = _figure("calibration_loss")
        self._buttons = {eye: self._eye_button(eye) for eye in EYE_TEXT}
        self._lay_out()

    def next_eye(self) -> None:
        """Ask for the next eye's figures."""
        eyes = get_args(EyeName)
        self.eye_chosen.emit(eyes[(eyes.index(self._eye) + 1) % len(eyes)])

    def show_validation(self, validation: ValidationDone) -> None:
        """Show the figures of the eye that this validation is about."""
        self._eye = validation.eye
        for eye, each in self._buttons.items():
            each.setChecked(eye == validation.eye)
        self._show_verdict(validation)
        limits = self._limits
        self._accuracy.setText(degrees(validation.accuracy_deg))
        self._accuracy_more.setText(
            f"median; mean {degrees(validation.accuracy_mean_deg)}; "
            f"at most {degrees(limits.max_accuracy_deg)}"
        )
        self._precision.setText(degrees(validation.precision_rms_deg))
        self._precision_more.setText(
            f"RMS; STD {degrees(validation.precision_std_deg)}; "
            f"at most {degrees(limits.max_precision_rms_deg)}"
        )
        self._loss.setText(percent(validation.data_loss))
        self._loss_more.setText(
            f"{percent(validation.invalid_share)} invalid, "
            f"{percent(validation.missing_share)} missing; at most {percent(limits.max_data_loss)}"
        )

    def _show_verdict(self, validation: ValidationDone) -> None:
        if validation.passed:
            self._verdict.setText("Within the limits")
        else:
            self._verdict.setText("Outside the limits: " + "; ".join(validation.failed_limits))
        self._verdict.setStyleSheet(f"color: {COLOURS['accent' if validation.passed else 'amber']}")
        lines = []
        if validation.fit_zoom:
            lines.append(
                f"{pixels(validation.accuracy_image_px)} off on a case fitted to the screen "
                f"(zoom {100 * validation.fit_zoom:.0f} %)"
            )
        if validation.angles == "approximate":
            lines.append("Angles are approximate: the tracker tells no eye positions")
        self._note.setText("\n".join(lines))
        self._note.setVisible(bool(lines))

    def _eye_button(self, eye: EyeName) -> QPushButton:
        made = button(EYE_TEXT[eye], f"eye_{eye}", lambda: self.eye_chosen.emit(eye), role="tab")
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        eyes = QHBoxLayout()
        eyes.setSpacing(4)
        for each in self._buttons.values():
            eyes.addWidget(each)
        eyes.addStretch(1)
        column.addLayout(eyes)
        column.addWidget(self._verdict)
        for name, figure, more in (
            ("ACCURACY", self._accuracy, self._accuracy_more),
            ("PRECISION", self._precision, self._precision_more),
            ("DATA LOSS", self._loss, self._loss_more),
        ):
            column.addStretch(1)
            group = QVBoxLayout()
            group.setSpacing(2)
            for part in (label(name, "eyebrow"), figure, more):
                group.addWidget(part)
            column.addLayout(group)
        column.addStretch(1)
        column.addWidget(self._note)


def _figure(name: str) -> tuple[QLabel, QLabel]:
    return label("", "figure", name), label("", "muted", f"{name}_more")
