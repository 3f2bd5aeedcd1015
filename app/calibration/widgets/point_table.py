"""What the tracker made of each calibration target: samples used, and how far they lie off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHeaderView

from app.calibration.viewmodel import degrees
from app.calibration.widgets.figure_table import FigureTable, place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtWidgets import QWidget

    from app.calibration.calibrated_point import CalibratedPoint
    from gazecore.messages import EyeAtPoint

COLUMNS = ("", "Target", "Samples", "Offset", "Left eye", "Right eye")


class PointTable(FigureTable):
    """One row a calibration target, by its number on the map; those to redo in amber."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("point_table", COLUMNS, parent)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(36)
        for column in range(len(COLUMNS) - 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_points(
        self, points: Sequence[CalibratedPoint], marked: Collection[int] = frozenset()
    ) -> None:
        """Fill the table."""
        self.show_rows(
            [
                (
                    str(number),
                    place(p.point.x_norm, p.point.y_norm),
                    str(p.samples),
                    degrees(p.offset_deg),
                    _eye(p.left),
                    _eye(p.right),
                )
                for number, p in enumerate(points, start=1)
            ],
            amber=marked,
        )


def _eye(eye: EyeAtPoint | None) -> str:
    if eye is None:
        return "–"
    if not eye.samples_used:
        return "not used"
    offset = "" if eye.offset_deg is None else f" · {degrees(eye.offset_deg)}"
    return f"{eye.samples_used}/{eye.samples}{offset}"
