"""One eye's figures at each validation target, one row a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.calibration.viewmodel import degrees, percent, pixels
from app.calibration.widgets.figure_table import FigureTable, place

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gazecore.messages import TargetError, ValidationDone

COLUMNS = (
    "Target",
    "Accuracy, mean",
    "median",
    "Precision, RMS",
    "STD",
    "Invalid",
    "Missing",
    "Image pixels",
)


class TargetTable(FigureTable):
    """Accuracy, precision and loss of the eye that the validation is about."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("target_table", COLUMNS, parent)

    def show_validation(self, validation: ValidationDone | None) -> None:
        """Fill the table, or empty it."""
        self.show_rows(rows_of(validation) if validation is not None else [])


def rows_of(validation: ValidationDone) -> list[tuple[str, ...]]:
    """The table's texts: one row a target."""
    zoom = validation.fit_zoom
    return [_row(error, zoom) for error in validation.targets if error.eye == validation.eye]


def _row(error: TargetError, zoom: float | None) -> tuple[str, ...]:
    off_px = error.accuracy_screen_px
    return (
        place(error.x_norm, error.y_norm),
        degrees(error.accuracy_deg),
        degrees(error.accuracy_median_deg),
        degrees(error.precision_rms_deg),
        degrees(error.precision_std_deg),
        percent(error.invalid_share),
        percent(error.missing_share),
        pixels(off_px / zoom if off_px is not None and zoom else None),
    )
